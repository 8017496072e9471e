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
import { formatEnums, readFormat } from './format.js'
import type { ReceivedRequest } from './http-io.js'
import { jsonResponse, pageResponse, type ScriptedResponse } from './responses.js'

/** Returns the response to a request. */
export function route(state: EmulatorState, request: ReceivedRequest): ScriptedResponse {
  const path = decodePath(request.path)
  if (path === undefined) return pageResponse(request.path)
  const { method, query, body } = request
  const response = serviceResponse(state, { ...request, path })
  if (response !== undefined) return response
  const requestLine = `${method} ${path}`
  const format = readFormat(query)
  for (const { pattern, handle } of state.resourceManager ? RESOURCE_MANAGER_ROUTES : ANY_SERVICE_ROUTES) {
    const match = pattern.exec(requestLine)
    if (match === null) continue
    try {
      return handle({ state, name: match[1] ?? '', query, body: readBody(body), format })
    } catch (thrown) {
      return thrownResponse(thrown, format)
    }
  }
  if (!state.resourceManager || !UNSERVED.some((pattern) => pattern.test(requestLine)))
    return pageResponse(request.path)
  const name = methodName(requestLine).replace('.', ' cloudresourcemanager.')
  return errorResponse('UNIMPLEMENTED', `The emulator does not serve the method ${name}.`, format)
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

const RESOURCE_MANAGER_ROUTES: readonly Route[] = [
  // Operations without a parent are the same in v1 and v3, and support only get. v2 does not have them.
  { pattern: /^GET \/v[13]\/(operations(?:\/.+)?)$/su, handle: operations.getOperation },
  ...operationRoutes(VERSION_WITH_PARENT),
  ...Object.entries(START_METHODS).map(([http, definition]) => ({
    pattern: patternOf(http),
    handle: (call: Call) => startOperation(startMethodOf(http, call.name), definition, call),
  })),
  ...Object.entries(DIRECT_METHODS).map(([http, respond]) => ({
    pattern: patternOf(http),
    handle: (call: Call) => jsonResponse(formatEnums(respond(call), call.format), call.format),
  })),
]

/**
 * The methods of Resource Manager that the emulator does not serve. v1beta1, v2alpha1 and v2beta1 have the methods of v1 and
 * v2. A method of v3 in this list is served, because its route precedes the list.
 */
const UNSERVED: readonly RegExp[] = [
  ...Object.keys({ ...START_METHODS, ...DIRECT_METHODS }).map((http) =>
    http.replace(' /v1/', ' /v1beta1/').replace(' /v2/', ' /v2alpha1|v2beta1/'),
  ),
  'POST /v1/folders|organizations|projects/*:clearOrgPolicy|getEffectiveOrgPolicy|getOrgPolicy|setOrgPolicy',
  'POST /v1/folders|organizations|projects/*:listAvailableOrgPolicyConstraints|listOrgPolicies',
  'GET|POST /v1|v3/liens',
  'GET|DELETE /v1|v3/liens/*',
  'GET /v1beta1/organizations',
  'PUT /v1beta1/organizations/*',
  'GET /v3/locations/*/effectiveTagBindingCollections/*',
  'GET /v3:fetchResourceSemantics',
].map(patternOf)

/**
 * Converts the HTTP verb and the path of a method to a pattern. Braces mark the name, `*` matches one segment, `**` one or more,
 * and `a|b|c` one of the words.
 */
function patternOf(http: string): RegExp {
  const pattern = http
    .replace(/\w+(?:\|\w+)+/g, '(?:$&)')
    .replace('{', '(')
    .replace('}', ')')
    .replace(/\*+/g, (stars) => (stars === '*' ? '[^/]+' : '.+'))
  return new RegExp(`^${pattern}$`, 'su')
}

/** Returns the method of a request. `http` is the key of the method, and `name` the name in the path. */
function startMethodOf(http: string, name: string): StartMethod {
  const [collection = ''] = name.split('/')
  return methodName(http.replace(/[{}]/g, '').replace(/\w+(?:\|\w+)+/, collection)) as StartMethod
}

/** Returns the version and the name of a method: `v1.liens.list` for `GET /v1/liens`. */
export function methodName(requestLine: string): string {
  const [, method = '', resource = '', custom] = /^(\w+) (.*?)(?::(\w+))?$/s.exec(requestLine) ?? []
  const [, version = '', ...segments] = resource.split('/')
  const collections = segments.filter((_, index) => index % 2 === 0)
  const read = segments.length % 2 === 0 ? 'get' : 'list'
  const standardVerbs: Readonly<Record<string, string>> = { GET: read, POST: 'create', PUT: 'update' }
  return [version, ...collections, custom ?? standardVerbs[method] ?? method.toLowerCase()].join('.')
}
