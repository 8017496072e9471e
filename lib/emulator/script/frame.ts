import type { Json } from '../../model/json.js'

/** The conditions for a frame to take effect. Both must be met. An absent condition is always met. */
export interface FrameCondition {
  /** Milliseconds since the operation started, at least 0; `Infinity` means never. */
  readonly after?: number
  /**
   * The number of the first poll that gets this frame. The first poll of an operation has the number 1.
   *
   * With 0, the frame applies to all polls, and to the response to the request that starts the operation. Without a frame
   * with 0, that response has only the name.
   */
  readonly polls?: number
}

// The members that replace the operation in the response.
type HidingMember = 'httpResponse' | 'stall' | 'fault'
type OperationMember = 'metadata' | 'done' | 'response' | 'error' | 'name'

/** The members that a kind of frame must not have. */
type Absent<Member extends HidingMember | OperationMember> = { readonly [M in Member]?: never }

/** The operation is running. */
export interface RunningFrame extends FrameCondition, Absent<HidingMember | 'response' | 'error'> {
  readonly metadata?: Json
  /** Adds `done: false` to the response. Most services omit this member while the operation runs. */
  readonly done?: false
  /** Omits the name from the response. */
  readonly name?: null
}

/** The operation has succeeded. Some services omit the `response`. */
export interface SucceededFrame extends FrameCondition, Absent<HidingMember | 'error'> {
  readonly metadata?: Json
  readonly done: true
  readonly response?: Json
  readonly name?: null
}

/** A google.rpc.Status. In JSON, a `code` of 0 is omitted. */
export interface FrameStatus {
  /** The number of a google.rpc.Code. */
  readonly code?: number
  readonly message?: string
  readonly details?: readonly Json[]
}

/** The operation has failed. */
export interface FailedFrame extends FrameCondition, Absent<HidingMember | 'response'> {
  readonly metadata?: Json
  readonly done: true
  readonly error: FrameStatus
  readonly name?: null
}

/** HTTP response headers. Each item of a list is sent as a separate header. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[]>>

/** A complete HTTP response. */
export interface RawResponse {
  /** From 200 to 599. */
  readonly httpStatus: number
  /** Headers that are added to the default headers or replace them. */
  readonly headers?: ResponseHeaders
  /** A string is sent unchanged. Other values are sent as JSON, compact if the request has `prettyPrint=false`. */
  readonly body?: Json
}

/** A poll gets this HTTP response instead of the operation. */
export interface ResponseFrame extends FrameCondition, Absent<OperationMember | 'stall' | 'fault'> {
  readonly httpResponse: RawResponse
}

/** A poll never gets a response. */
export interface StallFrame extends FrameCondition, Absent<OperationMember | 'httpResponse' | 'fault'> {
  readonly stall: true
}

/**
 * A network fault during a response:
 *
 * - `reset`: the connection is reset before the status line.
 * - `reset-in-body`: the connection is reset after the headers and a part of the body.
 * - `cut-short`: the connection ends in the body, before `Content-Length` is reached.
 * - `drip`: the body never ends. One byte is sent every 20 ms.
 * - `endless`: the body never ends. It is sent as fast as the client reads.
 * - `gzip-bomb`: the body is complete. It has 66 kB, and 64 MiB after decompression.
 */
export type NetworkFault = 'reset' | 'reset-in-body' | 'cut-short' | 'drip' | 'endless' | 'gzip-bomb'

/**
 * A network fault during the response to a poll.
 *
 * Every body begins with `{"done":true}`. So a client that wrongly accepts a partial body reads an operation
 * that is done.
 */
export interface NetworkFrame extends FrameCondition, Absent<OperationMember | 'httpResponse' | 'stall'> {
  readonly fault: NetworkFault
  /**
   * From 200 to 599, except 204 and 304, because they have no body. Not allowed with `reset`.
   *
   * @defaultValue 200
   */
  readonly httpStatus?: number
}

/**
 * One step in the script of an operation: the conditions of the step, and the response while the step
 * applies.
 *
 * The last frame whose conditions are met applies. If no frame applies, the response has only the name.
 *
 * @example
 * {@includeCode ../../../examples/script-faults.ts}
 */
export type Frame = RunningFrame | SucceededFrame | FailedFrame | ResponseFrame | StallFrame | NetworkFrame

/** A fault that replaces the response to a request: a raw response, a stall or a network fault. */
export type Fault =
  | Omit<ResponseFrame, keyof FrameCondition>
  | Omit<StallFrame, keyof FrameCondition>
  | Omit<NetworkFrame, keyof FrameCondition>
