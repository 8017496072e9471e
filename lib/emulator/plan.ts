import type { Collection } from './collection.js'
import type { Format, Query } from './format.js'
import type { FrameStatus } from './frame.js'
import type { Json, JsonObject } from './json.js'
import { Refused } from './rpc-error.js'
import type { Stage } from './timeline.js'
import type { World } from './world.js'

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
export interface Plan {
  /** The members of the metadata beside its type. */
  readonly metadata?: JsonObject
  /** The members of the response beside its type; none for an empty one. */
  readonly response: JsonObject
  /** The response to a request that only validates, where it differs. */
  readonly preview?: JsonObject
  /** What the operation ends with in place of the response; then nothing is kept. */
  readonly error?: FrameStatus
  /** Puts it into the world, as far as the operation has come. */
  readonly keep: (stage: () => Stage) => void
}

/** Decides what a request comes to, and changes nothing; throws a {@link Refused} where it comes to nothing. */
export type Planner = (world: World, call: Call, body: JsonObject) => Plan

/**
 * The resource or, where there is none, a 403: Resource Manager tells nobody what does not exist.
 *
 * Source: https://github.com/googleapis/google-cloud-java/issues/440
 */
export function found<T>(resource: T | undefined): T {
  if (resource !== undefined) return resource
  throw new Refused({ status: 'PERMISSION_DENIED', message: 'The caller does not have permission' })
}

/** The plan to change a resource that is there; the response is what it then is. */
export function changePlan<T>(
  collection: Collection<T>,
  key: string,
  change: (resource: T) => T,
  tell: (resource: T) => JsonObject,
  metadata: JsonObject = {},
): Plan {
  return {
    metadata,
    response: tell(change(found(collection.coming(key)))),
    keep: (stage) => collection.change(key, change, stage),
  }
}

/** The plan to remove a resource that is there; the response is empty. */
export function removalOf(world: World, { name }: Call): Plan {
  found(world.resources.coming(name))
  return { response: {}, keep: (stage) => world.resources.change(name, () => undefined, stage) }
}

/** A 400 for a resource that is not as the method needs it. */
export function failedPrecondition(message: string): Refused {
  return new Refused({ status: 'FAILED_PRECONDITION', message })
}

/** A 409 for an etag that was given and is not that of the resource. */
export function checkEtag(given: string | undefined, resource: JsonObject): void {
  if (given === undefined || given === resource.etag) return
  throw new Refused({ status: 'ABORTED', message: `The etag ${given} is not that of the resource.` })
}
