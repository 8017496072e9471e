import { isDeepStrictEqual } from 'node:util'
import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import { distinctUntilChanged, EMPTY, mergeMap, type Observable, of } from 'rxjs'
import type { Operation } from '../model/operation.js'
import type { OperationError } from '../model/operation-error.js'

/**
 * Leaves of a watch its metadata, whenever that has changed; it completes at the last word, whichever that is.
 *
 * ```
 * --Running(a)--Running(a)--Running(b)--Succeeded(b)|
 *          progress()
 * --a-----------------------b-----------------------|
 * ```
 *
 * @example {@includeCode ../../examples/show-progress.ts}
 */
export const progress =
  <R, M>(): ((watch: Observable<Either<OperationError<M>, Operation<R, M>>>) => Observable<M>) =>
  (watch) =>
    watch.pipe(
      mergeMap((word) => {
        const told = isLeft(word) ? word.left : word.right
        return 'metadata' in told && told.metadata !== undefined ? of(told.metadata) : EMPTY
      }),
      distinctUntilChanged<M>(isDeepStrictEqual),
    )
