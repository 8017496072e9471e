import type { Format, Query } from '../http/format.js'
import type { Json, JsonObject } from '../http/json-text.js'
import { RejectedRequest } from '../http/responses.js'
import type { FrameStatus } from '../script/frame.js'
import type { Stage } from '../script/timeline.js'
import type { EmulatorState } from '../state.js'
import type { Collection } from './collection.js'

/** A request, as the methods see it. */
export interface Call {
  /** The one variable of the path, decoded. */
  readonly name: string
  readonly query: Query
  /** Parsed JSON, or the text of what is not JSON; undefined when empty. */
  readonly body: Json | undefined
  readonly format: Format
}

/** What a request that starts an operation comes to, if nothing goes wrong on the way. */
export interface Mutation {
  /** The members of the metadata beside its type. */
  readonly metadata?: JsonObject
  /** The members of the response beside its type; none for an empty one. */
  readonly response: JsonObject
  /** The response to a request that only validates, where it differs. */
  readonly preview?: JsonObject
  /** What the operation ends with in place of the response; then nothing is kept. */
  readonly error?: FrameStatus
  /** Puts it into the world, as far as the operation has come. */
  readonly commit: (stage: () => Stage) => void
}

/** Decides what a request comes to, and changes nothing; throws a {@link RejectedRequest} where it comes to nothing. */
export type MutationPlanner = (world: EmulatorState, call: Call, body: JsonObject) => Mutation

/**
 * The resource or, where there is none, a 403: Resource Manager tells nobody what does not exist.
 *
 * Source: https://github.com/googleapis/google-cloud-java/issues/440
 */
export function requireFound<T>(resource: T | undefined): T {
  if (resource !== undefined) return resource
  throw new RejectedRequest({ status: 'PERMISSION_DENIED', message: 'The caller does not have permission' })
}

/** The plan to change a resource that is there; the response is what it then is. */
export function updatePlan<T>(
  collection: Collection<T>,
  key: string,
  change: (resource: T) => T,
  tell: (resource: T) => JsonObject,
  metadata: JsonObject = {},
): Mutation {
  return {
    metadata,
    response: tell(change(requireFound(collection.readPending(key)))),
    commit: (stage) => collection.change(key, change, stage),
  }
}

/** The plan to remove a resource that is there; the response is empty. */
export function deletePlan(world: EmulatorState, { name }: Call): Mutation {
  requireFound(world.resources.readPending(name))
  return { response: {}, commit: (stage) => world.resources.change(name, () => undefined, stage) }
}

/** A 400 for a resource that is not as the method needs it. */
export function failedPrecondition(message: string): RejectedRequest {
  return new RejectedRequest({ status: 'FAILED_PRECONDITION', message })
}

/** A 409 for an etag that was given and is not that of the resource. */
export function checkEtag(given: string | undefined, resource: JsonObject): void {
  if (given === undefined || given === resource.etag) return
  throw new RejectedRequest({ status: 'ABORTED', message: `The etag ${given} is not that of the resource.` })
}
