import { EMPTY, mergeMap, type Observable, of } from 'rxjs'
import { type Either, isLeft, type LeftOf, right } from '../model/either.js'
import type { AnyEmission, ResponseOf } from '../model/operation.js'

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
export function outcome(): <A extends AnyEmission>(
  watch: Observable<A>,
) => Observable<Either<LeftOf<A>, ResponseOf<A>>> {
  // The compiler cannot prove the types of the results, because they depend on A.
  return mergeMap((emission: AnyEmission): Observable<never> => {
    if (isLeft(emission)) return of<never>(emission as never)
    return emission.right.done ? of<never>(right(emission.right.response) as never) : EMPTY
  })
}
