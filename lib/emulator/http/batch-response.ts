import { STATUS_CODES } from 'node:http'
import { forkJoin, map, of, take } from 'rxjs'
import type { EmulatorState } from '../state.js'
import type { BadPart, Batch, BatchPart } from './batch-request.js'
import { type Format, formatOf } from './format.js'
import {
  API_HEADERS,
  errorResponse,
  type HttpResponse,
  type ImmediateResponse,
  mergeHeaders,
  type ScriptedResponse,
} from './responses.js'
import { route } from './router.js'

/**
 * What a batch gets: an answer of 200 that holds those of its parts, in their order.
 *
 * A part whose own request would be stalled gets a 504 inside, and one that would meet a fault of the network a 503:
 * neither can befall a part alone. A part that is held holds the whole.
 */
export function batchResponse(world: EmulatorState, batch: Batch, outer: Format): ScriptedResponse {
  if (batch._tag === 'BadBatch') {
    return errorResponse({ status: 'INVALID_ARGUMENT', message: batch.reason }, outer)
  }
  const inner = batch.parts.map((part) => ({ part, reaction: partResponse(world, part, outer) }))
  const boundary = `batch_${world.number(19)}`
  const tell = (settled: readonly ImmediateResponse[]): HttpResponse => {
    const parts = inner.map(({ part }, index) => partText(part, settled[index] ?? { _tag: 'Stall' }, outer))
    return multipart(parts, boundary)
  }
  const settled = inner.flatMap(({ reaction }) => (reaction._tag === 'Held' ? [] : [reaction]))
  if (settled.length === inner.length) return tell(settled)
  const all = inner.map(({ reaction }) => {
    return reaction._tag === 'Held' ? reaction.response.pipe(take(1)) : of(reaction)
  })
  return { _tag: 'Held', response: forkJoin(all).pipe(map(tell)) }
}

function partResponse(world: EmulatorState, part: BatchPart | BadPart, outer: Format): ScriptedResponse {
  if (!('reason' in part)) return route(world, part)
  return errorResponse({ status: 'INVALID_ARGUMENT', message: part.reason }, outer)
}

function multipart(parts: readonly string[], boundary: string): HttpResponse {
  const body = [...parts.map((part) => `--${boundary}\r\n${part}\r\n`), `--${boundary}--\r\n`].join('')
  const headers = mergeHeaders(API_HEADERS, { 'Content-Type': `multipart/mixed; boundary=${boundary}` })
  return { _tag: 'Answer', httpStatus: 200, headers, body }
}

function partText(part: BatchPart | BadPart, settled: ImmediateResponse, outer: Format): string {
  const format = 'query' in part ? formatOf(part.query) : outer
  const { httpStatus, headers, body } = settled._tag === 'Answer' ? settled : brokenResponse(settled, format)
  const told = mergeHeaders(headers, { 'Content-Length': String(Buffer.byteLength(body)) })
  const lines = Object.entries(told).flatMap(([name, value]) => {
    return [value].flat().map((line) => `${name}: ${line}`)
  })
  const id = part.contentId === undefined ? [] : [`Content-ID: ${responseId(part.contentId)}`]
  const status = `HTTP/1.1 ${httpStatus} ${STATUS_CODES[httpStatus] ?? ''}`.trimEnd()
  return [...['Content-Type: application/http', ...id, '', status, ...lines, ''], body].join('\r\n')
}

function brokenResponse(settled: Exclude<ImmediateResponse, HttpResponse>, format: Format): HttpResponse {
  return settled._tag === 'Stall'
    ? errorResponse({ status: 'DEADLINE_EXCEEDED', message: 'The request was not answered in time.' }, format)
    : errorResponse({ status: 'UNAVAILABLE', message: 'The service is currently unavailable.' }, format)
}

/** `<item1>` becomes `<response-item1>`. */
function responseId(contentId: string): string {
  return contentId.replace(/^<?/, (bracket) => `${bracket}response-`)
}
