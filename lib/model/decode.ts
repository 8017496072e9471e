import type { Either } from 'fp-ts/lib/Either.js'
import { left, right } from './either.js'
import { isJsonObject, type Json } from './json.js'
import type { DecodeError } from './operation.js'
import { describeType } from './shown.js'
import { decodeStatus, type Status } from './status.js'

/** The body of an answer, read as an operation: what was sent, and nothing of the watch. */
export type WireOperation =
  | ({ readonly _tag: 'Running' } & WireFields)
  | ({ readonly _tag: 'Succeeded'; readonly response: Json | undefined } & WireFields)
  | ({ readonly _tag: 'Failed'; readonly status: Status } & WireFields)

interface WireFields {
  readonly name: string | undefined
  readonly metadata: Json | undefined
}

/**
 * Reads the JSON of `google.longrunning.Operation`.
 *
 * `done` that is absent means false. Done with neither error nor response is a success, for real services do it;
 * with both, the error counts. A done operation may lack its name. The Left says what is wrong, and where.
 *
 * Source: google/longrunning/operations.proto; proto3 JSON, where null stands for absent.
 */
export function decodeOperation(body: unknown): Either<DecodeError, WireOperation> {
  if (body === undefined || body === '') return decodeError('', 'expected an object, got nothing')
  if (!isJsonObject(body)) return decodeError('', `expected an object, got ${describeType(body)}`)
  const present = (member: string): Json | undefined =>
    Object.hasOwn(body, member) ? (body[member] ?? undefined) : undefined
  const [name, done, error] = [present('name'), present('done'), present('error')]
  const [metadata, response] = [present('metadata'), present('response')]
  if (name !== undefined && typeof name !== 'string')
    return decodeError('name', `expected a string, got ${describeType(name)}`)
  if (done !== undefined && typeof done !== 'boolean')
    return decodeError('done', `expected a boolean, got ${describeType(done)}`)
  if (error !== undefined && !isJsonObject(error))
    return decodeError('error', `expected an object, got ${describeType(error)}`)
  const members = { name: name === '' ? undefined : name, metadata }
  if (done === true)
    return right(
      error === undefined
        ? { _tag: 'Succeeded', ...members, response }
        : { _tag: 'Failed', ...members, status: decodeStatus(error) },
    )
  if (error !== undefined || response !== undefined)
    return decodeError(
      'done',
      `it is not true, though there is ${error === undefined ? 'a response' : 'an error'}`,
    )
  if (members.name === undefined) return decodeError('name', 'it is missing')
  // Compute, GKE and Cloud SQL have operations of their own, which would never seem done.
  if (done === undefined && typeof body.status === 'string')
    return decodeError('status', 'it is an operation of another kind than google.longrunning')
  return right({ _tag: 'Running', ...members })
}

function decodeError(path: string, message: string): Either<DecodeError, never> {
  return left({ path, message })
}
