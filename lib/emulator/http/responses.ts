import type { Observable } from 'rxjs'
import type { JsonObject } from '../../model/json.js'
import type { NetworkFault, ResponseHeaders } from '../script/frame.js'
import { selectFields } from './field-mask.js'
import type { Format } from './format.js'
import { jsonText } from './json-text.js'

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
