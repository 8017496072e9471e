import type { Cluster, Redis } from 'ioredis'
import type { RateLimitOptions, StepPending } from '../index.js'
import { inRange, milliseconds } from '../messages/invalid-option.js'
import { now } from '../time/clock.js'

/** Multiplies the length of a window, because a poll may take longer to arrive than the next one. */
const MARGIN = 1.05
/** The shortest window with more than one poll, in milliseconds: timers are not more precise. */
const MIN_WINDOW = 20
/** The longest pause for a server that sends no Retry-After, in milliseconds. */
const MAX_PAUSE = 30_000
/** Pauses the queue with the key of BullMQ's limiter, unless that key already blocks the queue for longer. */
const PAUSE = `
local isFull = tonumber(redis.call('GET', KEYS[1]) or 0) >= tonumber(ARGV[1])
if isFull and redis.call('PTTL', KEYS[1]) >= tonumber(ARGV[2]) then return end
redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[2])`
const FULL = Number.MAX_SAFE_INTEGER

/** The rate limit of a fleet: the window of BullMQ's limiter, and the pauses after throttled polls. */
export class FleetLimiter {
  /** The `limiter` option of BullMQ. */
  readonly window: { readonly max: number; readonly duration: number }
  readonly #minPause: number
  #throttledInARow = 0
  #throttledAt = 0

  /** Throws `InvalidOption`. */
  constructor({ requests, per }: RateLimitOptions) {
    inRange('rateLimit.requests', requests, '', { from: 1, to: 1_000_000 })
    milliseconds('rateLimit.per', per, 1)
    this.window = toWindow(requests, per)
    this.#minPause = Math.ceil(per * MARGIN)
  }

  /**
   * Returns how many milliseconds the fleet must pause after a throttled poll, or after a failure with a
   * Retry-After.
   */
  pauseAfter(step: StepPending): number {
    const { failure, retryAfter, state } = step
    // A poll that was already in flight when the fleet was throttled must not lengthen the pause.
    const isLater = state.polledAt > this.#throttledAt
    if (!isThrottled(step)) {
      if (isLater) this.#throttledInARow = 0
      return failure === undefined ? 0 : retryAfter
    }
    if (isLater) {
      this.#throttledInARow++
      this.#throttledAt = now()
    }
    const backoff = Math.min(MAX_PAUSE, this.#minPause * 2 ** (this.#throttledInARow - 1))
    return Math.ceil(Math.max(retryAfter, this.#minPause, backoff))
  }

  /** Pauses the whole fleet; `key` is the key of BullMQ's limiter. */
  async pause(client: Redis | Cluster, key: string, duration: number): Promise<void> {
    if (duration > 0) await client.eval(PAUSE, 1, key, this.window.max, duration, FULL)
  }
}

/**
 * Converts a rate limit to a window of BullMQ. A window begins with its first poll, and its other
 * polls may all be sent at its end. Short windows therefore keep the rate limit over any period.
 */
function toWindow(requests: number, per: number): FleetLimiter['window'] {
  const max = Math.min(requests, Math.ceil((requests * MIN_WINDOW) / per))
  return { max, duration: Math.ceil((per * MARGIN * max) / requests) }
}

/** A 403 that is transient means a rate limit. */
function isThrottled({ failure }: StepPending): boolean {
  return failure?._tag === 'HttpFailure' && (failure.httpStatus === 429 || failure.httpStatus === 403)
}
