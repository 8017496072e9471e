import type { Json } from './json.js'

/** Why a decoder did not take a value, and where in it. */
export interface DecodeError {
  /** A path such as `response.state`; the empty string for the whole. */
  readonly path: string
  readonly message: string
}

/** What every snapshot of an operation has. */
export interface Snapshot<M> {
  /** The name that was asked for. */
  readonly name: string
  /** The name that the server gave, where it is another one. */
  readonly reportedName?: string
  /** How far the operation is, in the service's own words; undefined where it sent none or it was refused. */
  readonly metadata?: M
  /** Why the decoder refused the metadata; the watch goes on. */
  readonly metadataError?: DecodeError
  /** Which poll brought this, from 1; 0 for the answer of the call that started the operation. */
  readonly attempt: number
  /** Milliseconds since the watch began, or since the time in its resume token. */
  readonly elapsed: number
}

/** The operation is not done. */
export interface Running<M = Json> extends Snapshot<M> {
  readonly _tag: 'Running'
  readonly done: false
}

/** The operation is done and well; `response` is undefined where the API sends none. */
export interface Succeeded<R = Json | undefined, M = Json> extends Snapshot<M> {
  readonly _tag: 'Succeeded'
  readonly done: true
  readonly response: R
}

/**
 * One polled snapshot of a long-running operation; a failed one is an `OperationFailed`, on the Left.
 *
 * Source: google/longrunning/operations.proto, https://google.aip.dev/151.
 */
export type Operation<R = Json | undefined, M = Json> = Running<M> | Succeeded<R, M>

/** Whether the operation is not done. */
export function isRunning<R, M>(operation: Operation<R, M>): operation is Running<M> {
  return operation._tag === 'Running'
}

/** Whether the operation is done and well. */
export function isSucceeded<R, M>(operation: Operation<R, M>): operation is Succeeded<R, M> {
  return operation._tag === 'Succeeded'
}

/** A function for each kind of {@link Operation}. */
export interface OperationMatch<R, M, A> {
  /** What to make of one that runs. */
  readonly Running: (operation: Running<M>) => A
  /** What to make of one that has succeeded. */
  readonly Succeeded: (operation: Succeeded<R, M>) => A
}

/** Answers with the function that fits the operation. */
export function matchOperation<R, M, A>(match: OperationMatch<R, M, A>) {
  return (operation: Operation<R, M>): A =>
    operation._tag === 'Running' ? match.Running(operation) : match.Succeeded(operation)
}
