import type { TransportResponse } from '../model/failure.js'
import { parseJsonOrText } from '../model/json.js'
import type { TransportRequest } from './request.js'

/** The response headers that a transport returns. */
export const KEPT_HEADERS: ReadonlySet<string> = new Set(['content-type', 'date', 'retry-after'])

/**
 * Returns the body of a batch request. Each part is an HTTP request without a host.
 *
 * The headers in `common` are the headers of the batch request. They apply to every part, so a part omits them.
 *
 * Source: https://developers.google.com/workspace/gmail/api/guides/batch, RFC 2046.
 */
export function writeParts(
  requests: readonly TransportRequest[],
  common: TransportRequest['headers'],
  boundary: string,
): string {
  return [
    ...requests.map(({ method, url, headers }, index) => {
      const path = url.slice(url.indexOf('/', url.indexOf('//') + 2))
      const ownHeaders =
        headers === common ? [] : Object.entries(headers).filter(([name, value]) => common[name] !== value)
      return [
        `--${boundary}`,
        'Content-Type: application/http',
        `Content-ID: <${index}>`,
        '',
        `${method} ${path} HTTP/1.1`,
        ...ownHeaders.map(([name, value]) => `${name}: ${value}`),
        '',
        '',
      ].join(CRLF)
    }),
    `--${boundary}--`,
    '',
  ].join(CRLF)
}

const CRLF = '\r\n'

/** One parsed part of a batch response. */
export interface ResponsePart {
  /** The index of the request, from 0. Undefined if the part has no Content-ID, and -1 if the Content-ID is invalid. */
  readonly requestIndex: number | undefined
  readonly response: TransportResponse
  /** The size of the body in bytes. */
  readonly bytes: number
}

/**
 * Parses the parts of a batch response, in the order of the response. Returns undefined if the response has no parts.
 *
 * Accepts lines that end in LF, and folded headers. Omits a part that is not an HTTP response.
 *
 * Source: RFC 2046, section 5.1; Google's batch guides for the prefix `response-` of a Content-ID.
 */
export function readParts(contentType: string, text: string): readonly ResponsePart[] | undefined {
  const boundary = boundaryOf(contentType) ?? /^--([^\r\n]{1,70}?)[ \t]*\r?$/m.exec(text.slice(0, 1_000))?.[1]
  if (boundary === undefined) return undefined
  const { parts } = splitParts(text, boundary)
  return parts.length === 0 ? undefined : parts.flatMap((part) => readPart(part) ?? [])
}

/** Returns the boundary in the value of the header `Content-Type`. */
export function boundaryOf(contentType: string): string | undefined {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? []
  return quoted ?? plain
}

/** The parts of a multipart body. */
interface MultipartBody {
  /**
   * The texts between the boundary lines. Each begins with the line end of its boundary line. The last text ends with the
   * closing boundary line or, without one, with the whole text.
   */
  readonly parts: readonly string[]
  /** Whether the body has a closing boundary line. */
  readonly isClosed: boolean
}

/** Splits a multipart body at its boundary lines. */
export function splitParts(text: string, boundary: string): MultipartBody {
  // Begins with a literal, so that the search is fast. The line break before it is checked in the loop.
  const boundaryLine = new RegExp(`--${boundary.replace(/\W/g, '\\$&')}(--)?[^\\S\\n]*(?=\\n|$)`, 'g')
  const parts: string[] = []
  let start: number | undefined
  for (const { 0: line, 1: closing, index } of text.matchAll(boundaryLine)) {
    if (index > 0 && text[index - 1] !== '\n') continue
    if (start !== undefined) parts.push(text.slice(start, index))
    if (closing !== undefined) return { parts, isClosed: true }
    start = index + line.length
  }
  if (start !== undefined) parts.push(text.slice(start))
  return { parts, isClosed: false }
}

function readPart(text: string): ResponsePart | undefined {
  const [partHead, message] = splitHead(text)
  const [httpHead, bodyLines] = splitHead(message)
  const status = /^HTTP\/\d(?:\.\d)? (\d{3})(?:[ \r\n]|$)/.exec(httpHead)?.[1]
  if (status === undefined) return undefined
  const id = headersIn(partHead, CONTENT_ID)['content-id']
  const requestIndex =
    id === undefined ? undefined : Number(/^<?(?:response-)?(\d{1,6})>?$/.exec(id)?.[1] ?? -1)
  const headers = headersIn(httpHead, KEPT_HEADERS)
  // The line end before a boundary is part of the boundary.
  const body = bodyLines.replace(/\r?\n$/, '')
  return {
    requestIndex,
    response: { httpStatus: Number(status), headers, body: parseJsonOrText(body) },
    bytes: Buffer.byteLength(body),
  }
}

const CONTENT_ID: ReadonlySet<string> = /* @__PURE__ */ new Set(['content-id'])

/** Splits a text at its first empty line. */
export function splitHead(text: string): readonly [head: string, body: string] {
  const { 0: emptyLine = '', index = text.length } = /\r?\n\r?\n/.exec(text) ?? {}
  return [text.slice(0, index), text.slice(index + emptyLine.length)]
}

/**
 * Returns the headers in `selected`, by default all headers, by lower-case name. A line that begins with white space continues
 * the previous line.
 */
export function headersIn(head: string, selected?: ReadonlySet<string>): Readonly<Record<string, string>> {
  const lines = head.replace(/(?:\r?\n[ \t]+)+/g, ' ').split('\n')
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase()
    if (selected ? selected.has(name) : /^\S+$/.test(name)) headers[name] = line.slice(colon + 1).trim()
  }
  return headers
}
