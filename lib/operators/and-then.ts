import { concatMap, type Observable, type ObservableInput, of } from 'rxjs'
import { type Either, isLeft, left, right } from '../model/either.js'
import type { Operation, Succeeded } from '../model/operation.js'

/**
 * Continues with a second operation after the first one has succeeded.
 *
 * ```
 * --Running--Running--Succeeded|
 *          andThen(f)            f: --Running--Succeeded|
 * --Running--Running------------------Running--Succeeded|
 * ```
 *
 * Emits the Running snapshots of the first watch, and then the emissions of the watch that `f` returns. Does not emit
 * the Succeeded of the first watch. A Left of either watch is the final result. For many operations, apply `andThen` to
 * each watch inside `mergeMap`.
 *
 * @example
 * {@includeCode ../../examples/chain-two.ts}
 */
export function andThen<E, R, M, E2, R2, M2>(
  f: (response: R, operation: Succeeded<R, M>) => ObservableInput<Either<E2, Operation<R2, M2>>>,
): (watch: Observable<Either<E, Operation<R, M>>>) => Observable<Either<E | E2, Operation<R2, M | M2>>> {
  return concatMap((emission): ObservableInput<Either<E | E2, Operation<R2, M | M2>>> => {
    if (isLeft(emission)) return of(left(emission.left))
    const operation = emission.right
    return operation.done ? f(operation.response, operation) : of(right(operation))
  })
}
