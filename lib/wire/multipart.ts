import type { TransportResponse } from '../model/failure.js'
import { parseText } from '../model/json.js'
import type { TransportRequest } from './request.js'

/** The headers of an answer that are kept. */
export const KEPT_HEADERS: ReadonlySet<string> = new Set(['content-type', 'date', 'retry-after'])

/**
 * Several requests as the body of one: a complete HTTP request in each part, of which the host is left out.
 *
 * Headers that a part has in common with the whole are not repeated: they hold for it all the same.
 *
 * Source: https://developers.google.com/workspace/gmail/api/guides/batch, RFC 2046.
 */
export function writeParts(
  requests: readonly TransportRequest[],
  common: TransportRequest['headers'],
  boundary: string,
): string {
  return [
    ...requests.map(({ method, url, headers }, n) => {
      const path = url.slice(url.indexOf('/', url.indexOf('//') + 2))
      const own =
        headers === common ? [] : Object.entries(headers).filter(([name, value]) => common[name] !== value)
      return [
        `--${boundary}`,
        'Content-Type: application/http',
        `Content-ID: <${n}>`,
        '',
        `${method} ${path} HTTP/1.1`,
        ...own.map(([name, value]) => `${name}: ${value}`),
        '',
        '',
      ].join(CRLF)
    }),
    `--${boundary}--`,
    '',
  ].join(CRLF)
}

const CRLF = '\r\n'

/** A part of an answer, read. */
export interface ResponsePart {
  /** Which request it answers, from 0; undefined where it does not say, -1 where that cannot be read. */
  readonly request: number | undefined
  readonly response: TransportResponse
  /** Of its body, in bytes. */
  readonly bytes: number
}

/**
 * Reads the parts of the answer to a batch, in the order in which they stand; undefined where it has none.
 *
 * Lines may end in LF as well as CRLF, headers may be folded, and what cannot be read as a part is left out.
 *
 * Source: RFC 2046, section 5.1; the `response-` before a Content-ID as Google's batch guides have it.
 */
export function readParts(contentType: string, text: string): readonly ResponsePart[] | undefined {
  const boundary = boundaryOf(contentType) ?? /^--([^\r\n]{1,70}?)[ \t]*\r?$/m.exec(text.slice(0, 1_000))?.[1]
  if (boundary === undefined) return undefined
  const bounds = boundsOf(text, `--${boundary}`)
  if (bounds.length === 0) return undefined
  return bounds.slice(0, -1).flatMap(({ after }, n) => {
    const part = partOf(text, after, bounds[n + 1]?.at ?? after)
    return part === undefined ? [] : [part]
  })
}

function boundaryOf(contentType: string): string | undefined {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? []
  return quoted ?? plain
}

interface Bound {
  readonly at: number
  /** Where the line after it begins. */
  readonly after: number
}

/** The lines that divide the parts, the closing one the last; without that, the end of the text closes. */
function boundsOf(text: string, line: string): readonly Bound[] {
  const bounds: Bound[] = []
  for (let at = text.indexOf(line); at !== -1; at = text.indexOf(line, at + line.length)) {
    if (at > 0 && text[at - 1] !== '\n') continue
    const end = text.indexOf('\n', at)
    const rest = text.slice(at + line.length, end === -1 ? undefined : end).trimEnd()
    if (rest !== '' && rest !== '--') continue
    bounds.push({ at, after: end === -1 ? text.length : end + 1 })
    if (rest === '--') return bounds
  }
  return bounds.length === 0 ? [] : [...bounds, { at: text.length, after: text.length }]
}

function partOf(text: string, from: number, to: number): ResponsePart | undefined {
  const outer = headerLines(text, from, to, CONTENT_ID)
  const statusEnd = lineEnd(text, outer.next, to)
  const status = /^HTTP\/\d(?:\.\d)? (\d{3})(?:[ \r\n]|$)/.exec(text.slice(outer.next, statusEnd.at))?.[1]
  if (status === undefined) return undefined
  const inner = headerLines(text, statusEnd.next, to, KEPT_HEADERS)
  // The line end before a boundary belongs to the boundary.
  const body = text.slice(inner.next, to).replace(/\r?\n$/, '')
  const id = outer.headers['content-id']
  const request = id === undefined ? undefined : Number(/^<?(?:response-)?(\d{1,6})>?$/.exec(id)?.[1] ?? -1)
  return {
    request,
    response: { httpStatus: Number(status), headers: inner.headers, body: parseText(body) },
    bytes: Buffer.byteLength(body),
  }
}

interface Line {
  readonly at: number
  readonly next: number
}

function lineEnd(text: string, from: number, to: number): Line {
  const feed = text.indexOf('\n', from)
  if (feed === -1 || feed >= to) return { at: to, next: to }
  return { at: text[feed - 1] === '\r' && feed > from ? feed - 1 : feed, next: feed + 1 }
}

const CONTENT_ID: ReadonlySet<string> = /* @__PURE__ */ new Set(['content-id'])

/** Of the headers from a place on those that are wanted, by lower-case name, and where what follows the empty line begins. */
function headerLines(
  text: string,
  from: number,
  to: number,
  wanted: ReadonlySet<string>,
): { readonly headers: Readonly<Record<string, string>>; readonly next: number } {
  const headers: Record<string, string> = {}
  let last = ''
  for (let at = from; at < to; ) {
    const end = lineEnd(text, at, to)
    const line = text.slice(at, end.at)
    at = end.next
    if (line === '') return { headers, next: at }
    const colon = line.indexOf(':')
    if (/^[ \t]/.test(line) && last !== '') {
      if (wanted.has(last)) headers[last] = `${headers[last]} ${line.trim()}`.trim()
    } else if (colon > 0) {
      last = line.slice(0, colon).trim().toLowerCase()
      if (wanted.has(last)) headers[last] = line.slice(colon + 1).trim()
    }
  }
  return { headers, next: to }
}
