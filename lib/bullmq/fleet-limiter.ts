import type { Cluster, Redis } from 'ioredis'
import type { RateLimitOptions, StepPending } from '../index.js'
import { inRange, milliseconds } from '../messages/invalid-option.js'
import { now } from '../time/clock.js'

/**
 * A factor that lengthens each window. The time between the arrivals of two polls at the server may be
 * shorter than the time between their departures.
 */
const MARGIN = 1.05
/** The minimum length of a window that contains more than one poll, in milliseconds. Timers are not more precise. */
const MIN_WINDOW = 20
/** The maximum pause if the server sends no Retry-After, in milliseconds. */
const MAX_PAUSE = 30_000
/**
 * A Redis script that pauses the queue: it sets the key of BullMQ's limiter to {@link FULL}. The script does
 * nothing if the key already pauses the queue for a longer time.
 */
const PAUSE_SCRIPT = `
local isFull = tonumber(redis.call('GET', KEYS[1]) or 0) >= tonumber(ARGV[1])
if isFull and redis.call('PTTL', KEYS[1]) >= tonumber(ARGV[2]) then return end
redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[2])`
/** The number of polls in a window that is full. While a window is full, BullMQ starts no job. */
const FULL = Number.MAX_SAFE_INTEGER

/**
 * The rate limit of a fleet: the window of BullMQ's limiter, and the pauses after throttled polls (429, or transient
 * 403).
 */
export class FleetLimiter {
  /** The option `limiter` of BullMQ: at most `max` polls in `duration` milliseconds. */
  readonly window: { readonly max: number; readonly duration: number }
  readonly #minPause: number
  #throttledInARow = 0
  #throttledAt = 0

  /** Throws `InvalidOption` if the rate limit is invalid. */
  constructor({ requests, per }: RateLimitOptions) {
    inRange('rateLimit.requests', requests, '', { from: 1, to: 1_000_000 })
    milliseconds('rateLimit.per', per, 1)
    this.window = toWindow(requests, per)
    this.#minPause = Math.ceil(per * MARGIN)
  }

  /**
   * Returns how long the fleet must pause after a poll, in milliseconds. Returns 0 if the poll was not throttled and
   * its failure has no Retry-After.
   */
  pauseAfter(step: StepPending): number {
    const { failure, retryAfter, state } = step
    // A poll that was already in flight when the fleet was throttled must not double the pause.
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

  /** Pauses the whole fleet. `key` is the key of BullMQ's limiter. */
  async pause(client: Redis | Cluster, key: string, duration: number): Promise<void> {
    if (duration > 0) await client.eval(PAUSE_SCRIPT, 1, key, this.window.max, duration, FULL)
  }
}

/**
 * Converts a rate limit to a window of BullMQ. A window begins with its first poll. The other polls of the
 * window may be sent at the end of the window, directly before the polls of the next window. The window is
 * therefore as short as possible. It then contains few polls, and the rate limit holds in any period.
 */
function toWindow(requests: number, per: number): FleetLimiter['window'] {
  const max = Math.min(requests, Math.ceil((requests * MIN_WINDOW) / per))
  return { max, duration: Math.ceil((per * MARGIN * max) / requests) }
}

/**
 * Returns whether the server throttled the poll. A 403 is a transient failure only if a rate limit caused it.
 */
function isThrottled({ failure }: StepPending): boolean {
  return failure?._tag === 'HttpFailure' && (failure.httpStatus === 429 || failure.httpStatus === 403)
}
