import { asyncScheduler, Observable, type Subscription } from 'rxjs'
import { InvalidOption, inRange, milliseconds } from '../messages/invalid-option.js'
import { isLeft } from '../model/either.js'
import type { TransportResponse, TransportResult } from '../model/failure.js'
import { decodeHttpError, detailOf } from '../model/status.js'
import { beginRequest, endRequest, frozenTime } from '../time/frozen-time.js'
import { publisher } from './publisher.js'
import type { Transport } from './transport.js'

/** The rate limit of a client. */
export interface RateLimitOptions {
  /**
   * The average number of requests per period, from 1 to 1,000,000. After idle time, a client may also send this number in a
   * burst, so one period has at most twice this number. For a hard limit of N, set half of N. Workers send no bursts.
   */
  readonly requests: number
  /** The period in milliseconds, from 1 to 3,600,000. */
  readonly per: number
}

/** The current request statistics of a client. */
export interface Stats {
  /** The number of requests in flight. */
  readonly inFlight: number
  /** The number of requests that wait for the rate limit. */
  readonly waiting: number
  /** How long the oldest waiting request has waited, in milliseconds; 0 if no request waits. */
  readonly oldestWait: number
  /** Requests per second, averaged over the last ten seconds. */
  readonly requestsPerSecond: number
  /** Requests per second that the rate limit currently allows; Infinity without a limit. */
  readonly currentRate: number
  /** The number of responses with HTTP status 429. */
  readonly throttled: number
}

/** The rate limiter let a request through. */
export interface RateLimitAcquired {
  /** How long the request waited, in milliseconds. */
  readonly waited: number
  /** The number of requests that still wait. */
  readonly waiting: number
}

/** The rate was lowered, because a 429 response contained a quota that is lower than the current rate. */
export interface RateLimitLowered {
  /** The new rate, in requests per second. */
  readonly requestsPerSecond: number
}

const publishAcquired = /* @__PURE__ */ publisher<RateLimitAcquired>('rx-longrunning:rate-limit:acquire')
const publishLowered = /* @__PURE__ */ publisher<RateLimitLowered>('rx-longrunning:rate-limit:lower')

const MINUTE_MS = 60_000
/** The number of steps in which a lowered rate recovers. Each minute without a 429 response is one step. */
const RECOVERY_STEPS = 10
/** The number of seconds that {@link Stats.requestsPerSecond} covers. */
const STATS_SECONDS = 10

/** Validates a rate limit. Throws {@link InvalidOption}. `false` disables the limit. */
export function checkRateLimit(rateLimit: RateLimitOptions | false): void {
  if (rateLimit === false) return
  if (typeof rateLimit !== 'object' || rateLimit === null)
    throw new InvalidOption('rateLimit', 'false, or { requests, per }', rateLimit)
  checkRate(rateLimit)
}

/** Validates the members of a rate limit. Throws {@link InvalidOption}. */
export function checkRate({ requests, per }: RateLimitOptions): void {
  inRange('rateLimit.requests', requests, '', { from: 1, to: 1_000_000 })
  milliseconds('rateLimit.per', per, 1)
  inRange('rateLimit.per', per, 'milliseconds', { from: 1, to: 3_600_000 })
}

interface WaitingRequest {
  /** When the request began to wait. */
  since: number
  /** Sends the request at the given time, which is now. */
  readonly send: (now: number) => void
}

/**
 * A token bucket for all requests of a client. Requests are sent in the order in which they were due. This order is
 * fair, because each operation has at most one request at a time. A 429 response can lower the rate, but never raises
 * it.
 *
 * Source: google.rpc.ErrorInfo of RATE_LIMIT_EXCEEDED, whose metadata has `quota_limit` and `quota_limit_value`.
 */
export class RateLimiter {
  readonly #now: () => number
  readonly #capacity: number
  /** Requests per millisecond. */
  readonly #configuredRate: number
  readonly #queue = new Set<WaitingRequest>()
  /** A ring buffer with the number of requests sent in each of the last seconds. */
  readonly #sentPerSecond: number[] = Array.from({ length: STATS_SECONDS }, () => 0)
  #tokens: number
  /** The time of the last change of {@link #tokens} by the rate. */
  #refilledAt: number
  /** The latest second in {@link #sentPerSecond}, counted from the start of the clock. */
  #lastSecond = 0
  /** The rate after the last 429 response, if it is lower than the configured rate, and the time of this response. */
  #loweredRate: { readonly rate: number; readonly at: number } | undefined
  #timer: Subscription | undefined
  #inFlight = 0
  #throttled = 0

  /** `now` is the clock, in milliseconds. */
  constructor(options: RateLimitOptions | false, now: () => number) {
    const { requests, per } = options || { requests: Infinity, per: 1 }
    this.#now = now
    this.#capacity = requests
    this.#configuredRate = requests / per
    this.#tokens = requests
    this.#refilledAt = now()
  }

  /**
   * Delays requests until the rate limit allows them. A request that is unsubscribed during its wait uses no token.
   *
   * With `replays`, sends a request once more, on a new connection, if a reused connection was stale. The replay uses
   * another token. Only for requests that the server may process twice. Uses no operators, because each operator would
   * create another Observable for each poll.
   */
  wrap(transport: Transport, replays = false): Transport {
    return (request) =>
      new Observable((subscriber) => {
        let sentRequest = request
        let isStale = false
        const error = (thrown: unknown): void => subscriber.error(thrown)
        const send = (now: number): void => {
          const waited = Math.max(0, now - waitingRequest.since)
          this.#recordSend(waited, now)
          // The lost time is the wait plus the time for which the process is frozen during the request.
          const lostBefore = waited - beginRequest()
          const next = (result: TransportResult): void => {
            this.#applyResult(result)
            isStale = replays && sentRequest === request && isStaleConnection(result)
            if (isStale) return
            const lostTime = lostBefore + frozenTime()
            subscriber.next(lostTime > 0 ? { ...result, ...{ lostTime } } : result)
          }
          const complete = (): void => {
            if (isStale) {
              sentRequest = { ...request, newConnection: true }
              this.#leave(waitingRequest)
              this.#enter(waitingRequest)
            } else subscriber.complete()
          }
          try {
            subscriber.add(transport(sentRequest).subscribe({ next, error, complete }))
          } catch (thrown) {
            error(thrown)
          }
        }
        const waitingRequest = { since: 0, send }
        this.#enter(waitingRequest)
        subscriber.add(() => this.#leave(waitingRequest))
      })
  }

  /** Sends a request, or adds it to the queue. */
  #enter(request: WaitingRequest): void {
    request.since = this.#now()
    if (this.#queue.size === 0 && this.#tryAcquire(request.since)) request.send(request.since)
    else {
      this.#queue.add(request)
      this.#sendWaiting()
    }
  }

  /** Removes a request that waits or is in flight. A request that does not wait was sent. */
  #leave(request: WaitingRequest): void {
    if (!this.#queue.delete(request)) {
      this.#inFlight--
      endRequest()
    }
    if (this.#queue.size > 0) return
    this.#timer?.unsubscribe()
    this.#timer = undefined
  }

  stats(): Stats {
    const now = this.#now()
    this.#clearOldSeconds(now)
    const [oldestWaiting] = this.#queue
    return {
      inFlight: this.#inFlight,
      waiting: this.#queue.size,
      oldestWait: oldestWaiting === undefined ? 0 : now - oldestWaiting.since,
      requestsPerSecond: this.#sentPerSecond.reduce((sum, sent) => sum + sent, 0) / STATS_SECONDS,
      currentRate: this.#rateAt(now) * 1_000,
      throttled: this.#throttled,
    }
  }

  #sendWaiting(): void {
    for (const waitingRequest of this.#queue) {
      const now = this.#now()
      if (!this.#tryAcquire(now)) break
      this.#queue.delete(waitingRequest)
      waitingRequest.send(now)
    }
    if (this.#queue.size === 0 || this.#timer !== undefined) return
    // The time until a token is available.
    const wait = Math.max(1, Math.ceil((1 - this.#tokens) / this.#rateAt(this.#now())))
    this.#timer = asyncScheduler.schedule(() => {
      this.#timer = undefined
      this.#sendWaiting()
    }, wait)
  }

  /** Refills the bucket, and takes one token. Returns whether there was a token. */
  #tryAcquire(now: number): boolean {
    // A clock in virtual time may restart at 0.
    const elapsed = Math.max(0, now - this.#refilledAt)
    this.#refilledAt = now
    if (this.#tokens < this.#capacity)
      this.#tokens = Math.min(this.#capacity, this.#tokens + elapsed * this.#rateAt(now))
    // Rounding errors may leave slightly less than one token after the calculated wait.
    if (this.#tokens < 1 - 1e-9) return false
    this.#tokens -= 1
    return true
  }

  /** Returns the current rate, in requests per millisecond. */
  #rateAt(now: number): number {
    if (this.#loweredRate === undefined) return this.#configuredRate
    const { rate, at } = this.#loweredRate
    const recoverySteps = Math.min(RECOVERY_STEPS, Math.floor((now - at) / MINUTE_MS))
    if (recoverySteps === RECOVERY_STEPS) this.#loweredRate = undefined
    return rate + ((this.#configuredRate - rate) * recoverySteps) / RECOVERY_STEPS
  }

  #applyResult(result: TransportResult): void {
    if (isLeft(result) || result.right.httpStatus !== 429) return
    this.#throttled++
    if (this.#capacity === Infinity) return
    const now = this.#now()
    const previousRate = this.#rateAt(now)
    const rate = Math.min(previousRate, quotaOf(result.right) ?? Infinity)
    if (rate === this.#configuredRate) return
    this.#loweredRate = { rate, at: now }
    if (rate < previousRate) publishLowered(() => ({ requestsPerSecond: rate * 1_000 }))
  }

  /** Updates the statistics before a request is sent that has waited for `waited` milliseconds. */
  #recordSend(waited: number, now: number): void {
    this.#inFlight++
    this.#clearOldSeconds(now)
    const index = this.#lastSecond % STATS_SECONDS
    this.#sentPerSecond[index] = (this.#sentPerSecond[index] ?? 0) + 1
    publishAcquired(() => ({ waited, waiting: this.#queue.size }))
  }

  #clearOldSeconds(now: number): void {
    const current = Math.floor(now / 1_000)
    const first = Math.max(this.#lastSecond + 1, current - STATS_SECONDS + 1)
    for (let second = first; second <= current; second++) this.#sentPerSecond[second % STATS_SECONDS] = 0
    this.#lastSecond = current
  }
}

/** Returns whether a reused connection failed before the first byte of the response. */
function isStaleConnection(result: TransportResult): boolean {
  return isLeft(result) && 'stale' in result.left && result.left.stale === true
}

/** Returns the quota in requests per millisecond, or undefined if the response has no quota per minute or per second. */
function quotaOf({ httpStatus, body }: TransportResponse): number | undefined {
  const status = decodeHttpError(httpStatus, body)
  const { quota_limit: limitName = '', quota_limit_value: limitValue = '' } =
    (status && detailOf(status, 'ErrorInfo')?.metadata) ?? {}
  const unit = /Per(Minute|Second)/.exec(limitName)?.[1]
  if (unit === undefined || !/^[1-9]\d{0,11}$/.test(limitValue)) return undefined
  return Number(limitValue) / (unit === 'Minute' ? MINUTE_MS : 1_000)
}
