import { type Json, parseJsonOrText } from '../../model/json.js'
import { boundaryOf, headersIn, splitHead, splitParts } from '../../wire/multipart.js'
import { parseQuery, type Query, type SeenHeaders } from './format.js'

/** A request in a batch. It inherits the query and headers of the outer request. */
export interface BatchPart {
  /** The header `Content-ID` of the part, if it has one. */
  readonly contentId?: string
  readonly method: string
  /** The path as it was sent: percent-encoded and without the query. */
  readonly path: string
  /** The query of the outer request, overridden by the query of the part. */
  readonly query: Query
  /**
   * The headers by lower-case name: the outer headers except `Content-*`, overridden by the headers of the part.
   */
  readonly headers: SeenHeaders
  /** The parsed JSON. A body that is not JSON, or has more than 100 levels, is a text; an empty body is absent. */
  readonly body?: Json
}

/** A part that is not a valid request. */
export interface BadPart {
  readonly contentId?: string
  readonly reason: string
}

/** A parsed batch; the reason if it is invalid as a whole. */
export type Batch = { readonly parts: readonly (BatchPart | BadPart)[] } | { readonly reason: string }

/** The request that contains a batch. The batch is valid only if the body is a text. */
type OuterRequest = Pick<BatchPart, 'query' | 'headers' | 'body'>

/** The maximum number of requests in a batch. */
const MAX_PARTS = 1000

/**
 * Parses a `multipart/mixed` batch of HTTP requests. Lines may end with CRLF or LF.
 *
 * Source: RFC 2046 section 5.1, and https://developers.google.com/workspace/gmail/api/guides/batch
 */
export function parseBatch(outer: OuterRequest): Batch {
  const contentType = outer.headers['content-type'] ?? ''
  const boundary = /^\s*multipart\/mixed\s*;/i.test(contentType) ? boundaryOf(contentType) : undefined
  if (boundary === undefined) return { reason: 'The Content-Type must be multipart/mixed with a boundary.' }
  const { parts, isClosed } = splitParts(typeof outer.body === 'string' ? outer.body : '', boundary)
  if (!isClosed) return { reason: 'The batch does not end with its boundary.' }
  if (parts.length === 0) return { reason: 'The batch has no parts.' }
  if (parts.length > MAX_PARTS)
    return { reason: `The batch has ${parts.length} parts; the maximum is ${MAX_PARTS}.` }
  return { parts: parts.map((part) => parsePart(part, outer)) }
}

function parsePart(text: string, outer: OuterRequest): BatchPart | BadPart {
  const [partHead, request] = splitHead(text)
  const { 'content-id': contentId, 'content-type': contentType = '' } = headersIn(partHead)
  const idField = contentId === undefined ? {} : { contentId }
  if (!/^application\/http\s*(;|$)/i.test(contentType))
    return { ...idField, reason: 'The Content-Type of a part must be application/http.' }
  const [requestHead, body] = splitHead(request.replace(/^[\r\n]+/, ''))
  const [requestLine = '', ...lines] = requestHead.split('\n')
  // Matches a method, a path that does not begin with `//`, an optional query, and an optional HTTP version.
  const [, method, path, query = ''] =
    /^([A-Z]+) (\/(?!\/)[^\s?]*)(?:\?(\S*))?(?: HTTP\/\d\.\d)?\s*$/.exec(requestLine) ?? []
  if (method === undefined || path === undefined)
    return { ...idField, reason: 'A part must begin with a method and a path; a full URL is not allowed.' }
  const trimmedBody = body.trim()
  const outerHeaders = Object.entries(outer.headers).filter(([name]) => !name.startsWith('content-'))
  return {
    ...idField,
    method,
    path,
    query: { ...outer.query, ...parseQuery(query) },
    headers: { ...Object.fromEntries(outerHeaders), ...headersIn(lines.join('\n')) },
    ...(trimmedBody === '' ? {} : { body: parseJsonOrText(trimmedBody) }),
  }
}
