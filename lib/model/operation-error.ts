import type { PollFailure } from './answer.js'
import type { Json } from './json.js'
import type { Refusal, Running } from './operation.js'
import type { ResumeToken } from './resume-token.js'
import { quoted } from './shown.js'
import type { Status } from './status.js'

/** What every {@link OperationError} has. */
interface Told {
  /** One sentence for a person. */
  readonly message: string
  /** The name that was asked for. */
  readonly name: string
}

/** The outcome is not known, but the operation may be fine: `resume` watches it again, here or elsewhere. */
interface Resumable extends Told {
  readonly resume: ResumeToken
}

/** The server finished the operation with an error: the outcome is known. */
export interface OperationFailed<M = Json> extends Told {
  readonly _tag: 'OperationFailed'
  readonly status: Status
  readonly metadata?: M
  readonly metadataRefused?: Refusal
}

/** The API knows no such operation: it never did, or it has deleted it (Resource Manager does so after hours). */
export interface OperationNotFound<M = Json> extends Resumable {
  readonly _tag: 'OperationNotFound'
  readonly status: Status
  readonly lastSeen?: Running<M>
}

/** Any other final HTTP answer, such as 400, 401, 403, a redirect, or a 404 that is not the API's. */
export interface RequestRejected<M = Json> extends Resumable {
  readonly _tag: 'RequestRejected'
  readonly httpStatus: number
  readonly status: Status
  readonly lastSeen?: Running<M>
}

/** Failures that might have passed outlasted `patience`. */
export interface Unreachable<M = Json> extends Resumable {
  readonly _tag: 'Unreachable'
  /** How many polls in a row failed. */
  readonly attempts: number
  /** Milliseconds from the first of them to the last. */
  readonly lasted: number
  readonly last: PollFailure
  readonly lastSeen?: Running<M>
}

/** The caller's `timeout` passed. */
export interface TimedOut<M = Json> extends Resumable {
  readonly _tag: 'TimedOut'
  /** Milliseconds. */
  readonly timeout: number
  readonly lastSeen?: Running<M>
}

/** The server speaks, but not of an operation that can be read. */
export interface MalformedResponse<M = Json> extends Resumable {
  readonly _tag: 'MalformedResponse'
  /** Where it went wrong, such as `done` or `response.state`; the empty string for the whole. */
  readonly path: string
  /** Set where the operation is known to have succeeded, and only its response was refused. */
  readonly outcome?: 'succeeded'
  /** The response as it was sent. */
  readonly response?: Json
  /** The metadata that came with it. */
  readonly metadata?: M
  readonly metadataRefused?: Refusal
  readonly lastSeen?: Running<M>
}

/** There are no credentials, or no token could be had within `patience`. */
export interface CredentialsError<M = Json> extends Resumable {
  readonly _tag: 'CredentialsError'
  readonly reason: string
  readonly lastSeen?: Running<M>
}

/** The name is not one of the service's, or the token may not be used here; nothing was asked. */
export interface InvalidName extends Told {
  readonly _tag: 'InvalidName'
  readonly reason: string
}

/** The client's `close()` was called. */
export interface ClientClosed<M = Json> extends Resumable {
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

type Tag = OperationError['_tag']
type Tagged<T extends Tag, M> = Extract<OperationError<M>, { readonly _tag: T }>
/** An error before it is put into words; `detail` is worked into the sentence alone. */
export type Facts<M = Json> = {
  [T in Tag]: Omit<Tagged<T, M>, 'message'> & { readonly detail?: string }
}[Tag]

/** Puts facts into words. */
export const operationError = <M>({ detail, ...facts }: Facts<M>): OperationError<M> => {
  const { _tag, name, ...rest } = facts
  const message = sentence({ ...facts, ...(detail !== undefined && { detail }) } as Facts<M>)
  return { _tag, message, name, ...rest } as OperationError<M>
}

const sentence = <M>(facts: Facts<M>): string => {
  switch (facts._tag) {
    case 'OperationFailed':
      return `${facts.name} failed: ${statusText(facts.status)}.`
    case 'OperationNotFound':
      return `${facts.name} was not found${facts.lastSeen ? ' any more' : ''}: ${statusText(facts.status)}.`
    case 'RequestRejected':
      return `The question for ${facts.name} was refused with HTTP ${facts.httpStatus}: ${statusText(facts.status)}.`
    case 'Unreachable':
      return `No answer about ${facts.name}: ${streakText(facts)}${failureText(facts.last)}.`
    case 'TimedOut':
      return `${facts.name} was not known to be done within ${seconds(facts.timeout)}.`
    case 'MalformedResponse':
      return `The answer about ${facts.name} could not be read${facts.path && ` at ${facts.path}`}: ${facts.detail ?? 'it is no operation'}.`
    case 'CredentialsError':
      return `No credentials to ask about ${facts.name}: ${facts.reason}.`
    case 'InvalidName':
      return `${quoted(facts.name)} is not the name of an operation: ${facts.reason}.`
    case 'ClientClosed':
      return `The client was closed while it watched ${facts.name}.`
  }
}

const statusText = ({ codeName, code, message }: Status): string => {
  const name = codeName === 'UNKNOWN' && code !== 2 ? `code ${code}` : codeName
  return message === '' ? name : `${name}: ${message.replace(/\s+/g, ' ').replace(/\.$/, '')}`
}

const streakText = ({ attempts, lasted }: { readonly attempts: number; readonly lasted: number }): string =>
  attempts === 1 ? '' : `${attempts} polls failed in ${seconds(lasted)}, at last `

const seconds = (ms: number): string =>
  ms < 1_000 ? `${Math.round(ms)} ms` : `${Number((ms / 1_000).toFixed(ms < 10_000 ? 1 : 0))} s`

/** One phrase for a failed poll, such as `HTTP 503 UNAVAILABLE`. */
export const failureText = (failure: PollFailure): string => {
  switch (failure._tag) {
    case 'ConnectionFailed':
      return `the connection failed (${failure.code})`
    case 'RequestTimedOut':
      return `no whole answer came within ${seconds(failure.requestTimeout)}`
    case 'CertificateRefused':
      return `the server's certificate was refused (${failure.code})`
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

const is =
  <T extends Tag>(tag: T) =>
  <M>(error: OperationError<M>): error is Tagged<T, M> =>
    error._tag === tag

/** Tells one kind of {@link OperationError} from the others. */
export type ErrorGuard<T extends Tag> = <M>(error: OperationError<M>) => error is Tagged<T, M>

export const isOperationFailed: ErrorGuard<'OperationFailed'> = is('OperationFailed')
export const isOperationNotFound: ErrorGuard<'OperationNotFound'> = is('OperationNotFound')
export const isRequestRejected: ErrorGuard<'RequestRejected'> = is('RequestRejected')
export const isUnreachable: ErrorGuard<'Unreachable'> = is('Unreachable')
export const isTimedOut: ErrorGuard<'TimedOut'> = is('TimedOut')
export const isMalformedResponse: ErrorGuard<'MalformedResponse'> = is('MalformedResponse')
export const isCredentialsError: ErrorGuard<'CredentialsError'> = is('CredentialsError')
export const isInvalidName: ErrorGuard<'InvalidName'> = is('InvalidName')
export const isClientClosed: ErrorGuard<'ClientClosed'> = is('ClientClosed')

/** A function for each kind of {@link OperationError}. */
export type ErrorMatch<M, A> = { readonly [T in Tag]: (error: Tagged<T, M>) => A }

/** Answers with the function that fits the error; the compiler asks for every kind. */
export const matchOperationError =
  <M, A>(match: ErrorMatch<M, A>) =>
  (error: OperationError<M>): A =>
    (match[error._tag] as (error: OperationError<M>) => A)(error)
