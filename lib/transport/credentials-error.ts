import { resolve, sep } from 'node:path'
import { TimeoutError } from 'rxjs'
import { formatValue } from '../messages/format-value.js'
import { isTransient } from '../model/code.js'
import type { NoCredentials } from '../model/failure.js'
import { parseHttpDate } from '../polling/classify.js'
import { networkFailure } from './axios-transport.js'

/** Thrown if the universe of the credentials is not the universe of the service. */
export class UniverseMismatch extends Error {
  constructor(universe: string, expected: string) {
    super(`the credentials are for the universe ${formatValue(universe)}, but the service is in ${expected}`)
  }
}

/** Converts an error, which may contain tokens, to a failure that contains only known texts and numbers. */
export function toCredentialsFailure(thrown: unknown): NoCredentials {
  // Reading an unknown error may throw, for example in a getter.
  try {
    return { _tag: 'NoCredentials', ...factsOf(thrown) }
  } catch {
    return { _tag: 'NoCredentials', transient: false, reason: NO_TOKEN }
  }
}

/** The reason of the failure if google-auth-library finds neither a file nor a metadata server. */
export const NO_DEFAULT_CREDENTIALS = 'no Application Default Credentials were found'
/** The reason of the failure if the token server returned a successful response without a token. */
export const NO_TOKEN_IN_RESPONSE = 'the response of the token server contains no token'
const NO_TOKEN = 'no access token could be obtained'

/** The members of a failure. */
type Facts = Omit<NoCredentials, '_tag'>

function factsOf(thrown: unknown): Facts {
  if (thrown instanceof UniverseMismatch) return { transient: false, reason: thrown.message }
  const errors = withCauses(thrown)
  const field = fieldsOf(errors)
  const [code, message, path, syscall] = ['code', 'message', 'path', 'syscall'].map(field)
  const namesAndCodes = errors.flatMap((error) => [error.name, error.code])
  if (thrown instanceof TimeoutError || namesAndCodes.some((name) => TIMEOUTS.has(name)))
    return { transient: true, reason: 'the request for an access token timed out' }
  const response: Partial<Record<string, unknown>> = Object(field('response'))
  const httpStatus = [response.status, field('status'), code].find(isHttpStatus)
  if (httpStatus !== undefined) return httpFailure(httpStatus, response)
  const failure = networkFailure(code)
  const [proxyReason, proxyStatus = 503] = PROXY_FAILURE.exec(String(message)) ?? []
  if (proxyReason !== undefined) {
    const transient = failure._tag !== 'CertificateRefused' && isTransient(Number(proxyStatus))
    return { transient, reason: proxyReason }
  }
  // The error of reading a folder has no path.
  if (typeof syscall === 'string' && (typeof path === 'string' || code === 'EISDIR'))
    return fileFailure(String(path), failure.code)
  if (failure._tag === 'CertificateRefused')
    return { transient: false, reason: `a certificate or key was rejected (${failure.code})` }
  // google-auth-library adds `config` to the error of a request. fetch throws a TypeError with a cause.
  const isFetchError = thrown instanceof TypeError && errors.length > 1
  if (field('config') !== undefined || isFetchError || SYSTEM_CODE.test(failure.code))
    return { transient: true, reason: `the token server is unreachable (${failure.code})` }
  // google-auth-library throws a TypeError if the response body has no token.
  if (thrown instanceof TypeError && code === undefined)
    return { transient: true, reason: NO_TOKEN_IN_RESPONSE }
  const reason = knownReason(message) ?? NO_TOKEN
  return { transient: reason === NO_TOKEN_IN_RESPONSE, reason }
}

/** Returns the reason for a message of google-auth-library, if it is known. */
export function knownReason(message: unknown): string | undefined {
  return KNOWN_MESSAGES.find(([part]) => String(message).includes(part))?.[1]
}

/** Matches a text of `proxyFailureText`. node-fetch keeps only the message and the code of an error. */
const PROXY_FAILURE = /the proxy https?:\/\/[\w.:[\]-]+ (?:returned HTTP (\d+)|is unreachable \(\w+\))/

/** Returns an error and its causes, because a client library or the caller may wrap the error of a request. */
export function withCauses(thrown: unknown, maxCauses = 5): Errors {
  const error = Object(thrown)
  const cause: unknown = error.cause ?? Object(error.errors)[0]
  return [error, ...(cause === undefined || maxCauses === 0 ? [] : withCauses(cause, maxCauses - 1))]
}

/** Errors whose fields are unknown. */
type Errors = readonly Readonly<Partial<Record<string, unknown>>>[]

/** Returns the function that returns a field of the first error that has it. */
export function fieldsOf(errors: Errors): (key: string) => unknown {
  return (key) => errors.map((error) => error[key]).find((value) => value !== undefined)
}

/** The error names and the error codes of a timeout in gaxios or fetch. */
const TIMEOUTS: ReadonlySet<unknown> = new Set(['AbortError', 'TimeoutError'])

/** Returns whether a value is an HTTP status. */
export function isHttpStatus(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 100 && value <= 999
}

/**
 * The largest difference between correct clocks of client and server, in milliseconds. If the difference is larger, one
 * of the clocks is wrong.
 */
const MAX_CLOCK_SKEW = 60_000

function httpFailure(httpStatus: number, { data, headers }: Partial<Record<string, unknown>>): Facts {
  const oauthError: unknown = Object(data).error
  const isKnown = typeof oauthError === 'string' && /^[a-z_]{1,40}$/.test(oauthError)
  const now = Date.now()
  const clockSkew = Math.abs((parseHttpDate(headerOf(headers, 'date')) ?? now) - now)
  // A token request that is signed contains the time of the system clock, so a wrong clock causes `invalid_grant`. The
  // clock may be corrected later. Source: RFC 7523, section 3.
  const isClockWrong = oauthError === 'invalid_grant' && clockSkew > MAX_CLOCK_SKEW
  const seconds = Math.round(clockSkew / 1_000)
  const clocks = isClockWrong ? `; the clocks of this machine and of the server differ by ${seconds} s` : ''
  const reason = `the token server returned HTTP ${httpStatus}${isKnown ? ` (${oauthError})` : ''}${clocks}`
  const transient = isClockWrong || httpStatus < 400 || isTransient(httpStatus)
  return { transient, reason, httpStatus, ...retryAfterHeaders(headers) }
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
 * Returns the failure for a file. The reason contains the role of the file instead of its path. The path may be a secret,
 * because some users set GOOGLE_APPLICATION_CREDENTIALS to the contents of the file.
 */
function fileFailure(path: string, code: string): Facts {
  const envPath = process.env.GOOGLE_APPLICATION_CREDENTIALS
  // The path of the error may be a parent folder that does not exist.
  const isNamed = envPath !== undefined && `${resolve(envPath)}${sep}`.startsWith(`${path}${sep}`)
  const file = isNamed ? 'the file in GOOGLE_APPLICATION_CREDENTIALS' : 'a file that the credentials refer to'
  // EMFILE and ENFILE mean that too many files or sockets are open in the process or in the system.
  return { transient: /^E[MN]FILE$/.test(code), reason: `${file} cannot be read (${code})` }
}

/**
 * Matches codes of the operating system, of Node.js, and of its HTTP parser, zlib and fetch. Does not match codes of
 * programming errors, such as `ERR_INVALID_ARG_TYPE`.
 */
const SYSTEM_CODE = /^(?:E(?!RR_(?:INVALID|MODULE|CRYPTO)_)[A-Z]|HPE_|Z_|UND_ERR_)/

/** Parts of messages of google-auth-library, each with the reason of the failure. These errors have no code. */
const KNOWN_MESSAGES: readonly (readonly [string, string])[] = [
  ['Could not load the default credentials', NO_DEFAULT_CREDENTIALS],
  ['Unable to parse the subject_token from the credential_source URL', NO_TOKEN_IN_RESPONSE],
  ['No refresh token is set', 'the token has expired and cannot be renewed'],
  ['does not exist, or it is not a file', 'a file that the credentials refer to is not a regular file'],
]
