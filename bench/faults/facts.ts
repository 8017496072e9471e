import { inspect } from 'node:util'
import type { Frame, Json } from '../../lib/emulator/index.ts'
import { Code } from '../../lib/index.ts'

/** The names of the codes, by number. */
const CODE_NAMES: readonly string[] = Object.keys(Code)

/** A fact that an error should contain. */
export interface Fact {
  readonly name: string
  readonly pattern: RegExp
  /** The text to search: the messages of the error and its causes, or the whole output of `util.inspect`. */
  readonly scope: 'message' | 'anywhere'
}

/** Returns the facts of a scripted response or fault that an error about it should contain. */
export function factsOf(frame: Frame): readonly Fact[] {
  if (frame.stall) return [TIMED_OUT]
  if (frame.fault !== undefined) return faultFacts(frame)
  if (frame.httpResponse !== undefined)
    return responseFacts(frame.httpResponse.httpStatus, frame.httpResponse.body)
  if (frame.error !== undefined) return statusFacts(frame.error)
  return []
}

function inMessage(name: string, pattern: RegExp): Fact {
  return { name, pattern, scope: 'message' }
}

const TIMED_OUT = inMessage('the timeout', /time[ds]?[ -]?out|deadline|within \d|in time/i)
const CONNECTION_FAILED = inMessage(
  'the failed connection',
  /ECONN|reset|hang ?up|terminat|premature|abort|clos|broke|incomplete|connection failed|cut short/i,
)
const TOO_LARGE = inMessage('the size of the body', /too large|over \d+ bytes|exceed|max\w*(?:size|length)/i)
const NO_OPERATION = inMessage(
  'the malformed response',
  /JSON|could not be (?:read|decoded|parsed)|(?:not|no|without) an? (?:valid )?operation|is no operation|malformed|unexpected/i,
)

function faultFacts({ fault, httpStatus = 200 }: Extract<Frame, { fault: string }>): readonly Fact[] {
  const http = httpStatus < 300 ? [] : [httpFact(httpStatus)]
  switch (fault) {
    case 'reset':
    case 'reset-in-body':
    case 'cut-short':
      return [...http, CONNECTION_FAILED]
    case 'drip':
      return [...http, TIMED_OUT]
    case 'endless':
    case 'gzip-bomb':
      return [...http, TOO_LARGE]
  }
}

/** Returns the fact of an HTTP status. The name or number of its google.rpc.Code also counts. */
function httpFact(httpStatus: number, status?: string): Fact {
  const code = status === undefined ? '' : `|${codePattern(CODE_NAMES.indexOf(status), status).source}`
  return anywhere(
    `HTTP ${httpStatus}${status === undefined ? '' : ` or ${status}`}`,
    new RegExp(`\\b${httpStatus}\\b${code}`),
  )
}

function responseFacts(httpStatus: number, body: Json | undefined): readonly Fact[] {
  if (httpStatus < 300) {
    const outcome = outcomeOf(body)
    if (outcome._tag === 'Failed') return statusFacts(outcome.error)
    return outcome._tag === 'Succeeded' ? [] : [NO_OPERATION]
  }
  const error = memberOf(firstOf(parseJson(body)), 'error')
  const { status, message, details } = statusOf(error)
  return [
    httpFact(httpStatus, typeof status === 'string' ? status : undefined),
    ...(typeof message === 'string' ? [anywhere('the message', literal(message))] : []),
    ...detailFacts(details),
  ]
}

/** Returns the facts of the error of an operation. */
function statusFacts(status: object): readonly Fact[] {
  const { code, message, details } = statusOf(status)
  const name = typeof code === 'number' ? CODE_NAMES[code] : undefined
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

/** Returns the strings in details, except types, and delays, because each library formats them differently. */
function leavesOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.length < 3 ? [] : [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) =>
    key === '@type' || key === 'retryDelay' ? [] : leavesOf(member),
  )
}

function anywhere(name: string, pattern: RegExp): Fact {
  return { name, pattern, scope: 'anywhere' }
}

function literal(text: string): RegExp {
  return new RegExp(
    normalize(text)
      .trim()
      .replace(/\.$/, '')
      .replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
  )
}

/** Returns the facts that an error contains and the missing ones. Stacks are excluded: their numbers could match. */
export function readFacts(
  facts: readonly Fact[],
  error: unknown,
): { readonly found: readonly string[]; readonly missing: readonly string[] } {
  const text = {
    message: normalize(messagesOf(error)),
    anywhere: normalize(withoutStacks(inspect(error, { depth: 9 }))),
  }
  const isFound = ({ pattern, scope }: Fact): boolean => pattern.test(text[scope])
  return {
    found: facts.filter(isFound).map(({ name }) => name),
    missing: facts.filter((fact) => !isFound(fact)).map(({ name }) => name),
  }
}

/** Returns the codes and messages of an error and its causes. */
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

/** Removes the quotes, escapes and line breaks that `util.inspect` and JSON add. */
function normalize(text: string): string {
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

/** The outcome of an operation. */
export type Outcome =
  | { readonly _tag: 'Succeeded'; readonly response: unknown }
  | { readonly _tag: 'Failed'; readonly error: object }
  | { readonly _tag: 'Unknown' }

/** Returns the outcome in a response body. As in google.longrunning, `error` has priority over `response`. */
export function outcomeOf(body: Json | undefined): Outcome {
  const operation = parseJson(body)
  const error = memberOf(operation, 'error')
  const name = memberOf(operation, 'name')
  const isNamed = name === undefined || name === null || typeof name === 'string'
  if (memberOf(operation, 'done') !== true || Array.isArray(operation) || !isNamed) return { _tag: 'Unknown' }
  if (error === undefined || error === null)
    return { _tag: 'Succeeded', response: memberOf(operation, 'response') }
  return isObject(error) && !Array.isArray(error) ? { _tag: 'Failed', error } : { _tag: 'Unknown' }
}

/** Returns the parsed body, or the body itself if it is not JSON in a string. */
function parseJson(body: Json | undefined): unknown {
  if (typeof body !== 'string') return body
  try {
    return JSON.parse(body.replace(/^\ufeff/, ''))
  } catch {
    return body
  }
}

/** Returns the first element of an array. Some servers of Google wrap errors in an array. */
function firstOf(body: unknown): unknown {
  return Array.isArray(body) ? body[0] : body
}
