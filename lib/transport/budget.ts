import { channel } from 'node:diagnostics_channel'
import type { Either } from 'fp-ts/lib/Either.js'
import { asyncScheduler, defer, Observable, type Subscription } from 'rxjs'
import type { Answer, Failure } from '../model/answer.js'
import { isLeft } from '../model/either.js'
import { InvalidOption, inRange, milliseconds } from '../model/invalid-option.js'
import { decodeHttpError, detailOf } from '../model/status.js'
import type { Transport } from './transport.js'

/** How many requests a client may send. */
export interface BudgetOptions {
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
  readonly lateness: number
  /** Requests sent a second, over the last ten. */
  readonly requestsPerSecond: number
  /** Requests a second that the budget lets through now; Infinity without one. */
  readonly budget: number
  /** How often a server has answered 429. */
  readonly throttled: number
}

/** A request was let through; its time is in milliseconds. */
export interface BudgetSpent {
  readonly waited: number
  readonly waiting: number
}

/** A server said what its quota is, and that is less than the budget. */
export interface BudgetLowered {
  readonly requestsPerSecond: number
}

const spent = /* @__PURE__ */ channel('rx-longrunning:budget:spend')
const lowered = /* @__PURE__ */ channel('rx-longrunning:budget:lower')

const MINUTE = 60_000
/** A lowered rate comes back by so many steps, one for each minute without a 429. */
const STEPS = 10
const WINDOW = 10

/** The budget of a client, checked; throws {@link InvalidOption}. False is none. */
export function checkBudget(budget: BudgetOptions | false): void {
  if (budget === false) return
  if (typeof budget !== 'object' || budget === null)
    throw new InvalidOption('budget', 'false, or { requests, per }', budget)
  inRange('budget.requests', budget.requests, '', { from: 1, to: 1_000_000 })
  milliseconds('budget.per', budget.per, 1)
  inRange('budget.per', budget.per, 'milliseconds', { from: 1, to: 3_600_000 })
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
export class Budget {
  readonly #now: () => number
  readonly #most: number
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
  constructor(options: BudgetOptions | false, now: () => number) {
    const { requests, per } = options || { requests: Number.POSITIVE_INFINITY, per: 1 }
    this.#now = now
    this.#most = requests
    this.#rate = requests / per
    this.#tokens = requests
    this.#filledAt = now()
  }

  /** Lets requests through as the budget has it; one that is unsubscribed while it waits costs nothing. */
  readonly spend = (transport: Transport): Transport => {
    return (request) =>
      new Observable((subscriber) => {
        let isSent = false
        const waiter: Waiter = {
          since: this.#now(),
          start: () => {
            isSent = true
            this.#count(waiter)
            subscriber.add(
              defer(() => transport(request)).subscribe({
                next: (outcome) => {
                  this.#heed(outcome)
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
          if (this.#waiters.size === 0) this.#sleep()
        })
        if (this.#waiters.size === 0 && this.#take()) waiter.start()
        else {
          this.#waiters.add(waiter)
          this.#letThrough()
        }
      })
  }

  stats(): Stats {
    const now = this.#now()
    this.#turnTo(now)
    const [first] = this.#waiters
    return {
      inFlight: this.#inFlight,
      waiting: this.#waiters.size,
      lateness: first === undefined ? 0 : now - first.since,
      requestsPerSecond: this.#sentIn.reduce((sum, sent) => sum + sent, 0) / WINDOW,
      budget: this.#rateAt(now) * 1_000,
      throttled: this.#throttled,
    }
  }

  #letThrough(): void {
    for (const waiter of this.#waiters) {
      if (!this.#take()) break
      this.#waiters.delete(waiter)
      waiter.start()
    }
    if (this.#waiters.size > 0) this.#timer ??= this.#wake()
  }

  #wake(): Subscription {
    const wait = Math.max(1, Math.ceil((1 - this.#tokens) / this.#rateAt(this.#now())))
    return asyncScheduler.schedule(() => {
      this.#timer = undefined
      this.#letThrough()
    }, wait)
  }

  #sleep(): void {
    this.#timer?.unsubscribe()
    this.#timer = undefined
  }

  #take(): boolean {
    const now = this.#now()
    // A clock in virtual time may begin anew.
    const passed = Math.max(0, now - this.#filledAt)
    this.#filledAt = now
    if (this.#tokens < this.#most)
      this.#tokens = Math.min(this.#most, this.#tokens + passed * this.#rateAt(now))
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

  #heed(outcome: Either<Failure, Answer>): void {
    if (isLeft(outcome) || outcome.right.httpStatus !== 429) return
    this.#throttled++
    if (this.#most === Number.POSITIVE_INFINITY) return
    const now = this.#now()
    const before = this.#rateAt(now)
    const rate = Math.min(before, quotaOf(outcome.right) ?? Number.POSITIVE_INFINITY)
    if (rate === this.#rate) return
    this.#lowered = { rate, at: now }
    if (rate < before && lowered.hasSubscribers)
      lowered.publish({ requestsPerSecond: rate * 1_000 } satisfies BudgetLowered)
  }

  #count({ since }: Waiter): void {
    const now = this.#now()
    this.#inFlight++
    this.#turnTo(now)
    const slot = this.#second % WINDOW
    this.#sentIn[slot] = (this.#sentIn[slot] ?? 0) + 1
    if (spent.hasSubscribers)
      spent.publish({ waited: now - since, waiting: this.#waiters.size } satisfies BudgetSpent)
  }

  /** Empties the seconds that have gone by since something was counted. */
  #turnTo(now: number): void {
    const second = Math.floor(now / 1_000)
    for (let passed = Math.max(this.#second + 1, second - WINDOW + 1); passed <= second; passed++)
      this.#sentIn[passed % WINDOW] = 0
    this.#second = second
  }
}

/** The requests a millisecond that a server allows, if it says so for a minute or a second. */
function quotaOf({ httpStatus, body }: Answer): number | undefined {
  const status = decodeHttpError(httpStatus, body)
  const { quota_limit: limit = '', quota_limit_value: value = '' } =
    (status && detailOf(status, 'ErrorInfo')?.metadata) ?? {}
  const unit = /Per(Minute|Second)/.exec(limit)?.[1]
  if (unit === undefined || !/^[1-9]\d{0,11}$/.test(value)) return undefined
  return Number(value) / (unit === 'Minute' ? MINUTE : 1_000)
}
