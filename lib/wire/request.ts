import type { ApiEndpoint } from '../model/resume-token.js'
import { VERSION } from '../model/version.js'
import type { ProtocolRequest } from './protocol.js'
import type { RequestOptions } from './request-options.js'

/** An HTTP request to the API, without credentials. */
export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** The serialized JSON of a POST request. */
  readonly body?: string
  /** Milliseconds that the server may delay the response, in addition to the `requestTimeout`. */
  readonly serverTimeout?: number
  /** The maximum size of the response in bytes. Overrides the limit of the client. */
  readonly maxResponseBytes?: number
  /** Set if the request must not use an existing connection, because an existing connection was stale. */
  readonly newConnection?: true
}

/** Returns the HTTP request for a snapshot of an operation. */
export function snapshotRequest(
  request: ProtocolRequest,
  { endpoint, apiVersion }: ApiEndpoint,
  options: RequestOptions,
): TransportRequest {
  const { method = 'GET', name, suffix = '', query, body, serverTimeout } = request
  const path = UNRESERVED.test(name) ? name : name.split('/').map(encodeURIComponent).join('/')
  const url = `${endpoint}/${apiVersion}/${path}${suffix}`
  // Names are already validated. If the validation has a bug, this check keeps credentials from other URLs.
  if (!SAFE_URL.test(url)) throw new Error('the URL of a request is not in canonical form')
  const { headers, queryString } = commonParts(options)
  const parameters = query ? [queryOf(query), queryString].filter(Boolean).join('&') : queryString
  const requestWithoutBody = { method, url: parameters === '' ? url : `${url}?${parameters}`, headers }
  if (body === undefined) return requestWithoutBody
  const contentHeaders = { ...headers, 'content-type': 'application/json' }
  const timeLimit = serverTimeout !== undefined && { serverTimeout }
  return { ...requestWithoutBody, headers: contentHeaders, body: JSON.stringify(body), ...timeLimit }
}

/**
 * Returns the HTTP request of a method that is not a poll, such as `list`. It has no field mask, because the mask would
 * remove all fields of the response.
 */
export function nonPollRequest(
  request: ProtocolRequest,
  api: ApiEndpoint,
  { fields: _, ...options }: RequestOptions,
): TransportRequest {
  return snapshotRequest(request, api, options)
}

/** The headers and the query that depend only on the options. They are cached, because every poll needs them. */
interface CommonParts {
  readonly headers: TransportRequest['headers']
  readonly queryString: string
}

const commonPartsCache = /* @__PURE__ */ new WeakMap<RequestOptions, CommonParts>()

function commonParts(options: RequestOptions): CommonParts {
  const cachedParts = commonPartsCache.get(options)
  if (cachedParts !== undefined) return cachedParts
  const { xgafv, quotaUser, fields, quotaProject } = options
  const parts = {
    headers: Object.freeze({
      ...options.headers,
      accept: 'application/json',
      'user-agent': `rx-longrunning/${VERSION} gl-node/${process.versions.node}`,
      ...(quotaProject !== undefined && { 'x-goog-user-project': quotaProject }),
    }),
    queryString: queryOf({ '$.xgafv': xgafv, quotaUser, fields }),
  }
  commonPartsCache.set(options, parts)
  return parts
}

/** Matches a path that `encodeURIComponent` does not change. Most names match, and a test is faster than the encoding. */
const UNRESERVED = /^[\w\-.!~*'()/]*$/

/** Matches a URL that `new URL` does not change: a scheme, a host, a version, and segments except `.` and `..`. */
const SAFE_URL = /^https?:\/\/[a-z\d.:[\]_-]+(?=\/[^/])(?:\/(?!(?:\.|%2[eE]){1,2}(?:\/|$))[\w\-.!~*'()%:]*)+$/

function queryOf(parameters: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const pairs = Object.entries(parameters).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  )
  return pairs.length === 0 ? '' : String(new URLSearchParams(pairs))
}
