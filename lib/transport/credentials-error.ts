import { resolve, sep } from 'node:path'
import { TimeoutError } from 'rxjs'
import { formatValue } from '../messages/format-value.js'
import type { NoCredentials } from '../model/failure.js'
import { isTransient } from '../model/status.js'
import { parseHttpDate } from '../polling/classify.js'
import { networkFailure } from './axios-transport.js'

/** Thrown if the universe of the credentials is not the universe of the service. */
export class UniverseMismatch extends Error {
  constructor(universe: string, expected: string) {
    super(`the credentials are for the universe ${formatValue(universe)}, but the service is in ${expected}`)
  }
}

/** Converts an error, which may contain tokens, to a failure that contains only known texts and numbers. */
export function toCredentialsError(thrown: unknown): NoCredentials {
  try {
    return toNoCredentials(thrown)
  } catch {
    return noCredentials(false, NO_TOKEN)
  }
}

/** The reason if google-auth-library finds neither a file nor a metadata server. */
export const NO_DEFAULT_CREDENTIALS = 'no Application Default Credentials were found'
/** The reason if the token server returned a successful response without a token. */
export const NO_TOKEN_IN_RESPONSE = 'the response of the token server contains no token'
const NO_TOKEN = 'no access token could be obtained'

function noCredentials(transient: boolean, reason: string): NoCredentials {
  return { _tag: 'NoCredentials', transient, reason }
}

function toNoCredentials(thrown: unknown): NoCredentials {
  if (thrown instanceof UniverseMismatch) return noCredentials(false, thrown.message)
  const errors = withCauses(thrown)
  const field = (key: string): unknown =>
    errors.map((error) => error[key]).find((value) => value !== undefined)
  const [code, message, path, syscall] = ['code', 'message', 'path', 'syscall'].map(field)
  const names = errors.flatMap((error) => [error.name, error.code])
  if (thrown instanceof TimeoutError || names.some((name) => TIMEOUTS.has(name)))
    return noCredentials(true, 'the request for an access token timed out')
  const response: Partial<Record<string, unknown>> = Object(field('response'))
  const httpStatus = [response.status, field('status'), code].find(isHttpStatus)
  if (httpStatus !== undefined) return httpFailure(httpStatus, response)
  const failure = networkFailure(code)
  // The error of reading a folder has no path.
  if (typeof syscall === 'string' && (typeof path === 'string' || code === 'EISDIR'))
    return fileFailure(String(path), failure.code)
  if (failure._tag === 'CertificateRefused')
    return noCredentials(false, `a certificate or key was rejected (${failure.code})`)
  // google-auth-library adds `config` to the error of a request. fetch throws a TypeError with a cause.
  const isFetchError = thrown instanceof TypeError && errors.length > 1
  if (field('config') !== undefined || isFetchError || SYSTEM_CODE.test(failure.code))
    return noCredentials(true, `the token server is unreachable (${failure.code})`)
  // google-auth-library throws a TypeError if the response body has no token.
  if (thrown instanceof TypeError && code === undefined) return noCredentials(true, NO_TOKEN_IN_RESPONSE)
  const known = KNOWN_MESSAGES.find(([text]) => typeof message === 'string' && message.includes(text))
  return noCredentials(known?.[1] === NO_TOKEN_IN_RESPONSE, known?.[1] ?? NO_TOKEN)
}

/** Returns an error and its causes, because other code may wrap the error of a request. */
function withCauses(thrown: unknown, maxCauses = 5): readonly Partial<Record<string, unknown>>[] {
  const error = Object(thrown)
  const cause: unknown = error.cause ?? Object(error.errors)[0]
  return [error, ...(cause === undefined || maxCauses === 0 ? [] : withCauses(cause, maxCauses - 1))]
}

/** The error names and the error codes of a timeout in gaxios or fetch. */
const TIMEOUTS: ReadonlySet<unknown> = new Set(['AbortError', 'TimeoutError'])

function isHttpStatus(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 100 && value <= 999
}

/** A larger difference between the clocks of client and server is an error of a clock, in milliseconds. */
const MAX_CLOCK_DIFFERENCE = 60_000

function httpFailure(httpStatus: number, { data, headers }: Partial<Record<string, unknown>>): NoCredentials {
  const oauthError: unknown = Object(data).error
  const isKnown = typeof oauthError === 'string' && /^[a-z_]{1,40}$/.test(oauthError)
  const now = Date.now()
  const difference = Math.abs((parseHttpDate(headerOf(headers, 'date')) ?? now) - now)
  // A signed request contains the time of the system clock. Source: RFC 7523, section 3.
  const isClockWrong = oauthError === 'invalid_grant' && difference > MAX_CLOCK_DIFFERENCE
  const seconds = Math.round(difference / 1_000)
  const clocks = isClockWrong ? `; the clocks of this machine and of the server differ by ${seconds} s` : ''
  const reason = `the token server returned HTTP ${httpStatus}${isKnown ? ` (${oauthError})` : ''}${clocks}`
  const isRetried = isClockWrong || httpStatus < 400 || isTransient(httpStatus)
  return { ...noCredentials(isRetried, reason), httpStatus, ...retryAfterHeaders(headers) }
}

/** Returns `Retry-After` and `Date`, if there is a `Retry-After`. */
function retryAfterHeaders(headers: unknown): Pick<NoCredentials, 'headers'> {
  const [retryAfter, date] = [headerOf(headers, 'retry-after'), headerOf(headers, 'date')]
  return retryAfter ? { headers: { 'retry-after': retryAfter, ...(date && { date }) } } : {}
}

/** Returns a header if its value is short and contains no unexpected characters; otherwise an empty string. */
function headerOf(headers: unknown, name: string): string {
  // gaxios has its own Headers class, so `instanceof Headers` would be false. gaxios 6 returns a plain object.
  const { get, [name]: header } = Object(headers)
  const value = String((typeof get === 'function' ? get.call(headers, name) : header) ?? '')
  return /^[\w .,:-]{1,40}$/.test(value) ? value : ''
}

/**
 * Returns the failure for a file. Only its role is stated, because the path may be a secret: some users set
 * GOOGLE_APPLICATION_CREDENTIALS to the contents of the file.
 */
function fileFailure(path: string, code: string): NoCredentials {
  const named = process.env.GOOGLE_APPLICATION_CREDENTIALS
  // The path of the error may be a parent folder that does not exist.
  const isNamed = named !== undefined && `${resolve(named)}${sep}`.startsWith(`${path}${sep}`)
  const file = isNamed ? 'the file in GOOGLE_APPLICATION_CREDENTIALS' : 'a file that the credentials refer to'
  // Too many files are open in the process or in the system, which also affects sockets.
  return noCredentials(/^E[MN]FILE$/.test(code), `${file} cannot be read (${code})`)
}

/** Codes of the operating system and Node.js, its HTTP parser, zlib and fetch, except for errors of the code itself. */
const SYSTEM_CODE = /^(?:E(?!RR_(?:INVALID|MODULE|CRYPTO)_)[A-Z]|HPE_|Z_|UND_ERR_)/

/** Parts of google-auth-library messages whose errors have no fields, each with the reason that replaces the message. */
const KNOWN_MESSAGES: readonly (readonly [string, string])[] = [
  ['Could not load the default credentials', NO_DEFAULT_CREDENTIALS],
  ['Unable to parse the subject_token from the credential_source URL', NO_TOKEN_IN_RESPONSE],
  ['No refresh token is set', 'the token has expired and cannot be renewed'],
  ['does not exist, or it is not a file', 'a file that the credentials refer to is not a regular file'],
]
