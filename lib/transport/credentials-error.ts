import { TimeoutError } from 'rxjs'
import { formatValue } from '../messages/format-value.js'
import type { NoCredentials } from '../model/failure.js'
import { isTransient } from '../model/status.js'

/** The credentials are for another cloud than the one that is asked. */
export class UniverseMismatch extends Error {
  constructor(theirs: string, ours: string) {
    super(`they are for the universe ${formatValue(theirs)}, and a service of ${ours} is asked`)
  }
}

/** The errors of credentials carry tokens and secrets: only words and numbers known to be none are read. */
export function toCredentialsError(thrown: unknown): NoCredentials {
  try {
    return failureOf(thrown)
  } catch {
    return { _tag: 'NoCredentials', transient: false, reason: 'the credentials gave no token' }
  }
}

function failureOf(thrown: unknown): NoCredentials {
  if (thrown instanceof UniverseMismatch)
    return { _tag: 'NoCredentials', transient: false, reason: thrown.message }
  const { name, message, code, status, response, cause } = Object(thrown) as Partial<Record<string, unknown>>
  if (thrown instanceof TimeoutError || [name, code, Object(cause).name].some(isTimeout))
    return { _tag: 'NoCredentials', transient: true, reason: 'they took too long' }
  const httpStatus = [Object(response).status, status, code].find(isHttpStatus)
  const oauthError: unknown = Object(Object(response).data).error
  if (httpStatus !== undefined) {
    const said = typeof oauthError === 'string' && /^[a-z_]{1,40}$/.test(oauthError) ? ` (${oauthError})` : ''
    const reason = `the token server answered HTTP ${httpStatus}${said}`
    return {
      _tag: 'NoCredentials',
      transient: httpStatus < 400 || isTransient(httpStatus),
      reason,
      httpStatus,
      ...retryAfterOf(Object(response).headers),
    }
  }
  if (typeof code === 'string' && NETWORK.test(code))
    return {
      _tag: 'NoCredentials',
      transient: true,
      reason: `the token server could not be reached (${code})`,
    }
  // A body that is no token makes the library stumble over what is not there.
  if (thrown instanceof TypeError && code === undefined)
    return { _tag: 'NoCredentials', transient: true, reason: 'what the token server answered has no token' }
  const known = KNOWN.find(([text]) => typeof message === 'string' && message.includes(text))
  return { _tag: 'NoCredentials', transient: false, reason: known?.[1] ?? 'the credentials gave no token' }
}

/** What gaxios and fetch say when their own timeout ends a request. */
function isTimeout(said: unknown): boolean {
  return said === 'AbortError' || said === 'TimeoutError'
}

/** The headers that say when to ask again, in a form that could hold nothing else. */
function retryAfterOf(headers: unknown): Pick<NoCredentials, 'headers'> {
  // Not `instanceof Headers`: those of gaxios are of a class of their own.
  const { get } = Object(headers)
  const told = ['retry-after', 'date'].flatMap((name) => {
    const value = typeof get === 'function' ? String(get.call(headers, name) ?? '') : ''
    return /^[\w ,:-]{1,40}$/.test(value) ? [[name, value] as const] : []
  })
  return told[0]?.[0] === 'retry-after' ? { headers: Object.fromEntries(told) } : {}
}

function isHttpStatus(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 100 && value <= 599
}

/** Of Node's sockets, its HTTP parser, its streams, zlib and fetch: all speak of an answer that did not come whole. */
const NETWORK =
  /^(?:ECONN[A-Z]+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|EPROTO|EHOSTUNREACH|ENETUNREACH|ERR_STREAM_\w+|HPE_\w+|Z_\w+|UND_ERR_\w+)$/

/** Messages of google-auth-library that a person can act on, and our own words for them. */
const KNOWN: readonly (readonly [string, string])[] = [
  ['Could not load the default credentials', 'no Application Default Credentials were found'],
  ['No refresh token is set', 'the token has expired and cannot be renewed'],
  ['does not exist, or it is not a file', 'the file in GOOGLE_APPLICATION_CREDENTIALS cannot be read'],
]
