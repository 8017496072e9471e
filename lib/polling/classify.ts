import type { Either } from 'fp-ts/lib/Either.js'
import { isLeft } from '../model/either.js'
import type { PollFailure, TransportFailure, TransportResponse } from '../model/failure.js'
import type { DecodeError } from '../model/operation.js'
import {
  decodeHttpError,
  detailOf,
  isTransient,
  reasonsOf,
  type Status,
  statusOfHttp,
} from '../model/status.js'
import { decodeOperation, type WireOperation } from '../wire/decode-operation.js'

/** What an answer means that brought not what was asked for. `retryAfter` is the server's wish, in milliseconds. */
export type PollProblem = {
  readonly retryAfter?: number
} /** Ask again, as long as there is maxRetryTime. */ & (
  | { readonly _tag: 'Transient'; readonly failure: PollFailure }
  /** A 404 of the API itself: gone, or not visible yet. */
  | { readonly _tag: 'NotFound'; readonly status: Status }
  | { readonly _tag: 'Rejected'; readonly httpStatus: number; readonly status: Status }
  /** A failure that asking again cannot mend. */
  | { readonly _tag: 'Permanent'; readonly failure: TransportFailure }
)

/** What an answer about an operation means, before what came earlier is weighed. */
export type Verdict =
  | PollProblem
  | { readonly _tag: 'Snapshot'; readonly operation: WireOperation; readonly retryAfter?: number }

/** What was asked for, as it was read. */
export interface Decoded<A> {
  readonly _tag: 'Read'
  readonly value: A
  readonly retryAfter?: number
}

/** Judges one answer about an operation, or its absence, by itself: {@link classifyWith}. */
export function classify(answer: Either<TransportFailure, TransportResponse>, now: number): Verdict {
  const judged = classifyWith(decodeOperation, answer, now)
  if (judged._tag !== 'Read') return judged
  const { value: operation, _tag, ...rest } = judged
  return { _tag: 'Snapshot', operation, ...rest }
}

/**
 * Judges one answer, or its absence, by itself. `now` is the time of the answer, in milliseconds since 1970.
 *
 * Transient, whatever the body: no connection, a timeout, 408, 429, 500, 502, 503, 504, and a 403 that speaks of a
 * rate limit. This is wider than https://google.aip.dev/194, for a GET of an operation changes nothing.
 */
export function classifyWith<A>(
  decode: (body: unknown) => Either<DecodeError, A>,
  answer: Either<TransportFailure, TransportResponse>,
  now: number,
): PollProblem | Decoded<A> {
  if (isLeft(answer)) {
    const headers = 'headers' in answer.left ? answer.left.headers : undefined
    return withDelay(classifyFailure(answer.left), retryAfterHeader(headers, now))
  }
  const { httpStatus, body } = answer.right
  if (httpStatus >= 200 && httpStatus < 300) {
    const read = decode(body)
    const delay = retryAfterHeader(answer.right.headers, now)
    return isLeft(read)
      ? withDelay({ _tag: 'Transient', failure: { _tag: 'NotAnOperation', httpStatus, ...read.left } }, delay)
      : withDelay({ _tag: 'Read', value: read.right }, delay)
  }
  const error = decodeHttpError(httpStatus, body)
  const status = error ?? statusOfHttp(httpStatus)
  return withDelay(
    classifyHttpError(httpStatus, status, error !== undefined),
    serverDelay(answer.right, status, now),
  )
}

function classifyFailure(failure: TransportFailure): PollProblem {
  switch (failure._tag) {
    case 'CertificateRefused':
      return { _tag: 'Permanent', failure }
    case 'NoCredentials':
      return { _tag: failure.transient ? 'Transient' : 'Permanent', failure }
    case 'BodyTooLarge':
      return { _tag: isTransient(failure.httpStatus ?? 200) ? 'Transient' : 'Permanent', failure }
    default:
      return { _tag: 'Transient', failure }
  }
}

function classifyHttpError(httpStatus: number, status: Status, isGoogles: boolean): PollProblem {
  const rateLimited = httpStatus === 403 && reasonsOf(status).some((reason) => RATE_LIMITS.has(reason))
  if (isTransient(httpStatus) || rateLimited)
    return { _tag: 'Transient', failure: { _tag: 'HttpFailure', httpStatus, status } }
  return httpStatus === 404 && isGoogles
    ? { _tag: 'NotFound', status }
    : { _tag: 'Rejected', httpStatus, status }
}

/** Of the newer format the first, of the older one the others. */
const RATE_LIMITS: ReadonlySet<string> = new Set([
  'RATE_LIMIT_EXCEEDED',
  'rateLimitExceeded',
  'userRateLimitExceeded',
])

const MAX_SERVER_DELAY = 300_000

function withDelay<V extends PollProblem | Decoded<unknown>>(verdict: V, delay: number | undefined): V {
  if (delay === undefined || !(delay > 0)) return verdict
  const retryAfter = Math.min(delay, MAX_SERVER_DELAY)
  return verdict._tag === 'Transient'
    ? { ...verdict, retryAfter, failure: { ...verdict.failure, retryAfter } }
    : { ...verdict, retryAfter }
}

function serverDelay(answer: TransportResponse, status: Status, now: number): number {
  return Math.max(retryAfterHeader(answer.headers, now) ?? 0, detailOf(status, 'RetryInfo')?.retryDelay ?? 0)
}

/**
 * Reads `Retry-After`, seconds or a date; a date counts from the server's own `Date`, lest clocks differ.
 *
 * Source: RFC 9110, sections 10.2.3 and 5.6.7.
 */
function retryAfterHeader(headers: TransportResponse['headers'], now: number): number | undefined {
  if (headers?.['retry-after'] === undefined) return undefined
  const value = String(headers['retry-after']).trim()
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const then = parseHttpDate(value)
  return then === undefined ? undefined : then - (parseHttpDate(headers?.date) ?? now)
}

/** The three forms of an HTTP date; the last, of asctime, does not say that it is GMT. */
const DATES: readonly RegExp[] = [
  /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]+day, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/,
]

function parseHttpDate(value = ''): number | undefined {
  if (!DATES.some((form) => form.test(value))) return undefined
  const time = Date.parse(value.endsWith('GMT') ? value : `${value} GMT`)
  return Number.isNaN(time) ? undefined : time
}
