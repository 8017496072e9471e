import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import { filter, type Observable, take } from 'rxjs'
import type { Operation } from '../index.js'

/**
 * Leaves of the watch of a project's creation the one word after which a caller can go on: the first snapshot whose
 * metadata says that the project can be read. Then it completes, and the watch is unsubscribed.
 *
 * ```
 * --Running--Running(gettable)--Succeeded|
 *          gettable()
 * -----------Running(gettable)|
 * ```
 *
 * Where no snapshot says so it is the last word: the Succeeded, or the Left that the watch ended with. Only reading the
 * project is sure to work before its creation is done. A watch that is aborted by its `signal` gives no word.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/Shared.Types/CreateProjectMetadata.
 *
 * @example
 * {@includeCode ../../examples/typed-project.ts}
 */
export function gettable<E, R, M extends { readonly gettable: boolean }>(): (
  watch: Observable<Either<E, Operation<R, M>>>,
) => Observable<Either<E, Operation<R, M>>> {
  return (watch) =>
    watch.pipe(
      filter((word) => isLeft(word) || word.right.done || word.right.metadata?.gettable === true),
      take(1),
    )
}
