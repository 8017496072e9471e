import type { Either } from 'fp-ts/lib/Either.js'
import { concatMap, type Observable, type ObservableInput, of } from 'rxjs'
import { isLeft, left, right } from '../model/either.js'
import type { Operation, Succeeded } from '../model/operation.js'

/**
 * Goes on with what the operation of one watch gave: emits its Running snapshots, then the stream of `f`. The first's
 * Succeeded is not emitted; a Left is the last word. For many operations use it within a `mergeMap`.
 *
 * ```
 * --Running--Running--Succeeded|
 *          andThen(f)            f: --Running--Succeeded|
 * --Running--Running------------------Running--Succeeded|
 * ```
 *
 * @example
 * {@includeCode ../../examples/chain-two.ts}
 */
export function andThen<E, R, M, E2, R2, M2>(
  f: (response: R, operation: Succeeded<R, M>) => ObservableInput<Either<E2, Operation<R2, M2>>>,
): (watch: Observable<Either<E, Operation<R, M>>>) => Observable<Either<E | E2, Operation<R2, M | M2>>> {
  return (watch) =>
    watch.pipe(
      concatMap((word): ObservableInput<Either<E | E2, Operation<R2, M | M2>>> => {
        if (isLeft(word)) return of(left(word.left))
        return word.right.done ? f(word.right.response, word.right) : of(right(word.right))
      }),
    )
}
