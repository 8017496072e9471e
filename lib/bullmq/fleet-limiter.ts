import type { RateLimitOptions, StepPending } from '../index.js'
import { clockOffset, now } from '../time/clock.js'
import { checkRate } from '../transport/rate-limiter.js'

/** The factor that lengthens each interval. Without it, two polls may arrive at the server closer together than allowed. */
const MARGIN = 1.05
/** The maximum pause if the server sends no Retry-After, in milliseconds. */
const MAX_PAUSE = 30_000
/**
 * If a poll is late because its timer fired late, the next polls are sent sooner, so that the rate stays the same. They
 * make up for at most this delay, in milliseconds. A longer delay means that the event loop was blocked.
 */
const MAX_CATCH_UP = 20
/**
 * The longest wait for which a poll is reserved, in milliseconds, unless Redis is distant. Longer reservations would
 * delay a pause, because reserved polls are sent even if the fleet is paused.
 */
const MAX_WAIT = 200
/**
 * A script that returns the wait until the fleet may send its next poll, in milliseconds. Reserves that time for one
 * poll, unless the wait is longer than ARGV[1]. ARGV[2] is the interval between the reserved poll and its successor.
 * ARGV[3] is the pause from now. Ignores a stored time that is more than ARGV[4] ahead: a Redis server whose clock was
 * ahead stored it, before a failover.
 */
const RESERVE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local due = math.max(now, tonumber(redis.call('GET', KEYS[1]) or 0) or 0)
if due > now + ARGV[4] then due = now end
local wait = math.floor(due - now)
if wait <= tonumber(ARGV[1]) then
  local next = math.max(due + ARGV[2], now + ARGV[3])
  redis.call('SET', KEYS[1], string.format('%.4f', next), 'PX', math.ceil(next - now) + 1)
end
return wait`

/** Runs a script for the key that stores the time of the fleet's next poll. */
type Evaluate = (script: string, ...args: readonly number[]) => Promise<unknown>

/** The rate limit of a fleet, and its pauses after throttled polls (429, or transient 403). */
export class FleetLimiter {
  readonly #evaluate: Evaluate
  readonly #interval: number
  readonly #minPause: number
  #lastSleep: Promise<void> = Promise.resolve()
  /** The earliest time of this worker's next poll, from `performance.now()`. */
  #nextPollAt = Number.NEGATIVE_INFINITY
  /** The duration of the latest command, in milliseconds. */
  #roundTrip = 0
  #throttledInARow = 0
  /** The time of the latest throttled poll, from `now()`. */
  #throttledAt = 0

  /** Throws `InvalidOption`. */
  constructor({ requests, per }: RateLimitOptions, evaluate: Evaluate) {
    checkRate({ requests, per })
    // The last argument is the longest valid pause: a Retry-After pauses the fleet for at most five minutes.
    this.#evaluate = (script, ...args) => evaluate(script, ...args, 300_000 + this.#minPause)
    this.#interval = (per * MARGIN) / requests
    this.#minPause = Math.ceil(per * MARGIN)
  }

  /**
   * Reserves the time of one poll, unless the wait until that time is longer than `maxWait`. `roundTrip` is the duration
   * of the command.
   */
  async reserve(): Promise<{ wait: number; maxWait: number; roundTrip: number }> {
    const startedAt = performance.now()
    // A worker needs two round trips for a poll: one to fetch the job, and one to reserve the poll.
    const maxWait = Math.max(MAX_WAIT, 2 * this.#roundTrip)
    const wait = Number(await this.#evaluate(RESERVE, maxWait, this.#interval, 0))
    this.#roundTrip = performance.now() - startedAt
    return { wait, maxWait, roundTrip: this.#roundTrip }
  }

  /**
   * Waits until a reserved time, and for the interval after the previous poll of this worker. Without this interval,
   * several overdue polls would be sent at the same time after the event loop was blocked.
   */
  sleep(wait: number, sleepFor: (delay: number) => Promise<unknown>): Promise<void> {
    const due = performance.now() + wait
    this.#lastSleep = this.#lastSleep.then(async () => {
      const delay = Math.max(due, this.#nextPollAt) - performance.now()
      if (delay >= 1) await sleepFor(delay)
      this.#nextPollAt = Math.max(this.#nextPollAt, performance.now() - MAX_CATCH_UP) + this.#interval
    })
    return this.#lastSleep
  }

  /**
   * Pauses the whole fleet if a poll was throttled or its failure has a Retry-After. Has no effect while a longer pause
   * is active.
   */
  async pauseAfter(step: StepPending): Promise<void> {
    const pause = this.#pauseLength(step)
    // An interval of 0 reserves no time.
    if (pause > 0) await this.#evaluate(RESERVE, Number.MAX_SAFE_INTEGER, 0, pause)
  }

  /** Returns how long the fleet pauses after a poll, in milliseconds. */
  #pauseLength(step: StepPending): number {
    const { failure, retryAfter, state } = step
    // Several polls in flight may be throttled together. Only the first of them doubles the pause.
    const wasSentLater = state.polledAt - clockOffset() > this.#throttledAt
    if (!isThrottled(step)) {
      if (wasSentLater) this.#throttledInARow = 0
      return failure === undefined ? 0 : retryAfter
    }
    if (wasSentLater) {
      this.#throttledInARow++
      this.#throttledAt = now()
    }
    const backoff = Math.min(MAX_PAUSE, this.#minPause * 2 ** (this.#throttledInARow - 1))
    return Math.ceil(Math.max(retryAfter, this.#minPause, backoff))
  }
}

/**
 * Returns whether the server throttled the poll. `failure` is a 403 only if a rate limit caused the 403, because no other
 * 403 is transient.
 */
function isThrottled({ failure }: StepPending): boolean {
  return failure?._tag === 'HttpFailure' && (failure.httpStatus === 429 || failure.httpStatus === 403)
}
