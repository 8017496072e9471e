import { leftError } from '../messages/error-message.js'
import { type Either, isLeft, right } from '../model/either.js'
import type { Json } from '../model/json.js'
import type { Operation } from '../model/operation.js'
import { isOperationFailed, type OperationError } from '../model/operation-error.js'
import type { DecodedOperation } from '../wire/protocol.js'

/** An emission of a watch. With the default type parameters, the metadata and the response are undecoded JSON. */
export type Emission<R = Json | undefined, M = Json> = Either<OperationError<M>, Operation<R, M>>

/**
 * Returns whether an emission is the final result, the last emission of its watch: the operation succeeded or failed, or
 * its outcome is unknown.
 *
 * @example
 * {@includeCode ../../examples/recipes/resume-from-queue.ts}
 */
export function isFinal<A extends Either<unknown, Pick<Operation, 'done'>>>(emission: A): boolean {
  return isLeft(emission) || emission.right.done
}

/**
 * Returns whether an emission is an outcome: a final result that the server decided (succeeded or failed). After any other
 * final result, the outcome is unknown, and a later watch can continue with the resume token.
 *
 * @example
 * {@includeCode ../../examples/recipes/resume-from-queue.ts}
 */
export function isOutcome<A extends Either<{ readonly _tag: string }, Pick<Operation, 'done'>>>(
  emission: A | undefined,
): boolean {
  if (emission === undefined) return false
  return isLeft(emission) ? isOperationFailed(emission.left) : emission.right.done
}

/** The fields of an emission that come from the watch. */
export interface PollContext {
  readonly name: string
  readonly attempt: number
  /** Milliseconds. */
  readonly elapsed: number
}

/** Returns the emission for an operation in a response. */
export function toEmission(operation: DecodedOperation, { name, attempt, elapsed }: PollContext): Emission {
  const { metadata, target, warnings } = operation
  const facts = {
    ...(metadata !== undefined && { metadata }),
    ...(target !== undefined && { target }),
    ...(warnings !== undefined && { warnings }),
  }
  if (operation._tag === 'Failed')
    return leftError<Json>({ _tag: 'OperationFailed', name, status: operation.status, ...facts })
  const snapshot = {
    name,
    ...(operation.name !== undefined && operation.name !== name && { reportedName: operation.name }),
    ...facts,
    attempt,
    elapsed,
  }
  return right(
    operation._tag === 'Running'
      ? { _tag: 'Running', done: false, ...snapshot }
      : { _tag: 'Succeeded', done: true, ...snapshot, response: operation.response },
  )
}
