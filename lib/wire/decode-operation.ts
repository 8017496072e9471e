import type { Either } from 'fp-ts/lib/Either.js'
import { describeType } from '../messages/format-value.js'
import { left, right } from '../model/either.js'
import { isJsonObject, type Json, type JsonObject } from '../model/json.js'
import type { DecodeError } from '../model/operation.js'
import { decodeStatus, type Status } from '../model/status.js'

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

/** One page of a list of operations. */
export interface Page {
  /** One that cannot be read does not hide the others. */
  readonly operations: readonly Either<DecodeError & { readonly name: string }, WireOperation>[]
  /** Undefined on the last page. */
  readonly nextPageToken: string | undefined
}

/**
 * Reads the JSON of `google.longrunning.ListOperationsResponse`; the Left says what is wrong with the whole.
 *
 * Source: google/longrunning/operations.proto, https://google.aip.dev/158.
 */
export function decodePage(body: unknown): Either<DecodeError, Page> {
  if (!isJsonObject(body)) return pageError('', `expected an object, got ${describeType(body)}`)
  const operations = body.operations ?? []
  const nextPageToken = body.nextPageToken ?? ''
  if (!Array.isArray(operations))
    return pageError('operations', `expected an array, got ${describeType(operations)}`)
  if (typeof nextPageToken !== 'string')
    return pageError('nextPageToken', `expected a string, got ${describeType(nextPageToken)}`)
  return right({
    operations: (operations as readonly Json[]).map((operation, n) => {
      const read = decodeOperation(operation)
      if (read._tag === 'Right') return read
      const { path, message } = read.left
      const name = isJsonObject(operation) && typeof operation.name === 'string' ? operation.name : ''
      return left({ path: [`operations.${n}`, path].filter(Boolean).join('.'), message, name })
    }),
    nextPageToken: nextPageToken === '' ? undefined : nextPageToken,
  })
}

function pageError(path: string, message: string): Either<DecodeError, never> {
  return left({ path, message })
}

/**
 * Reads the operation in what a client of Google's returned when it started one: the JSON itself, the `{data}` of
 * googleapis, or the `[operation]` of google-gax, whose payloads are bytes, so that only its name is taken. The Left
 * says what is wrong with it.
 */
export function decodeStartedOperation(given: unknown): Either<string, WireOperation> {
  const first: unknown = Array.isArray(given) ? given[0] : given
  const operation = isJsonObject(first) && isJsonObject(first.data) && !('name' in first) ? first.data : first
  if (isJsonObject(operation) && isJsonObject(operation.latestResponse))
    return typeof operation.name === 'string' && operation.name !== ''
      ? right({ _tag: 'Running', name: operation.name, metadata: undefined })
      : fromGax(operation.latestResponse)
  const decoded = decodeOperation(operation)
  return decoded._tag === 'Right'
    ? decoded
    : left(`${decoded.left.path || 'the whole'}: ${decoded.left.message}`)
}

/** One that is done and has no name cannot be asked for, so it is taken without its payloads. */
function fromGax({ done, error }: JsonObject): Either<string, WireOperation> {
  const members = { name: undefined, metadata: undefined }
  if (done !== true) return left('it has no name')
  return right(
    isJsonObject(error)
      ? { _tag: 'Failed', ...members, status: decodeStatus(error) }
      : { _tag: 'Succeeded', ...members, response: undefined },
  )
}
