import type { Observable } from 'rxjs'
import type { NetworkFault } from '../script/frame.js'
import type { Format } from './format.js'
import { type Json, type JsonObject, jsonObject, jsonText } from './json-text.js'

/** HTTP headers to send; a list is sent as so many lines. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[]>>

/** A whole HTTP answer. */
export interface HttpResponse {
  readonly _tag: 'Answer'
  readonly httpStatus: number
  readonly headers: ResponseHeaders
  readonly body: string
}

/** The request is kept and never answered. */
interface NoResponse {
  readonly _tag: 'Stall'
}

/** The answer does not arrive as it should. */
export interface NetworkFailure {
  readonly _tag: 'Breakdown'
  readonly fault: NetworkFault
  readonly httpStatus: number
}

/** What the emulator does with a request, at last. */
export type ImmediateResponse = HttpResponse | NoResponse | NetworkFailure

/** The request is held, and settled once; unsubscribing lets it go. */
interface PendingResponse {
  readonly _tag: 'Held'
  readonly response: Observable<ImmediateResponse>
}

/** What the emulator does with a request. */
export type ScriptedResponse = ImmediateResponse | PendingResponse

/** The headers with which Google's front end answers for an API. */
export const API_HEADERS: ResponseHeaders = {
  'Content-Type': 'application/json; charset=UTF-8',
  Vary: ['Origin', 'X-Origin', 'Referer'],
  Server: 'ESF',
  'Cache-Control': 'private',
  'X-Xss-Protection': '0',
  'X-Frame-Options': 'SAMEORIGIN',
  'X-Content-Type-Options': 'nosniff',
}

/** An API's answer with a JSON body. */
export function jsonResponse(httpStatus: number, body: Json, format: Format): HttpResponse {
  return { _tag: 'Answer', httpStatus, headers: API_HEADERS, body: jsonText(body, format.pretty) }
}

/** An API's answer with an error body in the format that was asked for. */
export function errorResponse(error: RpcError, format: Format): HttpResponse {
  return jsonResponse(httpStatusOf(error), errorBody(error, format), format)
}

/** The front end's own 404, for what no API serves. */
export function pageResponse(path: string): HttpResponse {
  const headers = { 'Content-Type': 'text/html; charset=UTF-8' }
  return { _tag: 'Answer', httpStatus: 404, headers, body: notFoundPage(path) }
}

/** The headers, and over them those of the same name (in any case) from `over`. */
export function mergeHeaders(headers: ResponseHeaders, over: ResponseHeaders): ResponseHeaders {
  const replaced = new Set(Object.keys(over).map((name) => name.toLowerCase()))
  const kept = Object.entries(headers).filter(([name]) => !replaced.has(name.toLowerCase()))
  return { ...Object.fromEntries(kept), ...over }
}

/**
 * The HTML page with which a Google front end answers a path or a verb that no API has.
 *
 * It is always a 404, never a 405; only its title and its two sentences are modelled, no styles.
 */
export function notFoundPage(path: string): string {
  return `<!DOCTYPE html>
<html lang=en>
  <meta charset=utf-8>
  <title>Error 404 (Not Found)!!1</title>
  <p><b>404.</b> <ins>That’s an error.</ins>
  <p>Nothing is served at <code>${escapeHtml(path)}</code>.  <ins>That’s all we know.</ins>
`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** An error that the API itself answers, before any operation has begun. */
export interface RpcError {
  /** google.rpc.Code by name. */
  readonly status: keyof typeof STATUSES
  readonly message: string
  readonly details?: readonly Json[]
}

// The HTTP status is that of google/rpc/code.proto; the reason is what the older error format calls it.
const STATUSES = {
  INVALID_ARGUMENT: { httpStatus: 400, reason: 'badRequest' },
  FAILED_PRECONDITION: { httpStatus: 400, reason: 'failedPrecondition' },
  PERMISSION_DENIED: { httpStatus: 403, reason: 'forbidden' },
  NOT_FOUND: { httpStatus: 404, reason: 'notFound' },
  ALREADY_EXISTS: { httpStatus: 409, reason: 'alreadyExists' },
  ABORTED: { httpStatus: 409, reason: 'aborted' },
  INTERNAL: { httpStatus: 500, reason: 'backendError' },
  UNAVAILABLE: { httpStatus: 503, reason: 'backendError' },
  DEADLINE_EXCEEDED: { httpStatus: 504, reason: 'backendError' },
} as const

/** The HTTP status of an error. */
export function httpStatusOf(error: RpcError): number {
  return STATUSES[error.status].httpStatus
}

/**
 * The body of an error: code, message, errors (in the older format only), status, details.
 *
 * Source: https://google.aip.dev/193
 */
export function errorBody(error: RpcError, format: Format): JsonObject {
  const { httpStatus, reason } = STATUSES[error.status]
  const errors = [{ message: error.message, domain: 'global', reason }]
  return {
    error: jsonObject({
      code: httpStatus,
      message: error.message,
      errors: format.legacyErrors ? errors : undefined,
      status: error.status,
      details: error.details,
    }),
  }
}

/** Thrown while a request is handled; the router turns it into the answer. */
export class RejectedRequest extends Error {
  readonly error: RpcError

  constructor(error: RpcError) {
    super(error.message)
    this.name = 'Refused'
    this.error = error
  }
}

/** A 400 that names the field of the request body that is wrong. */
export function badField(field: string, description: string): RejectedRequest {
  const details = [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description }] },
  ]
  return new RejectedRequest({
    status: 'INVALID_ARGUMENT',
    message: `Request contains an invalid argument: ${field} ${description}`,
    details,
  })
}
