import { channel } from 'node:diagnostics_channel'
import type { Either } from 'fp-ts/lib/Either.js'
import { isLeft } from '../model/either.js'
import type { PollFailure } from '../model/failure.js'
import type { OperationError } from '../model/operation-error.js'
import type { Status } from '../model/status.js'

/** A watch was subscribed to. */
export interface WatchStarted {
  /** Tells watches of this process apart. */
  readonly watch: number
  readonly name: string
  readonly endpoint: string
}

/** A watch has ended: with its last word, unsubscribed, or by a defect. */
export interface WatchEnded extends WatchStarted {
  readonly outcome: 'Succeeded' | OperationError['_tag'] | 'Unsubscribed' | 'Defect'
  /** The last word, where that is a Left. */
  readonly error?: OperationError<unknown>
}

/** A poll is sent; times are in milliseconds. */
export interface PollStarted {
  /** Whose poll it is: of watches that share it, the first; absent where there is none, as in `get`. */
  readonly watch?: number
  readonly name: string
  readonly endpoint: string
  readonly attempt: number
  readonly elapsed: number
}

/** A poll was answered, or failed, or was called back. */
export interface PollEnded extends PollStarted {
  readonly verdict:
    | 'Running'
    | 'Succeeded'
    | 'Failed'
    | 'NotFound'
    | 'Rejected'
    | 'Transient'
    | 'Permanent'
    | 'Aborted'
  /** From when it was asked for until now, with what it waited for the budget. */
  readonly took: number
  readonly httpStatus?: number
  readonly failure?: PollFailure
  /** What the server said, where the operation failed or the question was refused. */
  readonly status?: Status
  /** Since the snapshot before, where that was running and this one is done: the operation ended meanwhile, to within a round trip. */
  readonly lag?: number
  /** Until the next poll; absent where there is none. */
  readonly nextDelay?: number
}

/** How a watch ends: with its last word, or without one. */
export type WatchEnding = Either<OperationError<unknown>, unknown> | 'Unsubscribed' | 'Defect'

/** What is told of an ending. */
export function endingFields(ending: WatchEnding): Pick<WatchEnded, 'outcome' | 'error'> {
  if (typeof ending === 'string') return { outcome: ending }
  return isLeft(ending) ? { outcome: ending.left._tag, error: ending.left } : { outcome: 'Succeeded' }
}

let watches = 0

/** A number that tells watches of this process apart. */
export function nextWatch(): number {
  return ++watches
}

const watchStart = /* @__PURE__ */ channel('rx-longrunning:watch:start')
const watchEnd = /* @__PURE__ */ channel('rx-longrunning:watch:end')
const pollStart = /* @__PURE__ */ channel('rx-longrunning:poll:start')
const pollEnd = /* @__PURE__ */ channel('rx-longrunning:poll:end')

/**
 * What happens inside, on `node:diagnostics_channel`. Nothing is built for a channel that nobody listens to.
 *
 * Source: https://nodejs.org/api/diagnostics_channel.html.
 */
export const diagnostics = {
  watchStart: (event: () => WatchStarted): void => {
    if (watchStart.hasSubscribers) watchStart.publish(event())
  },
  watchEnd: (event: () => WatchEnded): void => {
    if (watchEnd.hasSubscribers) watchEnd.publish(event())
  },
  pollStart: (event: () => PollStarted): void => {
    if (pollStart.hasSubscribers) pollStart.publish(event())
  },
  pollEnd: (event: () => PollEnded): void => {
    if (pollEnd.hasSubscribers) pollEnd.publish(event())
  },
} as const
