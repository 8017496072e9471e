import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import { map, type Observable } from 'rxjs'
import type { Operation } from '../model/operation.js'
import type { OperationError } from '../model/operation-error.js'

/** An {@link OperationError} for those who throw: `error` is the record, `message` its sentence. */
export class OperationException<M = unknown> extends Error {
  override readonly name: string = 'OperationException'
  readonly error: OperationError<M>

  constructor(error: OperationError<M>) {
    super(error.message)
    this.error = error
  }
}

/**
 * Turns the Left of a watch into an error notification, an {@link OperationException}.
 *
 * ```
 * --Right(Running)--Left(OperationError)|
 *          orThrow()
 * --Running---------#
 * ```
 */
export const orThrow =
  <R, M>(): ((
    watch: Observable<Either<OperationError<M>, Operation<R, M>>>,
  ) => Observable<Operation<R, M>>) =>
  (watch) =>
    watch.pipe(
      map((word) => {
        if (isLeft(word)) throw new OperationException(word.left)
        return word.right
      }),
    )
