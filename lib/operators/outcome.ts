import { EMPTY, mergeMap, type Observable, of } from 'rxjs'
import { type Either, isLeft, left, right } from '../model/either.js'
import type { Operation } from '../model/operation.js'

/**
 * Emits only the final result of a watch: the response or the error.
 *
 * ```
 * --Running--Running--Succeeded|
 *          outcome()
 * --------------------Right(response)|
 * ```
 *
 * The Left is the Left of the watch. Emits nothing if the watch is aborted by its `signal`.
 *
 * @example
 * {@includeCode ../../examples/wait-for-one.ts}
 */
export function outcome<E, R>(): (
  watch: Observable<Either<E, Operation<R, unknown>>>,
) => Observable<Either<E, R>> {
  return mergeMap((emission): Observable<Either<E, R>> => {
    if (isLeft(emission)) return of(left(emission.left))
    return emission.right.done ? of(right(emission.right.response)) : EMPTY
  })
}
