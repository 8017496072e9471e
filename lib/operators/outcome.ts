import type { Either } from 'fp-ts/lib/Either.js'
import { EMPTY, mergeMap, type Observable, of } from 'rxjs'
import { isLeft, left, right } from '../model/either.js'
import type { Operation } from '../model/operation.js'

/**
 * Leaves of a watch its last word alone: the response, or the error.
 *
 * ```
 * --Running--Running--Succeeded|
 *          outcome()
 * --------------------Right(response)|
 * ```
 *
 * The Left is whatever the watch ended with. A watch that is aborted by its `signal` has no outcome.
 *
 * @example
 * {@includeCode ../../examples/wait-for-one.ts}
 */
export function outcome<E, R>(): (
  watch: Observable<Either<E, Operation<R, unknown>>>,
) => Observable<Either<E, R>> {
  return (watch) =>
    watch.pipe(
      mergeMap((word): Observable<Either<E, R>> => {
        if (isLeft(word)) return of(left(word.left))
        return word.right.done ? of(right(word.right.response)) : EMPTY
      }),
    )
}
