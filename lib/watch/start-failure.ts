import { failureText, type StartFacts } from '../messages/error-message.js'
import {
  redactCredentials,
  redactEchoes,
  secretsIn,
  secretsInHeaders,
  secretsInUrl,
} from '../messages/redact.js'
import { Code, type CodeName } from '../model/code.js'
import { isLeft, right } from '../model/either.js'
import { type Json, parseJsonOrText } from '../model/json.js'
import { decodeHttpError, decodeStatus, type Status, statusOfHttp } from '../model/status.js'
import { networkFailure } from '../transport/axios-transport.js'
import { fieldsOf, isHttpStatus, knownReason, withCauses } from '../transport/credentials-error.js'

type Fields = Readonly<Partial<Record<string, unknown>>>

/**
 * Returns the facts about an error that a client of Google, axios or fetch throws. Members that are not read may contain
 * tokens.
 */
export function factsOfError(thrown: unknown): StartFacts {
  // Reading an unknown error may throw, for example in a getter.
  try {
    const errors = withCauses(thrown)
    const field = fieldsOf(errors)
    const response: Fields = Object(field('response'))
    const config: Fields = Object(field('config'))
    const code = field('code')
    const httpStatus = [response.status, field('status'), code].find(isHttpStatus)
    // `code` of a DOMException is a number, too, but it is not a member of the error itself.
    const grpcError = errors.find((error) => Object.hasOwn(error, 'code') && isGrpcCode(error.code))
    const facts =
      httpStatus !== undefined
        ? factsOfHttp(httpStatus, response.data, config)
        : grpcError !== undefined
          ? factsOfGrpc(grpcError)
          : factsWithoutResponse(errors)
    // The server may have accepted an earlier attempt of gaxios.
    const isRetried = Number(Object(config.retryConfig).currentRetryAttempt) > 0
    return isRetried ? { ...facts, mayHaveStarted: true } : facts
  } catch {
    return { mayHaveStarted: true, reason: 'the error cannot be read' }
  }
}

/**
 * Returns the facts about a response without an operation: `{status, data}` of an HTTP error, the JSON of an HTTP error,
 * or any other value. `reason` states why it is not an operation.
 */
export function factsOfResponse(response: unknown, reason: string): StartFacts {
  const { status, data, config }: Fields = Object(response)
  const body = isHttpStatus(status) ? data : response
  const errorCode: unknown = Object(Object(body).error).code
  const httpStatus = [status, errorCode].find(isHttpStatus)
  if (httpStatus === undefined) return { mayHaveStarted: true, reason }
  return httpStatus >= 200 && httpStatus < 300
    ? { httpStatus, mayHaveStarted: true, reason }
    : factsOfHttp(httpStatus, body, Object(config))
}

function factsOfHttp(httpStatus: number, data: unknown, config: Fields): StartFacts {
  const body = typeof data === 'string' ? parseJsonOrText(data) : data
  const status = decodeHttpError(httpStatus, body) ?? statusOfHttp(httpStatus)
  const isRejected = httpStatus >= 400 && httpStatus < 500 && ![408, 409, 499].includes(httpStatus)
  return { httpStatus, status: withoutSecrets(status, config), mayHaveStarted: !isRejected }
}

/** Redacts the secrets of the request that the server echoes. The fields are those of gaxios and axios. */
function withoutSecrets(status: Status, { headers, url, params }: Fields): Status {
  const entries =
    Symbol.iterator in Object(headers) ? [...(headers as never)] : Object.entries(Object(headers))
  const secrets = [
    ...secretsInHeaders(Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))),
    ...secretsInUrl(String(url ?? '')),
    ...secretsIn(Object.values(Object(params)).map(String)),
  ]
  const redacted = redactEchoes(right({ httpStatus: 0, body: status }), secrets)
  return redactCredentials(isLeft(redacted) ? status : (redacted.right.body as Status))
}

/**
 * The gRPC codes of the statuses that reject a request, except 409 (`ALREADY_EXISTS`, `ABORTED`) and 499 (`CANCELLED`).
 *
 * Source: the "HTTP Mapping" of google/rpc/code.proto.
 */
const REJECTIONS: ReadonlySet<string> = /* @__PURE__ */ new Set<CodeName>([
  'INVALID_ARGUMENT',
  'NOT_FOUND',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'OUT_OF_RANGE',
  'UNAUTHENTICATED',
])

function isGrpcCode(code: unknown): boolean {
  return Object.values<unknown>(Code).includes(code) && code !== Code.OK
}

/** Returns the facts about a GoogleError of google-gax. `details` is the message of the server. */
function factsOfGrpc({ code, details, message, reason, domain, errorInfoMetadata }: Fields): StartFacts {
  const type = 'type.googleapis.com/google.rpc.ErrorInfo'
  const info = { '@type': type, reason, domain, metadata: errorInfoMetadata } as Json
  const text = String(typeof details === 'string' ? details : message)
  const status = decodeStatus({
    code: code as number,
    message: text,
    details: typeof reason === 'string' ? [info] : [],
  })
  // The client itself returns RESOURCE_EXHAUSTED if a response is too large.
  const isRejected = REJECTIONS.has(status.codeName) && !text.startsWith('Received message larger')
  return { status: redactCredentials(status), mayHaveStarted: !isRejected }
}

/** Matches the message of fetch if a proxy opens no tunnel. */
const TUNNEL_FAILURE = /^Proxy response \((\d{3})\)/m

function factsWithoutResponse(errors: readonly Fields[]): StartFacts {
  const field = fieldsOf(errors)
  const messages = errors.map(({ message }) => String(message)).join('\n')
  // A message of google-auth-library means that there is no token, so the request was not sent.
  const credentialsReason = knownReason(messages)
  if (credentialsReason !== undefined) return { mayHaveStarted: false, reason: credentialsReason }
  const [, status] = TUNNEL_FAILURE.exec(messages) ?? []
  if (status !== undefined)
    return { code: 'ERR_PROXY_TUNNEL', mayHaveStarted: false, reason: `the proxy returned HTTP ${status}` }
  const failure = networkFailure(field('code'))
  const { code } = failure
  // node-fetch, which gaxios uses, calls the field `erroredSysCall`.
  const systemCall = field('syscall') ?? field('erroredSysCall')
  const isRefused = failure._tag === 'CertificateRefused'
  const isSent = !isRefused && !UNSENT_CODES.has(code) && !UNSENT_CALLS.has(systemCall)
  const name = /^[A-Za-z]\w{0,50}$/.exec(String(field('name')))?.[0] ?? 'an error'
  const isKnown = code !== 'UNKNOWN'
  const reason = isRefused ? failureText(failure) : `the call threw ${name}${isKnown ? ` (${code})` : ''}`
  return { ...(isKnown && { code }), mayHaveStarted: isSent, reason }
}

/** Codes of Node.js and of its fetch for errors before a request is sent. */
const UNSENT_CODES: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_INVALID_URL',
])
/** System calls before a request is sent. With other system calls, codes such as `EHOSTUNREACH` may occur later. */
const UNSENT_CALLS: ReadonlySet<unknown> = /* @__PURE__ */ new Set(['getaddrinfo', 'connect'])
