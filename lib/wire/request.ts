import type { Json } from '../model/json.js'
import type { ResumeToken } from '../model/target.js'
import { VERSION } from '../model/version.js'
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

/** Returns the request for a snapshot of an operation: `GET {endpoint}/{version}/{name}`. */
export function getRequest(target: ResumeToken, options: RequestOptions): TransportRequest {
  return request('GET', target, options)
}

/** Options that select a page of a list of operations. */
export interface PageOptions {
  /** A filter in the syntax of the service, such as `done=true`. */
  readonly filter?: string | undefined
  /** The maximum number of operations in a page; the service may return fewer. */
  readonly pageSize?: number | undefined
  readonly pageToken?: string | undefined
}

/** Returns the request for a page of operations; `target.name` is the name of the collection. */
export function listRequest(
  target: ResumeToken,
  page: PageOptions,
  options: RequestOptions,
): TransportRequest {
  const { filter, pageSize, pageToken } = page
  return request('GET', target, withoutMask(options), { query: { filter, pageSize, pageToken } })
}

/** Returns the request that cancels an operation. */
export function cancelRequest(target: ResumeToken, options: RequestOptions): TransportRequest {
  return request('POST', target, withoutMask(options), { verb: ':cancel', body: {} })
}

/** Returns the request that deletes the record of an operation. */
export function deleteRequest(target: ResumeToken, options: RequestOptions): TransportRequest {
  return request('DELETE', target, withoutMask(options))
}

/** Returns the request for a snapshot that the server delays until the operation is done or the timeout passes. */
export function waitRequest(
  target: ResumeToken,
  serverTimeout: number,
  options: RequestOptions,
): TransportRequest {
  const timeout = `${Number((serverTimeout / 1000).toFixed(3))}s`
  return { ...request('POST', target, options, { verb: ':wait', body: { timeout } }), serverTimeout }
}

/** Removes the field mask. It is a mask for operations, and would remove all fields of another type of response. */
function withoutMask({ fields: _, ...options }: RequestOptions): RequestOptions {
  return options
}

interface RequestParts {
  readonly verb?: ':cancel' | ':wait'
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly body?: Json
}

// Source: the HTTP rules of google.longrunning.Operations; https://cloud.google.com/apis/docs/system-parameters.
function request(
  method: TransportRequest['method'],
  { name, endpoint, apiVersion }: ResumeToken,
  options: RequestOptions,
  { verb, query = {}, body }: RequestParts = {},
): TransportRequest {
  const url = `${endpoint}/${apiVersion}/${name.split('/').map(encodeURIComponent).join('/')}${verb ?? ''}`
  // Names are already validated. If the validation has a bug, this check keeps credentials from other URLs.
  if (!SAFE_URL.test(url)) throw new Error('the URL of a request is not in canonical form')
  const { headers, queryString } = commonParts(options)
  const parameters = [queryOf(query), queryString].filter((part) => part !== '').join('&')
  const requestWithoutBody = { method, url: parameters === '' ? url : `${url}?${parameters}`, headers }
  if (body === undefined) return requestWithoutBody
  const contentHeaders = { ...headers, 'content-type': 'application/json' }
  return { ...requestWithoutBody, headers: contentHeaders, body: JSON.stringify(body) }
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

/** Matches a URL that `new URL` does not change: a scheme, a host, a version, and segments except `.` and `..`. */
const SAFE_URL = /^https?:\/\/[a-z\d.:[\]_-]+(?=\/[^/])(?:\/(?!(?:\.|%2[eE]){1,2}(?:\/|$))[\w\-.!~*'()%:]*)+$/

function queryOf(parameters: Readonly<Record<string, string | number | undefined>>): string {
  const pairs = Object.entries(parameters).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  )
  return String(new URLSearchParams(pairs))
}
