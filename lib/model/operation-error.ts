import type { PollFailure } from './failure.js'
import type { Json } from './json.js'
import type { DecodeError, Running } from './operation.js'
import type { Status } from './status.js'
import type { ResumeToken } from './target.js'

/** What every {@link OperationError} has. */
interface ErrorBase {
  /** One sentence for a person. */
  readonly message: string
  /** The name that was asked for. */
  readonly name: string
}

/** The outcome is not known, but the operation may be fine: `resume` watches it again, here or elsewhere. */
interface ResumableError extends ErrorBase {
  readonly resume: ResumeToken
}

/** The server finished the operation with an error: the outcome is known. */
export interface OperationFailed<M = Json> extends ErrorBase {
  readonly _tag: 'OperationFailed'
  readonly status: Status
  readonly metadata?: M
  readonly metadataError?: DecodeError
}

/** The API knows no such operation: it never did, or it has deleted it (Resource Manager does so after hours). */
export interface OperationNotFound<M = Json> extends ResumableError {
  readonly _tag: 'OperationNotFound'
  readonly status: Status
  readonly lastSeen?: Running<M>
}

/** Any other final HTTP answer, such as 400, 401, 403, a redirect, or a 404 that is not the API's. */
export interface RequestRejected<M = Json> extends ResumableError {
  readonly _tag: 'RequestRejected'
  readonly httpStatus: number
  readonly status: Status
  readonly lastSeen?: Running<M>
}

/** Failures that might have passed outlasted `maxRetryTime`. */
export interface Unreachable<M = Json> extends ResumableError {
  readonly _tag: 'Unreachable'
  /** How many polls in a row failed. */
  readonly attempts: number
  /** Milliseconds from the first of them to the last. */
  readonly lasted: number
  readonly last: PollFailure
  readonly lastSeen?: Running<M>
}

/** The caller's `timeout` passed. */
export interface TimedOut<M = Json> extends ResumableError {
  readonly _tag: 'TimedOut'
  /** Milliseconds. */
  readonly timeout: number
  readonly lastSeen?: Running<M>
}

/** The server speaks, but not of an operation that can be read. */
export interface MalformedResponse<M = Json> extends ResumableError {
  readonly _tag: 'MalformedResponse'
  /** Where it went wrong, such as `done` or `response.state`; the empty string for the whole. */
  readonly path: string
  /** Why, in words. */
  readonly reason: string
  readonly httpStatus?: number
  /** Set where the operation is known to have succeeded, and only its response was refused. */
  readonly outcome?: 'succeeded'
  /** The response as it was sent. */
  readonly response?: Json
  /** The metadata that came with it. */
  readonly metadata?: M
  readonly metadataError?: DecodeError
  readonly lastSeen?: Running<M>
}

/** There are no credentials, or no token could be had within `maxRetryTime`. */
export interface CredentialsError<M = Json> extends ResumableError {
  readonly _tag: 'CredentialsError'
  readonly reason: string
  /** What the token server answered, if it did. */
  readonly httpStatus?: number
  readonly lastSeen?: Running<M>
}

/** The name is not one of the service's, or the token may not be used here; nothing was asked. */
export interface InvalidName extends ErrorBase {
  readonly _tag: 'InvalidName'
  readonly reason: string
}

/** The client's `close()` was called. */
export interface ClientClosed<M = Json> extends ResumableError {
  readonly _tag: 'ClientClosed'
  readonly lastSeen?: Running<M>
}

/**
 * The last word of a watch that brought no success. `OperationFailed` is an outcome; every other one says why the
 * outcome could not be learned. They hold facts only: no secret, and no object of an HTTP library.
 */
export type OperationError<M = Json> =
  | OperationFailed<M>
  | OperationNotFound<M>
  | RequestRejected<M>
  | Unreachable<M>
  | TimedOut<M>
  | MalformedResponse<M>
  | CredentialsError<M>
  | InvalidName
  | ClientClosed<M>

/** The tag of an {@link OperationError}. */
export type ErrorTag = OperationError['_tag']

/** The errors of one tag. */
export type TaggedError<T extends ErrorTag, M> = Extract<OperationError<M>, { readonly _tag: T }>

/* @__NO_SIDE_EFFECTS__ */
function is<T extends ErrorTag>(tag: T): ErrorGuard<T> {
  return <E extends { readonly _tag: string }>(error: E): error is Extract<E, { readonly _tag: T }> =>
    error._tag === tag
}

/** Tells the errors of one tag from others, among them those of your own that have a `_tag`. */
export type ErrorGuard<T extends ErrorTag> = <E extends { readonly _tag: string }>(
  error: E,
) => error is Extract<E, { readonly _tag: T }>

/** Whether the operation itself failed. */
export const isOperationFailed: ErrorGuard<'OperationFailed'> = is('OperationFailed')
/** Whether the API does not know the operation, or no longer. */
export const isOperationNotFound: ErrorGuard<'OperationNotFound'> = is('OperationNotFound')
/** Whether the question was refused. */
export const isRequestRejected: ErrorGuard<'RequestRejected'> = is('RequestRejected')
/** Whether failures outlasted maxRetryTime. */
export const isUnreachable: ErrorGuard<'Unreachable'> = is('Unreachable')
/** Whether the caller's timeout passed. */
export const isTimedOut: ErrorGuard<'TimedOut'> = is('TimedOut')
/** Whether the answer could not be read. */
export const isMalformedResponse: ErrorGuard<'MalformedResponse'> = is('MalformedResponse')
/** Whether there were no credentials. */
export const isCredentialsError: ErrorGuard<'CredentialsError'> = is('CredentialsError')
/** Whether the name or the token was refused before anything was asked. */
export const isInvalidName: ErrorGuard<'InvalidName'> = is('InvalidName')
/** Whether the client was closed. */
export const isClientClosed: ErrorGuard<'ClientClosed'> = is('ClientClosed')

/** A function for each kind of {@link OperationError}. */
export type ErrorMatch<M, A> = { readonly [T in ErrorTag]: (error: TaggedError<T, M>) => A }

/**
 * Answers with the function that fits the error; the compiler asks for every kind.
 *
 * @example
 * {@includeCode ../../examples/as-a-task.ts}
 */
export function matchOperationError<M, A>(match: ErrorMatch<M, A>) {
  return (error: OperationError<M>): A => (match[error._tag] as (error: OperationError<M>) => A)(error)
}
