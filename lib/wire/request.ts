import type { Json } from '../model/json.js'
import type { ResumeToken } from '../model/target.js'
import { VERSION } from '../model/version.js'
import type { RequestOptions } from './request-options.js'

/** A question to the API, as a value; credentials are not part of it. */
export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** The JSON of a POST, as text. */
  readonly body?: string
  /** Milliseconds that the server may hold its answer, beside the time that any answer may take. */
  readonly serverTimeout?: number
  /** The most bytes that its answer may have, in place of what holds for others. */
  readonly maxResponseBytes?: number
}

/** The request for one snapshot of an operation: `GET {endpoint}/{version}/{name}`. */
export function getRequest(target: ResumeToken, options: RequestOptions): TransportRequest {
  return request('GET', target, options)
}

/** Which page of a list of operations is asked for. */
export interface PageOptions {
  /** In the service's own words, such as `done=true`. */
  readonly filter?: string | undefined
  /** The most operations of a page; the service may send fewer. */
  readonly pageSize?: number | undefined
  readonly pageToken?: string | undefined
}

/** The request for a page of operations; the name of the target is that of their collection. */
export function listRequest(
  target: ResumeToken,
  page: PageOptions,
  options: RequestOptions,
): TransportRequest {
  // A mask for one operation would take the list away.
  const { fields: _, ...rest } = options
  const { filter, pageSize, pageToken } = page
  return request('GET', target, rest, { query: { filter, pageSize, pageToken } })
}

/** The request that asks the server to end an operation. */
export function cancelRequest(
  target: ResumeToken,
  { fields: _, ...options }: RequestOptions,
): TransportRequest {
  return request('POST', target, options, { verb: ':cancel', body: {} })
}

/** The request that lets the server forget an operation. */
export function deleteRequest(
  target: ResumeToken,
  { fields: _, ...options }: RequestOptions,
): TransportRequest {
  return request('DELETE', target, options)
}

/** The request for a snapshot that the server may hold until the operation is done, for so many milliseconds. */
export function waitRequest(target: ResumeToken, hold: number, options: RequestOptions): TransportRequest {
  return {
    ...request('POST', target, options, {
      verb: ':wait',
      body: { timeout: `${Number((hold / 1000).toFixed(3))}s` },
    }),
    serverTimeout: hold,
  }
}

interface RequestParts {
  readonly verb?: ':cancel' | ':wait'
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly body?: Json
}

/**
 * Source: the HTTP rules of google.longrunning.Operations; https://cloud.google.com/apis/docs/system-parameters for the
 * parameters.
 */
function request(
  method: TransportRequest['method'],
  { name, endpoint, apiVersion }: ResumeToken,
  options: RequestOptions,
  { verb, query = {}, body }: RequestParts = {},
): TransportRequest {
  const url = `${endpoint}/${apiVersion}/${name.split('/').map(encodeURIComponent).join('/')}${verb ?? ''}`
  // Names are checked long before; this is the last door before credentials leave.
  if (!DEFAULT_QUERY.test(url)) throw new Error('a name led its URL astray')
  const { headers, search } = sharedParts(options)
  const whole = [queryOf(query), search].filter((part) => part !== '').join('&')
  const asked = { method, url: whole === '' ? url : `${url}?${whole}`, headers }
  if (body === undefined) return asked
  return { ...asked, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

/** What all requests of the same options have in common: made once, for there is a request for each poll. */
interface Shared {
  readonly headers: TransportRequest['headers']
  readonly search: string
}

const shared = /* @__PURE__ */ new WeakMap<RequestOptions, Shared>()

function sharedParts(options: RequestOptions): Shared {
  const known = shared.get(options)
  if (known !== undefined) return known
  const { xgafv, quotaUser, fields, quotaProject } = options
  const made = {
    headers: Object.freeze({
      ...options.headers,
      accept: 'application/json',
      'user-agent': `rx-longrunning/${VERSION} gl-node/${process.versions.node}`,
      ...(quotaProject !== undefined && { 'x-goog-user-project': quotaProject }),
    }),
    search: queryOf({ '$.xgafv': xgafv, quotaUser, fields }),
  }
  shared.set(options, made)
  return made
}

/** What a URL parser leaves as it was written: a scheme and a host, a version, and segments of which none leads up. */
const DEFAULT_QUERY =
  /^https?:\/\/[a-z\d.:[\]_-]+(?=\/[^/])(?:\/(?!(?:\.|%2[eE]){1,2}(?:\/|$))[\w\-.!~*'()%:]*)+$/

function queryOf(parameters: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(parameters).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  )
  return given.length === 0 ? '' : String(new URLSearchParams(given))
}
