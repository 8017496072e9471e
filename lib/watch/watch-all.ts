import { asyncScheduler, Observable, type ObservableInput, type Subscriber, type Subscription } from 'rxjs'
import { leftError } from '../messages/error-message.js'
import { inRange } from '../messages/invalid-option.js'
import { type Either, isLeft } from '../model/either.js'
import type { Json } from '../model/json.js'
import type { Operation } from '../model/operation.js'
import type { OperationError } from '../model/operation-error.js'
import type { ResumeToken } from '../model/resume-token.js'
import { applyDecoders, type EmissionDecoder } from '../polling/apply-decoders.js'
import { type Emission, isFinal } from '../polling/emission.js'
import {
  commonFields,
  earliestPoll,
  initialState,
  type PollPolicy,
  type PollState,
  withPollSent,
} from '../polling/poll-state.js'
import { minWait, type Schedule } from '../polling/schedule.js'
import { untilAborted } from '../time/abort-signal.js'
import { clockOffset, MAX_TIMER_DELAY, NEVER, now } from '../time/clock.js'
import { wasFrozen } from '../time/frozen-time.js'
import { type HeapItem, TimerHeap } from '../time/timer-heap.js'
import type { OperationProtocol } from '../wire/protocol.js'
import type { CloseListener, CloseSignal } from './close-signal.js'
import { diagnostics, endingFields, nextWatchId, type WatchEnding } from './diagnostics.js'
import { type SendPoll, sendOnce } from './poll-once.js'
import { type PullSource, pullSource } from './pull-source.js'
import type { Interruption } from './watch.js'
import { type WatchOptions, type WatchSettings, watchSettings } from './watch-options.js'

/** Options for watching many operations. They apply to each operation. */
export interface WatchAllOptions<R = Json | undefined, M = Json>
  extends Omit<WatchOptions<R, M>, 'hint' | 'longPoll'> {
  /**
   * The maximum number of operations to watch at the same time, from 1 to 10,000,000. When an operation has its
   * final result, the next name is read.
   * @defaultValue 10_000_000
   */
  readonly concurrency?: number | undefined
}

/** A snapshot or the final result of one of many operations. */
export interface NamedSnapshot<R = Json | undefined, M = Json> {
  /** The name that was passed to `watchAll`, or the name in the token, unchanged. An invalid name may contain a secret. */
  readonly name: string
  readonly snapshot: Either<OperationError<M>, Operation<R, M>>
}

/** Validated options with defaults. */
export interface WatchAllSettings<R, M> extends WatchSettings<R, M> {
  readonly concurrency: number
}

const MAX_CONCURRENCY = 10_000_000

/** Validates the options and applies the defaults. Throws `InvalidOption`. */
export function watchAllSettings<R, M>(
  { concurrency = MAX_CONCURRENCY, ...options }: WatchAllOptions<R, M>,
  schedule: Schedule,
): WatchAllSettings<R, M> {
  inRange('concurrency', concurrency, '', { from: 1, to: MAX_CONCURRENCY })
  return { ...watchSettings(options, schedule), concurrency }
}

/** The operations to watch, and how to poll them. */
export interface WatchAllSource {
  readonly names: ObservableInput<string | ResumeToken>
  /** Returns the target of a name or token, or an `InvalidName`. */
  readonly targetOf: (nameOrToken: unknown) => Either<OperationError<never>, ResumeToken>
  /** Returns the name to emit for a name or token: the name as it was given. */
  readonly nameOf: (nameOrToken: unknown) => string
  readonly send: SendPoll
  readonly protocol: OperationProtocol
  readonly policy: PollPolicy
  readonly closeSignal: CloseSignal
}

/**
 * Watches many operations with one heap and one timer. Stores only the poll state and a few fields for each operation.
 *
 * ```
 * names      --a-b-----------------|
 * emissions  ---a(R)-b(R)--a(S)--b(S)|
 * ```
 */
export function watchAll<R, M>(
  source: WatchAllSource,
  settings: WatchAllSettings<R, M>,
): Observable<NamedSnapshot<R, M>> {
  const emissions = new Observable<NamedSnapshot<R, M>>((subscriber) => {
    const subscription = new WatchAllSubscription(source, settings, subscriber)
    subscriber.add(subscription)
    subscription.start()
  })
  return untilAborted(emissions, settings.signal)
}

/**
 * The maximum number of polls in flight. Further polls wait in the heap, because each poll in flight needs a socket.
 */
const MAX_POLLS_IN_FLIGHT = 1_000

/** A watched operation. Its `order` is the ID of its watch. */
interface WatchedOperation extends HeapItem {
  state: PollState
  readonly name: string
  /** The time when the watch of this operation times out. */
  deadline: number
  /** The poll in flight. */
  poll: Subscription | undefined
}

class WatchAllSubscription<R, M> implements CloseListener {
  readonly #source: WatchAllSource
  readonly #settings: WatchAllSettings<R, M>
  readonly #subscriber: Subscriber<NamedSnapshot<R, M>>
  readonly #decode: EmissionDecoder<R, M>
  /** The operations without a poll in flight, ordered by the time of their next poll. */
  readonly #heap = new TimerHeap<WatchedOperation>()
  /** All operations without a final result, in the order in which they were read. */
  readonly #items = new Set<WatchedOperation>()
  #nameSource: PullSource | undefined
  #allNamesRead = false
  /** Whether a name was requested that has not arrived yet. */
  #isPulling = false
  #pollsInFlight = 0
  #timer: Subscription | undefined
  #timerDue = NEVER
  /**
   * The deadline of the oldest operation when it was last read, or an earlier time. It is not read for each poll, because
   * finding the first member of a set takes linear time after earlier members were deleted.
   */
  #nextDeadline = NEVER

  constructor(
    source: WatchAllSource,
    settings: WatchAllSettings<R, M>,
    subscriber: Subscriber<NamedSnapshot<R, M>>,
  ) {
    this.#source = source
    this.#settings = settings
    this.#subscriber = subscriber
    this.#decode = applyDecoders(settings)
  }

  start(): void {
    this.#source.closeSignal.listen(this)
    if (this.#subscriber.closed) return
    this.#nameSource = pullSource(this.#source.names, {
      next: (nameOrToken) => {
        this.#isPulling = false
        this.#add(nameOrToken)
      },
      complete: () => {
        this.#allNamesRead = true
        this.#completeWhenDone()
      },
      error: (error) => this.#subscriber.error(error),
    })
    this.#pull()
  }

  onClose(): void {
    this.#nameSource?.close()
    for (const item of this.#items) this.#interrupt(item, { _tag: 'ClientClosed' })
    this.#subscriber.complete()
  }

  unsubscribe(): void {
    this.#source.closeSignal.unlisten(this)
    this.#nameSource?.close()
    this.#timer?.unsubscribe()
    for (const item of this.#items) {
      item.poll?.unsubscribe()
      publishWatchEnd(item, 'Unsubscribed')
    }
    this.#items.clear()
  }

  #add(nameOrToken: unknown): void {
    const target = this.#source.targetOf(nameOrToken)
    const name = this.#source.nameOf(nameOrToken)
    if (isLeft(target)) {
      this.#subscriber.next({ name, snapshot: target })
    } else {
      const at = now()
      const deadline = at + (this.#settings.timeout ?? NEVER)
      const watchId = nextWatchId()
      const { endpoint } = target.right
      diagnostics.watchStart(() => ({ watch: watchId, name: target.right.name, endpoint }))
      const state = initialState(target.right, at, clockOffset())
      // An object spread would cost 300 bytes for each name.
      const item: WatchedOperation = { at, order: watchId, index: -1, state, name, deadline, poll: undefined }
      this.#items.add(item)
      this.#heap.add(item)
      this.#nextDeadline = Math.min(this.#nextDeadline, deadline)
      this.#setTimer()
    }
    this.#pull()
  }

  #pull(): void {
    if (this.#isPulling || this.#subscriber.closed || this.#items.size >= this.#settings.concurrency) return
    this.#isPulling = true
    this.#nameSource?.pull()
  }

  /** Sets the timer to the next poll or the next timeout. */
  #setTimer(): void {
    // The subscriber may have unsubscribed when it received an emission.
    if (this.#subscriber.closed) return
    const pollDue = this.#pollsInFlight < MAX_POLLS_IN_FLIGHT ? (this.#heap.first?.at ?? NEVER) : NEVER
    const nextDeadline = this.#items.size === 0 ? NEVER : this.#nextDeadline
    const timerDue = Math.max(now(), Math.min(pollDue, nextDeadline))
    if (timerDue >= this.#timerDue) return
    this.#timer?.unsubscribe()
    this.#timerDue = timerDue
    const delay = Math.min(Math.max(0, timerDue - now()), MAX_TIMER_DELAY)
    this.#timer = asyncScheduler.schedule(() => this.#onTimer(), delay)
  }

  #onTimer(): void {
    const isLate = wasFrozen(this.#timerDue)
    this.#timer = undefined
    this.#timerDue = NEVER
    if (isLate) this.#postponeDeadlines(now() + minWait(this.#settings.schedule))
    // All operations have the same timeout, so the deadlines are in the order of the items.
    for (const item of this.#nextDeadline <= now() ? this.#items : []) {
      this.#nextDeadline = item.deadline
      if (item.deadline > now()) break
      this.#interrupt(item, { _tag: 'TimedOut', timeout: this.#settings.timeout ?? 0 })
      if (this.#subscriber.closed) return
    }
    for (let { first } = this.#heap; first !== undefined && first.at <= now(); first = this.#heap.first) {
      if (this.#pollsInFlight >= MAX_POLLS_IN_FLIGHT) break
      this.#poll(first)
      if (this.#subscriber.closed) return
    }
    this.#setTimer()
  }

  /** Postpones the deadlines before `time`, so that each operation gets a last poll after a freeze. */
  #postponeDeadlines(time: number): void {
    for (const item of this.#nextDeadline < time ? this.#items : []) {
      if (item.deadline >= time) break
      item.deadline = time
    }
    this.#nextDeadline = Math.max(this.#nextDeadline, time)
  }

  #poll(item: WatchedOperation): void {
    const { send, protocol, policy } = this.#source
    this.#heap.remove(item)
    item.state = withPollSent(item.state, now(), item.at)
    this.#pollsInFlight++
    let isPending = true
    const onPollEnd = (): void => {
      if (isPending) this.#pollsInFlight--
      isPending = false
      item.poll = undefined
    }
    const poll = sendOnce({ ...policy, send, protocol }, item.state, item.order).subscribe({
      next: ({ state, due, notBefore, emission }) => {
        onPollEnd()
        item.state = state
        if (emission !== undefined) this.#emit(item, emission)
        if (this.#items.has(item)) {
          item.at = this.#nextPoll(item, due, notBefore)
          this.#heap.add(item)
        }
        this.#setTimer()
      },
      error: (error: unknown) => this.#subscriber.error(error),
    })
    poll.add(onPollEnd)
    if (isPending) item.poll = poll
  }

  /** Returns the time of the next poll. If `due` is not before the deadline, returns the time of the last poll. */
  #nextPoll({ deadline, state }: WatchedOperation, due: number, notBefore: number): number {
    if (due < deadline) return due
    const lastPollLead = minWait(this.#settings.schedule)
    const lastPoll = Math.max(deadline - lastPollLead, earliestPoll(state, notBefore, now()))
    return lastPoll < deadline ? lastPoll : NEVER
  }

  #interrupt(item: WatchedOperation, cause: Interruption): void {
    this.#emit(item, leftError<Json>({ ...cause, ...commonFields(item.state) }))
  }

  #emit(item: WatchedOperation, emission: Emission): void {
    const { state, name } = item
    const snapshot = this.#decode(emission, { resume: state.target, lastSeen: state.lastSeen })
    if (isFinal(snapshot)) {
      if (item.index !== -1) this.#heap.remove(item)
      this.#items.delete(item)
      item.poll?.unsubscribe()
      publishWatchEnd(item, snapshot)
    }
    this.#subscriber.next({ name, snapshot })
    if (isFinal(snapshot) && !this.#subscriber.closed) {
      this.#pull()
      this.#completeWhenDone()
    }
  }

  #completeWhenDone(): void {
    if (this.#allNamesRead && this.#items.size === 0) this.#subscriber.complete()
  }
}

function publishWatchEnd({ order, state }: WatchedOperation, ending: WatchEnding): void {
  const { name, endpoint } = state.target
  diagnostics.watchEnd(() => ({ watch: order, name, endpoint, ...endingFields(ending) }))
}
