import { type Observable, Subject, type Subscription, switchMap } from 'rxjs'
import type { ResumeToken } from '../model/resume-token.js'
import type { JsonEmission } from '../polling/emission.js'
import {
  dueAfterHint,
  initialState,
  type PollResult,
  type PollState,
  scheduleContext,
  withPollSent,
} from '../polling/poll-state.js'
import { nextWait } from '../polling/schedule.js'
import { clockOffset, NEVER, now, sleepThen } from '../time/clock.js'
import { type PollOptions, sendOnce } from './poll-once.js'

/** A listener for the emissions of a poll loop. */
export interface PollListener {
  /** The ID of the watch in diagnostics events. */
  readonly watchId?: number | undefined
  next(emission: JsonEmission): void
  error(error: unknown): void
}

/** A source of emissions, such as a poll loop that several watches share. */
export interface PollSource {
  /** The operation, and the time when its watch started. */
  readonly target: ResumeToken
  /** Adds a listener, which immediately receives the latest emission, if there is one. */
  listen(listener: PollListener): void
  unlisten(listener: PollListener): void
  /** Polls as soon as possible, unless a poll is due before the given time. */
  pollSoon(unlessDueBefore: number): void
}

/** An argument of `pollSoon`: polls even if the next poll is due soon. */
export const EVEN_IF_DUE_SOON: number = Number.NEGATIVE_INFINITY

/**
 * Polls one operation until `stop` is called, with one request at a time.
 *
 * ```
 * due times  0--------d1-------d2--------d3------->
 * polls      -A--------B--------C---------D------->
 * emissions  -Running-- (503) --Running---Succeeded
 * ```
 *
 * `d1`, `d2` and `d3` are the times when the polls B, C and D are due. `pollSoon` can make a poll due earlier, but
 * never aborts a request. The loop is a class, because 100,000 loops may exist at the same time. All instances share
 * the methods, so methods add no memory to each instance.
 */
export class PollLoop {
  readonly #options: PollOptions
  readonly #listener: PollListener
  readonly #dueTimes = new Subject<number>()
  readonly #subscription: Subscription
  #state: PollState
  #due: number
  #notBefore: number
  #isPolling = false
  /** The earliest `unlessDueBefore` of the `pollSoon` calls during the poll in flight. {@link NEVER} without a call. */
  #pendingHint = NEVER

  /** Starts the loop. The first poll is sent asynchronously. */
  constructor(options: PollOptions, listener: PollListener) {
    const { target, started, schedule } = options
    this.#options = options
    this.#listener = listener
    this.#state = initialState(target, now(), clockOffset(), started)
    this.#notBefore = now()
    this.#due = now() + (started ? nextWait(schedule, scheduleContext(this.#state, now())) : 0)
    const poll = (): Observable<PollResult> => this.#poll()
    this.#subscription = this.#dueTimes.pipe(switchMap((due) => sleepThen(due, poll))).subscribe({
      next: (result) => this.#onResult(result),
      error: (error) => listener.error(error),
    })
    this.#waitUntil(this.#due)
  }

  /** Polls as soon as possible, unless a poll is due before the given time. */
  pollSoon(unlessDueBefore: number): void {
    if (this.#isPolling) {
      this.#pendingHint = Math.min(this.#pendingHint, unlessDueBefore)
      return
    }
    const next = { state: this.#state, due: this.#due, notBefore: this.#notBefore }
    const due = dueAfterHint(next, unlessDueBefore, now())
    if (due !== undefined) this.#waitUntil(due)
  }

  stop(): void {
    this.#subscription.unsubscribe()
  }

  #waitUntil(due: number): void {
    this.#due = due
    this.#dueTimes.next(due)
  }

  #poll(): Observable<PollResult> {
    this.#isPolling = true
    this.#state = withPollSent(this.#state, now(), this.#due)
    return sendOnce(this.#options, this.#state, this.#listener.watchId)
  }

  #onResult({ state, due, notBefore, emission }: PollResult): void {
    const hint = this.#pendingHint
    this.#isPolling = false
    this.#pendingHint = NEVER
    this.#state = state
    this.#notBefore = notBefore
    this.#waitUntil(due)
    if (hint !== NEVER) this.pollSoon(hint)
    if (emission !== undefined) this.#listener.next(emission)
  }
}
