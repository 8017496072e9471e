import type { Json } from '../../model/json.js'

/** When a frame takes effect: when both conditions are met. An absent condition is always met. */
export interface FrameCondition {
  /** Milliseconds since the operation started, at least 0; `Infinity` means never. */
  readonly after?: number
  /**
   * The number of the first poll that gets the frame, from 1.
   *
   * A frame with 0 is the response of the starting call. Without one, that response has only the name.
   */
  readonly polls?: number
}

type HidingMember = 'httpResponse' | 'stall' | 'fault'
type OperationMember = 'metadata' | 'done' | 'response' | 'error' | 'name'

/** The members that a kind of frame must not have. */
type Absent<Member extends HidingMember | OperationMember> = { readonly [M in Member]?: never }

/** The operation is running. */
export interface RunningFrame extends FrameCondition, Absent<HidingMember | 'response' | 'error'> {
  readonly metadata?: Json
  /** An explicit `done: false`; most services omit it. */
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

/** A google.rpc.Status; JSON omits a `code` of 0. */
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

/** HTTP response headers; each item of a list is sent as its own header. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[]>>

/** An HTTP response that is sent unchanged. */
export interface RawResponse {
  /** From 200 to 599. */
  readonly httpStatus: number
  /** Override the default headers. */
  readonly headers?: ResponseHeaders
  /** A string is sent unchanged. Other JSON is sent in the format that the request selects. */
  readonly body?: Json
}

/** A poll gets a raw HTTP response. */
export interface ResponseFrame extends FrameCondition, Absent<OperationMember | 'stall' | 'fault'> {
  readonly httpResponse: RawResponse
}

/** A poll never gets a response. */
export interface StallFrame extends FrameCondition, Absent<OperationMember | 'httpResponse' | 'fault'> {
  readonly stall: true
}

/**
 * A fault of the network while a response is sent:
 *
 * - `reset`: the connection is reset before the status line.
 * - `reset-in-body`: the connection is reset after the headers and a part of the body.
 * - `cut-short`: the connection ends in the body, before `Content-Length` is reached.
 * - `drip`: the body never ends; one byte is sent every 20 ms.
 * - `endless`: the body never ends; it is sent as fast as the client reads.
 * - `gzip-bomb`: the body is complete; its 66 kB decompress to 64 MiB.
 */
export type NetworkFault = 'reset' | 'reset-in-body' | 'cut-short' | 'drip' | 'endless' | 'gzip-bomb'

/**
 * A network fault occurs during the response to a poll.
 *
 * Every body begins with `{"done":true}`, which exposes a client that accepts a partial body.
 */
export interface NetworkFrame extends FrameCondition, Absent<OperationMember | 'httpResponse' | 'stall'> {
  readonly fault: NetworkFault
  /**
   * From 200 to 599, except 204 and 304, which have no body; not allowed for a `reset`.
   *
   * @defaultValue 200
   */
  readonly httpStatus?: number
}

/**
 * One step of the script of an operation: a condition, and the response to polls while this frame applies.
 *
 * The last frame whose condition is met applies. If there is none, the response has only the name.
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
