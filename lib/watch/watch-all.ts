import {
  EMPTY,
  Observable,
  type ObservableInput,
  observeOn,
  queueScheduler,
  type Subscriber,
  type Subscription,
} from 'rxjs'
import { leftError } from '../messages/error-message.js'
import { InvalidOption, inRange } from '../messages/invalid-option.js'
import { type Either, isLeft, right } from '../model/either.js'
import type { Json } from '../model/json.js'
import type { Operation } from '../model/operation.js'
import type { OperationError } from '../model/operation-error.js'
import type { ResumeToken } from '../model/resume-token.js'
import { givenName, resolveTarget } from '../names/resolve-target.js'
import { applyDecoders, type EmissionDecoder } from '../polling/apply-decoders.js'
import { type Emission, isFinal, type JsonEmission } from '../polling/emission.js'
import {
  commonFields,
  elapsedOf,
  initialState,
  type PollState,
  pollBefore,
  withPollSent,
} from '../polling/poll-state.js'
import { minWait } from '../polling/schedule.js'
import { untilAborted } from '../time/abort-signal.js'
import { clockOffset, NEVER, now, sleepThen } from '../time/clock.js'
import { wasFrozen } from '../time/frozen-time.js'
import { type HeapItem, TimerHeap } from '../time/timer-heap.js'
import type { ClientCore } from './client-core.js'
import { type TimeoutFacts, timedOut, timeLimit } from './deadline.js'
import { diagnostics, endingFields, nextWatchId, type WatchEnding } from './diagnostics.js'
import { type SendOptions, sendOnce } from './poll-once.js'
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

/** A name or token, and a value that `watchAll` emits with each snapshot, such as an acknowledgement handle. */
export interface NameWithContext<C> {
  readonly name: string | ResumeToken
  readonly context: C
}

/** A snapshot or the final result of one of many operations, with the context of its name. */
export interface SnapshotWithContext<C, R = Json | undefined, M = Json> extends NamedSnapshot<R, M> {
  /** The context that was passed to `watchAll`. */
  readonly context: C
}

/** Validated options with defaults. */
interface WatchAllSettings<R, M> extends WatchSettings<R, M> {
  readonly concurrency: number
}

const MAX_CONCURRENCY = 10_000_000

/**
 * Implements {@link OperationsClient.watchAll} with one heap and one timer. Stores only the poll state and a few fields for
 * each operation. Equal names share their polls.
 *
 * ```
 * names      --a-b-----------------|
 * emissions  ---a(R)-b(R)--a(S)--b(S)|
 * ```
 */
export function watchAll<R, M>(
  client: ClientCore,
  names: ObservableInput<unknown>,
  { concurrency = MAX_CONCURRENCY, ...options }: WatchAllOptions<R, M>,
): Observable<NamedSnapshot<R, M>> {
  inRange('concurrency', concurrency, '', { from: 1, to: MAX_CONCURRENCY })
  const settings = { ...watchSettings(options, client.settings.schedule), concurrency }
  if ((typeof names !== 'object' && typeof names !== 'function') || names === null)
    throw new InvalidOption('names', 'an ObservableInput, such as an array', names)
  const emissions = new Observable<NamedSnapshot<R, M>>((subscriber) => {
    const subscription = new WatchAllSubscription(client, settings, subscriber)
    subscriber.add(subscription)
    subscription.start(names)
  })
  // An operator may close the client when it receives a value. The queue emits the next notifications after that value.
  return untilAborted(emissions.pipe(observeOn(queueScheduler)), settings.signal)
}

/**
 * The maximum number of polls in flight. Further polls wait in the heap, because each poll in flight needs a socket.
 */
const MAX_POLLS_IN_FLIGHT = 1_000

/** The name to emit, and its context if it has one. */
type Label = string | { readonly name: string; readonly context: unknown }

/** The watch of one value of `names`. */
interface NamedWatch {
  /** The ID of the watch. */
  readonly order: number
  /** Undefined after the final result of this watch. */
  label: Label | undefined
  /** The time when this watch times out. Undefined if it never does, because a number would need 16 bytes. */
  deadline: number | undefined
}

/** A watched operation. It contains its first watch, because an object for each watch would need more memory. */
interface WatchedOperation extends HeapItem, NamedWatch {
  state: PollState
  /** The poll in flight. */
  poll: Subscription | undefined
}

/** A watch of an operation that was already being watched. */
interface Duplicate extends NamedWatch {
  readonly operation: WatchedOperation
}

class WatchAllSubscription<R, M> {
  readonly #client: ClientCore
  readonly #polling: SendOptions
  readonly #settings: WatchAllSettings<R, M>
  readonly #subscriber: Subscriber<NamedSnapshot<R, M>>
  readonly #decode: EmissionDecoder<R, M>
  /** The operations without a poll in flight, ordered by the time of their next poll. */
  readonly #heap = new TimerHeap<WatchedOperation>()
  /** All operations without a final result, by {@link #keyOf}, in the order in which they were read. */
  readonly #operations = new Map<string, WatchedOperation>()
  /** The duplicates without a final result, in the order in which they were read. */
  readonly #duplicates = new Set<Duplicate>()
  readonly #duplicatesOf = new Map<WatchedOperation, Set<Duplicate>>()
  /** The number of watches without a final result. */
  #watchCount = 0
  #nameSource: PullSource | undefined
  #allNamesRead = false
  #pollsInFlight = 0
  #timer: Subscription | undefined
  #timerDue = NEVER
  /**
   * The deadline of the oldest watch when it was last read, or an earlier time. It is not read for each poll, because
   * finding the first member of a set takes linear time after earlier members were deleted.
   */
  #nextDeadline = NEVER
  /** The option `deadline` on the clock of {@link now}. It is converted once, because the wall clock may be set. */
  readonly #lastDeadline: number

  constructor(
    client: ClientCore,
    settings: WatchAllSettings<R, M>,
    subscriber: Subscriber<NamedSnapshot<R, M>>,
  ) {
    this.#client = client
    this.#polling = client.sendOptions(settings)
    this.#settings = settings
    this.#lastDeadline = now() + timeLimit(settings.deadline)
    this.#subscriber = subscriber
    this.#decode = applyDecoders(settings)
  }

  start(names: ObservableInput<unknown>): void {
    this.#subscriber.add(this.#client.interruption().subscribe(() => this.#onClose()))
    if (this.#subscriber.closed) return
    this.#nameSource = pullSource(names, {
      next: (given) => this.#add(given),
      complete: () => {
        this.#allNamesRead = true
        this.#completeWhenDone()
      },
      error: (error) => this.#subscriber.error(error),
    })
    this.#pull()
  }

  #onClose(): void {
    this.#nameSource?.close()
    for (const operation of this.#operations.values())
      this.#interrupt(operation, this.#watchesOf(operation), { _tag: 'ClientClosed' })
    this.#subscriber.complete()
  }

  unsubscribe(): void {
    this.#nameSource?.close()
    this.#timer?.unsubscribe()
    for (const operation of this.#operations.values()) {
      operation.poll?.unsubscribe()
      for (const watch of this.#watchesOf(operation)) publishWatchEnd(watch, operation, 'Unsubscribed')
    }
    this.#operations.clear()
    this.#duplicates.clear()
    this.#duplicatesOf.clear()
  }

  #add(given: unknown): void {
    const hasContext = typeof given === 'object' && given !== null && 'context' in given
    const nameOrToken = hasContext && 'name' in given ? given.name : given
    const target = resolveTarget(nameOrToken, this.#client.settings)
    const name = givenName(nameOrToken)
    const label = hasContext ? { name, context: given.context } : name
    if (isLeft(target)) this.#subscriber.next(namedSnapshot(label, target))
    else this.#addWatch(target.right, label)
    this.#pull()
  }

  #addWatch(target: ResumeToken, label: Label): void {
    const at = now()
    const order = nextWatchId()
    diagnostics.watchStart(() => ({ watch: order, name: target.name, endpoint: target.endpoint }))
    const limit = Math.min(at + (this.#settings.timeout ?? NEVER), this.#lastDeadline)
    const deadline = limit === NEVER ? undefined : limit
    const key = this.#keyOf(target)
    const existing = this.#operations.get(key)
    this.#nextDeadline = Math.min(this.#nextDeadline, limit)
    this.#watchCount++
    if (existing === undefined) {
      const state = initialState(target, at, clockOffset())
      // An object spread would cost 300 bytes for each name.
      const operation: WatchedOperation = { at, order, index: -1, state, label, deadline, poll: undefined }
      this.#operations.set(key, operation)
      this.#heap.add(operation)
    } else {
      const duplicate: Duplicate = { order, label, deadline, operation: existing }
      const { lastSeen } = existing.state
      this.#duplicates.add(duplicate)
      this.#duplicatesOf.set(existing, (this.#duplicatesOf.get(existing) ?? new Set()).add(duplicate))
      if (lastSeen !== undefined) this.#emit(existing, right(lastSeen), [duplicate])
    }
    this.#setTimer()
  }

  /** Returns a key that is equal for the names and tokens of one operation. All targets have the same endpoint. */
  #keyOf({ apiVersion, name }: ResumeToken): string {
    // For most names, the key is the name, so it needs no memory.
    return apiVersion === this.#client.settings.api.apiVersion ? name : `${apiVersion} ${name}`
  }

  /** Returns the watches of an operation without a final result, in the order in which they were read. */
  #watchesOf(operation: WatchedOperation): readonly NamedWatch[] {
    const duplicates = this.#duplicatesOf.get(operation) ?? []
    return operation.label === undefined ? [...duplicates] : [operation, ...duplicates]
  }

  #pull(): void {
    if (!this.#subscriber.closed && this.#watchCount < this.#settings.concurrency) this.#nameSource?.pull()
  }

  /** Sets the timer to the next poll or the next timeout. */
  #setTimer(): void {
    // The subscriber may have unsubscribed when it received an emission.
    if (this.#subscriber.closed) return
    const pollDue = this.#pollsInFlight < MAX_POLLS_IN_FLIGHT ? (this.#heap.first?.at ?? NEVER) : NEVER
    const nextDeadline = this.#watchCount === 0 ? NEVER : this.#nextDeadline
    const timerDue = Math.max(now(), Math.min(pollDue, nextDeadline))
    if (timerDue >= this.#timerDue) return
    this.#timer?.unsubscribe()
    this.#timerDue = timerDue
    const timer = sleepThen(timerDue, () => {
      this.#onTimer()
      return EMPTY
    })
    this.#timer = timer.subscribe()
  }

  #onTimer(): void {
    const isLate = wasFrozen(this.#timerDue)
    this.#timer = undefined
    this.#timerDue = NEVER
    if (isLate) this.#postponeDeadlines(now() + minWait(this.#settings.schedule))
    this.#endDueWatches()
    if (this.#subscriber.closed) return
    for (let { first } = this.#heap; first !== undefined && first.at <= now(); first = this.#heap.first) {
      if (this.#pollsInFlight >= MAX_POLLS_IN_FLIGHT) break
      this.#poll(first)
      if (this.#subscriber.closed) return
    }
    this.#setTimer()
  }

  /** Ends the watches whose deadline has passed. */
  #endDueWatches(): void {
    if (this.#nextDeadline > now()) return
    for (const watch of this.#watchesDueBy(now())) {
      const operation = 'operation' in watch ? watch.operation : watch
      this.#interrupt(operation, [watch], this.#timedOut(operation))
      if (this.#subscriber.closed) return
    }
  }

  /** Returns the facts about the watch of an operation that has timed out. */
  #timedOut({ state }: WatchedOperation): TimeoutFacts {
    const { timeout = NEVER, deadline } = this.#settings
    const elapsed = deadline === undefined ? NEVER : elapsedOf(state, now())
    return timedOut(Math.min(timeout, elapsed), deadline, timeout)
  }

  /** Postpones the deadlines before `time`, so that each operation gets a last poll after a freeze. */
  #postponeDeadlines(time: number): void {
    if (this.#nextDeadline >= time) return
    for (const watch of this.#watchesDueBy(time)) watch.deadline = time
    this.#nextDeadline = time
  }

  /** Yields the watches whose deadline is not after `time`. Then sets the next deadline to the first later deadline. */
  *#watchesDueBy(time: number): Iterable<WatchedOperation | Duplicate> {
    this.#nextDeadline = NEVER
    // All watches have the same timeout and deadline, so their deadlines are in the order in which the names were read.
    for (const watches of [this.#operations.values(), this.#duplicates])
      for (const watch of watches) {
        if (watch.label === undefined) continue
        const { deadline = NEVER } = watch
        if (deadline > time) {
          this.#nextDeadline = Math.min(this.#nextDeadline, deadline)
          break
        }
        yield watch
      }
  }

  #poll(item: WatchedOperation): void {
    this.#heap.remove(item)
    item.state = withPollSent(item.state, now(), item.at)
    this.#pollsInFlight++
    const [{ order } = item] = this.#watchesOf(item)
    const poll = sendOnce(this.#polling, item.state, order).subscribe({
      next: ({ state, due, notBefore, emission }) => {
        this.#pollsInFlight--
        item.poll = undefined
        item.state = state
        if (emission !== undefined) this.#emit(item, emission, this.#watchesOf(item))
        if (this.#watchesOf(item).length > 0) {
          item.at = this.#nextPoll(item, due, notBefore)
          this.#heap.add(item)
        }
        this.#setTimer()
      },
      error: (error: unknown) => this.#subscriber.error(error),
    })
    // A caller may unsubscribe while the request is created.
    if (this.#subscriber.closed) poll.unsubscribe()
    else if (!poll.closed) item.poll = poll
  }

  /** Returns the time of the next poll: `due`, or the earlier last poll of a watch whose deadline is before `due`. */
  #nextPoll(item: WatchedOperation, due: number, notBefore: number): number {
    const poll = { state: item.state, due, notBefore }
    for (const { deadline = NEVER } of this.#watchesOf(item)) {
      const at = pollBefore(deadline, poll, this.#settings.schedule, now())
      if (at < due) return at
      if (due < deadline) break
    }
    return due
  }

  #interrupt(operation: WatchedOperation, watches: readonly NamedWatch[], cause: Interruption): void {
    this.#emit(operation, leftError<Json>({ ...cause, ...commonFields(operation.state) }), watches)
  }

  #emit(operation: WatchedOperation, emission: JsonEmission, watches: readonly NamedWatch[]): void {
    const { state } = operation
    const snapshot = this.#decode(emission, { resume: state.target, lastSeen: state.lastSeen })
    const values = watches.map(({ label = '' }) => namedSnapshot(label, snapshot))
    if (isFinal(snapshot)) this.#end(operation, watches, snapshot)
    for (const value of values) this.#subscriber.next(value)
    if (isFinal(snapshot) && !this.#subscriber.closed) {
      this.#pull()
      this.#completeWhenDone()
    }
  }

  /** Ends watches of an operation. Stops the polls of the operation if it has no other watch. */
  #end(operation: WatchedOperation, watches: readonly NamedWatch[], ending: WatchEnding): void {
    const duplicates = this.#duplicatesOf.get(operation)
    for (const watch of watches) {
      this.#watchCount--
      watch.label = undefined
      this.#duplicates.delete(watch as Duplicate)
      duplicates?.delete(watch as Duplicate)
      publishWatchEnd(watch, operation, ending)
    }
    if (duplicates?.size === 0) this.#duplicatesOf.delete(operation)
    if (this.#watchesOf(operation).length > 0) return
    if (operation.index !== -1) this.#heap.remove(operation)
    this.#operations.delete(this.#keyOf(operation.state.target))
    if (operation.poll === undefined) return
    operation.poll.unsubscribe()
    this.#pollsInFlight--
  }

  #completeWhenDone(): void {
    if (this.#allNamesRead && this.#watchCount === 0) this.#subscriber.complete()
  }
}

function namedSnapshot<R, M>(label: Label, snapshot: Emission<R, M>): NamedSnapshot<R, M> {
  return typeof label === 'string' ? { name: label, snapshot } : { ...label, snapshot }
}

function publishWatchEnd({ order }: NamedWatch, { state }: WatchedOperation, ending: WatchEnding): void {
  const { name, endpoint } = state.target
  diagnostics.watchEnd(() => ({ watch: order, name, endpoint, ...endingFields(ending) }))
}
