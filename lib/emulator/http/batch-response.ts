import { STATUS_CODES } from 'node:http'
import { forkJoin, map, of } from 'rxjs'
import type { EmulatorState } from '../state.js'
import type { BadPart, Batch, BatchPart } from './batch-request.js'
import { errorResponse } from './errors.js'
import { type Format, readFormat } from './format.js'
import {
  API_HEADERS,
  type HttpResponse,
  type ImmediateResponse,
  mergeHeaders,
  type ScriptedResponse,
} from './responses.js'
import { route } from './router.js'

/**
 * Creates the response to a batch: a 200 that contains the responses to the parts, in the order of the parts.
 *
 * The batch response is sent when all parts have a response. A part has no connection of its own. A part with
 * a stall therefore gets a 504, and a part with a network fault gets a 503.
 */
export function batchResponse(state: EmulatorState, batch: Batch, format: Format): ScriptedResponse {
  if ('reason' in batch) return errorResponse('INVALID_ARGUMENT', batch.reason, format)
  const partTexts = batch.parts.map((part) => {
    const response = partResponse(state, part, format)
    const responses = response._tag === 'PendingResponse' ? response.response : of(response)
    return responses.pipe(map((immediate) => partText(part, immediate, format)))
  })
  const boundary = `batch_${state.uniqueNumber(19)}`
  const headers = mergeHeaders(API_HEADERS, { 'Content-Type': `multipart/mixed; boundary=${boundary}` })
  const combine = (texts: readonly string[]): HttpResponse => {
    const body = [...texts.map((text) => `--${boundary}\r\n${text}\r\n`), `--${boundary}--\r\n`].join('')
    return { _tag: 'HttpResponse', httpStatus: 200, headers, body }
  }
  return { _tag: 'PendingResponse', response: forkJoin(partTexts).pipe(map(combine)) }
}

function partResponse(state: EmulatorState, part: BatchPart | BadPart, format: Format): ScriptedResponse {
  if (!('reason' in part)) return route(state, part)
  return errorResponse('INVALID_ARGUMENT', part.reason, format)
}

function partText(part: BatchPart | BadPart, response: ImmediateResponse, outer: Format): string {
  const format = 'query' in part ? readFormat(part.query) : outer
  const { httpStatus, headers, body } = toHttpResponse(response, format)
  const allHeaders = mergeHeaders(headers, { 'Content-Length': String(Buffer.byteLength(body)) })
  // A header with a list of values has one line for each value.
  const headerLines = Object.entries(allHeaders).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name}: ${value}`),
  )
  // `<item1>` becomes `<response-item1>`.
  const id = part.contentId?.replace(/^<?/, (bracket) => `${bracket}response-`)
  const idLines = id === undefined ? [] : [`Content-ID: ${id}`]
  const status = `HTTP/1.1 ${httpStatus} ${STATUS_CODES[httpStatus] ?? ''}`.trimEnd()
  return ['Content-Type: application/http', ...idLines, '', status, ...headerLines, '', body].join('\r\n')
}

/** Replaces a stall or a network fault with an error response. */
function toHttpResponse(response: ImmediateResponse, format: Format): HttpResponse {
  if (response._tag === 'HttpResponse') return response
  return response._tag === 'NetworkFailure'
    ? errorResponse('UNAVAILABLE', 'The service is currently unavailable.', format)
    : errorResponse('DEADLINE_EXCEEDED', 'The request was not answered in time.', format)
}
