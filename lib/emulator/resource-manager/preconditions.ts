import type { JsonObject } from '../../model/json.js'
import { RejectedRequest } from '../http/errors.js'
import type { EmulatorState } from '../state.js'

/**
 * Returns a resource; throws a 403 if it does not exist, because Resource Manager does not send a 404.
 *
 * Source: https://github.com/googleapis/google-cloud-java/issues/440
 */
export function requireFound<T>(resource: T | undefined): T {
  if (resource !== undefined) return resource
  throw new RejectedRequest('PERMISSION_DENIED', 'The caller does not have permission')
}

/** Throws a 409 if a key is taken. */
export function requireFree({ resources }: EmulatorState, key: string): void {
  if (!resources.isTaken(key)) return
  throw new RejectedRequest('ALREADY_EXISTS', 'Requested entity already exists')
}

/** Throws a 409 if the etag in the request is not the etag of the resource. */
export function requireEtag(etag: string | undefined, resource: JsonObject): void {
  if (etag === undefined || etag === resource.etag) return
  throw new RejectedRequest('ABORTED', `The etag ${etag} does not match the resource.`)
}

/** Creates a 400 for a resource in the wrong state. */
export function failedPrecondition(message: string): RejectedRequest {
  return new RejectedRequest('FAILED_PRECONDITION', message)
}
