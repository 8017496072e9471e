import { type Observable, Subject, type Subscription, switchMap } from 'rxjs'
import type { ResumeToken } from '../model/resume-token.js'
import { isFinal, type JsonEmission } from '../polling/emission.js'
import {
  dueAfterHint,
  initialState,
  type PollResult,
  type PollState,
  scheduleContext,
  withPollSent,
} from '../polling/poll-state.js'
import { nextWait, scheduleKey } from '../polling/schedule.js'
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

/** The poll loops of watches with equal poll settings, by operation name. */
interface PollGroup {
  readonly settings: string
  readonly loops: Map<string, PollLoop>
}

/** The poll loops of a client, by poll settings. It has no empty groups, so it keeps no settings of finished watches. */
export type PollTable = Map<string, PollGroup>

/** Returns the poll loop of an operation, or creates it. Watches with equal poll settings share their polls. */
export function sharedLoop(table: PollTable, options: PollOptions): PollLoop {
  const { progressAware, maxRetryTime, visibilityWindow, longPoll } = options
  const { apiVersion, name } = options.target
  // The settings omit the endpoint, because all operations of a client have the same endpoint.
  const limits = { progressAware, maxRetryTime, visibilityWindow, longPoll }
  const settings = JSON.stringify([apiVersion, scheduleKey(options.schedule), limits])
  const group = table.get(settings) ?? { settings, loops: new Map() }
  return group.loops.get(name) ?? new PollLoop(options, table, group)
}

/**
 * Polls one operation for several watches, with one request at a time.
 *
 * ```
 * due times  0--------d1-------d2--------d3------->
 * polls      -A--------B--------C---------D------->
 * emissions  -Running-- (503) --Running---Succeeded
 * ```
 *
 * `d1`, `d2` and `d3` are the times when the polls B, C and D are due. `pollSoon` can make a poll due earlier, but
 * never aborts a request.
 *
 * The loop starts with its first listener, and is then in the table. It ends after its final result, or when its last
 * listener is removed. It is a class, because 100,000 loops may exist at the same time. All instances share the methods,
 * so methods add no memory to each instance.
 */
export class PollLoop implements PollSource {
  readonly #options: PollOptions
  readonly #table: PollTable
  readonly #group: PollGroup
  // Most poll loops have one listener, and a set for each of 100,000 poll loops would need much memory.
  #firstListener: PollListener | undefined
  #otherListeners: Set<PollListener> | undefined
  #latestEmission: JsonEmission | undefined
  readonly #dueTimes = new Subject<number>()
  #subscription: Subscription | undefined
  #state: PollState
  #due: number
  #notBefore: number
  #isPolling = false
  /** The earliest `unlessDueBefore` of the `pollSoon` calls during the poll in flight. {@link NEVER} without a call. */
  #pendingHint = NEVER

  constructor(options: PollOptions, table: PollTable, group: PollGroup) {
    const { target, started, schedule } = options
    this.#options = options
    this.#table = table
    this.#group = group
    this.#state = initialState(target, now(), clockOffset(), started)
    this.#notBefore = now()
    this.#due = now() + (started ? nextWait(schedule, scheduleContext(this.#state, now())) : 0)
  }

  get target(): ResumeToken {
    return this.#options.target
  }

  listen(listener: PollListener): void {
    if (this.#firstListener === undefined) this.#firstListener = listener
    else this.#otherListeners = (this.#otherListeners ?? new Set()).add(listener)
    if (this.#latestEmission !== undefined) listener.next(this.#latestEmission)
    if (this.#subscription !== undefined) return
    this.#table.set(this.#group.settings, this.#group)
    this.#group.loops.set(this.target.name, this)
    const poll = (): Observable<PollResult> => this.#poll()
    // The first poll is sent asynchronously.
    this.#subscription = this.#dueTimes.pipe(switchMap((due) => sleepThen(due, poll))).subscribe({
      next: (result) => this.#onResult(result),
      error: (error) => this.#onError(error),
    })
    this.#waitUntil(this.#due)
  }

  unlisten(listener: PollListener): void {
    if (this.#firstListener === listener) [this.#firstListener] = this.#otherListeners ?? []
    if (this.#firstListener !== undefined) this.#otherListeners?.delete(this.#firstListener)
    this.#otherListeners?.delete(listener)
    if (this.#firstListener !== undefined) return
    this.#subscription?.unsubscribe()
    this.#removeFromTable()
  }

  pollSoon(unlessDueBefore: number): void {
    if (this.#isPolling) {
      this.#pendingHint = Math.min(this.#pendingHint, unlessDueBefore)
      return
    }
    const next = { state: this.#state, due: this.#due, notBefore: this.#notBefore }
    const due = dueAfterHint(next, unlessDueBefore, now())
    if (due !== undefined) this.#waitUntil(due)
  }

  #waitUntil(due: number): void {
    this.#due = due
    this.#dueTimes.next(due)
  }

  #poll(): Observable<PollResult> {
    this.#isPolling = true
    this.#state = withPollSent(this.#state, now(), this.#due)
    return sendOnce(this.#options, this.#state, this.#firstListener?.watchId)
  }

  #onResult({ state, due, notBefore, emission }: PollResult): void {
    const hint = this.#pendingHint
    this.#isPolling = false
    this.#pendingHint = NEVER
    this.#state = state
    this.#notBefore = notBefore
    this.#waitUntil(due)
    if (hint !== NEVER) this.pollSoon(hint)
    if (emission === undefined) return
    this.#latestEmission = emission
    // The loop is removed from the table before the emission, because a listener may then watch the operation again.
    if (isFinal(emission)) this.#removeFromTable()
    for (const listener of this.#listeners()) listener.next(emission)
  }

  #onError(error: unknown): void {
    this.#removeFromTable()
    for (const listener of this.#listeners()) listener.error(error)
  }

  /** Returns a copy, because a listener may add and remove listeners. */
  #listeners(): readonly PollListener[] {
    return this.#firstListener === undefined ? [] : [this.#firstListener, ...(this.#otherListeners ?? [])]
  }

  #removeFromTable(): void {
    const { settings, loops } = this.#group
    const { name } = this.target
    if (loops.get(name) === this) loops.delete(name)
    if (loops.size === 0 && this.#table.get(settings) === this.#group) this.#table.delete(settings)
  }
}
