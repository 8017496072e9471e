import type { JsonObject } from '../../model/json.js'
import {
  cancelOperation,
  deleteOperation,
  getOperation,
  listOperations,
  waitOperation,
} from '../operations/operation-methods.js'
import { getCapability, getFolderV2 } from '../resource-manager/folders.js'
import type { StartMethod } from '../resource-manager/method-names.js'
import { type Call, requireFound } from '../resource-manager/mutation.js'
import { getProjectV1, getProjectV3 } from '../resource-manager/projects.js'
import { METHODS } from '../resource-manager/start-methods.js'
import { startOperation } from '../resource-manager/start-operation.js'
import { getTagBindingCollection, listTagBindings, listTagHolds } from '../resource-manager/tag-bindings.js'
import type { EmulatorState } from '../state.js'
import { formatResource, readFormat } from './format.js'
import type { ReceivedRequest } from './http-io.js'
import { jsonResponse, pageResponse, type ScriptedResponse, thrownResponse } from './responses.js'

/** Returns the response to a request. */
export function route(state: EmulatorState, request: ReceivedRequest): ScriptedResponse {
  const { method, path, query, body } = request
  const decoded = decodePath(path)
  const format = readFormat(query)
  for (const route of state.resourceManager ? RESOURCE_MANAGER : ANY_SERVICE) {
    const match = route.method === method && decoded !== undefined ? route.path.exec(decoded) : null
    if (match === null) continue
    try {
      return route.handle(state, { name: match[1] ?? '', query, body, format })
    } catch (thrown) {
      return thrownResponse(thrown, format)
    }
  }
  return pageResponse(path)
}

/** Decodes a path, except `%2F`, which would split a segment. Returns undefined for an invalid path. */
function decodePath(path: string): string | undefined {
  const segments = path.split('/').slice(1)
  if (!path.startsWith('/') || segments.includes('')) return undefined
  try {
    return segments.map((segment) => `/${decodeURIComponent(segment.replace(/%2F/gi, '%252F'))}`).join('')
  } catch {
    return undefined
  }
}

interface Route {
  readonly method: string
  /** Matches the decoded path. The first group is the name. */
  readonly path: RegExp
  readonly handle: (state: EmulatorState, call: Call) => ScriptedResponse
}

const COLLECTION = '((?:.+/)?(?:\\w+O|o)perations)'
const NAME = '((?:.+/)?(?:\\w+O|o)perations/.+)'
// Cloud Storage has a segment before the version, and Pub/Sub Lite has `admin` after the version.
const ANY_SERVICE_BASE = '^/(?:\\w+/)?v\\d\\w*/(?:admin/)?'
// Excludes `operations/…` without a parent. The first route of RESOURCE_MANAGER handles such names, because they support
// only get.
const PARENTED_BASE = '^/v\\d\\w*/(?!operations(?:/|$))'

/** Returns the routes of all methods for operations, at paths that match `base`. */
function operationRoutes(base: string): readonly Route[] {
  const at = (path: string): RegExp => new RegExp(`${base}${path}$`, 'su')
  return [
    { method: 'GET', path: at(NAME), handle: getOrList },
    { method: 'GET', path: at(COLLECTION), handle: listOperations },
    { method: 'POST', path: at(`${NAME}:cancel`), handle: cancelOperation },
    { method: 'POST', path: at(`${NAME}:wait`), handle: waitOperation },
    { method: 'DELETE', path: at(NAME), handle: deleteOperation },
  ]
}

/** Handles a path such as `operations/projects/p/operations`, which may be the name of an operation or a collection. */
function getOrList(state: EmulatorState, call: Call): ScriptedResponse {
  const isCollection = call.name.endsWith('/operations') && state.operations.peek(call.name) === undefined
  return isCollection ? listOperations(state, call) : getOperation(state, call)
}

const ANY_SERVICE: readonly Route[] = operationRoutes(ANY_SERVICE_BASE)

/** The methods that read resources. */
const READS: Readonly<Record<string, (state: EmulatorState, call: Call) => JsonObject>> = {
  'GET /v1/projects/{*}': getProjectV1,
  'GET /v2/{folders/*}': getFolderV2,
  'GET /v3/projects/{*}': getProjectV3,
  'GET /v3/{folders/*}': getResource,
  'GET /v3/{folders/*/capabilities/*}': getCapability,
  'GET /v3/{locations/*/tagBindingCollections/*}': getTagBindingCollection,
  'GET /v3/{tagKeys/*}': getResource,
  'GET /v3/{tagValues/*}': getResource,
  'GET /v3/{tagValues/*}/tagHolds': listTagHolds,
  'GET /v3/tagBindings': listTagBindings,
}

function getResource(state: EmulatorState, { name }: Call): JsonObject {
  return requireFound(state.resources.read(name))
}

const RESOURCE_MANAGER: readonly Route[] = [
  // Operations without a parent are the same in v1 and v3, and support only get. v2 does not have them.
  { method: 'GET', path: /^\/v[13]\/(operations(?:\/.+)?)$/su, handle: getOperation },
  ...operationRoutes(PARENTED_BASE),
  ...Object.entries(METHODS).map(([name, method]) =>
    routeAt(method.http, (state, call) => startOperation(state, name as StartMethod, method, call)),
  ),
  ...Object.entries(READS).map(([http, read]) =>
    routeAt(http, (state, call) => {
      return jsonResponse(200, formatResource(read(state, call), call.format), call.format)
    }),
  ),
]

/** Creates a route from {@link MethodDefinition.http}. */
function routeAt(http: string, handle: Route['handle']): Route {
  const [method = '', template = ''] = http.replace('{', '(').replace('}', ')').split(' ')
  const pattern = template.replace(/\*+/g, (stars) => (stars === '*' ? '[^/]+' : '.+'))
  return { method, path: new RegExp(`^${pattern}$`, 'su'), handle }
}
