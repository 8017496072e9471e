import type { OperationError, PollEnded, PollFailure, Status, WatchEnded } from '../index.js'

/**
 * The value of the attribute `error.type`: the canonical code if the server sent a code, otherwise an error type that
 * google-cloud-rust uses.
 */
type ErrorType = Status['codeName'] | `CLIENT_${RequestErrorType | WatchErrorType}`

type RequestErrorType = 'TIMEOUT' | 'CONNECTION_ERROR' | 'REQUEST_ERROR' | 'RESPONSE_DECODE_ERROR'
type WatchErrorType = 'CANCELLED' | 'AUTHENTICATION_ERROR' | 'RETRY_EXHAUSTED'

const ERROR_TYPE_OF_FAILURE: Readonly<Record<Exclude<PollFailure['_tag'], 'HttpFailure'>, ErrorType>> = {
  ConnectionFailed: 'CLIENT_CONNECTION_ERROR',
  RequestTimedOut: 'CLIENT_TIMEOUT',
  CertificateRefused: 'CLIENT_CONNECTION_ERROR',
  BodyTooLarge: 'CLIENT_RESPONSE_DECODE_ERROR',
  NoCredentials: 'CLIENT_AUTHENTICATION_ERROR',
  NotAnOperation: 'CLIENT_RESPONSE_DECODE_ERROR',
}

const ERROR_TYPE_OF_RESULT: Readonly<Record<Exclude<OperationError['_tag'], TagWithStatus>, ErrorType>> = {
  Unreachable: 'CLIENT_RETRY_EXHAUSTED',
  TimedOut: 'CLIENT_TIMEOUT',
  MalformedResponse: 'CLIENT_RESPONSE_DECODE_ERROR',
  CredentialsError: 'CLIENT_AUTHENTICATION_ERROR',
  InvalidName: 'CLIENT_REQUEST_ERROR',
  ClientClosed: 'CLIENT_CANCELLED',
}

type TagWithStatus = 'OperationFailed' | 'OperationNotFound' | 'RequestRejected'

/** Returns the error status that the server sent in the response to a poll. */
export function statusOfPoll({ status, failure }: PollEnded): Status | undefined {
  return status ?? (failure?._tag === 'HttpFailure' ? failure.status : undefined)
}

/** Returns the error status of the final result of a watch, if the server sent one. */
export function statusOfWatch({ error }: WatchEnded): Status | undefined {
  return error && 'status' in error ? error.status : undefined
}

/** Returns the error type of a poll. Returns undefined if the poll was aborted, or its snapshot contains no error. */
export function errorTypeOfPoll(event: PollEnded): ErrorType | undefined {
  const { failure } = event
  return failure && failure._tag !== 'HttpFailure'
    ? ERROR_TYPE_OF_FAILURE[failure._tag]
    : statusOfPoll(event)?.codeName
}

/** Returns the error type of a watch. Returns undefined if the operation succeeded, or the watch was unsubscribed. */
export function errorTypeOfWatch({ outcome, error }: WatchEnded): ErrorType | undefined {
  if (outcome === 'Defect') return 'UNKNOWN'
  if (error === undefined) return undefined
  return 'status' in error ? error.status.codeName : ERROR_TYPE_OF_RESULT[error._tag]
}
