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
import { formatOf, formatResource, type Query } from './format.js'
import type { Json, JsonObject } from './json-text.js'
import {
  errorResponse,
  jsonResponse,
  pageResponse,
  RejectedRequest,
  type ScriptedResponse,
} from './responses.js'

interface Route {
  readonly verb: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Over the decoded path; its one group, if any, is the name. */
  readonly path: RegExp
  readonly react: (world: EmulatorState, call: Call) => ScriptedResponse
}

const NAME = '(?:.+/)?(?:\\w+O|o)perations/.+'
const COLLECTION = '(?:.+/)?(?:\\w+O|o)perations'
// Cloud Storage has a segment before the version, and Pub/Sub Lite one after it.
const ANY = '^/(?:\\w+/)?v\\d\\w*/(?:admin/)?'
// Names without a parent are those of Resource Manager.
const PARENTED = '^/v\\d\\w*/(?!operations(?:/|$))'

/** What any service has, at paths that begin so. */
function operationsAt(base: string): readonly Route[] {
  return [
    { verb: 'GET', path: new RegExp(`${base}(${NAME})$`, 'su'), react: getOrList },
    { verb: 'GET', path: new RegExp(`${base}(${COLLECTION})$`, 'su'), react: listOperations },
    { verb: 'POST', path: new RegExp(`${base}(${NAME}):cancel$`, 'su'), react: cancelOperation },
    { verb: 'POST', path: new RegExp(`${base}(${NAME}):wait$`, 'su'), react: waitOperation },
    { verb: 'DELETE', path: new RegExp(`${base}(${NAME})$`, 'su'), react: deleteOperation },
  ]
}

/** A path such as `operations/projects/p/operations` may be either. */
function getOrList(world: EmulatorState, call: Call): ScriptedResponse {
  const list = call.name.endsWith('/operations') && world.operations.peek(call.name) === undefined
  return list ? listOperations(world, call) : getOperation(world, call)
}

const ANY_SERVICE: readonly Route[] = operationsAt(ANY)

/** What can be read back, by path; bindings and holds are only listed. */
export const READS: Readonly<Record<string, (world: EmulatorState, call: Call) => JsonObject>> = {
  '/v1/projects/{*}': getProjectV1,
  '/v2/{folders/*}': getFolderV2,
  '/v3/projects/{*}': getProjectV3,
  '/v3/{folders/*}': stored,
  '/v3/{folders/*/capabilities/*}': getCapability,
  '/v3/{locations/*/tagBindingCollections/*}': getTagBindingCollection,
  '/v3/{tagKeys/*}': stored,
  '/v3/{tagValues/*}': stored,
  '/v3/{tagValues/*}/tagHolds': listTagHolds,
  '/v3/tagBindings': listTagBindings,
}

const RESOURCE_MANAGER: readonly Route[] = [
  // v1 and v3 read the same operations, and there is no v2 of them; none has another verb.
  { verb: 'GET', path: /^\/v[13]\/(operations(?:\/.+)?)$/su, react: getOperation },
  ...operationsAt(PARENTED),
  ...Object.entries(METHODS).map(([method, start]): Route => {
    const react: Route['react'] = (world, call) => startOperation(world, method as StartMethod, start, call)
    return { verb: start.verb, path: pattern(start.path), react }
  }),
  ...Object.entries(READS).map(([path, read]): Route => {
    const react: Route['react'] = (world, call) => {
      return jsonResponse(200, formatResource(read(world, call), call.format), call.format)
    }
    return { verb: 'GET', path: pattern(path), react }
  }),
]

/** Of a path whose variable is in braces, and in which `*` is a segment and `**` is one or more. */
function pattern(template: string): RegExp {
  const groups = template.replace('{', '(').replace('}', ')')
  return new RegExp(`^${groups.replace(/\*+/g, (stars) => (stars === '*' ? '[^/]+' : '.+'))}$`, 'su')
}

/** What the router reads of a request. */
export interface Routed {
  readonly method: string
  /** As it came, percent-encoded. */
  readonly path: string
  readonly query: Query
  readonly body?: Json
}

/** Decides what a request gets. */
export function route(world: EmulatorState, { method, path, query, body }: Routed): ScriptedResponse {
  const decoded = decodePath(path)
  const format = formatOf(query)
  for (const { verb, path: pattern, react } of world.resourceManager ? RESOURCE_MANAGER : ANY_SERVICE) {
    const match = verb === method && decoded !== undefined ? pattern.exec(decoded) : null
    if (match === null) continue
    try {
      return react(world, { name: match[1] ?? '', query, body, format })
    } catch (thrown) {
      if (thrown instanceof RejectedRequest) return errorResponse(thrown.error, format)
      return errorResponse({ status: 'INTERNAL', message: `The emulator failed: ${String(thrown)}` }, format)
    }
  }
  return pageResponse(path)
}

/** Decodes each segment, but not `%2F`, which would add one; undefined for a path that no API has. */
function decodePath(path: string): string | undefined {
  const segments = path.split('/').slice(1)
  if (!path.startsWith('/') || segments.includes('')) return undefined
  try {
    return segments.map((segment) => `/${decodeURIComponent(segment.replace(/%2F/gi, '%252F'))}`).join('')
  } catch {
    return undefined
  }
}

function stored(world: EmulatorState, { name }: Call): JsonObject {
  return requireFound(world.resources.read(name))
}
