import type { PollFailure } from '../model/failure.js'
import type { Json } from '../model/json.js'
import type { ErrorTag, OperationError, TaggedError } from '../model/operation-error.js'
import type { Status } from '../model/status.js'
import { clip, escapeControls, quote } from './format-value.js'

/** An error before it is put into words. */
export type ErrorFields<M = Json> = { [T in ErrorTag]: Omit<TaggedError<T, M>, 'message'> }[ErrorTag]

/** Puts facts into words. */
export function makeOperationError<M>(facts: ErrorFields<M>): OperationError<M> {
  const { _tag, name, ...rest } = facts
  return { _tag, message: escapeControls(errorMessage(facts)), name, ...rest } as OperationError<M>
}

function errorMessage<M>(facts: ErrorFields<M>): string {
  const name = facts.name || 'The operation'
  switch (facts._tag) {
    case 'OperationFailed':
      return `${name} failed: ${statusText(facts.status)}.`
    case 'OperationNotFound':
      return `${name} was not found${facts.lastSeen ? ' any more' : ''}: ${statusText(facts.status)}.`
    case 'RequestRejected':
      return `The question for ${name} was refused with HTTP ${facts.httpStatus}: ${statusText(facts.status)}.`
    case 'Unreachable':
      return `No answer about ${name}: ${retriesText(facts)}${failureText(facts.last)}.`
    case 'TimedOut':
      return `${name} was not known to be done within ${seconds(facts.timeout)}.`
    case 'MalformedResponse':
      return `The answer about ${name} could not be read${facts.path && ` at ${facts.path}`}: ${facts.reason}.`
    case 'CredentialsError':
      return `No credentials to ask about ${name}: ${facts.reason}.`
    case 'InvalidName':
      return `${quote(facts.name)} is not the name of an operation: ${facts.reason}.`
    case 'ClientClosed':
      return `The client was closed while it watched ${name}.`
  }
}

/** A server may send megabytes; the whole is in `status.message`. */
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
  return attempts === 1 ? '' : `${attempts} polls failed in ${seconds(lasted)}, at last `
}

function seconds(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${Number((ms / 1_000).toFixed(ms < 10_000 ? 1 : 0))} s`
}

/** One phrase for a failed poll, such as `HTTP 503 UNAVAILABLE`. */
export function failureText(failure: PollFailure): string {
  switch (failure._tag) {
    case 'ConnectionFailed':
      return failure.httpStatus === undefined
        ? `the connection failed (${failure.code})`
        : `the connection failed in the answer, HTTP ${failure.httpStatus} (${failure.code})`
    case 'RequestTimedOut':
      return failure.httpStatus === undefined
        ? `no answer came within ${seconds(failure.requestTimeout)}`
        : `the answer, HTTP ${failure.httpStatus}, was not whole within ${seconds(failure.requestTimeout)}`
    case 'CertificateRefused':
      return /^ERR_OSSL_/.test(failure.code)
        ? `the client's certificate cannot be used (${failure.code})`
        : `the server's certificate was refused (${failure.code})`
    case 'BodyTooLarge':
      return `the body was over ${failure.maxResponseBytes} bytes`
    case 'NoCredentials':
      return failure.reason
    case 'HttpFailure':
      return `HTTP ${failure.httpStatus} ${statusText(failure.status)}`
    case 'NotAnOperation':
      return `HTTP ${failure.httpStatus} without an operation (${failure.message})`
  }
}
