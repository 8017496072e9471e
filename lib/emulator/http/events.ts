import type { BatchPart } from './batch-request.js'
import type { Query, SeenHeaders } from './format.js'
import type { Json } from './json-text.js'

/** A request that has arrived whole. */
export interface SeenRequest {
  /** 1 for the emulator's first. */
  readonly id: number
  /** The number of the socket it came on. */
  readonly socket: number
  /** Milliseconds since the emulator started. */
  readonly at: number
  readonly method: string
  /** As it came: percent-encoded and without the query. */
  readonly path: string
  /** Decoded; of a repeated parameter the last value. */
  readonly query: Query
  readonly headers: SeenHeaders
  /** Parsed JSON, or the text of what is not JSON; absent when empty. */
  readonly body?: Json
  /**
   * The requests inside a batch, as they apply; those that are none are left out. Absent of what is no batch.
   *
   * They are no requests of their own here: of each, what it asks of an operation counts as a poll of that.
   */
  readonly parts?: readonly BatchPart[]
}

/** A client has connected. */
export interface Connected {
  readonly _tag: 'Connected'
  /** 1 for the emulator's first. */
  readonly socket: number
}

/** A request has arrived whole; exactly one of Answered, Aborted and Dropped follows. */
export interface Request {
  readonly _tag: 'Request'
  readonly request: SeenRequest
}

/** The whole answer was handed to the network. */
export interface Answered {
  readonly _tag: 'Answered'
  readonly request: SeenRequest
  readonly httpStatus: number
}

/** The client went away before the answer was whole. */
export interface Aborted {
  readonly _tag: 'Aborted'
  readonly request: SeenRequest
}

/** The emulator itself ended the socket before the answer was whole, as `close()` and some faults do. */
export interface Dropped {
  readonly _tag: 'Dropped'
  readonly request: SeenRequest
}

/** A socket is closed; the requests it carried have had their last event before. */
export interface Closed {
  readonly _tag: 'Closed'
  readonly socket: number
}

/** What happens at the emulator, in the order in which it happens. */
export type EmulatorEvent = Connected | Request | Answered | Aborted | Dropped | Closed
