import { type Either, isLeft } from '../model/either.js'
import type { PollFailure } from '../model/failure.js'
import type { OperationError } from '../model/operation-error.js'
import type { Status } from '../model/status.js'
import { type Publish, publisher } from '../transport/publisher.js'

/** A watch was subscribed to. */
export interface WatchStarted {
  /** A number that identifies the watch in this process. */
  readonly watch: number
  readonly name: string
  readonly endpoint: string
}

/**
 * A watch ended: with its final result, by unsubscription, or with a defect. A defect is an unexpected exception,
 * such as an error that a schedule or a decoder throws.
 */
export interface WatchEnded extends WatchStarted {
  readonly outcome: 'Succeeded' | OperationError['_tag'] | 'Unsubscribed' | 'Defect'
  /** The error, if the final result is a Left. */
  readonly error?: OperationError<unknown>
}

/** An operation was started after the subscriber of `OperationsClient.start` had unsubscribed. It is not watched. */
export interface StartUnwatched {
  /** The request ID of the call that started the operation. */
  readonly requestId: string
  readonly name: string
  readonly endpoint: string
}

/** A poll was sent. All times are in milliseconds. */
export interface PollStarted {
  /**
   * The number of the watch that sent the poll. If several watches share the poll, the number of the first watch that
   * is still subscribed. Absent if no watch sent the poll, as for `get`.
   */
  readonly watch?: number
  readonly name: string
  readonly endpoint: string
  /** The number of the poll in its watch, from 1. A watch in several steps counts the polls of all steps. */
  readonly attempt: number
  /** The time since the watch started, or since the start time in its resume token. */
  readonly elapsed: number
}

/** A poll ended: with a response, with a failure, or because it was aborted. */
export interface PollEnded extends PollStarted {
  /** The classification of the response or failure. `Aborted` if the poll was aborted before it had one. */
  readonly verdict:
    | 'Running'
    | 'Succeeded'
    | 'Failed'
    | 'NotFound'
    | 'Rejected'
    | 'Transient'
    | 'Permanent'
    | 'Aborted'
  /** The duration of the poll, including its wait for the rate limit. */
  readonly took: number
  readonly httpStatus?: number
  readonly failure?: PollFailure
  /** The status that the server returned, if the operation failed or the request was rejected. */
  readonly status?: Status
  /**
   * The maximum time between the end of the operation and this poll: the time since the previous snapshot. Present only
   * if this poll detected the end.
   */
  readonly lag?: number
  /** The time until the next poll. Absent if no further poll is scheduled. */
  readonly nextDelay?: number
}

/** How a watch ended: with its final result, or without one. */
export type WatchEnding = Either<OperationError<unknown>, unknown> | 'Unsubscribed' | 'Defect'

/** Returns the fields of {@link WatchEnded} for an ending. */
export function endingFields(ending: WatchEnding): Pick<WatchEnded, 'outcome' | 'error'> {
  if (typeof ending === 'string') return { outcome: ending }
  return isLeft(ending) ? { outcome: ending.left._tag, error: ending.left } : { outcome: 'Succeeded' }
}

let lastWatchId = 0

/** Returns a number that identifies a watch in this process. */
export function nextWatchId(): number {
  return ++lastWatchId
}

/** Publishes events on `node:diagnostics_channel`. */
export const diagnostics = {
  watchStart: publisher('rx-longrunning:watch:start') as Publish<WatchStarted>,
  watchEnd: publisher('rx-longrunning:watch:end') as Publish<WatchEnded>,
  startUnwatched: publisher('rx-longrunning:start:unwatched') as Publish<StartUnwatched>,
  pollStart: publisher('rx-longrunning:poll:start') as Publish<PollStarted>,
  pollEnd: publisher('rx-longrunning:poll:end') as Publish<PollEnded>,
} as const
