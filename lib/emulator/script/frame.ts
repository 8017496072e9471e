import type { Json } from '../http/json-text.js'
import type { ResponseHeaders } from '../http/responses.js'

/** When a frame takes effect: from the start without either, and with both when both have come. */
export interface FrameCondition {
  /** Milliseconds since the operation began; from 0, `Infinity` is never. */
  readonly after?: number
  /**
   * From the n-th poll on, the first being 1.
   *
   * 0 is the answer that starts the operation, which holds only the name unless a frame says `polls: 0`.
   */
  readonly polls?: number
}

/** The operation runs. */
export interface RunningFrame extends FrameCondition {
  readonly metadata?: Json
  /** An explicit `done: false`, which most services leave out, as they do when this is absent. */
  readonly done?: false
  /** Leaves the name out of the answer. */
  readonly name?: null
  readonly response?: never
  readonly error?: never
  readonly httpResponse?: never
  readonly stall?: never
  readonly fault?: never
}

/** The operation is done and well; without `response` it is done with neither, which real services answer. */
export interface SucceededFrame extends FrameCondition {
  readonly metadata?: Json
  readonly done: true
  readonly response?: Json
  readonly name?: null
  readonly error?: never
  readonly httpResponse?: never
  readonly stall?: never
  readonly fault?: never
}

/** A google.rpc.Status; without `code` it is one whose code is 0, which JSON leaves out. */
export interface FrameStatus {
  /** google.rpc.Code by number. */
  readonly code?: number
  readonly message?: string
  readonly details?: readonly Json[]
}

/** The operation is done and failed. */
export interface FailedFrame extends FrameCondition {
  readonly metadata?: Json
  readonly done: true
  readonly error: FrameStatus
  readonly name?: null
  readonly response?: never
  readonly httpResponse?: never
  readonly stall?: never
  readonly fault?: never
}

/** An HTTP answer as it stands, whatever the operation does. */
export interface RawResponse {
  /** From 200 to 599. */
  readonly httpStatus: number
  /** Sent over those that the front end sends. */
  readonly headers?: ResponseHeaders
  /** A string is sent as it is; other JSON is written as the request asks. */
  readonly body?: Json
}

/** A poll gets a raw HTTP answer. */
export interface ResponseFrame extends FrameCondition {
  readonly httpResponse: RawResponse
  readonly metadata?: never
  readonly done?: never
  readonly response?: never
  readonly error?: never
  readonly name?: never
  readonly stall?: never
  readonly fault?: never
}

/** A poll is taken and never answered. */
export interface StallFrame extends FrameCondition {
  readonly stall: true
  readonly metadata?: never
  readonly done?: never
  readonly response?: never
  readonly error?: never
  readonly name?: never
  readonly httpResponse?: never
  readonly fault?: never
}

/**
 * What can befall an answer on its way:
 *
 * - `reset`: the connection is reset before the head.
 * - `reset-in-body`: the connection is reset after the head and a part of the body.
 * - `cut-short`: the connection ends in the body, before as many bytes as `Content-Length` says.
 * - `drip`: the body never ends; a byte comes every 20 ms.
 * - `endless`: the body never ends, and comes as fast as it is read.
 * - `gzip-bomb`: the body is whole, 66 kB on the wire and 64 MiB unpacked.
 */
export type NetworkFault = 'reset' | 'reset-in-body' | 'cut-short' | 'drip' | 'endless' | 'gzip-bomb'

/**
 * A poll meets a fault of the network.
 *
 * What comes of a body says `{"done":true}`, so that who takes a part for the whole is found out.
 */
export interface NetworkFrame extends FrameCondition {
  readonly fault: NetworkFault
  /**
   * From 200 to 599, but not 204 or 304, which have no body; a `reset` has none.
   *
   * @defaultValue 200
   */
  readonly httpStatus?: number
  readonly metadata?: never
  readonly done?: never
  readonly response?: never
  readonly error?: never
  readonly name?: never
  readonly httpResponse?: never
  readonly stall?: never
}

/**
 * One step of an operation's script: when it takes effect, and what a poll then gets.
 *
 * In force is the last frame of the list whose condition has come; before the first a poll gets only the name.
 *
 * @example
 * {@includeCode ../../../examples/script-faults.ts}
 */
export type Frame = RunningFrame | SucceededFrame | FailedFrame | ResponseFrame | StallFrame | NetworkFrame

/** What a request gets in place of its own answer, at once: a raw answer, a stall, or a fault of the network. */
export type Fault =
  | Omit<ResponseFrame, keyof FrameCondition>
  | Omit<StallFrame, keyof FrameCondition>
  | Omit<NetworkFrame, keyof FrameCondition>
