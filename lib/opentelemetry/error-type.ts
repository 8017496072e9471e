import type { OperationError, PollEnded, PollFailure, Status, WatchEnded } from '../index.js'

/**
 * What went wrong, as `error.type` has it: the canonical code where the server named one, otherwise one of
 * google-cloud-rust's words.
 */
export type ErrorType =
  | Status['codeName']
  | 'CLIENT_TIMEOUT'
  | 'CLIENT_CANCELLED'
  | 'CLIENT_CONNECTION_ERROR'
  | 'CLIENT_REQUEST_ERROR'
  | 'CLIENT_RESPONSE_DECODE_ERROR'
  | 'CLIENT_AUTHENTICATION_ERROR'
  | 'CLIENT_RETRY_EXHAUSTED'
  | 'UNKNOWN'

const FAILURE_TYPES: Readonly<Record<Exclude<PollFailure['_tag'], 'HttpFailure'>, ErrorType>> = {
  ConnectionFailed: 'CLIENT_CONNECTION_ERROR',
  RequestTimedOut: 'CLIENT_TIMEOUT',
  CertificateRefused: 'CLIENT_CONNECTION_ERROR',
  BodyTooLarge: 'CLIENT_RESPONSE_DECODE_ERROR',
  NoCredentials: 'CLIENT_AUTHENTICATION_ERROR',
  NotAnOperation: 'CLIENT_RESPONSE_DECODE_ERROR',
}

const ERROR_TYPES: Readonly<Record<Exclude<OperationError['_tag'], TagWithStatus>, ErrorType>> = {
  Unreachable: 'CLIENT_RETRY_EXHAUSTED',
  TimedOut: 'CLIENT_TIMEOUT',
  MalformedResponse: 'CLIENT_RESPONSE_DECODE_ERROR',
  CredentialsError: 'CLIENT_AUTHENTICATION_ERROR',
  InvalidName: 'CLIENT_REQUEST_ERROR',
  ClientClosed: 'CLIENT_CANCELLED',
}

type TagWithStatus = 'OperationFailed' | 'OperationNotFound' | 'RequestRejected'

/** What the server said was wrong, in a poll. */
export function statusOfPoll({ status, failure }: PollEnded): Status | undefined {
  return status ?? (failure?._tag === 'HttpFailure' ? failure.status : undefined)
}

/** What the server said was wrong, of a watch that has ended. */
export function statusOfWatch({ error }: WatchEnded): Status | undefined {
  return error && 'status' in error ? error.status : undefined
}

/** What was wrong with a poll; undefined where it brought a snapshot without an error, or was called back. */
export function errorTypeOfPoll(event: PollEnded): ErrorType | undefined {
  const { failure } = event
  return failure && failure._tag !== 'HttpFailure'
    ? FAILURE_TYPES[failure._tag]
    : statusOfPoll(event)?.codeName
}

/** What went wrong with a watch; undefined where the operation succeeded, or nobody wanted to know any more. */
export function errorTypeOfWatch({ outcome, error }: WatchEnded): ErrorType | undefined {
  if (outcome === 'Defect') return 'UNKNOWN'
  if (error === undefined) return undefined
  return 'status' in error ? error.status.codeName : ERROR_TYPES[error._tag]
}
