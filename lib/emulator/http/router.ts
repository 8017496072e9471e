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
    const match = route.verb === method && decoded !== undefined ? route.path.exec(decoded) : null
    if (match === null) continue
    try {
      return route.handle(state, { name: match[1] ?? '', query, body, format })
    } catch (thrown) {
      return thrownResponse(thrown, format)
    }
  }
  return pageResponse(path)
}

/** Decodes each segment except `%2F`, which would split it; undefined for a path that no API has. */
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
  readonly verb: string
  /** Matches the decoded path; its only group, if any, is the name. */
  readonly path: RegExp
  readonly handle: (state: EmulatorState, call: Call) => ScriptedResponse
}

const COLLECTION = '((?:.+/)?(?:\\w+O|o)perations)'
const NAME = '((?:.+/)?(?:\\w+O|o)perations/.+)'
// Cloud Storage has a segment before the version, and Pub/Sub Lite one after it.
const ANY = '^/(?:\\w+/)?v\\d\\w*/(?:admin/)?'
// Resource Manager serves the names without a parent.
const PARENTED = '^/v\\d\\w*/(?!operations(?:/|$))'

/** Returns the methods for operations that every service has, at paths that begin with `base`. */
function operationRoutes(base: string): readonly Route[] {
  const at = (path: string): RegExp => new RegExp(`${base}${path}$`, 'su')
  return [
    { verb: 'GET', path: at(NAME), handle: getOrList },
    { verb: 'GET', path: at(COLLECTION), handle: listOperations },
    { verb: 'POST', path: at(`${NAME}:cancel`), handle: cancelOperation },
    { verb: 'POST', path: at(`${NAME}:wait`), handle: waitOperation },
    { verb: 'DELETE', path: at(NAME), handle: deleteOperation },
  ]
}

/** A path such as `operations/projects/p/operations` may name an operation or a collection. */
function getOrList(state: EmulatorState, call: Call): ScriptedResponse {
  const list = call.name.endsWith('/operations') && state.operations.peek(call.name) === undefined
  return list ? listOperations(state, call) : getOperation(state, call)
}

const ANY_SERVICE: readonly Route[] = operationRoutes(ANY)

/** The methods that read resources; tag bindings and holds can only be listed. */
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
  // v1 and v3 read the same operations. v2 has none, and there are no other methods for them.
  { verb: 'GET', path: /^\/v[13]\/(operations(?:\/.+)?)$/su, handle: getOperation },
  ...operationRoutes(PARENTED),
  ...Object.entries(METHODS).map(([name, method]) =>
    routeAt(method.http, (state, call) => startOperation(state, name as StartMethod, method, call)),
  ),
  ...Object.entries(READS).map(([http, read]) =>
    routeAt(http, (state, call) => {
      return jsonResponse(200, formatResource(read(state, call), call.format), call.format)
    }),
  ),
]

/** Creates a route from a verb and a path; braces mark the name, `*` is a segment, `**` is one or more. */
function routeAt(http: string, handle: Route['handle']): Route {
  const [verb = '', template = ''] = http.replace('{', '(').replace('}', ')').split(' ')
  const pattern = template.replace(/\*+/g, (stars) => (stars === '*' ? '[^/]+' : '.+'))
  return { verb, path: new RegExp(`^${pattern}$`, 'su'), handle }
}
