import type { Json } from '../../model/json.js'
import type { BatchPart } from './batch-request.js'
import type { Query, SeenHeaders } from './format.js'

/** A request that has arrived completely. */
export interface SeenRequest {
  /** A serial number from 1. */
  readonly id: number
  /** The number of its socket. */
  readonly socket: number
  /** Milliseconds since the emulator started. */
  readonly at: number
  readonly method: string
  /** Percent-encoded, as sent, without the query. */
  readonly path: string
  /** Decoded; a repeated parameter has its last value. */
  readonly query: Query
  readonly headers: SeenHeaders
  /** Parsed JSON, or the text if it is not JSON; absent if it is empty. */
  readonly body?: Json
  /**
   * The valid requests inside a batch; absent if this is not a batch.
   *
   * They have no events of their own, but each of them that gets an operation counts as a poll.
   */
  readonly parts?: readonly BatchPart[]
}

/** A client has connected. */
export interface Connected {
  readonly _tag: 'Connected'
  /** A serial number from 1. */
  readonly socket: number
}

/** A request has arrived completely; exactly one of Answered, Aborted and Dropped follows. */
export interface Request {
  readonly _tag: 'Request'
  readonly request: SeenRequest
}

/** The complete response has been handed to the operating system. */
export interface Answered {
  readonly _tag: 'Answered'
  readonly request: SeenRequest
  readonly httpStatus: number
}

/** The client disconnected before the response was complete. */
export interface Aborted {
  readonly _tag: 'Aborted'
  readonly request: SeenRequest
}

/** The emulator closed the socket before the response was complete, as `close()` and some faults do. */
export interface Dropped {
  readonly _tag: 'Dropped'
  readonly request: SeenRequest
}

/** A socket has closed; the last events of its requests precede this one. */
export interface Closed {
  readonly _tag: 'Closed'
  readonly socket: number
}

/** An event of the emulator, emitted when it happens. */
export type EmulatorEvent = Connected | Request | Answered | Aborted | Dropped | Closed
