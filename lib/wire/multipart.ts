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
  const boundaryLines = boundaryLinesOf(text, `--${boundary}`)
  if (boundaryLines.length === 0) return undefined
  const ends = boundaryLines.slice(1).map(({ at }) => at)
  return ends.flatMap((end, index) => readPart(text, boundaryLines[index]?.next ?? end, end) ?? [])
}

function boundaryOf(contentType: string): string | undefined {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? []
  return quoted ?? plain
}

interface LineEnd {
  /** The position of the end of a line, or of the start of a boundary line. */
  readonly at: number
  /** The position of the next line. */
  readonly next: number
}

/** Returns the boundary lines. The last element is the closing boundary line or, without one, the end of the text. */
function boundaryLinesOf(text: string, delimiter: string): readonly LineEnd[] {
  const boundaryLines: LineEnd[] = []
  for (let at = text.indexOf(delimiter); at !== -1; at = text.indexOf(delimiter, at + delimiter.length)) {
    if (at > 0 && text[at - 1] !== '\n') continue
    const end = text.indexOf('\n', at)
    const rest = text.slice(at + delimiter.length, end === -1 ? undefined : end).trimEnd()
    if (rest !== '' && rest !== '--') continue
    boundaryLines.push({ at, next: end === -1 ? text.length : end + 1 })
    if (rest === '--') return boundaryLines
  }
  return boundaryLines.length === 0 ? [] : [...boundaryLines, { at: text.length, next: text.length }]
}

function readPart(text: string, from: number, to: number): ResponsePart | undefined {
  const partHead = headerLines(text, from, to, CONTENT_ID)
  const statusEnd = lineEnd(text, partHead.next, to)
  const status = /^HTTP\/\d(?:\.\d)? (\d{3})(?:[ \r\n]|$)/.exec(text.slice(partHead.next, statusEnd.at))?.[1]
  if (status === undefined) return undefined
  const httpHead = headerLines(text, statusEnd.next, to, KEPT_HEADERS)
  // The line end before a boundary is part of the boundary.
  const body = text.slice(httpHead.next, to).replace(/\r?\n$/, '')
  const id = partHead.headers['content-id']
  const requestIndex =
    id === undefined ? undefined : Number(/^<?(?:response-)?(\d{1,6})>?$/.exec(id)?.[1] ?? -1)
  return {
    requestIndex,
    response: { httpStatus: Number(status), headers: httpHead.headers, body: parseJsonOrText(body) },
    bytes: Buffer.byteLength(body),
  }
}

function lineEnd(text: string, from: number, to: number): LineEnd {
  const lineFeed = text.indexOf('\n', from)
  if (lineFeed === -1 || lineFeed >= to) return { at: to, next: to }
  return { at: text[lineFeed - 1] === '\r' && lineFeed > from ? lineFeed - 1 : lineFeed, next: lineFeed + 1 }
}

const CONTENT_ID: ReadonlySet<string> = /* @__PURE__ */ new Set(['content-id'])

/** Returns the selected headers by lower-case name, and the position after the empty line that ends the headers. */
function headerLines(
  text: string,
  from: number,
  to: number,
  selected: ReadonlySet<string>,
): { readonly headers: Readonly<Record<string, string>>; readonly next: number } {
  const headers: Record<string, string> = {}
  let lastName = ''
  for (let at = from; at < to; ) {
    const end = lineEnd(text, at, to)
    const line = text.slice(at, end.at)
    at = end.next
    if (line === '') return { headers, next: at }
    const colon = line.indexOf(':')
    if (/^[ \t]/.test(line) && lastName !== '') {
      const value = headers[lastName] ?? ''
      const folded = line.trim()
      // Does not trim the whole value, because that would take quadratic time for many folded lines.
      if (selected.has(lastName) && folded !== '')
        headers[lastName] = value === '' ? folded : `${value} ${folded}`
    } else if (colon > 0) {
      lastName = line.slice(0, colon).trim().toLowerCase()
      if (selected.has(lastName)) headers[lastName] = line.slice(colon + 1).trim()
    }
  }
  return { headers, next: to }
}
