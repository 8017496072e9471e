import { defer, filter, map, merge, NEVER, repeat, startWith, switchMap, take, timer } from 'rxjs'
import { isJsonObject, type Json, type JsonObject, parseJsonOrText } from '../../model/json.js'
import { badField, errorResponse, RejectedRequest } from '../http/errors.js'
import { pageOf } from '../http/pagination.js'
import { type ImmediateResponse, jsonResponse, type ScriptedResponse } from '../http/responses.js'
import { jsonName, readText } from '../resource-manager/fields.js'
import type { Call } from '../resource-manager/mutation.js'
import { isHiding } from '../script/timeline.js'
import { operationBody, operationResponse } from './operation-response.js'
import type { CurrentOperation } from './operation-store.js'

/** Handles `GET NAME`, which counts as a poll. */
export function getOperation(call: Call): ScriptedResponse {
  return pollResponse(call, call.state.operations.poll(call.name))
}

/**
 * Handles `POST MODEL:fetchPredictOperation` of Vertex AI, which counts as a poll.
 *
 * Source: https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.publishers.models/fetchPredictOperation
 */
export function fetchPrediction(call: Call): ScriptedResponse {
  return getOperation({ ...call, name: readText(call.body, 'operationName') ?? '' })
}

/**
 * Handles `GET PARENT/operations`. Lists only the operations of PARENT. The request does not count as a poll.
 *
 * Source: google/longrunning/operations.proto
 */
export function listOperations({ state, name, query, format }: Call): ScriptedResponse {
  const isMatch = parseOperationFilter(query.filter)
  const operations = state.operations.list(name).map((operation) => {
    return { number: operation.number, item: operationBody(operation.name, operation.underlying, format) }
  })
  const items = operations.filter(({ item }) => isMatch(item))
  const options = { scope: `${name} ${query.filter}`, maxSize: 1000 }
  return jsonResponse(pageOf('operations', items, query, options), format)
}

/**
 * Parses `done=true`, `done=false`, or the JSON object that Dataproc and Storage Transfer define as filter. The member
 * `operation_state_matcher` of the object selects by state. Other members select by metadata with the same name.
 *
 * Source: https://cloud.google.com/dataproc/docs/reference/rest/v1/projects.regions.operations/list
 */
function parseOperationFilter(text = ''): (operation: JsonObject) => boolean {
  const filter = parseJsonOrText(text)
  if (isJsonObject(filter)) return (operation) => Object.entries(filter).every(memberMatcher(operation))
  const match = /^\s*(?:done\s*[=:]\s*(true|false)\s*)?$/.exec(text)
  if (match === null) throw badField('filter', 'must be done=true, done=false or a JSON object.')
  return ({ done = false }) => match[1] === undefined || String(done) === match[1]
}

/**
 * Returns a function that checks whether an operation matches a member of a JSON filter. Metadata without this member
 * match every value.
 */
function memberMatcher({ done = false, metadata }: JsonObject): (member: readonly [string, Json]) => boolean {
  return ([name, value]) => {
    if (jsonName(name) === 'operationStateMatcher') return value === 'ALL' || done === (value !== 'ACTIVE')
    const actual = isJsonObject(metadata) ? metadata[jsonName(name)] : undefined
    return value === null || actual === undefined || [value].flat().includes(actual)
  }
}

/** Handles `POST NAME:cancel`. Does not change an operation that is done. */
export function cancelOperation({ state, name, format }: Call): ScriptedResponse {
  if (!state.operations.cancel(name)) throw new RejectedRequest(...NOT_FOUND)
  return jsonResponse({}, format)
}

/** Handles `DELETE NAME`. Removes only the operation; its effect on resources continues. */
export function deleteOperation({ state, name, format }: Call): ScriptedResponse {
  if (!state.operations.forget(name)) throw new RejectedRequest(...NOT_FOUND)
  return jsonResponse({}, format)
}

/** Returns the response to a poll. If the operation is undefined, it does not exist. */
type Responder<C> = (call: C, operation: CurrentOperation | undefined) => ImmediateResponse

/**
 * Handles `POST NAME:wait`, which counts as one poll. Responds when the operation is done or the timeout has passed.
 *
 * The timeout is in real time and ignores the clock of the emulator. The wait also ends when a raw response,
 * a stall or a network fault takes effect. If the operation is removed, the wait ends with a 404.
 *
 * Source: google/longrunning/operations.proto
 */
export function waitOperation<C extends Call>(
  call: C,
  respond: Responder<C> = pollResponse,
): ScriptedResponse {
  const { operations, maxWait } = call.state
  const timeout = Math.min(readTimeout(call), maxWait)
  const polled = operations.poll(call.name)
  if (endsWait(polled)) return respond(call, polled)
  // Emits whenever the next frame may have taken effect.
  const frameDue = defer(() => {
    const operation = operations.peek(call.name)
    // A frame that already ends the wait may have no later frame. In this case, `frameDue` emits after 1 ms.
    const delay = endsWait(operation) ? 0 : (operation?.timeToNext ?? Infinity)
    return delay > timeout ? NEVER : timer(Math.max(1, delay))
  }).pipe(repeat())
  // Emits when the operation ends the wait, after a change of the operation or a new frame.
  const waitEnded = operations.changes.pipe(
    filter((name) => name === call.name),
    startWith(call.name),
    switchMap((name) => frameDue.pipe(startWith(name))),
    filter(() => endsWait(operations.peek(call.name))),
  )
  const response = merge(waitEnded, timer(timeout)).pipe(
    take(1),
    map(() => respond(call, operations.peek(call.name))),
  )
  return { _tag: 'PendingResponse', response }
}

/** Returns whether a wait must end: the operation is done or removed, or a frame hides it. */
function endsWait(operation: CurrentOperation | undefined): boolean {
  return operation === undefined || operation.frame?.done === true || isHiding(operation.frame)
}

/** Returns the `timeout` of the body or the query, in milliseconds; `Infinity` if neither contains a timeout. */
function readTimeout({ body, query }: Call): number {
  const text = readText(body, 'timeout') ?? query.timeout
  if (text === undefined || text === '') return Infinity
  if (!/^\d+(\.\d{1,9})?s$/.test(text)) throw badField('timeout', 'must be a duration such as 10s or 0.5s.')
  return Number.parseFloat(text) * 1000
}

function pollResponse({ name, format }: Call, operation: CurrentOperation | undefined): ImmediateResponse {
  return operation ? operationResponse(name, operation.frame, format) : errorResponse(...NOT_FOUND, format)
}

const NOT_FOUND = ['NOT_FOUND', 'Requested entity was not found.'] as const
