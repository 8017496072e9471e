import { filter, type Observable, take } from 'rxjs'
import type { Operation } from '../index.js'
import { type Either, isLeft } from '../model/either.js'

/**
 * Emits the first snapshot of a project creation whose metadata has `gettable: true`. Then completes, and
 * unsubscribes from the watch.
 *
 * ```
 * --Running--Running(gettable)--Succeeded|
 *          gettable()
 * -----------Running(gettable)|
 * ```
 *
 * Emits the final result if no snapshot before it has `gettable: true`. Before the creation is done, only
 * `projects.get` is guaranteed to work. If the `signal` of the watch is aborted, completes without emitting.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/Shared.Types/CreateProjectMetadata.
 *
 * @example
 * {@includeCode ../../examples/typed-project.ts}
 */
export function gettable(): <A extends Either<unknown, Operation<unknown, { readonly gettable: boolean }>>>(
  watch: Observable<A>,
) => Observable<A> {
  return (watch) =>
    watch.pipe(
      filter(
        (emission) => isLeft(emission) || emission.right.done || emission.right.metadata?.gettable === true,
      ),
      take(1),
    )
}
