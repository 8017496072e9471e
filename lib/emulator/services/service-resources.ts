import { isJsonObject, type Json, type JsonObject } from '../../model/json.js'
import { badField, RejectedRequest } from '../http/errors.js'
import { jsonObject } from '../http/json-text.js'
import { jsonResponse, type ScriptedResponse } from '../http/responses.js'
import { operationResponse } from '../operations/operation-response.js'
import { readText } from '../resource-manager/fields.js'
import type { Frame } from '../script/frame.js'
import { isHiding, type Stage, startFrame } from '../script/timeline.js'
import type { ServiceCall } from './service-definition.js'
import { memberPattern, notFound, operationBody } from './service-operations.js'
import type { ServiceResource } from './service-state.js'

/** The path of a request, without its scope: `instances/vm/setLabels`. */
interface ResourcePath {
  /** The scope, such as `projects/p/zones/z`. */
  readonly scope: string
  /** The last collection in the path, such as `instances`; empty for a method of the project. */
  readonly collection: string
  /** The name of the collection, such as `projects/p/zones/z/instances`. */
  readonly parent: string
  /** The name of the resource; undefined if the path ends with a collection. */
  readonly name: string | undefined
  /** The end of the path, such as `setLabels`. */
  readonly custom: string | undefined
}

/** Returns the response to a request for a resource or a collection. Every change starts an operation. */
export function resourcesResponse(call: ServiceCall): ScriptedResponse {
  const path = parsePath(call)
  if (path === undefined) throw notFound(call.name)
  if (isUnserved(call, path)) {
    const message = `The emulator does not serve ${call.method} ${call.version}/${call.name}.`
    throw new RejectedRequest('UNIMPLEMENTED', message)
  }
  const isChange = call.method === 'POST' || (path.name !== undefined && call.method in STANDARD_VERBS)
  if (isChange) return startOperation(call, path)
  if (call.method !== 'GET') throw notFound(call.name)
  if (path.name === undefined) return listResources(call, path)
  const resource = call.serviceState.resources.read(path.name)
  if (resource === undefined) throw notFound(path.name)
  return jsonResponse(resource.body, call.format)
}

/** Parses a path. Returns undefined if the service has no such collection. */
function parsePath({ service, name, method, query }: ServiceCall): ResourcePath | undefined {
  const scope = service.scope.exec(name)?.[0].slice(0, -1)
  if (scope === undefined) return undefined
  const [path = '', colonVerb] = name.slice(scope.length + 1).split(':')
  const segments = path.split('/')
  let end = 0
  while (service.collections.has(segments[end] ?? '')) end += 2
  const collection = segments[end - 2] ?? ''
  const custom = colonVerb ?? segments[end]
  if (segments.length > end + 1) return undefined
  if (end === 0) {
    const isProjectMethod = method === 'POST' && service.projectMethods?.test(path)
    return isProjectMethod ? { scope, collection, parent: scope, name: undefined, custom } : undefined
  }
  const parent = [scope, ...segments.slice(0, end - 1)].join('/')
  const id = segments[end - 1]
  const posted = custom ?? (method === 'POST' ? id : undefined)
  if (posted !== undefined && PLURAL_NOUN.test(posted) && !service.pluralMethods?.has(posted))
    return undefined
  // Methods such as `instances/bulkInsert` belong to the collection.
  if (method === 'POST' && custom === undefined && id !== undefined)
    return { scope, collection, parent, name: undefined, custom: id }
  const queryId =
    method === 'GET' || method === 'POST' ? undefined : (query.name ?? query[collection.slice(0, -1)])
  const lastId = id ?? queryId
  return { scope, collection, parent, name: lastId && `${parent}/${lastId}`, custom }
}

/** Matches the names of collections. The names of methods, such as `stop` and `setLabels`, begin with a verb. */
const PLURAL_NOUN = /^[a-z]+s$/

/** The names of methods that start no operation. */
const UNSERVED =
  /^(?:get(?!Version$)|list|test|fetch|query|validate$|preview$|check|execute|verify|generate|setIamPolicy$|createEphemeral|connectSettings$|(?:acquire|release)SsrsLease$)/

function isUnserved({ method }: ServiceCall, { custom }: ResourcePath): boolean {
  return custom !== undefined && (method !== 'POST' || UNSERVED.test(custom))
}

function listResources(call: ServiceCall, path: ResourcePath): ScriptedResponse {
  const members = memberPattern(path.parent)
  const items = call.serviceState.resources
    .all()
    .filter(({ item }) => members.test(item.name))
    .map(({ number, item }) => ({ number, item: item.body }))
  const page = call.service.page(items, path.collection, { ...call, name: path.parent })
  return jsonResponse(page, call.format)
}

/** A change of the resources, which takes effect when its operation succeeds. */
interface Change {
  /** The name of the resource. */
  readonly target: string
  /** The new resource, if the request creates one. */
  readonly created?: JsonObject
  readonly commit: (currentStage: () => Stage) => void
}

function startOperation(call: ServiceCall, path: ResourcePath): ScriptedResponse {
  const { state, serviceState, service, label, query, body, format } = call
  const { requests, locks } = serviceState
  const verb = path.custom ?? STANDARD_VERBS[call.method] ?? service.createVerb
  const { scope, collection } = path
  const requestKey = query.requestId && `${scope} ${query.requestId}`
  const repeated = requestKey && state.operations.peek(requests.get(requestKey) ?? '')
  if (repeated) return jsonResponse(operationBody(call, repeated), format)
  const lock = service.lockIn?.(path.name ?? path.parent)
  checkLock(call, lock)
  const { target, created, commit } = planChange(call, path, verb)
  const name = `${scope}/operations/${service.operationId(state.uniqueNumber(19), Math.floor(state.date()))}`
  const metadata = service.started(call, target, verb, collection)
  const method = `${label}.${collection || 'projects'}.${verb}` as const
  const frames = state.script({ method, name, target, body }, (duration): readonly Frame[] => {
    const done = { metadata, done: true } as const
    if (service.isImmediate?.(collection, verb)) return [done]
    return [{ metadata: { ...metadata, ...service.pending } }, { ...done, after: duration }]
  })
  const operation = state.operations.start(name, frames, label)
  if (requestKey) requests.set(requestKey, name)
  for (const locked of [lock, service.lockIn?.(target)]) if (locked !== undefined) locks.set(locked, name)
  commit(operation.currentStage)
  const frame = startFrame(frames) ?? operation.underlying
  if (isHiding(frame)) return operationResponse(name, frame, format)
  const response = operationBody(call, { ...operation, underlying: frame })
  const wrapped = created && service.creationResponse?.(response, created, collection)
  return jsonResponse(wrapped ?? response, format)
}

/** Throws if an operation already changes the same instance, because the service rejects further changes until its end. */
function checkLock({ state, serviceState }: ServiceCall, lock = ''): void {
  const running = state.operations.peek(serviceState.locks.get(lock) ?? '')
  if (running !== undefined && running.underlying?.done !== true)
    throw new RejectedRequest(
      'OPERATION_IN_PROGRESS',
      'Operation failed because another operation was already in progress.',
    )
}

const STANDARD_VERBS: Readonly<Record<string, string>> = { PATCH: 'patch', PUT: 'update', DELETE: 'delete' }

/** Validates a request and returns its change. Throws a 404, a 409 or a 400. */
function planChange(call: ServiceCall, path: ResourcePath, verb: string): Change {
  const { resources } = call.serviceState
  const { name, parent, custom } = path
  if (name === undefined)
    return custom === undefined
      ? planCreation(call, path, call.service.posted?.(call.body) ?? call.body)
      : { target: parent, commit: () => {} }
  const pending = resources.readWithPending(name)
  if (pending === undefined) throw notFound(name)
  const { copy } = call.service
  if (verb === copy?.verb)
    return planCreation(call, path, jsonObject({ ...pending.body, name: copy.nameIn(call.body) }))
  const changes = call.service.changes(call.body, verb)
  const change = (current: ServiceResource): ServiceResource | undefined => {
    if (verb === 'delete') return undefined
    const { body } = current
    return { ...current, body: verb === 'patch' ? mergePatch(body, changes) : { ...body, ...changes } }
  }
  return { target: name, commit: (currentStage) => resources.change(name, change, currentStage) }
}

function planCreation(call: ServiceCall, path: ResourcePath, posted: JsonObject): Change {
  const { parent, scope, collection } = path
  const { service } = call
  const { resources } = call.serviceState
  const owner = parent.slice(0, parent.lastIndexOf('/'))
  if (owner !== scope && resources.readWithPending(owner) === undefined) throw notFound(owner)
  const id = readText(posted, 'name') ?? service.createdId?.(scope, collection, call.state.uniqueNumber(19))
  if (id === undefined) throw badField('resource.name', 'is required.')
  const name = `${parent}/${id}`
  if (resources.isTaken(name))
    throw new RejectedRequest('ALREADY_EXISTS', `The resource '${name}' already exists`)
  const body = { ...posted, ...service.resource(call, name, collection) }
  return {
    target: name,
    created: body,
    commit: (currentStage) => resources.put([name], { name, body }, currentStage),
  }
}

/**
 * Merges the members of a patch, and removes the members that are null.
 *
 * Source: RFC 7396
 */
function mergePatch(resource: JsonObject, patch: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...resource }
  for (const [member, value] of Object.entries(patch)) {
    const current = merged[member]
    if (value === null) delete merged[member]
    else
      merged[member] = isJsonObject(value) ? mergePatch(isJsonObject(current) ? current : {}, value) : value
  }
  return merged
}
