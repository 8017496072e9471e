import { isJsonObject, type JsonObject } from '../../model/json.js'
import { templatePattern } from '../../wire/name-template.js'
import { RejectedRequest, thrownResponse } from '../http/errors.js'
import { formatEnums } from '../http/format.js'
import { jsonObject } from '../http/json-text.js'
import {
  API_HEADERS,
  type ImmediateResponse,
  jsonResponse,
  type ScriptedResponse,
} from '../http/responses.js'
import { waitOperation } from '../operations/operation-methods.js'
import { operationResponse } from '../operations/operation-response.js'
import type { CurrentOperation } from '../operations/operation-store.js'
import { parseFilter } from '../resource-manager/filter.js'
import type { Frame } from '../script/frame.js'
import { isHiding } from '../script/timeline.js'
import type { ServiceCall } from './service-definition.js'
import { idOf, numberOf } from './service-state.js'

/** Matches the path of operations after the scope. */
const OPERATION = /^operations(?:\/([^/:]+)([/:]\w+)?)?$/s

/** Returns the response to a request for operations; undefined if the request is for a resource. */
export function operationsResponse(call: ServiceCall): ScriptedResponse | undefined {
  const [scope] = call.service.scope.exec(call.name) ?? []
  const [matched, id, suffix = ''] = OPERATION.exec(scope ? call.name.slice(scope.length) : '') ?? []
  if (matched === undefined) return undefined
  if (id === undefined) return call.method === 'GET' ? listOperations(call) : undefined
  const requested = call.name.slice(0, call.name.length - suffix.length)
  const name = findOperation({ ...call, name: requested })
  if (name === undefined) throw notFound(requested)
  const operationCall = { ...call, name }
  const line = `${call.method} ${suffix}`.trimEnd()
  if (line === 'GET') return pollResponse(operationCall, call.state.operations.poll(name))
  const verb = call.service.operationMethods[line]
  if (verb === 'wait') return waitOperation(operationCall, pollResponse)
  if (verb === 'delete') {
    call.state.operations.forget(name)
    return { _tag: 'HttpResponse', httpStatus: 204, headers: API_HEADERS, body: '' }
  }
  if (verb === undefined) throw notFound(call.name)
  call.state.operations.cancel(name)
  return jsonResponse({}, call.format)
}

/** Creates the 404 for a name that does not exist. */
export function notFound(name: string): RejectedRequest {
  return new RejectedRequest('NOT_FOUND', `The resource '${name}' was not found`)
}

/** Returns the name of an operation in the store. The requested name can end with the number of the operation. */
function findOperation(call: ServiceCall): string | undefined {
  const { name } = call
  const { operations } = call.state
  if (isOwn(call, operations.peek(name))) return name
  const siblings = memberPattern(name.slice(0, name.lastIndexOf('/')))
  return operations.list(projectOf(name)).find((operation) => {
    const canonical = canonicalName(call, operation.name)
    const isNamed = canonical === name || (siblings.test(canonical) && numberOf(canonical) === idOf(name))
    return isNamed && isOwn(call, operation)
  })?.name
}

/** Returns the first two segments of a name, such as `projects/p`. */
function projectOf(name: string): string {
  return name.split('/').slice(0, 2).join('/')
}

/** Returns whether an operation exists and belongs to a service. */
function isOwn({ label }: ServiceCall, operation: CurrentOperation | undefined): boolean {
  return operation !== undefined && (operation.owner ?? label) === label
}

/** Lists the operations of a collection. The request does not count as a poll. */
function listOperations(call: ServiceCall): ScriptedResponse {
  const { service, name, query } = call
  const isMatch = query.filter ? parseFilter(query.filter, { parameter: 'filter' }) : () => true
  const members = memberPattern(name)
  const items = call.state.operations
    .list(projectOf(name))
    .filter((operation) => members.test(canonicalName(call, operation.name)) && isOwn(call, operation))
    .map((operation) => ({ number: operation.number, item: operationBody(call, operation) }))
    .filter(({ item }) => isMatch(item))
  return jsonResponse(service.page(items, 'operations', call), call.format)
}

/** Returns the pattern of the names in a collection. It can be an aggregated collection, or have `-` as its location. */
export function memberPattern(collection: string): RegExp {
  return templatePattern(`${collection.replaceAll('/-/', '/*/').replace('/aggregated/', '/**/')}/*`)
}

/** Returns the spelling of a name under which a service stores its resource. */
export function canonicalName({ service, serviceState }: ServiceCall, name: string): string {
  return service.canonicalName?.(name, (project) => serviceState.projects.get(project) ?? project) ?? name
}

function pollResponse(call: ServiceCall, operation: CurrentOperation | undefined): ImmediateResponse {
  const { name, format } = call
  if (operation === undefined) return thrownResponse(notFound(name), format)
  if (isHiding(operation.frame)) return operationResponse(name, operation.frame, format)
  return jsonResponse(operationBody(call, operation), format)
}

/** Creates the JSON of an operation. The members of the metadata have priority over the members of the service. */
export function operationBody(call: ServiceCall, operation: CurrentOperation): JsonObject {
  const { service, link, format } = call
  const frame = operation.underlying
  const members = isJsonObject(frame?.metadata) ? frame.metadata : {}
  const isDone = frame?.done === true
  const status = isDone ? 'DONE' : typeof members.status === 'string' ? members.status : 'RUNNING'
  const name = canonicalName(call, operation.name)
  const body = service.operation({
    name,
    id: idOf(name),
    status,
    error: frame?.error,
    insertedAt: call.state.date(operation.startedAt),
    endedAt: isDone ? endOf(call, operation, frame) : undefined,
    link,
  })
  const hidden = frame?.name === null && { name: undefined }
  return formatEnums(jsonObject({ ...body, ...members, status, ...hidden }), format, service.enums)
}

/** Returns the time of the end of an operation. If its script has no time, the first response has the current time. */
function endOf({ state, serviceState }: ServiceCall, operation: CurrentOperation, frame: Frame): number {
  const { frames, startedAt } = operation
  if (frame.after !== undefined) return state.date(startedAt + frame.after)
  const end = serviceState.ends.get(frames) ?? state.date()
  serviceState.ends.set(frames, end)
  return end
}
