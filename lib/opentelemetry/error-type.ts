import type { OperationError, PollEnded, PollFailure, Status, WatchEnded } from '../index.js'

/**
 * The value of the attribute `error.type`: the canonical code if the server sent a code, otherwise an error type that
 * google-cloud-rust uses.
 */
type ErrorType = Status['codeName'] | `CLIENT_${RequestErrorType | WatchErrorType}`

type RequestErrorType = 'TIMEOUT' | 'CONNECTION_ERROR' | 'REQUEST_ERROR' | 'RESPONSE_DECODE_ERROR'
type WatchErrorType = 'CANCELLED' | 'AUTHENTICATION_ERROR' | 'RETRY_EXHAUSTED'

type TagWithoutStatus = Exclude<PollFailure | OperationError, { readonly status: Status }>['_tag']

const ERROR_TYPES: Readonly<Record<TagWithoutStatus, ErrorType>> = {
  ConnectionFailed: 'CLIENT_CONNECTION_ERROR',
  RequestTimedOut: 'CLIENT_TIMEOUT',
  CertificateRefused: 'CLIENT_CONNECTION_ERROR',
  BodyTooLarge: 'CLIENT_RESPONSE_DECODE_ERROR',
  NoCredentials: 'CLIENT_AUTHENTICATION_ERROR',
  NotAnOperation: 'CLIENT_RESPONSE_DECODE_ERROR',
  Unreachable: 'CLIENT_RETRY_EXHAUSTED',
  TimedOut: 'CLIENT_TIMEOUT',
  MalformedResponse: 'CLIENT_RESPONSE_DECODE_ERROR',
  CredentialsError: 'CLIENT_AUTHENTICATION_ERROR',
  InvalidName: 'CLIENT_REQUEST_ERROR',
  ClientClosed: 'CLIENT_CANCELLED',
}

/** The end of a poll or of a watch. */
type Ended = Partial<Pick<PollEnded, 'status' | 'failure'> & Pick<WatchEnded, 'outcome' | 'error'>>

/** Returns the error status that the server sent in the response to a poll, or in the final result of a watch. */
export function statusOf({ status, failure, error }: Ended): Status | undefined {
  const cause = failure ?? error
  return cause && 'status' in cause ? cause.status : status
}

/**
 * Returns the error type of a poll or watch. Returns undefined if there is no error, for example because the poll was
 * aborted, or the watch was unsubscribed.
 */
export function errorTypeOf(event: Ended): ErrorType | undefined {
  const cause = event.failure ?? event.error
  if (event.outcome === 'Defect') return 'UNKNOWN'
  return cause && !('status' in cause) ? ERROR_TYPES[cause._tag] : statusOf(event)?.codeName
}
