import { TimeoutError } from 'rxjs'
import { formatValue } from '../messages/format-value.js'
import type { NoCredentials } from '../model/failure.js'
import { isTransient } from '../model/status.js'

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

const NO_TOKEN = 'no access token could be obtained'

function noCredentials(transient: boolean, reason: string): NoCredentials {
  return { _tag: 'NoCredentials', transient, reason }
}

function toNoCredentials(thrown: unknown): NoCredentials {
  if (thrown instanceof UniverseMismatch) return noCredentials(false, thrown.message)
  const { name, message, code, status, response, cause } = Object(thrown) as Partial<Record<string, unknown>>
  if (thrown instanceof TimeoutError || [name, code, Object(cause).name].some(isTimeout))
    return noCredentials(true, 'the request for an access token timed out')
  const httpStatus = [Object(response).status, status, code].find(isHttpStatus)
  if (httpStatus !== undefined) {
    const oauthError: unknown = Object(Object(response).data).error
    const isKnown = typeof oauthError === 'string' && /^[a-z_]{1,40}$/.test(oauthError)
    const reason = `the token server returned HTTP ${httpStatus}${isKnown ? ` (${oauthError})` : ''}`
    const isRetried = httpStatus < 400 || isTransient(httpStatus)
    return { ...noCredentials(isRetried, reason), httpStatus, ...retryAfterHeaders(Object(response).headers) }
  }
  if (typeof code === 'string' && NETWORK_CODE.test(code))
    return noCredentials(true, `the token server is unreachable (${code})`)
  // google-auth-library throws a TypeError if the response body has no token.
  if (thrown instanceof TypeError && code === undefined)
    return noCredentials(true, 'the response of the token server contains no token')
  const known = KNOWN_MESSAGES.find(([text]) => typeof message === 'string' && message.includes(text))
  return noCredentials(false, known?.[1] ?? NO_TOKEN)
}

/** The error names and codes of timeouts in gaxios and fetch. */
function isTimeout(code: unknown): boolean {
  return code === 'AbortError' || code === 'TimeoutError'
}

/** Returns `Retry-After` and `Date` if their values are short and contain no unexpected characters. */
function retryAfterHeaders(headers: unknown): Pick<NoCredentials, 'headers'> {
  // gaxios has its own Headers class, so `instanceof Headers` would be false.
  const { get } = Object(headers)
  const entries = ['retry-after', 'date'].flatMap((name) => {
    const value = typeof get === 'function' ? String(get.call(headers, name) ?? '') : ''
    return /^[\w ,:-]{1,40}$/.test(value) ? [[name, value] as const] : []
  })
  return entries[0]?.[0] === 'retry-after' ? { headers: Object.fromEntries(entries) } : {}
}

function isHttpStatus(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 100 && value <= 599
}

/** Codes of Node.js for sockets, HTTP parser, streams, zlib and fetch. With each code, no complete response arrived. */
const NETWORK_CODE =
  /^(?:ECONN[A-Z]+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|EPROTO|EHOSTUNREACH|ENETUNREACH|ERR_STREAM_\w+|HPE_\w+|Z_\w+|UND_ERR_\w+)$/

/** Parts of google-auth-library messages whose cause a user can fix, each with the reason that replaces the message. */
const KNOWN_MESSAGES: readonly (readonly [string, string])[] = [
  ['Could not load the default credentials', 'no Application Default Credentials were found'],
  ['No refresh token is set', 'the token has expired and cannot be renewed'],
  ['does not exist, or it is not a file', 'the file in GOOGLE_APPLICATION_CREDENTIALS cannot be read'],
]
