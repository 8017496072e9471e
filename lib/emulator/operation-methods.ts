import { jsonResponse, type ScriptedResponse } from './answer.js'
import type { Query } from './format.js'
import { jsonObject } from './json.js'
import { operationBody, operationResponse } from './operation-reaction.js'
import { pageOf } from './page.js'
import type { Call } from './plan.js'
import { badField, RejectedRequest, type RpcError } from './rpc-error.js'
import type { EmulatorState } from './world.js'

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
