import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { Answer, Failure } from './answer.js'
import { isTooDeep } from './json.js'

/** A GET as a part of a batch. */
export interface BatchPart {
  /** The path and the query of its URL. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

/** What is sent for several parts. */
export interface WrittenBatch {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * Writes a batch of GETs. What all say alike in their headers is said once, outside; what outside is about the batch
 * itself, or would not count for its parts, is said in each. Throws where a path or a header would break its line.
 *
 * Source: RFC 2046, section 5.1; https://developers.google.com/workspace/gmail/api/guides/batch
 */
export const writeBatch = (parts: readonly BatchPart[]): WrittenBatch => {
  const shared = sharedHeaders(parts)
  const texts = parts.map((part, index) => partText(part, index, shared))
  const boundary = boundaryFor(texts)
  return {
    headers: {
      ...shared,
      accept: 'multipart/mixed, */*',
      'content-type': `multipart/mixed; boundary=${boundary}`,
    },
    body: `--${boundary}\r\n${texts.join(`--${boundary}\r\n`)}--${boundary}--\r\n`,
  }
}

const OF_THE_BATCH = /^(?:accept|content-.*)$/i

const sharedHeaders = (parts: readonly BatchPart[]): BatchPart['headers'] =>
  Object.fromEntries(
    Object.entries(parts[0]?.headers ?? {}).filter(
      ([name, value]) => !OF_THE_BATCH.test(name) && parts.every(({ headers }) => headers[name] === value),
    ),
  )

const partText = ({ path, headers }: BatchPart, index: number, shared: BatchPart['headers']): string => {
  if (!/^\/[!-~]*$/.test(path)) throw new Error('a path would break its line of the batch')
  let own = ''
  for (const [name, value] of Object.entries(headers)) {
    if (Object.hasOwn(shared, name)) continue
    if (!/^[!#$%&'*+.^`|~\w-]+$/.test(name) || !/^[\x20-\x7e]*$/.test(value))
      throw new Error('a header would break its line of the batch')
    own += `${name}: ${value}\r\n`
  }
  return `Content-Type: application/http\r\nContent-ID: <item${index}>\r\n\r\nGET ${path} HTTP/1.1\r\n${own}\r\n\r\n`
}

/** One that is in none of the parts. */
const boundaryFor = (texts: readonly string[]): string => {
  let n = 0
  while (texts.some((text) => text.includes(`batch_${n}`))) n++
  return `batch_${n}`
}

/** What a batch is read by. */
export interface BatchReading {
  /** How many parts were sent. */
  readonly parts: number
  /** Bytes of the body of one part. */
  readonly maxResponseBytes: number
}

/**
 * Reads the answer to a batch: what each part got, in the order in which they were sent. Undefined where the answer
 * has nothing for any of them, so that it is not one to a batch.
 *
 * A part whose answer is missing, there twice, or not to be read has got a `ConnectionFailed` with the code
 * `BATCH_PART_MISSING`, `BATCH_PART_TWICE` or `BATCH_PART_UNREADABLE`; one whose body is too large, `BodyTooLarge`.
 *
 * Lines may end in LF alone, and the parts come in any order. Their `Content-Length` is not looked at: a secret that
 * was blotted out of the text on its way here has changed it.
 *
 * Source: as for {@link writeBatch}; RFC 9112, sections 2 to 5, for what is in a part.
 */
export const readBatch = (
  { httpStatus, headers = {}, body }: Answer,
  reading: BatchReading,
): readonly Either<Failure, Answer>[] | undefined => {
  if (typeof body !== 'string') return undefined
  const boundary = boundaryOf(headers['content-type'], body)
  if (boundary === undefined) return undefined
  const found = partsOf(body, boundary).map(readPart)
  // Without an id the place counts, unless parts are missing or out of their places.
  const isInOrder =
    found.length === reading.parts && found.every(({ id }, index) => id === undefined || id === index)
  const answers: Either<Failure, Answer>[] = Array.from({ length: reading.parts }, () =>
    left({ _tag: 'ConnectionFailed', code: 'BATCH_PART_MISSING', httpStatus }),
  )
  const seen = new Set<number>()
  for (const [index, part] of found.entries()) {
    const id = part.id ?? (isInOrder ? index : NO_ID)
    if (!(id >= 0 && id < reading.parts)) continue
    answers[id] = seen.has(id)
      ? left({ _tag: 'ConnectionFailed', code: 'BATCH_PART_TWICE', httpStatus })
      : answerOf(part, reading.maxResponseBytes, { httpStatus, date: headers.date })
    seen.add(id)
  }
  return seen.size === 0 ? undefined : answers
}

/** Of the header, else of the first line that could be a delimiter. */
const boundaryOf = (contentType: string | undefined, body: string): string | undefined => {
  if (contentType !== undefined && !/^\s*multipart\//i.test(contentType)) return undefined
  const [, quoted, plain] =
    /;\s*boundary\s*=\s*(?:"((?:[^"\\]|\\.)+)"|([^\s;"]+))/i.exec(contentType ?? '') ?? []
  if (quoted !== undefined) return quoted.replace(/\\(.)/g, '$1')
  if (plain !== undefined) return plain
  const at = body.startsWith('--') ? 0 : body.indexOf('\n--') + 1
  const said = body.startsWith('--', at) ? body.slice(at + 2, endOfLine(body, at)).trimEnd() : ''
  return said === '' ? undefined : said
}

/** What is between the delimiters; a part that no delimiter ends is none. */
const partsOf = (text: string, boundary: string): readonly string[] => {
  const delimiter = `--${boundary}`
  const parts: string[] = []
  let start = -1
  let at = text.startsWith(delimiter) ? 0 : text.indexOf(`\n${delimiter}`) + 1
  while (at > 0 || (start < 0 && text.startsWith(delimiter))) {
    const after = at + delimiter.length
    const isLast = text.startsWith('--', after)
    const end = endOfLine(text, after)
    if (text.slice(isLast ? after + 2 : after, end).trim() === '') {
      if (start >= 0) parts.push(text.slice(start, text[at - 2] === '\r' ? at - 2 : at - 1))
      if (isLast) return parts
      start = end + 1
    }
    at = text.indexOf(`\n${delimiter}`, after) + 1
  }
  return parts
}

const endOfLine = (text: string, from: number): number => {
  const at = text.indexOf('\n', from)
  return at < 0 ? text.length : at
}

interface Part {
  /** The place of the part that it answers, {@link NO_ID} where that cannot be told; undefined where it does not say. */
  readonly id: number | undefined
  /** Undefined where the part does not begin with the status of an answer. */
  readonly httpStatus: number | undefined
  readonly headers: Fields
  readonly body: string
}

const NO_ID = -1

const readPart = (text: string): Part => {
  const outer = readFields(text, 0, OF_PART)
  let at = outer.end
  while (at < text.length && text.charCodeAt(at) <= SPACE) at++
  const end = endOfLine(text, at)
  const status = /^HTTP\/\d(?:\.\d)? +([2-5]\d\d)(?=\s|$)/.exec(text.slice(at, Math.min(end, at + 40)))?.[1]
  const inner = readFields(text, end + 1, OF_ANSWER)
  return {
    id: outer.fields['content-id'] === undefined ? undefined : placeOf(outer.fields['content-id']),
    httpStatus: status === undefined ? undefined : Number(status),
    headers: inner.fields,
    body: text.slice(inner.end),
  }
}

const placeOf = (contentId: string): number =>
  Number(/^<?(?:response-)?item(\d{1,4})>?$/i.exec(contentId)?.[1] ?? NO_ID)

type Fields = Readonly<Record<string, string>>

const OF_PART: ReadonlySet<string> = new Set(['content-id'])
const OF_ANSWER: ReadonlySet<string> = new Set(['content-encoding', 'content-type', 'date', 'retry-after'])
const SPACE = 0x20
const TAB = 0x09

/** Reads header fields up to an empty line, and where that ends; of a field that is there twice, the first. */
const readFields = (
  text: string,
  from: number,
  wanted: ReadonlySet<string>,
): { readonly fields: Fields; readonly end: number } => {
  const fields: Record<string, string> = {}
  let name = ''
  let at = from
  while (at < text.length) {
    const end = endOfLine(text, at)
    const line = text.slice(at, text[end - 1] === '\r' ? end - 1 : end)
    at = end + 1
    if (line === '') break
    const first = line.charCodeAt(0)
    if (first === SPACE || first === TAB) {
      // The line before goes on.
      if (name !== '') fields[name] += ` ${line.trim()}`
      continue
    }
    const colon = line.indexOf(':')
    name = line.slice(0, Math.max(colon, 0)).trimEnd().toLowerCase()
    if (wanted.has(name) && !Object.hasOwn(fields, name)) fields[name] = line.slice(colon + 1).trim()
    else name = ''
  }
  return { fields, end: at }
}

interface OfTheWhole {
  readonly httpStatus: number
  readonly date: string | undefined
}

const answerOf = (
  { httpStatus, headers: fields, body }: Part,
  maxResponseBytes: number,
  whole: OfTheWhole,
): Either<Failure, Answer> => {
  const { 'content-encoding': encoding = 'identity', ...own } = fields
  // No text can hold a body that is compressed.
  if (httpStatus === undefined || encoding.toLowerCase() !== 'identity')
    return left({
      _tag: 'ConnectionFailed',
      code: 'BATCH_PART_UNREADABLE',
      httpStatus: httpStatus ?? whole.httpStatus,
    })
  const headers = { ...(whole.date !== undefined && { date: whole.date }), ...own }
  return isLarger(body, maxResponseBytes)
    ? left({
        _tag: 'BodyTooLarge',
        maxResponseBytes,
        httpStatus,
        ...('retry-after' in headers && { headers }),
      })
    : right({ httpStatus, headers, body: parsed(body) })
}

/** Counts bytes only where the length leaves it open: a character of UTF-16 has one to three. */
const isLarger = (text: string, bytes: number): boolean =>
  text.length > bytes || (text.length * 3 > bytes && Buffer.byteLength(text) > bytes)

const parsed = (text: string): unknown => {
  try {
    const json: unknown = JSON.parse(text)
    return isTooDeep(json) ? text : json
  } catch {
    return text
  }
}
