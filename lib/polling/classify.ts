import { isTransient } from '../model/code.js'
import { type Either, isLeft } from '../model/either.js'
import type { PollFailure, TransportFailure, TransportResponse, TransportResult } from '../model/failure.js'
import type { DecodeError } from '../model/operation.js'
import { decodeHttpError, detailOf, reasonsOf, type Status, statusOfHttp } from '../model/status.js'
import type { DecodedOperation, OperationProtocol } from '../wire/protocol.js'

/** The classification of a failure, or of a response whose body is not decoded. `retryAfter` is in milliseconds. */
export type PollProblem = { readonly retryAfter?: number } & (
  | { readonly _tag: 'Transient'; readonly failure: PollFailure }
  /** A 404 of the API: the operation does not exist, or is not visible yet. */
  | { readonly _tag: 'NotFound'; readonly status: Status }
  | { readonly _tag: 'Rejected'; readonly httpStatus: number; readonly status: Status }
  /** A failure that a retry cannot fix. */
  | { readonly _tag: 'Permanent'; readonly failure: TransportFailure }
)

/** The decoded value of a successful response. */
export interface Decoded<A> {
  readonly _tag: 'Decoded'
  readonly value: A
  readonly retryAfter?: number
}

/** The classification of one poll, independent of earlier polls. */
export type Classification = PollProblem | Decoded<DecodedOperation>

/** Classifies the response or failure of one poll of the operation `name` with {@link classifyWith}. */
export function classify(
  result: TransportResult,
  now: number,
  name: string,
  protocol: OperationProtocol,
): Classification {
  return classifyWith((body) => protocol.decode(body, name), result, now)
}

/**
 * Classifies one response or failure, which arrived at the time `now`, in milliseconds since 1970.
 *
 * Connection failures, timeouts, a 403 because of a rate limit, and the statuses of {@link isTransient} with any body
 * are transient. https://google.aip.dev/194 retries fewer errors, but here a retry is safe: a GET has no side effects.
 */
export function classifyWith<A>(
  decode: (body: unknown) => Either<DecodeError, A>,
  result: TransportResult,
  now: number,
): PollProblem | Decoded<A> {
  if (isLeft(result)) {
    const headers = 'headers' in result.left ? result.left.headers : undefined
    return withRetryAfter(classifyFailure(result.left), retryAfterDelay(headers, now))
  }
  const { httpStatus, headers, body } = result.right
  const delay = retryAfterDelay(headers, now)
  if (httpStatus >= 200 && httpStatus < 300) {
    const decoded = decode(body)
    if (!isLeft(decoded)) return withRetryAfter({ _tag: 'Decoded', value: decoded.right }, delay)
    const failure = { _tag: 'NotAnOperation', httpStatus, ...decoded.left } as const
    return withRetryAfter({ _tag: 'Transient', failure }, delay)
  }
  const apiError = decodeHttpError(httpStatus, body)
  const status = apiError ?? statusOfHttp(httpStatus)
  return withRetryAfter(
    classifyHttpError(httpStatus, status, apiError !== undefined),
    Math.max(delay, detailOf(status, 'RetryInfo')?.retryDelay ?? 0),
  )
}

function classifyFailure(failure: TransportFailure): PollProblem {
  switch (failure._tag) {
    case 'ConnectionFailed':
      // A proxy that rejects its credentials or the host does so until its settings or those of the client change.
      return { _tag: isTransient(failure.proxyStatus ?? 503) ? 'Transient' : 'Permanent', failure }
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

/** The reasons of a rate limit: the first two in the current error format, the others in the legacy format. */
const LIMIT_REASONS: ReadonlySet<string> = new Set([
  'RATE_LIMIT_EXCEEDED',
  'CONCURRENT_OPERATIONS_QUOTA_EXCEEDED',
  'rateLimitExceeded',
  'userRateLimitExceeded',
])

function classifyHttpError(httpStatus: number, status: Status, isApiError: boolean): PollProblem {
  if (isTransient(httpStatus) || (httpStatus === 403 && isRateLimit(status)))
    return { _tag: 'Transient', failure: { _tag: 'HttpFailure', httpStatus, status } }
  return httpStatus === 404 && isApiError
    ? { _tag: 'NotFound', status }
    : { _tag: 'Rejected', httpStatus, status }
}

/** Returns whether a status has the reason of a rate limit, or the code of a rate limit without any reason. */
function isRateLimit(status: Status): boolean {
  const reasons = reasonsOf(status).filter((reason) => reason !== '')
  return reasons.length === 0
    ? status.codeName === 'RESOURCE_EXHAUSTED'
    : reasons.some((reason) => LIMIT_REASONS.has(reason))
}

const MAX_RETRY_AFTER = 300_000

function withRetryAfter<C extends PollProblem | Decoded<unknown>>(classification: C, delay: number): C {
  if (!(delay > 0)) return classification
  const retryAfter = Math.min(delay, MAX_RETRY_AFTER)
  return classification._tag === 'Transient'
    ? { ...classification, retryAfter, failure: { ...classification.failure, retryAfter } }
    : { ...classification, retryAfter }
}

/**
 * Returns the delay in the `Retry-After` header in milliseconds, or 0 if the header is absent or invalid.
 *
 * The header contains seconds or a date. A fraction of a second is not in the RFC, but some servers send it. A date is
 * compared with the `Date` header of the server, because the clocks of client and server may differ.
 *
 * Source: RFC 9110, sections 10.2.3 and 5.6.7.
 */
function retryAfterDelay(headers: TransportResponse['headers'], now: number): number {
  const value = String(headers?.['retry-after'] ?? '').trim()
  if (/^\d+(?:\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1_000)
  const date = parseHttpDate(value)
  return date === undefined ? 0 : date - (parseHttpDate(headers?.date) ?? now)
}

/** The three formats of an HTTP date. The last one, asctime, has no `GMT` suffix. */
const DATE_FORMATS: readonly RegExp[] = [
  /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]+day, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/,
]

/** Returns the time of an HTTP date in milliseconds since 1970. Source: RFC 9110, section 5.6.7. */
export function parseHttpDate(value = ''): number | undefined {
  if (!DATE_FORMATS.some((format) => format.test(value))) return undefined
  const time = Date.parse(value.endsWith('GMT') ? value : `${value} GMT`)
  return Number.isNaN(time) ? undefined : time
}
