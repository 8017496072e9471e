import type { RateLimitOptions, StepPending } from '../index.js'
import { inRange, milliseconds } from '../messages/invalid-option.js'
import { clockOffset, now } from '../time/clock.js'

/** Lengthens each interval, because the time between two polls may be shorter on arrival at the server than when sent. */
const MARGIN = 1.05
/** The maximum pause if the server sends no Retry-After, in milliseconds. */
const MAX_PAUSE = 30_000
/** The delay of a timer that the next polls may make up for, in milliseconds. Timers are not more precise. */
const MAX_DELAY = 20
/**
 * The longest wait for which a poll is reserved, in milliseconds. It is longer if Redis is distant. Reserved polls are
 * sent even if the fleet is paused.
 */
const MAX_WAIT = 200
/**
 * A script that returns the wait until the fleet may send its next poll, in milliseconds. Reserves that time for one
 * poll, unless the wait is longer than ARGV[1]. ARGV[2] is the interval to the poll after that, and ARGV[3] the pause
 * from now. Ignores a stored time that is further ahead than ARGV[4]. It is from a server whose clock was ahead.
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
  #next = Number.NEGATIVE_INFINITY
  #roundTrip = 0
  #throttledInARow = 0
  #throttledAt = 0

  /** Throws `InvalidOption`. */
  constructor({ requests, per }: RateLimitOptions, evaluate: Evaluate) {
    inRange('rateLimit.requests', requests, '', { from: 1, to: 1_000_000 })
    milliseconds('rateLimit.per', per, 1)
    // A Retry-After pauses the fleet for at most five minutes.
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
    // A job arrives two round trips after its fetch: one to fetch it, and one to reserve its poll.
    const maxWait = Math.max(MAX_WAIT, 2 * this.#roundTrip)
    const wait = Number(await this.#evaluate(RESERVE, maxWait, this.#interval, 0))
    this.#roundTrip = performance.now() - startedAt
    return { wait, maxWait, roundTrip: this.#roundTrip }
  }

  /**
   * Waits until a reserved time, and for the interval after the previous poll of this worker. If the event loop was
   * blocked, several polls are overdue, and must not be sent at the same time.
   */
  sleep(wait: number, pause: (delay: number) => Promise<unknown>): Promise<void> {
    const due = performance.now() + wait
    this.#lastSleep = this.#lastSleep.then(async () => {
      const delay = Math.max(due, this.#next) - performance.now()
      if (delay >= 1) await pause(delay)
      this.#next = Math.max(this.#next, performance.now() - MAX_DELAY) + this.#interval
    })
    return this.#lastSleep
  }

  /**
   * Pauses the whole fleet if a poll was throttled or its failure has a Retry-After. Has no effect while a longer pause
   * is active.
   */
  async pauseAfter(step: StepPending): Promise<void> {
    const pause = this.#pauseAfter(step)
    if (pause > 0) await this.#evaluate(RESERVE, Number.MAX_SAFE_INTEGER, 0, pause)
  }

  #pauseAfter(step: StepPending): number {
    const { failure, retryAfter, state } = step
    // A poll that was already in flight when the fleet was throttled must not double the pause.
    const isLater = state.polledAt - clockOffset() > this.#throttledAt
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
}

/**
 * Returns whether the server throttled the poll. A 403 is a transient failure only if a rate limit caused it.
 */
function isThrottled({ failure }: StepPending): boolean {
  return failure?._tag === 'HttpFailure' && (failure.httpStatus === 429 || failure.httpStatus === 403)
}
