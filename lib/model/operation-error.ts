import type { PollFailure } from './failure.js'
import type { Json } from './json.js'
import type { DecodeError, Running, Warning } from './operation.js'
import type { ResumeToken } from './resume-token.js'
import type { Status } from './status.js'

/** The members of every {@link OperationError}. */
interface ErrorBase<M> {
  /** A sentence that describes the error. */
  readonly message: string
  /** The requested name. */
  readonly name: string
  /** The last snapshot of the running operation. Absent in `OperationFailed` and `InvalidName`. */
  readonly lastSeen?: Running<M>
}

/** An error that does not mean that the operation failed. A later watch, in any process, can continue with `resume`. */
interface ResumableError<M> extends ErrorBase<M> {
  readonly resume: ResumeToken
}

/** The server finished the operation with an error. */
export interface OperationFailed<M = unknown> extends ErrorBase<M> {
  readonly _tag: 'OperationFailed'
  readonly status: Status
  readonly metadata?: M
  readonly metadataError?: DecodeError
  /** The URL of the resource that the operation should have changed, if the service reports it. */
  readonly target?: string
  /** The warnings of the service, if there are any. */
  readonly warnings?: readonly Warning[]
}

/** The operation does not exist, or its record was deleted. Resource Manager deletes records after some hours. */
export interface OperationNotFound<M = unknown> extends ResumableError<M> {
  readonly _tag: 'OperationNotFound'
  readonly status: Status
  /** The documented names of the service, if the requested name matches none of them. */
  readonly nameHint?: string
}

/**
 * The response was a permanent HTTP error such as 400 or 403, a redirect, or a 404 that did not come from the API. If the
 * service does not have the method, `httpStatus` is 501, and no request was sent.
 */
export interface RequestRejected<M = unknown> extends ResumableError<M> {
  readonly _tag: 'RequestRejected'
  readonly httpStatus: number
  readonly status: Status
  /** The documented names of the service, if the requested name matches none of them. */
  readonly nameHint?: string
}

/** Transient failures continued for longer than `maxRetryTime`, or a certificate was rejected. */
export interface Unreachable<M = unknown> extends ResumableError<M> {
  readonly _tag: 'Unreachable'
  /** The number of consecutive polls that failed. */
  readonly attempts: number
  /** Milliseconds from the first of these failures to the last. */
  readonly lasted: number
  readonly last: PollFailure
}

/** The operation did not finish within the `timeout` or before the `deadline` of the watch or request. */
export interface TimedOut<M = unknown> extends ResumableError<M> {
  readonly _tag: 'TimedOut'
  /** Milliseconds from the start of the watch to its end. 0 if the deadline had passed, and no request was sent. */
  readonly timeout: number
  /** The deadline that ended the watch or request, in milliseconds since 1970. Absent if `timeout` ended it. */
  readonly deadline?: number
}

/** A response contained no valid operation, or the decoder rejected the `response` of a successful operation. */
export interface MalformedResponse<M = unknown> extends ResumableError<M> {
  readonly _tag: 'MalformedResponse'
  /** The path of the invalid member, such as `done` or `response.state`; the empty string for the whole body. */
  readonly path: string
  readonly reason: string
  readonly httpStatus?: number
  /** `succeeded` if the operation succeeded, but the decoder rejected its `response`. */
  readonly outcome?: 'succeeded'
  /** The `response` of the operation, as the server sent it. */
  readonly response?: Json
  /** The metadata that the server sent with `response`. */
  readonly metadata?: M
  readonly metadataError?: DecodeError
}

/** There are no credentials, or no access token could be obtained within `maxRetryTime`. */
export interface CredentialsError<M = unknown> extends ResumableError<M> {
  readonly _tag: 'CredentialsError'
  readonly reason: string
  /** The HTTP status of the token server, if it responded. */
  readonly httpStatus?: number
}

/**
 * The name can never be valid, the resume token is invalid, or its endpoint is not allowed for this client. No request was
 * sent.
 */
export interface InvalidName<M = unknown> extends ErrorBase<M> {
  readonly _tag: 'InvalidName'
  readonly reason: string
}

/** The `close()` method of the client was called before the operation finished. */
export interface ClientClosed<M = unknown> extends ResumableError<M> {
  readonly _tag: 'ClientClosed'
}

/**
 * The final result of a watch that does not emit `Succeeded`. Errors are plain JSON data without secrets.
 *
 * `OperationFailed` means that the operation failed. After any other error, the outcome (success or failure) is unknown,
 * except after a `MalformedResponse` whose `outcome` is `succeeded`.
 *
 * `OperationError` without a type argument accepts the errors of every watch.
 */
export type OperationError<M = unknown> =
  | OperationFailed<M>
  | OperationNotFound<M>
  | RequestRejected<M>
  | Unreachable<M>
  | TimedOut<M>
  | MalformedResponse<M>
  | CredentialsError<M>
  | InvalidName<M>
  | ClientClosed<M>

/**
 * The call that starts an operation failed, or its response contains no operation. Only `OperationsClient.start` emits
 * it. `name` is the empty string.
 */
export interface StartFailed {
  readonly _tag: 'StartFailed'
  /** A sentence that describes the error. */
  readonly message: string
  readonly name: ''
  /**
   * The HTTP status of the response, if there was one. 407 is the response of a proxy. googleapis, google-gax and axios
   * report any other status of a proxy, such as 502, like a status of the server.
   */
  readonly httpStatus?: number
  /** The error of the server, also of a gRPC server. */
  readonly status?: Status
  /**
   * The code of a failure without a response, such as `ECONNRESET`. `DEADLINE_PASSED` and `CLIENT_CLOSED` mean that the
   * deadline passed or the client was closed before the response. `ERR_PROXY_TUNNEL` means that the proxy of fetch
   * returned an error. An unreachable proxy has the same code as an unreachable server, such as `ECONNREFUSED`.
   */
  readonly code?: string
  /**
   * Whether an operation may exist. It is false if the request was not sent, or if the server rejected it with a 4xx
   * except 408, 409 and 499.
   */
  readonly mayHaveStarted: boolean
  /** The request ID of the call. A later call with the same ID cannot start a second operation, if the method has one. */
  readonly requestId: string
}

/** The tag of an {@link OperationError}. */
export type ErrorTag = OperationError['_tag']

/** The {@link OperationError} with the tag `T`. */
export type TaggedError<T extends ErrorTag, M> = Extract<OperationError<M>, { readonly _tag: T }>

/** A type guard for one tag; it accepts any tagged union that contains {@link OperationError}. */
export type ErrorGuard<T extends ErrorTag | 'StartFailed'> = <E extends { readonly _tag: string }>(
  error: E,
) => error is Extract<E, { readonly _tag: T }>

/* @__NO_SIDE_EFFECTS__ */
function is<T extends ErrorTag | 'StartFailed'>(tag: T): ErrorGuard<T> {
  return ((error) => error._tag === tag) as ErrorGuard<T>
}

/** Returns whether the operation itself failed. */
export const isOperationFailed: ErrorGuard<'OperationFailed'> = is('OperationFailed')
/** Returns whether the operation does not exist, or no longer exists. */
export const isOperationNotFound: ErrorGuard<'OperationNotFound'> = is('OperationNotFound')
/** Returns whether the server rejected the request. */
export const isRequestRejected: ErrorGuard<'RequestRejected'> = is('RequestRejected')
/** Returns whether transient failures continued for longer than `maxRetryTime`, or a certificate was rejected. */
export const isUnreachable: ErrorGuard<'Unreachable'> = is('Unreachable')
/** Returns whether the operation did not finish within `timeout`, or before `deadline`. */
export const isTimedOut: ErrorGuard<'TimedOut'> = is('TimedOut')
/** Returns whether a response could not be decoded. */
export const isMalformedResponse: ErrorGuard<'MalformedResponse'> = is('MalformedResponse')
/** Returns whether no credentials could be obtained. */
export const isCredentialsError: ErrorGuard<'CredentialsError'> = is('CredentialsError')
/** Returns whether the name or the resume token was rejected before the first request. */
export const isInvalidName: ErrorGuard<'InvalidName'> = is('InvalidName')
/** Returns whether the client was closed. */
export const isClientClosed: ErrorGuard<'ClientClosed'> = is('ClientClosed')

/** Returns whether no operation was started, or it is unknown whether one was started. */
export const isStartFailed: ErrorGuard<'StartFailed'> = is('StartFailed')

/** A function for each tag of {@link OperationError}. */
export type ErrorMatch<M, A> = { readonly [T in ErrorTag]: (error: TaggedError<T, M>) => A }

/** A function for each tag of the errors of `OperationsClient.start`. */
export type StartErrorMatch<M, A> = ErrorMatch<M, A> & {
  /** Maps a failed start. */
  readonly StartFailed: (error: StartFailed) => A
}

/**
 * Returns a function that maps an error of `OperationsClient.start` by its tag; the compiler requires a function for every
 * tag.
 */
export function matchOperationError<M, A>(
  match: StartErrorMatch<M, A>,
): (error: StartFailed | OperationError<M>) => A
/**
 * Returns a function that maps an error by its tag; the compiler requires a function for every tag.
 *
 * @example
 * {@includeCode ../../examples/as-a-task.ts}
 */
export function matchOperationError<M, A>(match: ErrorMatch<M, A>): (error: OperationError<M>) => A
export function matchOperationError<M, A>(match: ErrorMatch<M, A> & Partial<StartErrorMatch<M, A>>) {
  return (error: StartFailed | OperationError<M>): A =>
    (match[error._tag] as (error: StartFailed | OperationError<M>) => A)(error)
}
