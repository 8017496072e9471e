import { defer, filter, map, merge, NEVER, repeat, startWith, switchMap, take, timer } from 'rxjs'
import type { Query } from '../http/format.js'
import { jsonObject } from '../http/json-text.js'
import { pageOf } from '../http/pagination.js'
import {
  badField,
  errorResponse,
  type ImmediateResponse,
  jsonResponse,
  RejectedRequest,
  type RpcError,
  type ScriptedResponse,
} from '../http/responses.js'
import { bodyObject, textField } from '../resource-manager/fields.js'
import type { Call } from '../resource-manager/mutation.js'
import { hides } from '../script/timeline.js'
import type { EmulatorState } from '../state.js'
import { operationBody, operationResponse } from './operation-response.js'
import type { Peek, Poll } from './operation-store.js'

/** The members of an answer to select, by the plain name of the parameter or with a `$` before it. */
export function fieldsOf(query: Query): string | undefined {
  return query.$fields ?? query.fields
}

/** What an operation that is not there is answered with. */
export const NOT_FOUND: RpcError = { status: 'NOT_FOUND', message: 'Requested entity was not found.' }

/** What there is at a name, or a 404. */
export function known<T>(operation: T | undefined): T {
  if (operation !== undefined) return operation
  throw new RejectedRequest(NOT_FOUND)
}

/** `GET NAME`, which is a poll. */
export function getOperation(world: EmulatorState, { name, query, format }: Call): ScriptedResponse {
  const { frame } = known(world.operations.poll(name))
  return operationResponse(name, frame, format, fieldsOf(query))
}

/**
 * `GET PARENT/operations`: the operations of that parent and of none below it, which counts no poll of them.
 *
 * Source: google/longrunning/operations.proto
 */
export function listOperations(
  world: EmulatorState,
  { name: collection, query, format }: Call,
): ScriptedResponse {
  const done = doneIn(query.filter)
  const listed = world.operations.listOf(collection).filter(({ item: { behind } }) => {
    return done === undefined || (behind?.done ?? false) === done
  })
  const sizes = { usual: 100, most: 1000 }
  const { items, nextPageToken } = pageOf(listed, query, `${collection} ${done}`, sizes)
  const operations = items.map(({ name, behind }) => operationBody(name, behind, format))
  // An empty list is left out, as in proto3.
  const body = jsonObject({ operations: operations.length > 0 ? operations : undefined, nextPageToken })
  return jsonResponse(200, body, format)
}

function doneIn(filter: string | undefined): boolean | undefined {
  if (filter === undefined || filter.trim() === '') return undefined
  const done = /^\s*done\s*[=:]\s*(true|false)\s*$/.exec(filter)
  if (done === null) throw badField('filter', 'must be done=true or done=false.')
  return done[1] === 'true'
}

/** `POST NAME:cancel`; one that is done stays as it is. */
export function cancelOperation(world: EmulatorState, { name, format }: Call): ScriptedResponse {
  known(world.operations.cancel(name) || undefined)
  return jsonResponse(200, {}, format)
}

/** `DELETE NAME`, which does not end what the operation does to a resource. */
export function deleteOperation(world: EmulatorState, { name, format }: Call): ScriptedResponse {
  known(world.operations.forget(name) || undefined)
  return jsonResponse(200, {}, format)
}

/**
 * `POST NAME:wait`, one poll that is answered once the operation is done or the timeout of the request is over.
 *
 * The timeout is of real time, whatever the clock of the emulator. A raw answer, a stall or a fault of the network
 * that takes effect meanwhile is answered at once; an operation that is removed is a 404.
 *
 * Source: google/longrunning/operations.proto
 */
export function waitOperation(world: EmulatorState, call: Call): ScriptedResponse {
  const timeout = Math.min(timeoutOf(call), world.maxWait)
  const { frame } = known(world.operations.poll(call.name))
  if (isOver({ frame })) return told(call, frame)
  const { operations } = world
  const asTimeGoes = defer(() => {
    const look = operations.peek(call.name)
    // It may have ended since it was looked at, and then nothing more comes.
    const next = isOver(look) ? 0 : (look?.untilNext ?? Infinity)
    return next > timeout ? NEVER : timer(Math.max(1, next))
  }).pipe(repeat())
  const touched = operations.touched.pipe(filter((name) => name === call.name))
  const ended = touched.pipe(
    startWith(call.name),
    switchMap((name) => asTimeGoes.pipe(startWith(name))),
    filter(() => isOver(operations.peek(call.name))),
  )
  const settled = merge(ended, timer(timeout)).pipe(
    take(1),
    map(() => lastLook(call, operations.peek(call.name))),
  )
  return { _tag: 'Held', response: settled }
}

function isOver(look: Poll | undefined): boolean {
  return look === undefined || look.frame?.done === true || hides(look.frame)
}

function lastLook(call: Call, look: Peek | undefined): ImmediateResponse {
  return look === undefined ? errorResponse(NOT_FOUND, call.format) : told(call, look.frame)
}

function told({ name, query, format }: Call, frame: Poll['frame']): ImmediateResponse {
  return operationResponse(name, frame, format, fieldsOf(query))
}

/** In ms; the body and the query may tell it, and without either it is as long as the emulator holds. */
function timeoutOf({ body, query }: Call): number {
  const text = textField(bodyObject(body), 'timeout') ?? query.timeout
  if (text === undefined || text === '') return Infinity
  if (!/^\d+(\.\d{1,9})?s$/.test(text)) throw badField('timeout', 'must be a duration such as 10s or 0.5s.')
  return Number.parseFloat(text) * 1000
}
