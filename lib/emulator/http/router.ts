import * as operations from '../operations/operation-methods.js'
import { COLLECTION } from '../operations/operation-store.js'
import { DIRECT_METHODS } from '../resource-manager/direct-methods.js'
import { readBody } from '../resource-manager/fields.js'
import type { StartMethod } from '../resource-manager/method-names.js'
import type { Call } from '../resource-manager/mutation.js'
import { START_METHODS } from '../resource-manager/start-methods.js'
import { startOperation } from '../resource-manager/start-operation.js'
import { serviceResponse } from '../services/service-router.js'
import type { EmulatorState } from '../state.js'
import { errorResponse, thrownResponse } from './errors.js'
import { formatResource, readFormat } from './format.js'
import type { ReceivedRequest } from './http-io.js'
import { jsonResponse, pageResponse, type ScriptedResponse } from './responses.js'

/** Returns the response to a request. */
export function route(state: EmulatorState, request: ReceivedRequest): ScriptedResponse {
  const { method, path, query, body } = request
  const decoded = decodePath(path)
  if (decoded === undefined) return pageResponse(path)
  const requestLine = `${method} ${decoded}`
  const format = readFormat(query)
  const response = serviceResponse(state, { ...request, path: decoded })
  if (response !== undefined) return response
  for (const { pattern, handle } of state.resourceManager ? RESOURCE_MANAGER_ROUTES : ANY_SERVICE_ROUTES) {
    const match = pattern.exec(requestLine)
    if (match === null) continue
    try {
      return handle({ state, name: match[1] ?? '', query, body: readBody(body), format })
    } catch (thrown) {
      return thrownResponse(thrown, format)
    }
  }
  const isUnserved = state.resourceManager && isUnservedMethod(requestLine)
  const message = `The emulator does not serve the method ${methodName(method, decoded)}.`
  return isUnserved ? errorResponse('UNIMPLEMENTED', message, format) : pageResponse(path)
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
  readonly handle: (call: Call) => ScriptedResponse
}

// Cloud Storage has a segment before the version, and Pub/Sub Lite has `admin` after the version. The clients of Vertex AI
// poll at `/ui/`.
const VERSION = '/(?:(?:\\w+/)?v\\d\\w*/(?:admin/)?|ui(?:v\\d\\w*)?/)'
// Excludes `operations/…` without a parent. The first route of RESOURCE_MANAGER_ROUTES handles such names, because they
// support only get.
const VERSION_WITH_PARENT = `${VERSION}(?!operations(?:/|$))`

const NAME = `(${COLLECTION}/.+)`

/** Returns the routes of all methods for operations, at paths that match `base`. */
function operationRoutes(base: string): readonly Route[] {
  // The lookahead prevents quadratic time for a path that contains `operations/` many times.
  const patternFor = (method: string, name: string, suffix = ''): RegExp =>
    new RegExp(`^(?=.*${suffix}$)${method} ${base}${name}${suffix}$`, 'su')
  return [
    { pattern: patternFor('GET', NAME), handle: getOrList },
    { pattern: patternFor('GET', `(${COLLECTION})`), handle: operations.listOperations },
    { pattern: patternFor('POST', NAME, ':cancel'), handle: operations.cancelOperation },
    { pattern: patternFor('POST', NAME, ':wait'), handle: operations.waitOperation },
    { pattern: patternFor('POST', '(.+)', ':fetchPredictOperation'), handle: operations.fetchPrediction },
    { pattern: patternFor('DELETE', NAME), handle: operations.deleteOperation },
  ]
}

/** Handles a path such as `operations/projects/p/operations`, which may be the name of an operation or a collection. */
function getOrList(call: Call): ScriptedResponse {
  const isCollection =
    call.name.endsWith('/operations') && call.state.operations.peek(call.name) === undefined
  return isCollection ? operations.listOperations(call) : operations.getOperation(call)
}

const ANY_SERVICE_ROUTES: readonly Route[] = operationRoutes(VERSION)

const METHOD_ROUTES: readonly Route[] = [
  ...Object.entries(START_METHODS).map(([name, method]) => ({
    pattern: patternOf(method.http),
    handle: (call: Call) => startOperation(name as StartMethod, method, call),
  })),
  ...Object.entries(DIRECT_METHODS).map(([http, respond]) => ({
    pattern: patternOf(http),
    handle: (call: Call) => jsonResponse(formatResource(respond(call), call.format), call.format),
  })),
]

const RESOURCE_MANAGER_ROUTES: readonly Route[] = [
  // Operations without a parent are the same in v1 and v3, and support only get. v2 does not have them.
  { pattern: /^GET \/v[13]\/(operations(?:\/.+)?)$/su, handle: operations.getOperation },
  ...operationRoutes(VERSION_WITH_PARENT),
  ...METHOD_ROUTES,
]

/** Converts {@link MethodDefinition.http} to a pattern. `a|b|c` matches one of the words. */
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

// Returns whether a request is for a method of Resource Manager that the emulator does not serve.
function isUnservedMethod(requestLine: string): boolean {
  // v1beta1, v2alpha1 and v2beta1 have the methods of v1 and v2.
  const released = requestLine.replace(
    / \/(?:v1beta1|(v2)(?:alpha1|beta1))\//,
    (_, version = 'v1') => ` /${version}/`,
  )
  const isInReleased = released !== requestLine && METHOD_ROUTES.some(({ pattern }) => pattern.test(released))
  return isInReleased || UNSERVED.some((pattern) => pattern.test(requestLine))
}

/** Returns the version and the ID of a method: `v1 cloudresourcemanager.liens.list` for `GET /v1/liens`. */
export function methodName(method: string, path: string): string {
  const [, resource = '', custom] = /^(.*?)(?::(\w+))?$/s.exec(path) ?? []
  const [, version = '', ...segments] = resource.split('/')
  const collections = segments.filter((_, index) => index % 2 === 0)
  const read = segments.length % 2 === 0 ? 'get' : 'list'
  const standardVerbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update' }
  const verb = custom ?? standardVerbs[method] ?? (method === 'GET' ? read : method.toLowerCase())
  return [`${version} cloudresourcemanager`, ...collections, verb].join('.')
}
