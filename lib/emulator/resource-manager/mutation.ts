import type { JsonObject } from '../../model/json.js'
import type { RejectedRequest } from '../http/errors.js'
import type { Format, Query } from '../http/format.js'
import type { FrameStatus } from '../script/frame.js'
import type { Stage } from '../script/timeline.js'
import type { EmulatorState } from '../state.js'
import type { Fields } from './fields.js'
import { canonicalName } from './hierarchy.js'
import { requireEtag, requireFound } from './preconditions.js'

/** A request to an API method. */
export interface Call {
  readonly state: EmulatorState
  /** The resource name in the path, decoded. */
  readonly name: string
  readonly query: Query
  readonly body: JsonObject
  readonly format: Format
}

/** Handles a method that does not start an operation, and returns the response; throws {@link RejectedRequest}. */
export type DirectHandler = (call: Call) => JsonObject

/** The effect of a request that starts an operation, if the operation succeeds. */
export interface Mutation {
  /** The metadata without its type. */
  readonly metadata?: JsonObject
  /** The response without its type. */
  readonly response: JsonObject
  /** The response to a request with `validateOnly`. If it is absent, the response is `response`. */
  readonly preview?: JsonObject
  /** The error with which the operation ends. If it is set, the mutation is not committed. */
  readonly error?: FrameStatus
  /** Adds the mutation to the state. The mutation takes effect when `currentStage` returns `visible`. */
  readonly commit: (currentStage: () => Stage) => void
}

/** Validates a request and returns its mutation, without changing the state; throws {@link RejectedRequest}. */
export type MutationPlanner = (call: Call) => Mutation

/** Returns the mutation that changes an existing resource and its `updateTime`. The response is the changed resource. */
export function planUpdate(
  { resources, timestamp }: EmulatorState,
  name: string,
  changes: Fields,
  format: (resource: Fields) => JsonObject,
): Mutation {
  const updateTime = timestamp()
  const change = (resource: JsonObject): JsonObject => format({ ...resource, ...changes, updateTime })
  return {
    response: change(requireFound(resources.readWithPending(name))),
    commit: (currentStage) => resources.change(name, change, currentStage),
  }
}

/** Returns the mutation that creates or replaces a resource, which all keys can read. The response is the resource. */
export function planPut(state: EmulatorState, keys: readonly string[], response: JsonObject): Mutation {
  return { response, commit: (currentStage) => state.resources.put(keys, response, currentStage) }
}

/** Returns the mutation that removes a resource if the etag in the query matches. The response is the resource. */
export function planDelete({ state, name, query }: Call): Mutation {
  const key = canonicalName(state, name)
  const response = requireFound(state.resources.readWithPending(key))
  requireEtag(query.etag || undefined, response)
  return { response, commit: (currentStage) => state.resources.change(key, () => undefined, currentStage) }
}

/** Returns the mutation that succeeds without effect. */
export function planNothing(response: JsonObject): Mutation {
  return { response, commit: () => {} }
}

/** Returns the handler of a method whose mutation takes effect immediately, without an operation. */
export function withoutOperation(
  plan: MutationPlanner,
  format: (response: JsonObject) => JsonObject = (response) => response,
): DirectHandler {
  return (call) => {
    const { response, commit } = plan(call)
    commit(() => 'visible')
    return format(response)
  }
}
