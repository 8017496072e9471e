import type { Either } from 'fp-ts/lib/Either.js'
import { map, type Observable } from 'rxjs'
import { isLeft } from '../model/either.js'
import type { Operation } from '../model/operation.js'
import type { OperationError } from '../model/operation-error.js'

/** An {@link OperationError} for those who throw: `error` is the record, `message` its sentence. */
export class OperationException<E extends { readonly message: string } = OperationError> extends Error {
  override readonly name: string = 'OperationException'
  readonly error: E

  constructor(error: E) {
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
export function orThrow<E extends { readonly message: string }, R, M>(): (
  watch: Observable<Either<E, Operation<R, M>>>,
) => Observable<Operation<R, M>> {
  return (watch) =>
    watch.pipe(
      map((word) => {
        if (isLeft(word)) throw new OperationException(word.left)
        return word.right
      }),
    )
}
