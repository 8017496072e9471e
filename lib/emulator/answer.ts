import type { Observable } from 'rxjs'
import type { Format } from './format.js'
import type { NetworkFault } from './frame.js'
import { type Json, jsonText } from './json.js'
import { notFoundPage } from './not-found-page.js'
import { errorBody, httpStatusOf, type RpcError } from './rpc-error.js'

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
