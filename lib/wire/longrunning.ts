import { type Either, right } from '../model/either.js'
import { isJsonObject, type Json, type JsonObject } from '../model/json.js'
import type { DecodeError } from '../model/operation.js'
import { decodeStatus } from '../model/status.js'
import { collectionProblem, operationsOf } from './collection-name.js'
import { decodeError, typeMismatch } from './decoder.js'
import { decodePageWith } from './page.js'
import type { DecodedOperation, OperationProtocol, Page } from './protocol.js'

/**
 * The protocol of `google.longrunning.Operations`.
 *
 * Source: google/longrunning/operations.proto, https://google.aip.dev/151.
 */
export const LONGRUNNING: OperationProtocol = {
  name: 'google.longrunning',
  nameProblem: collectionProblem,
  collectionOf: operationsOf,
  get: (name) => ({ name }),
  wait: (name, timeout) => {
    const body = { timeout: `${Number((timeout / 1_000).toFixed(3))}s` }
    return { method: 'POST', name, suffix: ':wait', body, serverTimeout: timeout }
  },
  cancel: (name) => ({ method: 'POST', name, suffix: ':cancel', body: {} }),
  delete: (name) => ({ method: 'DELETE', name }),
  list: (collection, { filter, pageSize, pageToken, returnPartialSuccess }) => ({
    name: collection,
    query: { filter, pageSize, pageToken, returnPartialSuccess },
  }),
  requiredFields: ['name', 'done', 'error'],
  decode: decodeOperation,
  decodePage,
  decodeStarted: decodeStartedOperation,
}

/**
 * Decodes the JSON of `google.longrunning.Operation`.
 *
 * An absent `done` means false. If an operation is done and has neither `error` nor `response`, it succeeded, because some
 * services send no response. If it has both, it failed. Only a running operation must have a name.
 *
 * Source: google/longrunning/operations.proto; proto3 JSON, which treats null as absent.
 */
export function decodeOperation(body: unknown): Either<DecodeError, DecodedOperation> {
  if (!isJsonObject(body)) return typeMismatch('', 'an object', body === '' ? undefined : body)
  const member = (key: string): Json | undefined =>
    Object.hasOwn(body, key) ? (body[key] ?? undefined) : undefined
  const [name, done, error] = [member('name'), member('done'), member('error')]
  const [metadata, response] = [member('metadata'), member('response')]
  if (name !== undefined && typeof name !== 'string') return typeMismatch('name', 'a string', name)
  if (done !== undefined && typeof done !== 'boolean') return typeMismatch('done', 'a boolean', done)
  if (error !== undefined && !isJsonObject(error)) return typeMismatch('error', 'an object', error)
  const fields = { name: name === '' ? undefined : name, metadata }
  if (done === true)
    return right(
      error === undefined
        ? { _tag: 'Succeeded', ...fields, response }
        : { _tag: 'Failed', ...fields, status: decodeStatus(error) },
    )
  if (error !== undefined || response !== undefined)
    return decodeError(`expected true because there is ${error ? 'an error' : 'a response'}`, 'done')
  if (fields.name === undefined) return typeMismatch('name', 'a string', undefined)
  // Operations of Compute Engine, GKE and Cloud SQL have a `status` instead of `done`, so a watch would never end.
  if (done === undefined && typeof body.status === 'string')
    return decodeError('expected a google.longrunning operation, got another type of operation', 'status')
  return right({ _tag: 'Running', ...fields })
}

/** Decodes the JSON of `google.longrunning.ListOperationsResponse`. */
export function decodePage(body: unknown): Either<DecodeError, Page> {
  return decodePageWith(body, () => ({ member: 'operations' }), decodeOperation)
}

/**
 * Decodes the result of the call that started an operation: the JSON of the API, or an operation of google-gax.
 *
 * The metadata and response of google-gax are bytes, and are omitted.
 */
function decodeStartedOperation(value: unknown): Either<DecodeError, DecodedOperation> {
  return isJsonObject(value) && isJsonObject(value.latestResponse)
    ? decodeGaxOperation(value.name, value.latestResponse)
    : decodeOperation(value)
}

/** Returns a running operation if there is a name, even if `done` is true: a poll then returns the response as JSON. */
function decodeGaxOperation(
  name: unknown,
  { done, error }: JsonObject,
): Either<DecodeError, DecodedOperation> {
  if (typeof name === 'string' && name !== '') return right({ _tag: 'Running', name, metadata: undefined })
  if (done !== true) return decodeError('it has no name')
  const fields = { name: undefined, metadata: undefined }
  return right(
    isJsonObject(error)
      ? { _tag: 'Failed', ...fields, status: decodeStatus(error) }
      : { _tag: 'Succeeded', ...fields, response: undefined },
  )
}
