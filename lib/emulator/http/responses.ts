import type { Observable } from 'rxjs'
import type { Json, JsonObject } from '../../model/json.js'
import type { NetworkFault, ResponseHeaders } from '../script/frame.js'
import { selectFields } from './field-mask.js'
import type { Format } from './format.js'
import { jsonObject, jsonText } from './json-text.js'

/** A complete HTTP response. */
export interface HttpResponse {
  readonly _tag: 'HttpResponse'
  readonly httpStatus: number
  readonly headers: ResponseHeaders
  readonly body: string
}

/** A request that never gets a response. */
interface NoResponse {
  readonly _tag: 'NoResponse'
}

/** A response during which the network fails. */
export interface NetworkFailure {
  readonly _tag: 'NetworkFailure'
  readonly fault: NetworkFault
  readonly httpStatus: number
}

/** A response that is available immediately. */
export type ImmediateResponse = HttpResponse | NoResponse | NetworkFailure

/** A response that is available later. */
interface PendingResponse {
  readonly _tag: 'PendingResponse'
  /** Emits the response and completes. Unsubscribing stops all timers of the request. */
  readonly response: Observable<ImmediateResponse>
}

/** The result of a request to the emulator. */
export type ScriptedResponse = ImmediateResponse | PendingResponse

/** The response headers that Google's front end sends for an API. */
export const API_HEADERS: ResponseHeaders = {
  'Content-Type': 'application/json; charset=UTF-8',
  Vary: ['Origin', 'X-Origin', 'Referer'],
  Server: 'ESF',
  'Cache-Control': 'private',
  'X-Xss-Protection': '0',
  'X-Frame-Options': 'SAMEORIGIN',
  'X-Content-Type-Options': 'nosniff',
}

/** Creates an API response with a JSON body. The field mask of the request applies only if the status is 200. */
export function jsonResponse(body: JsonObject, format: Format, httpStatus = 200): HttpResponse {
  const selected = httpStatus === 200 ? selectFields(body, format.fields) : body
  return { _tag: 'HttpResponse', httpStatus, headers: API_HEADERS, body: jsonText(selected, format.pretty) }
}

/** The errors that API methods return. A failed operation has a google.rpc.Status instead. */
// The HTTP status is from google/rpc/code.proto; only the legacy error format has the reason.
const STATUSES = {
  INVALID_ARGUMENT: { httpStatus: 400, reason: 'badRequest' },
  FAILED_PRECONDITION: { httpStatus: 400, reason: 'failedPrecondition' },
  PERMISSION_DENIED: { httpStatus: 403, reason: 'forbidden' },
  NOT_FOUND: { httpStatus: 404, reason: 'notFound' },
  ALREADY_EXISTS: { httpStatus: 409, reason: 'alreadyExists' },
  ABORTED: { httpStatus: 409, reason: 'aborted' },
  // The name is not canonical. Only Cloud SQL has this error, and its errors have no status.
  OPERATION_IN_PROGRESS: { httpStatus: 409, reason: 'operationInProgress' },
  INTERNAL: { httpStatus: 500, reason: 'backendError' },
  UNIMPLEMENTED: { httpStatus: 501, reason: 'notImplemented' },
  UNAVAILABLE: { httpStatus: 503, reason: 'backendError' },
  DEADLINE_EXCEEDED: { httpStatus: 504, reason: 'backendError' },
} as const

type RpcStatus = keyof typeof STATUSES

/**
 * Creates an API response with an error body.
 *
 * Source: https://google.aip.dev/193
 */
export function errorResponse(
  status: RpcStatus,
  message: string,
  format: Format,
  details?: readonly Json[],
): HttpResponse {
  const { httpStatus, reason } = STATUSES[status]
  const errors = format.legacyErrors ? [{ message, domain: 'global', reason }] : undefined
  const statusMember = format.omitsStatus ? undefined : status
  const error = jsonObject({ code: httpStatus, message, errors, status: statusMember, details })
  return jsonResponse({ error }, format, httpStatus)
}

/** The error for an invalid request. {@link thrownResponse} converts this error to a response. */
export class RejectedRequest extends Error {
  override readonly name = 'RejectedRequest'
  readonly status: RpcStatus
  readonly details: readonly Json[] | undefined

  constructor(status: RpcStatus, message: string, details?: readonly Json[]) {
    super(message)
    this.status = status
    this.details = details
  }
}

/** Creates the response for a thrown value: the error of a {@link RejectedRequest}, otherwise a 500. */
export function thrownResponse(thrown: unknown, format: Format): HttpResponse {
  if (thrown instanceof RejectedRequest)
    return errorResponse(thrown.status, thrown.message, format, thrown.details)
  return errorResponse('INTERNAL', `The emulator failed: ${String(thrown)}`, format)
}

/** Creates a 400 that names the invalid field of the request. */
export function badField(field: string, description: string): RejectedRequest {
  const details = [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description }] },
  ]
  const message = `Request contains an invalid argument: ${field} ${description}`
  return new RejectedRequest('INVALID_ARGUMENT', message, details)
}

/**
 * Creates the HTML page that Google's front end sends for an unknown path or method. The status is always 404, never 405.
 *
 * The page has the title and the text of the original page, without its styles.
 */
export function pageResponse(path: string): HttpResponse {
  const escaped = path.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
  const body = `<!DOCTYPE html>
<html lang=en>
  <meta charset=utf-8>
  <title>Error 404 (Not Found)!!1</title>
  <p><b>404.</b> <ins>That’s an error.</ins>
  <p>Nothing is served at <code>${escaped}</code>.  <ins>That’s all we know.</ins>
`
  const headers = { 'Content-Type': 'text/html; charset=UTF-8' }
  return { _tag: 'HttpResponse', httpStatus: 404, headers, body }
}

/** Merges headers. A header in `overrides` replaces the header with the same name, ignoring case. */
export function mergeHeaders(headers: ResponseHeaders, overrides: ResponseHeaders): ResponseHeaders {
  const replaced = new Set(Object.keys(overrides).map((name) => name.toLowerCase()))
  const others = Object.entries(headers).filter(([name]) => !replaced.has(name.toLowerCase()))
  return { ...Object.fromEntries(others), ...overrides }
}
