import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { type Query, queryOf } from './format.js'
import { type Json, parseJson } from './json-text.js'
import type { HttpResponse, ResponseHeaders } from './responses.js'

/** What the first line of a request and its body say. */
export interface Received {
  readonly method: string
  readonly path: string
  readonly query: Query
  readonly body?: Json
}

/** Reads a request to its end; rejects if the client goes away before. */
export async function receive(incoming: IncomingMessage): Promise<Received> {
  const { method = '', url = '' } = incoming
  // By hand: a URL parser would resolve dots and hide what the client really sent.
  const [path = '', ...more] = url.split('?')
  const body = await text(incoming)
  const received = { method, path, query: queryOf(more.join('?')) }
  return body === '' ? received : { ...received, body: parseJson(body) }
}

/** Sends an answer, compressed if the client accepts that and the answer does not say otherwise. */
export function send(
  answer: HttpResponse,
  took: number,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  setHead(outgoing, answer.httpStatus, answer.headers)
  if (!outgoing.hasHeader('Server-Timing') && outgoing.getHeader('Server') === 'ESF') {
    outgoing.setHeader('Server-Timing', `gfet4t7; dur=${Math.round(took)}`)
  }
  if (answer.httpStatus === 204 || answer.httpStatus === 304) {
    outgoing.end()
    return
  }
  const asItIs = outgoing.hasHeader('Content-Encoding') || outgoing.hasHeader('Content-Length')
  const zip = !asItIs && answer.body !== '' && acceptsGzip(incoming.headers['accept-encoding'])
  const body = zip ? gzipSync(answer.body) : Buffer.from(answer.body)
  if (zip) outgoing.setHeader('Content-Encoding', 'gzip')
  if (!asItIs && !outgoing.hasHeader('Transfer-Encoding'))
    outgoing.setHeader('Content-Length', body.byteLength)
  outgoing.end(body)
}

/** The head of an answer, which goes out with the first bytes of its body. */
export function setHead(outgoing: ServerResponse, httpStatus: number, headers: ResponseHeaders): void {
  outgoing.statusCode = httpStatus
  for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value)
}

function acceptsGzip(header: string | string[] | undefined): boolean {
  const codings = String(header ?? '')
    .toLowerCase()
    .split(',')
  return codings.some((coding) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/.test(coding))
}
