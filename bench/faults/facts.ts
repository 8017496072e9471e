import { inspect } from 'node:util'
import type { Frame, Json } from '../../lib/emulator/index.ts'

/** Something that an error must let a person read, and how it is looked for. */
export interface Fact {
  readonly what: string
  readonly pattern: RegExp
  /** Where to look: in what the error and its causes say, or anywhere that `util.inspect` reaches. */
  readonly where: 'message' | 'anywhere'
}

/** The facts of what befalls a poll: those that an error that speaks of it has to carry. */
export function factsOf(frame: Frame): readonly Fact[] {
  if (frame.stall) return [TIMED_OUT]
  if (frame.fault !== undefined) return faultFacts(frame)
  if (frame.httpResponse !== undefined)
    return answerFacts(frame.httpResponse.httpStatus, frame.httpResponse.body)
  if (frame.error !== undefined) return statusFacts(frame.error)
  return []
}

function said(what: string, pattern: RegExp): Fact {
  return { what, pattern, where: 'message' }
}

const TIMED_OUT = said('that no whole answer came in time', /time[ds]?[ -]?out|deadline|within \d|in time/i)
const NOT_WHOLE = said(
  'that the connection broke',
  /ECONN|reset|hang ?up|terminat|premature|abort|clos|broke|incomplete|connection failed|cut short/i,
)
const TOO_LARGE = said(
  'that the body was too large',
  /too large|over \d+ bytes|exceed|max\w*(?:size|length)/i,
)
const NO_OPERATION = said(
  'that the answer was no operation',
  /JSON|could not be (?:read|decoded|parsed)|(?:not|no|without) an? (?:valid )?operation|is no operation|malformed|unexpected/i,
)

function faultFacts({ fault, httpStatus = 200 }: Extract<Frame, { fault: string }>): readonly Fact[] {
  const http = httpStatus < 300 ? [] : [httpFact(httpStatus)]
  switch (fault) {
    case 'reset':
    case 'reset-in-body':
    case 'cut-short':
      return [...http, NOT_WHOLE]
    case 'drip':
      return [...http, TIMED_OUT]
    case 'endless':
    case 'gzip-bomb':
      return [...http, TOO_LARGE]
  }
}

/** The HTTP status, or the name or number of google.rpc.Code that the server gave with it. */
function httpFact(httpStatus: number, status?: string): Fact {
  const code = status === undefined ? '' : `|${codePattern(CODES.indexOf(status), status).source}`
  return anywhere(
    `HTTP ${httpStatus}${status === undefined ? '' : ` or ${status}`}`,
    new RegExp(`\\b${httpStatus}\\b${code}`),
  )
}

function answerFacts(httpStatus: number, body: Json | undefined): readonly Fact[] {
  if (httpStatus < 300) {
    const end = endOf(body)
    return end._tag === 'Failed' ? statusFacts(end.error) : end._tag === 'Succeeded' ? [] : [NO_OPERATION]
  }
  const error = memberOf(unwrapped(parsed(body)), 'error')
  const { status, message, details } = statusOf(error)
  return [
    httpFact(httpStatus, typeof status === 'string' ? status : undefined),
    ...(typeof message === 'string' ? [anywhere('the message', literal(message))] : []),
    ...detailFacts(details),
  ]
}

/** The facts of an operation's own error. */
function statusFacts(status: object): readonly Fact[] {
  const { code, message, details } = statusOf(status)
  const name = typeof code === 'number' ? CODES[code] : undefined
  return [
    ...(typeof code === 'number' ? [anywhere('the code', codePattern(code, name))] : []),
    ...(typeof message === 'string' && message !== '' ? [anywhere('the message', literal(message))] : []),
    ...detailFacts(details),
  ]
}

function codePattern(code: number, name: string | undefined): RegExp {
  return new RegExp(
    `${name === undefined ? '' : `\\b${name}\\b|`}\\bcode:? ?['"]?${code}\\b|failed\\. ${code}\\.`,
  )
}

function detailFacts(details: unknown): readonly Fact[] {
  return leavesOf(details).map((leaf) => anywhere(`the detail ${JSON.stringify(leaf)}`, literal(leaf)))
}

/** What stands in details, but for what says how it is to be read, and times, which each library writes in its own way. */
function leavesOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.length < 3 ? [] : [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) =>
    key === '@type' || key === 'retryDelay' ? [] : leavesOf(member),
  )
}

function anywhere(what: string, pattern: RegExp): Fact {
  return { what, pattern, where: 'anywhere' }
}
function literal(text: string): RegExp {
  return new RegExp(
    plain(text)
      .trim()
      .replace(/\.$/, '')
      .replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
  )
}

/** Which facts an error lets a person read, and which not. The stack is not looked at: its numbers are chance. */
export function readFacts(
  facts: readonly Fact[],
  error: unknown,
): { readonly found: readonly string[]; readonly missing: readonly string[] } {
  const text = {
    message: plain(messagesOf(error)),
    anywhere: plain(withoutStacks(inspect(error, { depth: 9 }))),
  }
  const told = (fact: Fact): boolean => fact.pattern.test(text[fact.where])
  return {
    found: facts.filter(told).map(({ what }) => what),
    missing: facts.filter((fact) => !told(fact)).map(({ what }) => what),
  }
}

/** What an error and its causes say. */
export function messagesOf(error: unknown, depth = 4): string {
  if (!isObject(error)) return String(error)
  const { message, code } = statusOf(error)
  const cause = memberOf(error, 'cause')
  const own = [code, message].filter((part) => part !== undefined).map(String)
  return [...own, ...(isObject(cause) && depth > 0 ? [messagesOf(cause, depth - 1)] : [])].join(' ')
}

function withoutStacks(text: string): string {
  return text.replace(/^\s+at .*$/gm, '')
}

/** Text without what inspect and JSON put into it: quotes, escapes, and where a line was broken. */
function plain(text: string): string {
  return text
    .replace(/' \+\n\s*'/g, '')
    .replace(/\\n/g, ' ')
    .replace(/[\\'"`]/g, '')
    .replace(/\s+/g, ' ')
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
function memberOf(value: unknown, key: string): unknown {
  return isObject(value) ? Reflect.get(value, key) : undefined
}
function statusOf(value: unknown): Readonly<Record<'code' | 'status' | 'message' | 'details', unknown>> {
  return {
    code: memberOf(value, 'code'),
    status: memberOf(value, 'status'),
    message: memberOf(value, 'message'),
    details: memberOf(value, 'details'),
  }
}

/** How an operation ended, as its body says by the rules of google.longrunning: `error` comes before `response`. */
export type End =
  | { readonly _tag: 'Succeeded'; readonly response: unknown }
  | { readonly _tag: 'Failed'; readonly error: object }
  | { readonly _tag: 'Unknown' }

export function endOf(body: Json | undefined): End {
  const operation = parsed(body)
  const error = memberOf(operation, 'error')
  const name = memberOf(operation, 'name')
  const isNamed = name === undefined || name === null || typeof name === 'string'
  if (memberOf(operation, 'done') !== true || Array.isArray(operation) || !isNamed) return { _tag: 'Unknown' }
  if (error === undefined || error === null)
    return { _tag: 'Succeeded', response: memberOf(operation, 'response') }
  return isObject(error) && !Array.isArray(error) ? { _tag: 'Failed', error } : { _tag: 'Unknown' }
}

/** A body as JSON, where it is JSON in a string. */
function parsed(body: Json | undefined): unknown {
  if (typeof body !== 'string') return body
  try {
    return JSON.parse(body.replace(/^\ufeff/, ''))
  } catch {
    return body
  }
}

function unwrapped(body: unknown): unknown {
  return Array.isArray(body) ? body[0] : body
}

/** google.rpc.Code, by number. */
const CODES: readonly string[] = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
]
