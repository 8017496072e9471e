import { isDeepStrictEqual } from 'node:util'
import { distinctUntilChanged, EMPTY, mergeMap, type Observable, of } from 'rxjs'
import { type Either, isLeft } from '../model/either.js'
import type { Operation } from '../model/operation.js'

/**
 * Emits the metadata of a watch whenever it has changed. Completes after the final result, a Left included.
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
        // The metadata of an error has the type of the operation's metadata.
        const metadata: M | undefined = Object(isLeft(emission) ? emission.left : emission.right).metadata
        return metadata === undefined ? EMPTY : of(metadata)
      }),
      distinctUntilChanged<M>(isDeepStrictEqual),
    )
}
