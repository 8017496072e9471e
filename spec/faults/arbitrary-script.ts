import fc from 'fast-check'
import { left } from 'fp-ts/lib/Either.js'
import { balanced, constant, exponential, type Json, lagBounded, type Schedule } from '../../lib/index.js'
import { httpReply, NAME, type TransportResult } from '../virtual.js'

/** The expected effect of a response on a watch. The specs define it independently of the library. */
type Effect =
  | 'running'
  | 'succeeded'
  | 'failed'
  /** Retried until `maxRetryTime`. */
  | 'transient'
  /** Retried twice. */
  | 'malformed'
  | 'not-found'
  | 'final'

/** The result of a token request after a 401. */
export type Renewal = 'new' | 'same' | 'transient-error' | 'permanent-error'

/** A kind of response or failure, with its expected effect. */
export interface Kind {
  readonly name: string
  readonly result: TransportResult
  readonly effect: Effect
  /** The minimum time to the next poll in milliseconds. */
  readonly retryAfter?: number
  /** The result of the next token request, if the response is a 401. */
  readonly renewal?: Renewal
}

/** Returns the body of an API error. `members` are added to the member `error`. */
function rpcBody(httpStatus: number, status: string, members: object = {}) {
  return {
    error: { code: httpStatus, message: 'server message', status, ...members },
  }
}
/** Returns members of {@link rpcBody} with an ErrorInfo. */
function errorInfoDetails(reason: string) {
  return {
    details: [
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com', metadata: {} },
    ],
  }
}
function retryInfo(retryDelay: Json) {
  return { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay }
}
const HTML = '<html><title>Error 502 (Server Error)!!1</title>'
const SERVER_DATE = 'Sun, 06 Nov 1994 08:49:37 GMT'

function kind(name: string, effect: Effect, result: TransportResult, retryAfter?: number): Kind {
  return {
    name,
    effect,
    result,
    ...(retryAfter !== undefined && { retryAfter }),
  }
}

/** The kinds of responses and failures in the scripts. */
export const KINDS: readonly Kind[] = [
  kind('running', 'running', httpReply(200, { name: NAME })),
  kind('running, done: false', 'running', httpReply(200, { name: NAME, done: false })),
  kind('running, done: null', 'running', httpReply(200, { name: NAME, done: null, error: null })),
  kind(
    'running with metadata',
    'running',
    httpReply(200, { name: NAME, metadata: { '@type': 't', progress: 5 } }),
  ),
  ...[30, 31, 90].map((progressPercent) =>
    kind(
      `running with progress ${progressPercent} %`,
      'running',
      httpReply(200, { name: NAME, metadata: { progressPercent } }),
    ),
  ),
  kind('running under another name', 'running', httpReply(200, { name: 'operations/other' })),
  kind('running, with Retry-After', 'running', httpReply(200, { name: NAME }, { 'retry-after': '3' }), 3_000),
  kind(
    'running, with __proto__',
    'running',
    httpReply(200, JSON.parse(`{"name":"${NAME}","__proto__":{"done":true}}`)),
  ),
  kind('succeeded', 'succeeded', httpReply(200, { name: NAME, done: true, response: { a: 1 } })),
  kind('done without response and error', 'succeeded', httpReply(200, { name: NAME, done: true })),
  kind('done without a name', 'succeeded', httpReply(200, { done: true, response: {} })),
  kind(
    'failed',
    'failed',
    httpReply(200, { name: NAME, done: true, error: { code: 8, message: 'm', details: [retryInfo('1s')] } }),
  ),
  kind('failed without a code', 'failed', httpReply(200, { name: NAME, done: true, error: {} })),
  kind(
    'done with response and error',
    'failed',
    httpReply(200, { name: NAME, done: true, error: { code: 1 }, response: {} }),
  ),
  kind(
    'failed, with members of wrong types',
    'failed',
    httpReply(200, { name: NAME, done: true, error: { code: [], message: 5, details: 'x' } }),
  ),
  kind('null', 'malformed', httpReply(200, null)),
  kind('[]', 'malformed', httpReply(200, [])),
  kind('a number', 'malformed', httpReply(200, 42)),
  kind('a string', 'malformed', httpReply(200, 'hello')),
  kind('200 with HTML', 'malformed', httpReply(200, HTML)),
  kind('204 without a body', 'malformed', httpReply(204)),
  kind('{}', 'malformed', httpReply(200, {})),
  kind('name of a wrong type', 'malformed', httpReply(200, { name: 7 })),
  kind('done of a wrong type', 'malformed', httpReply(200, { name: NAME, done: 'true' })),
  kind('error of a wrong type', 'malformed', httpReply(200, { name: NAME, done: true, error: 'no' })),
  kind('an error without done', 'malformed', httpReply(200, { name: NAME, error: { code: 3 } })),
  kind('a response without done', 'malformed', httpReply(200, { name: NAME, response: {} })),
  kind('malformed, with Retry-After', 'malformed', httpReply(200, [], { 'retry-after': '2' }), 2_000),
  kind('connection reset', 'transient', left({ _tag: 'ConnectionFailed', code: 'ECONNRESET' })),
  kind('connection refused', 'transient', left({ _tag: 'ConnectionFailed', code: 'ECONNREFUSED' })),
  kind('address not found', 'transient', left({ _tag: 'ConnectionFailed', code: 'ENOTFOUND' })),
  kind('request timed out', 'transient', left({ _tag: 'RequestTimedOut', requestTimeout: 30_000 })),
  kind('408', 'transient', httpReply(408)),
  kind(
    '429',
    'transient',
    httpReply(429, rpcBody(429, 'RESOURCE_EXHAUSTED', errorInfoDetails('RATE_LIMIT_EXCEEDED'))),
  ),
  kind('429 with Retry-After', 'transient', httpReply(429, '', { 'retry-after': '7' }), 7_000),
  kind(
    '429 with RetryInfo',
    'transient',
    httpReply(429, rpcBody(429, 'RESOURCE_EXHAUSTED', { details: [retryInfo('4.5s')] })),
    4_500,
  ),
  kind(
    '429 with an invalid RetryInfo',
    'transient',
    httpReply(429, rpcBody(429, 'RESOURCE_EXHAUSTED', { details: [retryInfo('-1s'), retryInfo(5)] })),
  ),
  kind(
    '429 whose error body is in an array',
    'transient',
    httpReply(429, [rpcBody(429, 'RESOURCE_EXHAUSTED', { details: [retryInfo('2s')] })]),
    2_000,
  ),
  kind('500', 'transient', httpReply(500, rpcBody(500, 'INTERNAL'))),
  kind('502 HTML', 'transient', httpReply(502, HTML)),
  kind('503', 'transient', httpReply(503, rpcBody(503, 'UNAVAILABLE'))),
  kind('503 plain text', 'transient', httpReply(503, 'upstream connect error')),
  kind(
    '503 with Retry-After as a date',
    'transient',
    httpReply(503, '', { 'retry-after': 'Sun, 06 Nov 1994 08:49:42 GMT', date: SERVER_DATE }),
    5_000,
  ),
  kind(
    '503 with Retry-After as a date in the past',
    'transient',
    httpReply(503, '', { 'retry-after': SERVER_DATE, date: 'Sun, 06 Nov 1994 08:50:37 GMT' }),
  ),
  kind(
    '503 with a Retry-After of one day',
    'transient',
    httpReply(503, '', { 'retry-after': '86400' }),
    300_000,
  ),
  kind('504', 'transient', httpReply(504, HTML)),
  kind(
    '403 rate limit',
    'transient',
    httpReply(403, rpcBody(403, 'PERMISSION_DENIED', errorInfoDetails('RATE_LIMIT_EXCEEDED'))),
  ),
  kind('421', 'transient', httpReply(421, HTML)),
  kind('425', 'transient', httpReply(425)),
  kind('520', 'transient', httpReply(520, HTML)),
  kind('599', 'transient', httpReply(599)),
  kind('503 with a Retry-After of 2.5 s', 'transient', httpReply(503, '', { 'retry-after': '2.5' }), 2_500),
  kind(
    '403 RESOURCE_EXHAUSTED without a reason',
    'transient',
    httpReply(403, rpcBody(403, 'RESOURCE_EXHAUSTED')),
  ),
  kind(
    '429 with a bare status and RetryInfo',
    'transient',
    httpReply(429, { code: 8, message: 'm', details: [retryInfo('3s')] }),
    3_000,
  ),
  kind(
    '403 rate limit in the older format',
    'transient',
    httpReply(403, rpcBody(403, 'PERMISSION_DENIED', { errors: [{ reason: 'userRateLimitExceeded' }] })),
  ),
  kind('token unavailable', 'transient', left({ _tag: 'NoCredentials', transient: true, reason: 'r' })),
  kind(
    '503 with a body that is too large',
    'transient',
    left({ _tag: 'BodyTooLarge', maxResponseBytes: 1, httpStatus: 503 }),
  ),
  kind('404', 'not-found', httpReply(404, rpcBody(404, 'NOT_FOUND'))),
  kind('404 whose error body is in an array', 'not-found', httpReply(404, [rpcBody(404, 'NOT_FOUND')])),
  kind(
    '404 with Retry-After',
    'not-found',
    httpReply(404, rpcBody(404, 'NOT_FOUND'), { 'retry-after': '1' }),
    1_000,
  ),
  kind('404 with a bare status', 'not-found', httpReply(404, { code: 5, message: 'm', details: [] })),
  kind('404 HTML', 'final', httpReply(404, HTML)),
  kind('404 with an HTTP status as its code', 'final', httpReply(404, { code: 404, message: 'm' })),
  kind('403 with a bare status', 'final', httpReply(403, { code: 7, message: 'm' })),
  kind('400', 'final', httpReply(400, rpcBody(400, 'INVALID_ARGUMENT'))),
  ...(['new', 'same', 'transient-error', 'permanent-error'] as const).map(
    (renewal): Kind => ({
      ...kind(`401, then ${renewal}`, 'final', httpReply(401, rpcBody(401, 'UNAUTHENTICATED'))),
      renewal,
    }),
  ),
  kind(
    '403',
    'final',
    httpReply(403, rpcBody(403, 'PERMISSION_DENIED', errorInfoDetails('IAM_PERMISSION_DENIED'))),
  ),
  kind('409', 'final', httpReply(409, rpcBody(409, 'ABORTED'))),
  kind('302', 'final', httpReply(302, '')),
  kind('304', 'final', httpReply(304)),
  kind('501', 'final', httpReply(501, 'no')),
  kind('certificate rejected', 'final', left({ _tag: 'CertificateRefused', code: 'CERT_HAS_EXPIRED' })),
  kind('no credentials', 'final', left({ _tag: 'NoCredentials', transient: false, reason: 'r' })),
  kind('body that is too large', 'final', left({ _tag: 'BodyTooLarge', maxResponseBytes: 1 })),
]

/** The kind of a poll whose token request failed transiently. */
export const TOKEN_UNAVAILABLE: Kind = KINDS.find(({ name }) => name === 'token unavailable') as Kind

/** One response of a script, and the delay between the request and the response. */
interface Step {
  readonly kind: Kind
  readonly delayMilliseconds: number
}

/** The responses and options of one watch. Times are in milliseconds after its start. */
export interface Script {
  readonly steps: readonly Step[]
  readonly schedule: Schedule
  readonly progressAware: boolean
  /** The number that the option `random` returns for each backoff. */
  readonly random: number
  readonly timeout: number | undefined
  readonly maxRetryTime: number
  readonly visibilityWindow: number
  readonly hintTimes: readonly number[]
  readonly unsubscribeAt: number
  /** The delay between each token request and its response. */
  readonly tokenDelay: number
}

/** Generates times in milliseconds. Two thirds of them are at most 600 ms. */
function arbitraryTime(max: number): fc.Arbitrary<number> {
  return fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max }))
}

const arbitrarySchedule: fc.Arbitrary<Schedule> = fc.oneof(
  fc.constant(balanced()),
  fc.constant(lagBounded()),
  fc
    .record({
      ratio: fc.double({ min: 0.01, max: 2, noNaN: true }),
      min: fc.integer({ min: 300, max: 5_000 }),
    })
    .map(({ ratio, min }) => lagBounded({ ratio, min, max: min * 10 })),
  fc.integer({ min: 300, max: 60_000 }).map((interval) => constant({ interval })),
  fc
    .integer({ min: 300, max: 5_000 })
    .map((initial) => exponential({ initial, multiplier: 1.5, max: 60_000 })),
  fc
    .array(fc.integer({ min: 200, max: 40_000 }), { minLength: 1, maxLength: 5 })
    .map((waits): Schedule => ({ next: ({ attempt }) => waits[attempt % waits.length] as number })),
)

// Two of three kinds are not final, because otherwise most scripts would end after one poll.
const arbitraryKind = fc.oneof(
  fc.constantFrom(...KINDS.filter(({ effect }) => effect === 'running')),
  fc.constantFrom(...KINDS.filter(({ effect }) => effect === 'transient' || effect === 'malformed')),
  fc.constantFrom(...KINDS),
)

/** Generates scripts. */
export const arbitraryScript: fc.Arbitrary<Script> = fc.record({
  steps: fc.array(fc.record({ kind: arbitraryKind, delayMilliseconds: arbitraryTime(40_000) }), {
    minLength: 1,
    maxLength: 12,
  }),
  schedule: arbitrarySchedule,
  progressAware: fc.boolean(),
  // Greater than 0, because a watch without backoff would poll forever at one instant of virtual time.
  random: fc.double({ min: 0.05, max: 1, noNaN: true, maxExcluded: true }),
  timeout: fc.option(fc.integer({ min: 1, max: 300_000 }), { nil: undefined }),
  maxRetryTime: fc.oneof(fc.constant(600_000), arbitraryTime(100_000)),
  visibilityWindow: arbitraryTime(20_000),
  hintTimes: fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 6 }),
  tokenDelay: fc.oneof(fc.constant(0), arbitraryTime(5_000)),
  unsubscribeAt: fc.oneof(fc.constant(300_000), fc.integer({ min: 0, max: 300_000 })),
})
