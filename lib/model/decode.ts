import type { Either } from 'fp-ts/lib/Either.js'
import { left, right } from './either.js'
import { isJsonObject, type Json } from './json.js'
import type { Refusal } from './operation.js'
import { kindOf } from './shown.js'
import { decodeStatus, type Status } from './status.js'

/** The body of an answer, read as an operation: what was sent, and nothing of the watch. */
export type WireOperation =
  | ({ readonly _tag: 'Running' } & WireMembers)
  | ({ readonly _tag: 'Succeeded'; readonly response: Json | undefined } & WireMembers)
  | ({ readonly _tag: 'Failed'; readonly status: Status } & WireMembers)

interface WireMembers {
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
export function decodeOperation(body: unknown): Either<Refusal, WireOperation> {
  if (body === undefined || body === '') return refused('', 'expected an object, got nothing')
  if (!isJsonObject(body)) return refused('', `expected an object, got ${kindOf(body)}`)
  const present = (member: string): Json | undefined =>
    Object.hasOwn(body, member) ? (body[member] ?? undefined) : undefined
  const [name, done, error] = [present('name'), present('done'), present('error')]
  const [metadata, response] = [present('metadata'), present('response')]
  if (name !== undefined && typeof name !== 'string')
    return refused('name', `expected a string, got ${kindOf(name)}`)
  if (done !== undefined && typeof done !== 'boolean')
    return refused('done', `expected a boolean, got ${kindOf(done)}`)
  if (error !== undefined && !isJsonObject(error))
    return refused('error', `expected an object, got ${kindOf(error)}`)
  const members = { name: name === '' ? undefined : name, metadata }
  if (done === true)
    return right(
      error === undefined
        ? { _tag: 'Succeeded', ...members, response }
        : { _tag: 'Failed', ...members, status: decodeStatus(error) },
    )
  if (error !== undefined || response !== undefined)
    return refused(
      'done',
      `it is not true, though there is ${error === undefined ? 'a response' : 'an error'}`,
    )
  if (members.name === undefined) return refused('name', 'it is missing')
  // Compute, GKE and Cloud SQL have operations of their own, which would never seem done.
  if (done === undefined && typeof body.status === 'string')
    return refused('status', 'it is an operation of another kind than google.longrunning')
  return right({ _tag: 'Running', ...members })
}

function refused(path: string, message: string): Either<Refusal, never> {
  return left({ path, message })
}
