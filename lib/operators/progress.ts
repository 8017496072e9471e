import { isDeepStrictEqual } from 'node:util'
import { distinctUntilChanged, EMPTY, mergeMap, type Observable, of } from 'rxjs'
import { type Either, isLeft } from '../model/either.js'
import type { Operation } from '../model/operation.js'

/**
 * Emits the metadata of a watch each time the metadata has changed, including the metadata of a Left. Completes when
 * the watch completes.
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
      mergeMap((emission) => {
        // Not every OperationError has metadata. If present, it has the same type as the metadata of the operation.
        const metadata: M | undefined = Object(isLeft(emission) ? emission.left : emission.right).metadata
        return metadata === undefined ? EMPTY : of(metadata)
      }),
      distinctUntilChanged<M>(isDeepStrictEqual),
    )
}
