import type { Either } from 'fp-ts/lib/Either.js'
import { makeOperationError } from '../messages/error-message.js'
import { isLeft, left, right } from '../model/either.js'
import type { Json } from '../model/json.js'
import type { Operation } from '../model/operation.js'
import { isOperationFailed, type OperationError } from '../model/operation-error.js'
import type { WireOperation } from '../wire/decode-operation.js'

/** What a watch says, before its subscriber's decoders: the metadata and the response are as they were sent. */
export type Emission = Either<OperationError<Json>, Operation<Json | undefined, Json>>

/** Whether nothing follows a word. */
export function isFinal(word: Either<unknown, Pick<Operation, 'done'>>): boolean {
  return isLeft(word) || word.right.done
}

/** Whether a word tells how the operation ended. */
export function isOutcome(word: Emission | undefined): boolean {
  return word !== undefined && isFinal(word) && (!isLeft(word) || isOperationFailed(word.left))
}

/** What the watch knows of an answer: for whom, and when. */
export interface PollContext {
  readonly name: string
  readonly attempt: number
  /** Milliseconds. */
  readonly elapsed: number
}

/** Puts what the server sent beside what the watch knows. */
export function toEmission(operation: WireOperation, { name, attempt, elapsed }: PollContext): Emission {
  const metadata = operation.metadata === undefined ? {} : { metadata: operation.metadata }
  if (operation._tag === 'Failed')
    return left(
      makeOperationError<Json>({ _tag: 'OperationFailed', name, status: operation.status, ...metadata }),
    )
  const seen = {
    name,
    ...(operation.name !== undefined && operation.name !== name && { reportedName: operation.name }),
    ...metadata,
    attempt,
    elapsed,
  }
  return right(
    operation._tag === 'Running'
      ? { _tag: 'Running', done: false, ...seen }
      : { _tag: 'Succeeded', done: true, ...seen, response: operation.response },
  )
}
