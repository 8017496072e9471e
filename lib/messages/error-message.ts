import { type Either, left } from '../model/either.js'
import type { PollFailure } from '../model/failure.js'
import type { Json } from '../model/json.js'
import type { ErrorTag, OperationError, StartFailed, TaggedError } from '../model/operation-error.js'
import type { Status } from '../model/status.js'
import { clip, escapeControls, quote } from './format-value.js'

/** An {@link OperationError} without its `message`. */
export type ErrorFields<M = Json> = { [T in ErrorTag]: Omit<TaggedError<T, M>, 'message'> }[ErrorTag]

/** Returns the error with these fields and its message. */
export function makeOperationError<M>(fields: ErrorFields<M>): OperationError<M> {
  const { _tag, name, ...rest } = fields
  return { _tag, message: escapeControls(errorMessage(fields)), name, ...rest } as OperationError<M>
}

/** Returns an `Either` that holds the error with the fields. */
export function leftError<M>(fields: ErrorFields<M>): Either<OperationError<M>, never> {
  return left(makeOperationError(fields))
}

/** The facts about a call that started no operation. `reason` describes a failure without a status. */
export type StartFacts = Pick<StartFailed, 'httpStatus' | 'status' | 'code' | 'mayHaveStarted'> & {
  readonly reason?: string
}

/** Returns the error for a call that started no operation. */
export function makeStartFailed(requestId: string, { reason, ...facts }: StartFacts): StartFailed {
  const { httpStatus, status, mayHaveStarted } = facts
  const detail = reason ?? (status && statusText(status)) ?? ''
  // Only a proxy returns 407. Source: RFC 9110, section 15.5.8.
  const response = httpStatus === 407 ? 'the proxy returned HTTP 407' : `HTTP ${httpStatus}`
  const cause = httpStatus === undefined ? detail : `${response}${reason ? ', but' : ''} ${detail}`
  const outcome = mayHaveStarted ? 'An operation may have been started' : 'No operation was started'
  const message = escapeControls(`The call with the request ID ${requestId} failed: ${cause}. ${outcome}.`)
  return { _tag: 'StartFailed', message, name: '', ...facts, requestId }
}

function errorMessage<M>(fields: ErrorFields<M>): string {
  const name = fields.name || 'The operation'
  switch (fields._tag) {
    case 'OperationFailed':
      return `${name} failed: ${statusText(fields.status)}.`
    case 'OperationNotFound':
      return `${name} ${fields.lastSeen ? 'no longer exists' : 'was not found'}: ${statusText(fields.status)}.${hintText(fields)}`
    case 'RequestRejected':
      return `Request for ${name} failed: HTTP ${fields.httpStatus} ${statusText(fields.status)}.${hintText(fields)}`
    case 'Unreachable':
      return `${name} is unreachable: ${retriesText(fields)}${failureText(fields.last)}.`
    case 'TimedOut': {
      const { timeout, deadline, lastSeen } = fields
      if (timeout === 0)
        return `No request was sent for ${name}, because ${deadlineText(deadline)} has passed.`
      const limit =
        deadline === undefined ? `within ${formatTime(timeout)}` : `before ${deadlineText(deadline)}`
      return `${name} did not finish ${limit}${lastSeen ? '' : ', and no response contained it'}.`
    }
    case 'MalformedResponse': {
      const subject =
        fields.outcome === 'succeeded'
          ? `${name} succeeded, but its result`
          : `Response for ${fields.name || 'the operation'}`
      return `${subject} could not be decoded${fields.path && ` at ${fields.path}`}: ${fields.reason}.`
    }
    case 'CredentialsError':
      return `Could not obtain credentials for ${name}: ${fields.reason}.`
    case 'InvalidName':
      return `${quote(fields.name)} is not a valid operation name: ${fields.reason}.`
    case 'ClientClosed':
      return `The client was closed before ${name} finished.`
  }
}

function hintText({ nameHint }: { readonly nameHint?: string }): string {
  return nameHint === undefined ? '' : ` The name matches no documented pattern: ${nameHint}.`
}

/** The message of the server is truncated, because it may have megabytes. `status.message` contains the whole text. */
const MAX_MESSAGE_LENGTH = 1_000

function statusText(status: Status): string {
  const message = status.message.replace(/\s+/g, ' ').replace(/\.$/, '')
  return formatStatus({ ...status, message: clip(message, MAX_MESSAGE_LENGTH) })
}

/** Returns the code and the whole message of a status, such as `NOT_FOUND: No such operation.` */
export function formatStatus({ codeName, code, message }: Status): string {
  const name = codeName === 'UNKNOWN' && code !== 2 ? `code ${code}` : codeName
  return message ? `${name}: ${message}` : name
}

function retriesText({ attempts, lasted }: { readonly attempts: number; readonly lasted: number }): string {
  return attempts === 1 ? '' : `${attempts} requests failed in ${formatTime(lasted)}; last failure: `
}

function formatTime(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${Number((ms / 1_000).toFixed(ms < 10_000 ? 1 : 0))} s`
}

/** The latest time of a Date, in milliseconds since 1970. Source: ECMA-262, "Time Values and Time Range". */
const MAX_DATE = 8.64e15

/** Returns a text that contains a deadline, in milliseconds since 1970. */
export function deadlineText(deadline = 0): string {
  return `the deadline ${new Date(Math.max(-MAX_DATE, Math.min(MAX_DATE, deadline))).toISOString()}`
}

/** Returns why a proxy opened no tunnel: its HTTP status, or the error code of the connection. */
export function proxyFailureText(proxy: string, code: string, status?: number): string {
  return `the proxy ${proxy} ${status === undefined ? `is unreachable (${code})` : `returned HTTP ${status}`}`
}

/** Returns a short description of a failed poll, such as `HTTP 503 UNAVAILABLE`. */
export function failureText(failure: PollFailure): string {
  switch (failure._tag) {
    case 'ConnectionFailed':
      if (failure.proxy !== undefined)
        return proxyFailureText(failure.proxy, failure.code, failure.proxyStatus)
      return failure.httpStatus === undefined
        ? `the connection failed (${failure.code})`
        : `the connection failed during the HTTP ${failure.httpStatus} response (${failure.code})`
    case 'RequestTimedOut':
      if (failure.proxy !== undefined)
        return `the proxy ${failure.proxy} opened no tunnel within ${formatTime(failure.requestTimeout)}`
      return failure.httpStatus === undefined
        ? `no response within ${formatTime(failure.requestTimeout)}`
        : `the HTTP ${failure.httpStatus} response did not complete within ${formatTime(failure.requestTimeout)}`
    case 'CertificateRefused':
      return /^ERR_OSSL_/.test(failure.code)
        ? `the client certificate cannot be used (${failure.code})`
        : `the certificate of the ${failure.proxy === undefined ? 'server' : `proxy ${failure.proxy}`} was rejected (${failure.code})`
    case 'BodyTooLarge':
      return `the response body exceeds ${failure.maxResponseBytes} bytes`
    case 'NoCredentials':
      return failure.reason
    case 'HttpFailure':
      return `HTTP ${failure.httpStatus} ${statusText(failure.status)}`
    case 'NotAnOperation':
      return `HTTP ${failure.httpStatus} without an operation (${failure.message})`
  }
}
