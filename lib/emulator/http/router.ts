import {
  cancelOperation,
  deleteOperation,
  getOperation,
  listOperations,
  waitOperation,
} from '../operations/operation-methods.js'
import { readBody } from '../resource-manager/fields.js'
import type { StartMethod } from '../resource-manager/method-names.js'
import type { Call } from '../resource-manager/mutation.js'
import { READ_METHODS } from '../resource-manager/read-methods.js'
import { METHODS } from '../resource-manager/start-methods.js'
import { startOperation } from '../resource-manager/start-operation.js'
import { serviceResponse } from '../services/service-router.js'
import type { EmulatorState } from '../state.js'
import { formatResource, readFormat } from './format.js'
import type { ReceivedRequest } from './http-io.js'
import {
  errorResponse,
  jsonResponse,
  pageResponse,
  type ScriptedResponse,
  thrownResponse,
} from './responses.js'

/** Returns the response to a request. */
export function route(state: EmulatorState, request: ReceivedRequest): ScriptedResponse {
  const { method, path, query, body } = request
  const decoded = decodePath(path)
  if (decoded === undefined) return pageResponse(path)
  const line = `${method} ${decoded}`
  const format = readFormat(query)
  const response = serviceResponse(state, { ...request, path: decoded })
  if (response !== undefined) return response
  for (const { pattern, handle } of state.resourceManager ? RESOURCE_MANAGER : ANY_SERVICE) {
    const match = pattern.exec(line)
    if (match === null) continue
    try {
      return handle(state, { name: match[1] ?? '', query, body: readBody(body), format })
    } catch (thrown) {
      return thrownResponse(thrown, format)
    }
  }
  if (!state.resourceManager || !isUnserved(line)) return pageResponse(path)
  const message = `The emulator does not serve the method ${methodName(method, decoded)}.`
  return errorResponse('UNIMPLEMENTED', message, format)
}

/** Decodes a path, except `%2F`, which would split a segment. Returns undefined for an invalid path. */
function decodePath(path: string): string | undefined {
  const segments = path.split('/').slice(1)
  if (!path.startsWith('/') || segments.includes('')) return undefined
  try {
    const decoded = segments.map((segment) => decodeURIComponent(segment.replace(/%2F/gi, '%252F')))
    return `/${decoded.join('/').replaceAll('%2f', '%2F')}`
  } catch {
    return undefined
  }
}

interface Route {
  /** Matches the HTTP method and the decoded path. The first group is the name. */
  readonly pattern: RegExp
  readonly handle: (state: EmulatorState, call: Call) => ScriptedResponse
}

const COLLECTION = '((?:.+/)?(?:\\w+O|o)perations)'
const NAME = '((?:.+/)?(?:\\w+O|o)perations/.+)'
// Cloud Storage has a segment before the version, and Pub/Sub Lite has `admin` after the version. The clients of Vertex AI
// poll at `/ui/`.
const ANY = '/(?:(?:\\w+/)?v\\d\\w*/(?:admin/)?|ui(?:v\\d\\w*)?/)'
// Excludes `operations/…` without a parent. The first route of RESOURCE_MANAGER handles such names, because they support
// only get.
const PARENTED = `${ANY}(?!operations(?:/|$))`

/** Returns the routes of all methods for operations, at paths that match `base`. */
function operationRoutes(base: string): readonly Route[] {
  // The lookahead prevents quadratic time for a path that contains `operations/` many times.
  const at = (method: string, name: string, suffix = ''): RegExp =>
    new RegExp(`^(?=.*${suffix}$)${method} ${base}${name}${suffix}$`, 'su')
  return [
    { pattern: at('GET', NAME), handle: getOrList },
    { pattern: at('GET', COLLECTION), handle: listOperations },
    { pattern: at('POST', NAME, ':cancel'), handle: cancelOperation },
    { pattern: at('POST', NAME, ':wait'), handle: waitOperation },
    { pattern: at('DELETE', NAME), handle: deleteOperation },
  ]
}

/** Handles a path such as `operations/projects/p/operations`, which may be the name of an operation or a collection. */
function getOrList(state: EmulatorState, call: Call): ScriptedResponse {
  const isCollection = call.name.endsWith('/operations') && state.operations.peek(call.name) === undefined
  return isCollection ? listOperations(state, call) : getOperation(state, call)
}

const ANY_SERVICE: readonly Route[] = operationRoutes(ANY)

const SERVICE_ROUTES: readonly Route[] = [
  ...Object.entries(METHODS).map(([name, method]) => ({
    pattern: patternOf(method.http),
    handle: (state: EmulatorState, call: Call) => startOperation(state, name as StartMethod, method, call),
  })),
  ...Object.entries(READ_METHODS).map(([http, read]) => ({
    pattern: patternOf(http),
    handle: (state: EmulatorState, call: Call) =>
      jsonResponse(formatResource(read(state, call), call.format), call.format),
  })),
]

const RESOURCE_MANAGER: readonly Route[] = [
  // Operations without a parent are the same in v1 and v3, and support only get. v2 does not have them.
  { pattern: /^GET \/v[13]\/(operations(?:\/.+)?)$/su, handle: getOperation },
  ...operationRoutes(PARENTED),
  ...SERVICE_ROUTES,
]

/** Converts {@link MethodDefinition.http} to a pattern. `a|b` matches one of two words. */
function patternOf(http: string): RegExp {
  const pattern = http
    .replace(/\w+(?:\|\w+)+/g, '(?:$&)')
    .replace('{', '(')
    .replace('}', ')')
    .replace(/\*+/g, (stars) => (stars === '*' ? '[^/]+' : '.+'))
  return new RegExp(`^${pattern}$`, 'su')
}

/** The methods of Resource Manager that the emulator does not serve. */
const UNSERVED: readonly RegExp[] = [
  'POST /v1/folders|organizations|projects/*:clearOrgPolicy|getEffectiveOrgPolicy|getOrgPolicy|setOrgPolicy',
  'POST /v1/folders|organizations|projects/*:listAvailableOrgPolicyConstraints|listOrgPolicies',
  'GET|POST /v1|v3/liens',
  'GET|DELETE /v1|v3/liens/*',
  'GET /v1beta1/organizations',
  'PUT /v1beta1/organizations/*',
  'GET /v3/locations/*/effectiveTagBindingCollections/*',
  'GET /v3:fetchResourceSemantics',
].map(patternOf)

function isUnserved(line: string): boolean {
  // These versions have the methods of the released version.
  const released = line.replace(
    / \/(?:v1beta1|(v2)(?:alpha1|beta1))\//,
    (_, version = 'v1') => ` /${version}/`,
  )
  const isInReleased = released !== line && SERVICE_ROUTES.some(({ pattern }) => pattern.test(released))
  return isInReleased || UNSERVED.some((pattern) => pattern.test(line))
}

/** Returns the version and the ID of a method: `v1 cloudresourcemanager.liens.list` for `GET /v1/liens`. */
export function methodName(method: string, path: string): string {
  const [, resource = '', custom] = /^(.*?)(?::(\w+))?$/s.exec(path) ?? []
  const [, version = '', ...segments] = resource.split('/')
  const collections = segments.filter((_, index) => index % 2 === 0)
  const read = segments.length % 2 === 0 ? 'get' : 'list'
  const standard = new Map([
    ['POST', 'create'],
    ['PUT', 'update'],
  ])
  const verb = custom ?? standard.get(method) ?? (method === 'GET' ? read : method.toLowerCase())
  return [`${version} cloudresourcemanager`, ...collections, verb].join('.')
}
