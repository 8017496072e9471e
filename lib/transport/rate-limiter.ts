import { channel } from 'node:diagnostics_channel'
import type { Either } from 'fp-ts/lib/Either.js'
import { asyncScheduler, defer, Observable, type Subscription } from 'rxjs'
import { InvalidOption, inRange, milliseconds } from '../messages/invalid-option.js'
import { isLeft } from '../model/either.js'
import type { TransportFailure, TransportResponse } from '../model/failure.js'
import { decodeHttpError, detailOf } from '../model/status.js'
import type { Transport } from './transport.js'

/** How many requests a client may send. */
export interface RateLimitOptions {
  /** How many at most, from 1 to 1 000 000; a client that was quiet may send as many at once. */
  readonly requests: number
  /** In how many milliseconds, from 1 to 3 600 000. */
  readonly per: number
}

/** What a client is doing. */
export interface Stats {
  /** Requests that are sent and not yet answered. */
  readonly inFlight: number
  /** Requests that wait for the budget. */
  readonly waiting: number
  /** Milliseconds that the one of them has waited that came first. */
  readonly oldestWait: number
  /** Requests sent a second, over the last ten. */
  readonly requestsPerSecond: number
  /** Requests a second that the budget lets through now; Infinity without one. */
  readonly currentRate: number
  /** How often a server has answered 429. */
  readonly throttled: number
}

/** A request was let through; its time is in milliseconds. */
export interface RateLimitAcquired {
  readonly waited: number
  readonly waiting: number
}

/** A server said what its quota is, and that is less than the budget. */
export interface RateLimitLowered {
  readonly requestsPerSecond: number
}

const acquireChannel = /* @__PURE__ */ channel('rx-longrunning:rate-limit:acquire')
const lowerChannel = /* @__PURE__ */ channel('rx-longrunning:rate-limit:lower')

const MINUTE = 60_000
/** A lowered rate comes back by so many steps, one for each minute without a 429. */
const STEPS = 10
const WINDOW = 10

/** The budget of a client, checked; throws {@link InvalidOption}. False is none. */
export function checkRateLimit(rateLimit: RateLimitOptions | false): void {
  if (rateLimit === false) return
  if (typeof rateLimit !== 'object' || rateLimit === null)
    throw new InvalidOption('rateLimit', 'false, or { requests, per }', rateLimit)
  inRange('rateLimit.requests', rateLimit.requests, '', { from: 1, to: 1_000_000 })
  milliseconds('rateLimit.per', rateLimit.per, 1)
  inRange('rateLimit.per', rateLimit.per, 'milliseconds', { from: 1, to: 3_600_000 })
}

interface Waiter {
  readonly since: number
  readonly start: () => void
}

/**
 * A token bucket that all requests of a client share: first due, first served, and so fair between operations, each of
 * which has one request at a time. A 429 that says what its quota is may lower the rate, never raise it.
 *
 * Source: google.rpc.ErrorInfo of RATE_LIMIT_EXCEEDED, whose metadata has `quota_limit` and `quota_limit_value`.
 */
export class RateLimiter {
  readonly #now: () => number
  readonly #capacity: number
  /** Requests a millisecond. */
  readonly #rate: number
  readonly #waiters = new Set<Waiter>()
  readonly #sentIn: number[] = Array.from({ length: WINDOW }, () => 0)
  #tokens: number
  #filledAt: number
  #second = 0
  #lowered: { readonly rate: number; readonly at: number } | undefined
  #timer: Subscription | undefined
  #inFlight = 0
  #throttled = 0

  /** `now` is the clock, in milliseconds. */
  constructor(options: RateLimitOptions | false, now: () => number) {
    const { requests, per } = options || { requests: Number.POSITIVE_INFINITY, per: 1 }
    this.#now = now
    this.#capacity = requests
    this.#rate = requests / per
    this.#tokens = requests
    this.#filledAt = now()
  }

  /** Lets requests through as the budget has it; one that is unsubscribed while it waits costs nothing. */
  readonly wrap = (transport: Transport): Transport => {
    return (request) =>
      new Observable((subscriber) => {
        let isSent = false
        const waiter: Waiter = {
          since: this.#now(),
          start: () => {
            isSent = true
            this.#onStart(waiter)
            subscriber.add(
              defer(() => transport(request)).subscribe({
                next: (outcome) => {
                  this.#onResponse(outcome)
                  subscriber.next(outcome)
                },
                error: (defect: unknown) => subscriber.error(defect),
                complete: () => subscriber.complete(),
              }),
            )
          },
        }
        subscriber.add(() => {
          if (isSent) this.#inFlight--
          else this.#waiters.delete(waiter)
          if (this.#waiters.size === 0) this.#cancelTimer()
        })
        if (this.#waiters.size === 0 && this.#tryAcquire()) waiter.start()
        else {
          this.#waiters.add(waiter)
          this.#startWaiters()
        }
      })
  }

  stats(): Stats {
    const now = this.#now()
    this.#expireSeconds(now)
    const [first] = this.#waiters
    return {
      inFlight: this.#inFlight,
      waiting: this.#waiters.size,
      oldestWait: first === undefined ? 0 : now - first.since,
      requestsPerSecond: this.#sentIn.reduce((sum, sent) => sum + sent, 0) / WINDOW,
      currentRate: this.#rateAt(now) * 1_000,
      throttled: this.#throttled,
    }
  }

  #startWaiters(): void {
    for (const waiter of this.#waiters) {
      if (!this.#tryAcquire()) break
      this.#waiters.delete(waiter)
      waiter.start()
    }
    if (this.#waiters.size > 0) this.#timer ??= this.#scheduleNext()
  }

  #scheduleNext(): Subscription {
    const wait = Math.max(1, Math.ceil((1 - this.#tokens) / this.#rateAt(this.#now())))
    return asyncScheduler.schedule(() => {
      this.#timer = undefined
      this.#startWaiters()
    }, wait)
  }

  #cancelTimer(): void {
    this.#timer?.unsubscribe()
    this.#timer = undefined
  }

  #tryAcquire(): boolean {
    const now = this.#now()
    // A clock in virtual time may begin anew.
    const passed = Math.max(0, now - this.#filledAt)
    this.#filledAt = now
    if (this.#tokens < this.#capacity)
      this.#tokens = Math.min(this.#capacity, this.#tokens + passed * this.#rateAt(now))
    // What is missing for want of decimals is not waited for.
    if (this.#tokens < 1 - 1e-9) return false
    this.#tokens -= 1
    return true
  }

  #rateAt(now: number): number {
    if (this.#lowered === undefined) return this.#rate
    const { rate, at } = this.#lowered
    const steps = Math.min(STEPS, Math.floor((now - at) / MINUTE))
    if (steps === STEPS) this.#lowered = undefined
    return rate + ((this.#rate - rate) * steps) / STEPS
  }

  #onResponse(outcome: Either<TransportFailure, TransportResponse>): void {
    if (isLeft(outcome) || outcome.right.httpStatus !== 429) return
    this.#throttled++
    if (this.#capacity === Number.POSITIVE_INFINITY) return
    const now = this.#now()
    const before = this.#rateAt(now)
    const rate = Math.min(before, quotaOf(outcome.right) ?? Number.POSITIVE_INFINITY)
    if (rate === this.#rate) return
    this.#lowered = { rate, at: now }
    if (rate < before && lowerChannel.hasSubscribers)
      lowerChannel.publish({ requestsPerSecond: rate * 1_000 } satisfies RateLimitLowered)
  }

  #onStart({ since }: Waiter): void {
    const now = this.#now()
    this.#inFlight++
    this.#expireSeconds(now)
    const slot = this.#second % WINDOW
    this.#sentIn[slot] = (this.#sentIn[slot] ?? 0) + 1
    if (acquireChannel.hasSubscribers)
      acquireChannel.publish({ waited: now - since, waiting: this.#waiters.size } satisfies RateLimitAcquired)
  }

  /** Empties the seconds that have gone by since something was counted. */
  #expireSeconds(now: number): void {
    const second = Math.floor(now / 1_000)
    for (let passed = Math.max(this.#second + 1, second - WINDOW + 1); passed <= second; passed++)
      this.#sentIn[passed % WINDOW] = 0
    this.#second = second
  }
}

/** The requests a millisecond that a server allows, if it says so for a minute or a second. */
function quotaOf({ httpStatus, body }: TransportResponse): number | undefined {
  const status = decodeHttpError(httpStatus, body)
  const { quota_limit: limit = '', quota_limit_value: value = '' } =
    (status && detailOf(status, 'ErrorInfo')?.metadata) ?? {}
  const unit = /Per(Minute|Second)/.exec(limit)?.[1]
  if (unit === undefined || !/^[1-9]\d{0,11}$/.test(value)) return undefined
  return Number(value) / (unit === 'Minute' ? MINUTE : 1_000)
}
