import type { Cluster, Redis } from 'ioredis'
import type { RateLimitOptions, StepPending } from '../index.js'
import { inRange, milliseconds } from '../messages/invalid-option.js'
import { now } from '../time/clock.js'

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
export class FleetLimiter {
  /** The limiter of BullMQ. */
  readonly window: { readonly max: number; readonly duration: number }
  readonly #shortestPause: number
  #throttles = 0
  #throttledAt = 0

  /** Throws `InvalidOption`. */
  constructor({ requests, per }: RateLimitOptions) {
    inRange('rateLimit.requests', requests, '', { from: 1, to: 1_000_000 })
    milliseconds('rateLimit.per', per, 1)
    this.window = windowOf(requests, per)
    this.#shortestPause = Math.ceil(per * MARGIN)
  }

  /** For how long no worker should ask: the server has said that it is asked too much, or when to come again after a failure. */
  pauseAfter(step: StepPending): number {
    const { failure, retryAfter, state } = step
    // Those that were in flight together with the last one tell nothing new.
    const isNews = state.polledAt > this.#throttledAt
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
function windowOf(requests: number, per: number): FleetLimiter['window'] {
  const max = Math.min(requests, Math.ceil((requests * SHORTEST_WINDOW) / per))
  return { max, duration: Math.ceil((per * MARGIN * max) / requests) }
}

/** A 403 that may pass speaks of a rate limit. */
function isThrottled({ failure }: StepPending): boolean {
  return failure?._tag === 'HttpFailure' && (failure.httpStatus === 429 || failure.httpStatus === 403)
}
