import { isDeepStrictEqual } from 'node:util'
import type { Either } from 'fp-ts/lib/Either.js'
import { distinctUntilChanged, EMPTY, mergeMap, type Observable, of } from 'rxjs'
import { isLeft } from '../model/either.js'
import type { Operation } from '../model/operation.js'

/**
 * Leaves of a watch its metadata, whenever that has changed; it completes at the last word, whichever that is.
 *
 * ```
 * --Running(a)--Running(a)--Running(b)--Succeeded(b)|
 *          progress()
 * --a-----------------------b-----------------------|
 * ```
 *
 * @example
 * {@includeCode ../../examples/show-progress.ts}
 */
export function progress<E, R, M>(): (watch: Observable<Either<E, Operation<R, M>>>) => Observable<M> {
  return (watch) =>
    watch.pipe(
      mergeMap((word) => {
        // The metadata of an error is of the same operation, and so of the same type.
        const { metadata } = Object(isLeft(word) ? word.left : word.right) as { readonly metadata?: M }
        return metadata === undefined ? EMPTY : of(metadata)
      }),
      distinctUntilChanged<M>(isDeepStrictEqual),
    )
}
