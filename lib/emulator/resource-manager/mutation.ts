import type { Json, JsonObject } from '../../model/json.js'
import type { Format, Query } from '../http/format.js'
import { RejectedRequest } from '../http/responses.js'
import type { FrameStatus } from '../script/frame.js'
import type { Stage } from '../script/timeline.js'
import type { EmulatorState } from '../state.js'
import type { Collection } from './collection.js'

/** A request to an API method. */
export interface Call {
  /** The resource name or ID in the path, decoded. */
  readonly name: string
  readonly query: Query
  /** The parsed JSON. A body that is not JSON is a text; an empty body is undefined. */
  readonly body: Json | undefined
  readonly format: Format
}

/** A request that starts an operation. */
export interface StartCall extends Call {
  readonly body: JsonObject
}

/** The effect of a request that starts an operation, if the operation succeeds. */
export interface Mutation {
  /** The metadata without its type. */
  readonly metadata?: JsonObject
  /** The response without its type. */
  readonly response: JsonObject
  /** The response to a request with `validateOnly`; by default `response`. */
  readonly preview?: JsonObject
  /** The error with which the operation ends. If it is set, the mutation is not committed. */
  readonly error?: FrameStatus
  /** Adds the mutation to the state. The mutation takes effect when `stage` returns `visible`. */
  readonly commit: (stage: () => Stage) => void
}

/** Validates a request and returns its mutation, without changing the state; throws {@link RejectedRequest}. */
export type MutationPlanner = (state: EmulatorState, call: StartCall) => Mutation

/** Returns the mutation that changes an existing resource. The response is the changed resource. */
export function planUpdate<T>(
  collection: Collection<T>,
  key: string,
  change: (resource: T) => T,
  format: (resource: T) => JsonObject,
): Mutation {
  return {
    response: format(change(requireFound(collection.readPending(key)))),
    commit: (stage) => collection.change(key, change, stage),
  }
}

/** Returns the mutation that removes an existing resource. The response is empty. */
export function planDelete({ resources }: EmulatorState, { name }: Call): Mutation {
  requireFound(resources.readPending(name))
  return { response: {}, commit: (stage) => resources.change(name, () => undefined, stage) }
}

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
export function requireFree<T>(collection: Collection<T>, key: string): void {
  if (!collection.isTaken(key)) return
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
