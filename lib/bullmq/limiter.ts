import type { Cluster, Redis } from 'ioredis'
import type { StepPending } from '../index.js'
import { inRange, milliseconds } from '../model/invalid-option.js'
import { now } from '../watch/sleep.js'

/** How many polls all workers of a queue may send together; they are spread evenly. */
export interface LimiterOptions {
  /** Polls, at least 1. */
  readonly max: number
  /** In so many milliseconds, at least 1. */
  readonly duration: number
}

/** Windows are longer than asked for, since one poll may take longer to arrive than another. */
const MARGIN = 1.05
/** Milliseconds of a window at least, where it may have more than one poll; timers tell no shorter ones apart. */
const SHORTEST_WINDOW = 20
/** The longest pause, in milliseconds, for a server that does not say how long it is to be. */
const LONGEST_PAUSE = 30_000
/** Pauses the queue as BullMQ does, unless it is paused or its window is full for longer. */
const PAUSE = `
local isFull = tonumber(redis.call('GET', KEYS[1]) or 0) >= tonumber(ARGV[1])
if isFull and redis.call('PTTL', KEYS[1]) >= tonumber(ARGV[2]) then return end
redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[2])`
const FULL = Number.MAX_SAFE_INTEGER

/** What a worker knows of the quota of its fleet: the window that BullMQ counts in, and how long a throttled fleet pauses. */
export class Limiter {
  /** The limiter of BullMQ. */
  readonly window: LimiterOptions
  readonly #shortestPause: number
  #throttles = 0
  #throttledAt = 0

  /** Throws `InvalidOption`. */
  constructor({ max, duration }: LimiterOptions) {
    inRange('limiter.max', max, '', { from: 1, to: 1_000_000 })
    milliseconds('limiter.duration', duration, 1)
    this.window = windowOf(max, duration)
    this.#shortestPause = Math.ceil(duration * MARGIN)
  }

  /** For how long no worker should ask: the server has said that it is asked too much, or when to come again after a failure. */
  pauseAfter(step: StepPending): number {
    const { failure, retryAfter, course } = step
    // Those that were in flight together with the last one tell nothing new.
    const isNews = course.askedAt > this.#throttledAt
    if (!isThrottled(step)) {
      if (isNews) this.#throttles = 0
      return failure === undefined ? 0 : retryAfter
    }
    if (isNews) {
      this.#throttles++
      this.#throttledAt = now()
    }
    const doubled = this.#shortestPause * 2 ** (this.#throttles - 1)
    return Math.ceil(Math.max(retryAfter, this.#shortestPause, Math.min(LONGEST_PAUSE, doubled)))
  }

  /** Pauses the whole fleet for so many milliseconds, by the key of its limiter. */
  async pause(client: Redis | Cluster, key: string, milliseconds: number): Promise<void> {
    if (milliseconds > 0) await client.eval(PAUSE, 1, key, this.window.max, milliseconds, FULL)
  }
}

/**
 * The window of BullMQ, which is fixed: it begins with its first poll, and may be filled at its end. So it is as short as can be,
 * and what was asked for is held over any stretch.
 */
function windowOf(max: number, duration: number): LimiterOptions {
  const polls = Math.min(max, Math.ceil((max * SHORTEST_WINDOW) / duration))
  return { max: polls, duration: Math.ceil((duration * MARGIN * polls) / max) }
}

/** A 403 that may pass speaks of a rate limit. */
function isThrottled({ failure }: StepPending): boolean {
  return failure?._tag === 'HttpFailure' && (failure.httpStatus === 429 || failure.httpStatus === 403)
}
