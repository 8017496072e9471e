import type { Either, RightOf } from './either.js'
import type { Json } from './json.js'

/** The reason why a decoder rejected a value. */
export interface DecodeError {
  /** The path of the invalid member, such as `response.state`; the empty string for the whole value. */
  readonly path: string
  readonly message: string
}

/** A problem that did not make the operation fail, such as `DEPRECATED_RESOURCE_USED`. */
export interface Warning {
  /** The code of the service, such as `NOT_CRITICAL_ERROR`, or the empty string. */
  readonly code: string
  readonly message: string
  /** Further facts by name, such as the region. */
  readonly data: Readonly<Record<string, string>>
}

/** The state of an operation in one response. */
export interface Snapshot<M> {
  /** The requested name. */
  readonly name: string
  /** The name in the response, if it differs from the requested name. */
  readonly reportedName?: string
  /** The progress, in a type that the service defines. Undefined if absent, or if the decoder rejected it. */
  readonly metadata?: M
  /** The reason why the decoder rejected the metadata. The watch continues. */
  readonly metadataError?: DecodeError
  /** The URL of the resource that the operation changes, if the service reports it. */
  readonly target?: string
  /** The warnings of the service, if there are any. */
  readonly warnings?: readonly Warning[]
  /** The number of the poll, from 1. It is 0 for the response to the request that started the operation. */
  readonly attempt: number
  /** Milliseconds since the watch began, or since the time in its resume token. */
  readonly elapsed: number
}

/** An operation that is not done. */
export interface Running<M = Json> extends Snapshot<M> {
  readonly _tag: 'Running'
  readonly done: false
}

/** An operation that finished without an error. `response` is undefined if the server sent none. */
export interface Succeeded<R = Json | undefined, M = Json> extends Snapshot<M> {
  readonly _tag: 'Succeeded'
  readonly done: true
  readonly response: R
}

/**
 * A snapshot of a long-running operation. A failed operation is an `OperationFailed` in a Left instead.
 *
 * Source: google/longrunning/operations.proto, https://google.aip.dev/151.
 */
export type Operation<R = Json | undefined, M = Json> = Running<M> | Succeeded<R, M>

/** An emission of a watch, of a union of watches, or of a watch with other errors. */
export type AnyEmission = Either<unknown, Operation<unknown, unknown>>

/** The type of the operations that succeeded, in a union of emissions. */
export type SucceededOf<A> = Extract<RightOf<A>, Succeeded<unknown, unknown>>

/** The type of the responses in a union of emissions. */
export type ResponseOf<A> = SucceededOf<A>['response']

/** The type of the metadata in a union of emissions. */
export type MetadataOf<A> = [RightOf<A>] extends [never]
  ? never
  : [RightOf<A>] extends [Snapshot<infer M>]
    ? M
    : never

/** Returns whether the operation is not done. */
export function isRunning<R, M>(operation: Operation<R, M>): operation is Running<M> {
  return operation._tag === 'Running'
}

/** Returns whether the operation finished without an error. */
export function isSucceeded<R, M>(operation: Operation<R, M>): operation is Succeeded<R, M> {
  return operation._tag === 'Succeeded'
}

/** A function for each tag of {@link Operation}. */
export interface OperationMatch<R, M, A> {
  /** Maps a running operation. */
  readonly Running: (operation: Running<M>) => A
  /** Maps an operation that succeeded. */
  readonly Succeeded: (operation: Succeeded<R, M>) => A
}

/** Returns a function that maps an operation by its tag. */
export function matchOperation<R, M, A>(match: OperationMatch<R, M, A>) {
  return (operation: Operation<R, M>): A =>
    operation._tag === 'Running' ? match.Running(operation) : match.Succeeded(operation)
}
