import type { Either } from 'fp-ts/lib/Either.js'
import {
  asyncScheduler,
  Observable,
  type ObservableInput,
  type Subscriber,
  type Subscription,
  takeUntil,
} from 'rxjs'
import { makeOperationError } from '../messages/error-message.js'
import { inRange } from '../messages/invalid-option.js'
import { isLeft, left } from '../model/either.js'
import type { Json } from '../model/json.js'
import type { Operation } from '../model/operation.js'
import type { OperationError } from '../model/operation-error.js'
import type { ResumeToken } from '../model/target.js'
import { applyDecoders, type EmissionDecoder } from '../polling/apply-decoders.js'
import { type Emission, isFinal } from '../polling/emission.js'
import {
  commonFields,
  initialState,
  type PollPolicy,
  type PollState,
  withPollSent,
} from '../polling/poll-state.js'
import { whenAborted } from '../time/abort-signal.js'
import { MAX_TIMER, now } from '../time/clock.js'
import { type HeapItem, TimerHeap } from '../time/timer-heap.js'
import type { CloseListener, CloseSignal } from './close-signal.js'
import { diagnostics, endingFields, nextWatch, type WatchEnding } from './diagnostics.js'
import { MIN_POLL_GAP, type SendPoll, sendOnce } from './poll-loop.js'
import { type PullSource, pullSource } from './pull-source.js'
import { LAST_POLL_TIMEOUT, type WatchOptions, type WatchSettings, watchSettings } from './watch.js'

/** How many operations are watched at once, each like the others. */
export interface WatchAllOptions<R = Json | undefined, M = Json>
  extends Omit<WatchOptions<R, M>, 'hint' | 'longPoll'> {
  /**
   * How many operations are watched at once, from 1 to 10 000 000; further names are read when one of them is done.
   * @defaultValue 10 000 000
   */
  readonly concurrency?: number | undefined
}

/** A snapshot, or the last word, of one of many operations. */
export interface NamedSnapshot<R = Json | undefined, M = Json> {
  /** As it was given. */
  readonly name: string
  readonly snapshot: Either<OperationError<M>, Operation<R, M>>
}

/** Options that were checked, with their defaults. */
export interface WatchAllSettings<R, M> extends WatchSettings<R, M> {
  readonly concurrency: number
}

const MAX_CONCURRENCY = 10_000_000

/** Checks the options; throws `InvalidOption` where one is out of its range. */
export function watchAllSettings<R, M>({
  concurrency = MAX_CONCURRENCY,
  ...options
}: WatchAllOptions<R, M>): WatchAllSettings<R, M> {
  inRange('concurrency', concurrency, '', { from: 1, to: MAX_CONCURRENCY })
  return { ...watchSettings(options), concurrency }
}

/** What is watched, and how it is asked for. */
export interface WatchAllSource {
  readonly names: ObservableInput<string | ResumeToken>
  /** The target of a name, or why it is none. */
  readonly targetOf: (given: unknown) => Either<OperationError<never>, ResumeToken>
  readonly nameOf: (given: unknown) => string
  readonly send: SendPoll
  readonly policy: PollPolicy
  readonly closeSignal: CloseSignal
}

/**
 * Watches many operations in one loop: one agenda, one timer, and of each operation no more than its course.
 *
 * ```
 * names  --a-b-----------------|
 * words  ---a(R)-b(R)--a(S)--b(S)|
 * ```
 */
export function watchAll<R, M>(
  source: WatchAllSource,
  settings: WatchAllSettings<R, M>,
): Observable<NamedSnapshot<R, M>> {
  const watched = new Observable<NamedSnapshot<R, M>>((subscriber) => {
    const all = new WatchAllSubscription(source, settings, subscriber)
    subscriber.add(all)
    all.start()
  })
  return settings.signal === undefined ? watched : watched.pipe(takeUntil(whenAborted(settings.signal)))
}

/** How many polls may be under way at once: those that are due later can wait, their sockets could not. */
const MAX_PULLED = 1_000

const NEVER = Number.POSITIVE_INFINITY

/** One operation of many. */
interface PolledName extends HeapItem {
  course: PollState
  readonly name: string
  /** When its time is up. */
  readonly deadline: number
  /** The poll under way. */
  poll: Subscription | undefined
}

class WatchAllSubscription<R, M> implements CloseListener {
  readonly #source: WatchAllSource
  readonly #settings: WatchAllSettings<R, M>
  readonly #subscriber: Subscriber<NamedSnapshot<R, M>>
  readonly #read: EmissionDecoder<R, M>
  readonly #agenda = new TimerHeap<PolledName>()
  readonly #live = new Set<PolledName>()
  #supply: PullSource | undefined
  #hasEnded = false
  /** Whether a name was asked for that has not come yet. */
  #isPulling = false
  #polls = 0
  #timer: Subscription | undefined
  #wakesAt = NEVER

  constructor(
    source: WatchAllSource,
    settings: WatchAllSettings<R, M>,
    subscriber: Subscriber<NamedSnapshot<R, M>>,
  ) {
    this.#source = source
    this.#settings = settings
    this.#subscriber = subscriber
    this.#read = applyDecoders(settings)
  }

  start(): void {
    this.#source.closeSignal.listen(this)
    if (this.#subscriber.closed) return
    this.#supply = pullSource(this.#source.names, {
      take: (given) => {
        this.#isPulling = false
        this.#begin(given)
      },
      end: () => {
        this.#hasEnded = true
        this.#completeWhenDone()
      },
      fail: (defect) => this.#subscriber.error(defect),
    })
    this.#pull()
  }

  onClose(): void {
    this.#supply?.close()
    for (const entry of this.#live) this.#interrupt(entry, { _tag: 'ClientClosed' })
    this.#subscriber.complete()
  }

  unsubscribe(): void {
    this.#source.closeSignal.unlisten(this)
    this.#supply?.close()
    this.#timer?.unsubscribe()
    for (const entry of this.#live) {
      entry.poll?.unsubscribe()
      this.#tellEnd(entry, 'Unsubscribed')
    }
    this.#live.clear()
  }

  #begin(given: unknown): void {
    const target = this.#source.targetOf(given)
    const name = this.#source.nameOf(given)
    if (isLeft(target)) {
      this.#subscriber.next({ name, snapshot: target })
    } else {
      const at = now()
      const { timeout } = this.#settings
      const deadline = timeout === undefined ? NEVER : at + timeout
      const order = nextWatch()
      const { endpoint } = target.right
      diagnostics.watchStart(() => ({ watch: order, name: target.right.name, endpoint }))
      const course = initialState(target.right, at)
      const entry: PolledName = { at, order, index: -1, course, name, deadline, poll: undefined }
      this.#live.add(entry)
      this.#agenda.add(entry)
      this.#sleep()
    }
    this.#pull()
  }

  #pull(): void {
    if (this.#isPulling || this.#subscriber.closed || this.#live.size >= this.#settings.concurrency) return
    this.#isPulling = true
    this.#supply?.pull()
  }

  /** Sets the one timer to what is due first, a poll or the end of somebody's time. */
  #sleep(): void {
    // Whoever has left may have done so from within a word.
    if (this.#subscriber.closed) return
    const due = this.#polls < MAX_PULLED ? (this.#agenda.first?.at ?? NEVER) : NEVER
    const at = Math.min(due, this.#deadline())
    if (at >= this.#wakesAt) return
    this.#timer?.unsubscribe()
    this.#wakesAt = at
    this.#timer = asyncScheduler.schedule(() => this.#wake(), Math.min(Math.max(0, at - now()), MAX_TIMER))
  }

  /** All have as much time, and so those that came first have theirs over first. */
  #deadline(): number {
    const [first] = this.#live
    return first?.deadline ?? NEVER
  }

  #wake(): void {
    this.#timer = undefined
    this.#wakesAt = NEVER
    for (const entry of this.#live) {
      if (entry.deadline > now()) break
      this.#interrupt(entry, { _tag: 'TimedOut', timeout: this.#settings.timeout ?? 0 })
      if (this.#subscriber.closed) return
    }
    for (let { first } = this.#agenda; first !== undefined && first.at <= now(); first = this.#agenda.first) {
      if (this.#polls >= MAX_PULLED) break
      this.#ask(first)
      if (this.#subscriber.closed) return
    }
    this.#sleep()
  }

  #ask(entry: PolledName): void {
    const { send, policy } = this.#source
    this.#agenda.remove(entry)
    entry.course = withPollSent(entry.course, now())
    this.#polls++
    let isOpen = true
    const answered = (): void => {
      if (isOpen) this.#polls--
      isOpen = false
      entry.poll = undefined
    }
    const poll = sendOnce({ ...policy, send }, entry.course, entry.order).subscribe({
      next: ({ state, due, notBefore, emission }) => {
        answered()
        entry.course = state
        if (emission !== undefined) this.#tell(entry, emission)
        if (this.#live.has(entry)) this.#place(entry, this.#wakeOf(entry, due, notBefore))
        this.#sleep()
      },
      error: (defect: unknown) => this.#subscriber.error(defect),
    })
    poll.add(answered)
    if (isOpen) entry.poll = poll
  }

  /** When a waiting entry is due for a poll, a last one while there is time for it among them. */
  #wakeOf({ deadline, course }: PolledName, due: number, notBefore: number): number {
    if (due < deadline) return due
    const { min = LAST_POLL_TIMEOUT } = this.#settings.schedule
    const last = Math.max(now(), deadline - min, notBefore, course.polledAt + MIN_POLL_GAP)
    return last < deadline ? last : NEVER
  }

  #place(entry: PolledName, at: number): void {
    entry.at = at
    this.#agenda.add(entry)
  }

  #interrupt(
    entry: PolledName,
    facts: { readonly _tag: 'ClientClosed' } | { readonly _tag: 'TimedOut'; readonly timeout: number },
  ): void {
    this.#tell(entry, left(makeOperationError<Json>({ ...facts, ...commonFields(entry.course) })))
  }

  #tell(entry: PolledName, word: Emission): void {
    const { course, name } = entry
    const snapshot = this.#read(word, { resume: course.target, lastSeen: course.lastSeen })
    if (isFinal(snapshot)) {
      if (entry.index !== -1) this.#agenda.remove(entry)
      this.#live.delete(entry)
      entry.poll?.unsubscribe()
      this.#tellEnd(entry, snapshot)
    }
    this.#subscriber.next({ name, snapshot })
    if (isFinal(snapshot) && !this.#subscriber.closed) {
      this.#pull()
      this.#completeWhenDone()
    }
  }

  #tellEnd({ order, course }: PolledName, ending: WatchEnding): void {
    const { name, endpoint } = course.target
    diagnostics.watchEnd(() => ({ watch: order, name, endpoint, ...endingFields(ending) }))
  }

  #completeWhenDone(): void {
    if (this.#hasEnded && this.#live.size === 0) this.#subscriber.complete()
  }
}
