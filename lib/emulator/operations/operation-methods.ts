import { defer, filter, map, merge, NEVER, repeat, startWith, switchMap, take, timer } from 'rxjs'
import { pageOf } from '../http/pagination.js'
import {
  badField,
  errorResponse,
  type ImmediateResponse,
  jsonResponse,
  RejectedRequest,
  type ScriptedResponse,
} from '../http/responses.js'
import { readBody, readText } from '../resource-manager/fields.js'
import type { Call } from '../resource-manager/mutation.js'
import { isHiding } from '../script/timeline.js'
import type { EmulatorState } from '../state.js'
import { operationBody, operationResponse } from './operation-response.js'
import type { Poll } from './operation-store.js'

/** Handles `GET NAME`, which counts as a poll. */
export function getOperation({ operations }: EmulatorState, call: Call): ScriptedResponse {
  return pollResponse(call, requireOperation(operations.poll(call.name)))
}

/**
 * Handles `GET PARENT/operations`. Lists only the operations of PARENT. The request does not count as a poll.
 *
 * Source: google/longrunning/operations.proto
 */
export function listOperations(state: EmulatorState, { name, query, format }: Call): ScriptedResponse {
  const done = readDoneFilter(query.filter)
  const listed = state.operations.list(name).filter(({ item: { underlying } }) => {
    return done === undefined || (underlying?.done ?? false) === done
  })
  const items = listed.map(({ number, item }) => {
    return { number, item: operationBody(item.name, item.underlying, format) }
  })
  const sizes = { byDefault: 100, max: 1000 }
  return jsonResponse(200, pageOf('operations', items, query, `${name} ${done}`, sizes), format)
}

function readDoneFilter(text: string | undefined): boolean | undefined {
  if (text === undefined || text.trim() === '') return undefined
  const match = /^\s*done\s*[=:]\s*(true|false)\s*$/.exec(text)
  if (match === null) throw badField('filter', 'must be done=true or done=false.')
  return match[1] === 'true'
}

/** Handles `POST NAME:cancel`. Does not change an operation that is done. */
export function cancelOperation({ operations }: EmulatorState, { name, format }: Call): ScriptedResponse {
  requireOperation(operations.cancel(name) || undefined)
  return jsonResponse(200, {}, format)
}

/** Handles `DELETE NAME`. Removes only the operation; its effect on resources continues. */
export function deleteOperation({ operations }: EmulatorState, { name, format }: Call): ScriptedResponse {
  requireOperation(operations.forget(name) || undefined)
  return jsonResponse(200, {}, format)
}

/**
 * Handles `POST NAME:wait`, which counts as one poll. Responds when the operation is done or the timeout has passed.
 *
 * The timeout is in real time and ignores the clock of the emulator. The wait also ends when a raw response,
 * a stall or a network fault takes effect. If the operation is removed, the wait ends with a 404.
 *
 * Source: google/longrunning/operations.proto
 */
export function waitOperation({ operations, maxWait }: EmulatorState, call: Call): ScriptedResponse {
  const timeout = Math.min(readTimeout(call), maxWait)
  const polled = requireOperation(operations.poll(call.name))
  if (isSettled(polled)) return pollResponse(call, polled)
  const timeChanges = defer(() => {
    const peek = operations.peek(call.name)
    // If the operation is already settled, it may never change again, so the check must not wait for a
    // change.
    const next = isSettled(peek) ? 0 : (peek?.timeToNext ?? Infinity)
    return next > timeout ? NEVER : timer(Math.max(1, next))
  }).pipe(repeat())
  const ended = operations.changes.pipe(
    filter((name) => name === call.name),
    startWith(call.name),
    switchMap((name) => timeChanges.pipe(startWith(name))),
    filter(() => isSettled(operations.peek(call.name))),
  )
  const response = merge(ended, timer(timeout)).pipe(
    take(1),
    map(() => {
      const peek = operations.peek(call.name)
      return peek ? pollResponse(call, peek) : errorResponse(...NOT_FOUND, call.format)
    }),
  )
  return { _tag: 'PendingResponse', response }
}

/** Returns whether a wait must end: the operation is done or removed, or a frame hides it. */
function isSettled(poll: Poll | undefined): boolean {
  return poll === undefined || poll.frame?.done === true || isHiding(poll.frame)
}

/** Returns the timeout in the body or the query, in milliseconds; `Infinity` if there is none. */
function readTimeout({ body, query }: Call): number {
  const text = readText(readBody(body), 'timeout') ?? query.timeout
  if (text === undefined || text === '') return Infinity
  if (!/^\d+(\.\d{1,9})?s$/.test(text)) throw badField('timeout', 'must be a duration such as 10s or 0.5s.')
  return Number.parseFloat(text) * 1000
}

function pollResponse({ name, query, format }: Call, { frame }: Poll): ImmediateResponse {
  return operationResponse(name, frame, format, query.$fields ?? query.fields)
}

const NOT_FOUND = ['NOT_FOUND', 'Requested entity was not found.'] as const

function requireOperation<T>(operation: T | undefined): T {
  if (operation !== undefined) return operation
  throw new RejectedRequest(...NOT_FOUND)
}
