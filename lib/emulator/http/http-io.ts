import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { parseJsonOrText } from '../../model/json.js'
import type { ResponseHeaders } from '../script/frame.js'
import type { BatchPart } from './batch-request.js'
import { parseQuery } from './format.js'
import type { HttpResponse } from './responses.js'

/** The request line and the body of a request. */
export type ReceivedRequest = Pick<BatchPart, 'method' | 'path' | 'query' | 'body'>

/** Reads a complete request. Rejects if the client disconnects before the end of the body. */
export async function receive(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const { method = '', url = '' } = incoming
  // A URL parser would resolve `..` segments, but the path must be recorded as it was sent.
  const [path = '', ...queryParts] = url.split('?')
  const body = await text(incoming)
  // Google's clients send a GET with a long URL as a POST whose body is the query.
  const override = incoming.headers['x-http-method-override']
  if (method === 'POST' && override === 'GET') return { method: override, path, query: parseQuery(body) }
  const received = { method, path, query: parseQuery(queryParts.join('?')) }
  return body === '' ? received : { ...received, body: parseJsonOrText(body) }
}

/**
 * Sends a response. Compresses the body if the client accepts gzip and `headers` contains neither
 * `Content-Encoding` nor `Content-Length`. `duration` is the time since the request arrived, in milliseconds.
 */
export function send(
  { httpStatus, headers, body: text }: HttpResponse,
  duration: number,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  setHead(outgoing, httpStatus, headers)
  // Only API responses have the header Server-Timing, and API responses have the header `Server: ESF`.
  if (!outgoing.hasHeader('Server-Timing') && outgoing.getHeader('Server') === 'ESF')
    outgoing.setHeader('Server-Timing', `gfet4t7; dur=${Math.round(duration)}`)
  if (httpStatus === 204 || httpStatus === 304) {
    outgoing.end()
    return
  }
  const hasBodyHeaders = outgoing.hasHeader('Content-Encoding') || outgoing.hasHeader('Content-Length')
  const isCompressed = !hasBodyHeaders && text !== '' && acceptsGzip(incoming.headers['accept-encoding'])
  const body = isCompressed ? gzipSync(text) : Buffer.from(text)
  if (isCompressed) outgoing.setHeader('Content-Encoding', 'gzip')
  if (!hasBodyHeaders && !outgoing.hasHeader('Transfer-Encoding'))
    outgoing.setHeader('Content-Length', body.byteLength)
  outgoing.end(body)
}

/** Sets the status and headers of a response. Node.js sends them with the first bytes of the body. */
export function setHead(outgoing: ServerResponse, httpStatus: number, headers: ResponseHeaders): void {
  outgoing.statusCode = httpStatus
  for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value)
}

// Accepts `gzip`, unless its quality is 0, as in `gzip;q=0.0`.
function acceptsGzip(header: string | string[] | undefined): boolean {
  const codings = String(header ?? '').split(',')
  return codings.some((coding) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(coding))
}
