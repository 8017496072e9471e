import { map, type Observable } from 'rxjs'
import { type Either, isLeft } from '../model/either.js'
import type { OperationError } from '../model/operation-error.js'

/** An Error for an {@link OperationError}. `error` is the original OperationError, and `message` is its message. */
export class OperationException<E extends { readonly message: string } = OperationError> extends Error {
  override readonly name: string = 'OperationException'
  readonly error: E

  constructor(error: E) {
    super(error.message)
    this.error = error
  }
}

/**
 * Converts the Left of a watch or a list to an error notification with an {@link OperationException}.
 *
 * ```
 * --Right(Running)--Left(OperationError)|
 *          orThrow()
 * --Running---------#
 * ```
 */
export function orThrow<E extends { readonly message: string }, A>(): (
  watch: Observable<Either<E, A>>,
) => Observable<A> {
  return map((emission) => {
    if (isLeft(emission)) throw new OperationException(emission.left)
    return emission.right
  })
}
