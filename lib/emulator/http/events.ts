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
  /** The path as it was sent: percent-encoded and without the query. */
  readonly path: string
  readonly query: Query
  readonly headers: SeenHeaders
  /** The parsed JSON. A body that is not JSON, or has more than 100 levels, is a text; an empty body is absent. */
  readonly body?: Json
  /**
   * The valid requests in a batch; absent if the request is not a batch.
   *
   * They have no events of their own. A part that gets an operation counts as a poll.
   */
  readonly parts?: readonly BatchPart[]
}

/** A client has connected. */
export interface Connected {
  readonly _tag: 'Connected'
  /** A serial number from 1. */
  readonly socket: number
}

/** A request has arrived completely. Exactly one of Answered, Aborted and Dropped follows. */
export interface Request {
  readonly _tag: 'Request'
  readonly request: SeenRequest
}

/** The complete response has been passed to the operating system. */
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

/** The emulator closed the socket before the response was complete, because of a fault or a call of `close()`. */
export interface Dropped {
  readonly _tag: 'Dropped'
  readonly request: SeenRequest
}

/** A socket has closed. All events of its requests have been emitted before. */
export interface Closed {
  readonly _tag: 'Closed'
  readonly socket: number
}

/** An event of the emulator, emitted when it happens. */
export type EmulatorEvent = Connected | Request | Answered | Aborted | Dropped | Closed
