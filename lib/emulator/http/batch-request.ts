import { type Query, queryOf, type SeenHeaders } from './format.js'
import { type Json, parseJson } from './json-text.js'

/** A request inside a batch, as it applies: what the outer request says for all is in it. */
export interface BatchPart {
  /** Of the part; absent if it has none. */
  readonly contentId?: string
  readonly method: string
  /** As it came: percent-encoded and without the query. */
  readonly path: string
  /** Its own parameters over those of the outer request. */
  readonly query: Query
  /** By lower-case names: its own over those of the outer request, of which `Content-*` do not apply. */
  readonly headers: SeenHeaders
  /** Parsed JSON, or the text of what is not JSON; absent when empty. */
  readonly body?: Json
}

/** A part that is no request, and why. */
export interface BadPart {
  readonly contentId?: string
  readonly reason: string
}

/** A batch read, or why it cannot be. */
export type Batch =
  | { readonly _tag: 'Batch'; readonly parts: readonly (BatchPart | BadPart)[] }
  | { readonly _tag: 'BadBatch'; readonly reason: string }

/** The request that carries a batch. */
export interface Outer {
  readonly query: Query
  readonly headers: SeenHeaders
  /** Text, unless it was read as JSON, which no batch is. */
  readonly body?: Json
}

const MAX_PARTS = 1000

/**
 * Reads a `multipart/mixed` batch of HTTP requests; lines may end in LF alone.
 *
 * Source: RFC 2046 section 5.1, and https://developers.google.com/workspace/gmail/api/guides/batch
 */
export function readBatch(outer: Outer): Batch {
  const boundary = boundaryOf(outer.headers['content-type'] ?? '')
  if (boundary === undefined) return bad('The Content-Type must be multipart/mixed with a boundary.')
  const texts = partsOf(typeof outer.body === 'string' ? outer.body : '', boundary)
  if (texts === undefined) return bad('The batch does not end with its boundary.')
  if (texts.length === 0) return bad('The batch has no parts.')
  if (texts.length > MAX_PARTS) {
    return bad(`The batch has ${texts.length} parts, and may have ${MAX_PARTS}.`)
  }
  return { _tag: 'Batch', parts: texts.map((text) => readPart(text, outer)) }
}

function bad(reason: string): Batch {
  return { _tag: 'BadBatch', reason }
}

function boundaryOf(contentType: string): string | undefined {
  if (!/^\s*multipart\/mixed\s*;/i.test(contentType)) return undefined
  const found = /;\s*boundary\s*=\s*(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType)
  return found?.[1] ?? found?.[2]
}

/** What is between the boundaries; what is before the first and after the last is no part. */
function partsOf(body: string, boundary: string): readonly string[] | undefined {
  const parts: string[][] = []
  for (const line of body.split(/\r?\n/)) {
    const told = line.trimEnd()
    if (told === `--${boundary}--`) return parts.map((lines) => lines.join('\n'))
    if (told === `--${boundary}`) parts.push([])
    else parts.at(-1)?.push(line)
  }
  return undefined
}

function readPart(text: string, outer: Outer): BatchPart | BadPart {
  const [head, request] = split(text)
  const { 'content-id': contentId, 'content-type': contentType = '' } = partHeaders(head)
  const named = contentId === undefined ? {} : { contentId }
  if (!/^application\/http\s*(;|$)/i.test(contentType)) {
    return { ...named, reason: 'The Content-Type of a part must be application/http.' }
  }
  const [first, body] = split(request.replace(/^\n+/, ''))
  const [line = '', ...lines] = first.split('\n')
  const [, method, path, query = ''] =
    /^([A-Z]+) (\/(?!\/)[^\s?]*)(?:\?(\S*))?(?: HTTP\/\d\.\d)?\s*$/.exec(line) ?? []
  if (method === undefined || path === undefined) {
    return { ...named, reason: 'A part must begin with a method and a path, which is no full URL.' }
  }
  const content = body.trim()
  return {
    ...named,
    method,
    path,
    query: { ...outer.query, ...queryOf(query) },
    headers: { ...outerHeaders(outer.headers), ...partHeaders(lines.join('\n')) },
    ...(content === '' ? {} : { body: parseJson(content) }),
  }
}

/** What is before and after the first empty line. */
function split(text: string): readonly [string, string] {
  if (text.startsWith('\n')) return ['', text.slice(1)]
  const at = text.indexOf('\n\n')
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 2)]
}

/** By lower-case names; a line that begins with white space goes on with the one before. */
function partHeaders(head: string): Readonly<Record<string, string>> {
  const lines = head.replace(/\n[ \t]+/g, ' ').split('\n')
  const found = lines.map((line) => /^([^\s:]+):\s*(.*?)\s*$/.exec(line))
  return Object.fromEntries(found.flatMap((match) => (match ? [[match[1]?.toLowerCase(), match[2]]] : [])))
}

function outerHeaders(headers: SeenHeaders): SeenHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('content-')))
}
