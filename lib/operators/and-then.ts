import { concatMap, type Observable, type ObservableInput, type ObservedValueOf, of } from 'rxjs'
import { type Either, isLeft, type LeftOf } from '../model/either.js'
import type { AnyEmission, MetadataOf, Operation, ResponseOf, SucceededOf } from '../model/operation.js'

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
export function andThen<
  A extends AnyEmission,
  O extends ObservableInput<AnyEmission>,
  R = ResponseOf<A>,
  B = ObservedValueOf<O>,
>(
  f: (response: R, operation: SucceededOf<A>) => O,
): (
  watch: Observable<A>,
) => Observable<Either<LeftOf<A> | LeftOf<B>, Operation<ResponseOf<B>, MetadataOf<A> | MetadataOf<B>>>> {
  return concatMap((emission: AnyEmission): ObservableInput<never> => {
    if (isLeft(emission) || !emission.right.done) return of<never>(emission as never)
    return f(emission.right.response as R, emission.right as SucceededOf<A>) as ObservableInput<never>
  })
}
