import { map, type Observable } from 'rxjs'
import { type Either, isLeft, type RightOf } from '../model/either.js'
import type { OperationError } from '../model/operation-error.js'

/**
 * An Error for the Left of a watch. `error` is the Left, and `message` is its message. If the Left has no message, it
 * is the `_tag` of the Left.
 */
export class OperationException<E = OperationError> extends Error {
  override readonly name: string = 'OperationException'
  readonly error: E

  constructor(error: E) {
    const { message, _tag }: { readonly message?: unknown; readonly _tag?: unknown } = Object(error)
    super(String(message ?? _tag ?? error))
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
export function orThrow(): <A extends Either<unknown, unknown>>(
  watch: Observable<A>,
) => Observable<RightOf<A>> {
  return map((emission: Either<unknown, unknown>): never => {
    if (isLeft(emission)) throw new OperationException(emission.left)
    return emission.right as never
  })
}
