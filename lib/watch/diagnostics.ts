import { channel } from 'node:diagnostics_channel'
import type { PollFailure } from '../model/answer.js'
import type { OperationError } from '../model/operation-error.js'

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
}

/** A poll is sent; times are in milliseconds. */
export interface PollStarted {
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
    | 'Hopeless'
    | 'Aborted'
  readonly httpStatus?: number
  readonly failure?: PollFailure
  /** Until the next poll; absent where there is none. */
  readonly nextDelay?: number
}

let watches = 0

/** A number that tells watches of this process apart. */
export const nextWatch = (): number => ++watches

const watchStart = channel('rx-longrunning:watch:start')
const watchEnd = channel('rx-longrunning:watch:end')
const pollStart = channel('rx-longrunning:poll:start')
const pollEnd = channel('rx-longrunning:poll:end')

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
