import { EMPTY, Observable, type Subscriber, takeWhile } from 'rxjs'
import { leftError } from '../messages/error-message.js'
import { type Either, isLeft } from '../model/either.js'
import type { Json } from '../model/json.js'
import type { Operation, Running } from '../model/operation.js'
import type { OperationError } from '../model/operation-error.js'
import type { ResumeToken } from '../model/resume-token.js'
import { applyDecoders, type EmissionDecoder } from '../polling/apply-decoders.js'
import { type Emission, isFinal, type JsonEmission } from '../polling/emission.js'
import { commonFields } from '../polling/poll-state.js'
import { minWait } from '../polling/schedule.js'
import { untilAborted } from '../time/abort-signal.js'
import { NEVER, now, sleepThen } from '../time/clock.js'
import { wasFrozen } from '../time/frozen-time.js'
import type { CloseListener, CloseSignal } from './close-signal.js'
import { type TimeoutFacts, timedOut, timeLimit } from './deadline.js'
import { diagnostics, endingFields, nextWatchId, type WatchEnding } from './diagnostics.js'
import { EVEN_IF_DUE_SOON, type PollListener, type PollSource } from './poll-loop.js'
import type { WatchSettings } from './watch-options.js'

/** A watch: emits `Right(Running)* ( Right(Succeeded) | Left(OperationError) )`, then completes. */
export type Watch<R = Json | undefined, M = Json> = Observable<Either<OperationError<M>, Operation<R, M>>>

/** The source of the emissions of a watch. */
export interface WatchSource {
  readonly target: ResumeToken
  /** Returns the poll source. It is called after `started` has been emitted. */
  readonly openPolls: () => PollSource
  readonly closeSignal: CloseSignal
  /** The first emission: the response of the call that started the operation. */
  readonly started?: JsonEmission
}

/**
 * Watches one operation.
 *
 * ```
 * --Running--Running--Succeeded|
 * --Running--Left(OperationError)|
 * ```
 */
export function watch<R, M>(source: WatchSource, settings: WatchSettings<R, M>): Watch<R, M> {
  const emissions: Watch<R, M> = new Observable((subscriber) => {
    const subscription = new WatchSubscription(source, settings, subscriber)
    subscriber.add(subscription)
    subscription.start(source)
  })
  const result = emissions.pipe(takeWhile<Emission<R, M>>(isNotFinal, true))
  return untilAborted(result, settings.signal)
}

// Not an arrow function inside `watch`, because an arrow function would keep the variables of `watch` in memory.
function isNotFinal(emission: Emission<unknown, unknown>): boolean {
  return !isFinal(emission)
}

/** The cause of a final result that does not come from a poll. */
export type Interruption = { readonly _tag: 'ClientClosed' } | TimeoutFacts

/**
 * Decodes and emits the emissions of a poll source, until the watch times out or the client is closed. It is a class,
 * because methods add no memory to each instance.
 */
class WatchSubscription<R, M> implements PollListener, CloseListener {
  readonly #closeSignal: CloseSignal
  readonly #settings: WatchSettings<R, M>
  readonly #subscriber: Subscriber<Emission<R, M>>
  readonly #decode: EmissionDecoder<R, M>
  readonly watchId: number = nextWatchId()
  #target: ResumeToken
  #pollSource: PollSource | undefined
  #lastSeen: Running | undefined
  #ending: WatchEnding = 'Unsubscribed'
  #hasFinalResult = false

  constructor(
    { target, closeSignal }: WatchSource,
    settings: WatchSettings<R, M>,
    subscriber: Subscriber<Emission<R, M>>,
  ) {
    this.#target = target
    this.#closeSignal = closeSignal
    this.#settings = settings
    this.#subscriber = subscriber
    this.#decode = applyDecoders(settings)
  }

  start({ target, started, openPolls }: WatchSource): void {
    const { hint, schedule, deadline, timeout: limit } = this.#settings
    const timeout = timeLimit(deadline, limit)
    const subscriber = this.#subscriber
    diagnostics.watchStart(() => ({ watch: this.watchId, name: target.name, endpoint: target.endpoint }))
    if (started !== undefined) this.next(started)
    if (timeout === 0) this.#interrupt(timedOut(timeout, deadline))
    if (subscriber.closed) return
    const pollSource = openPolls()
    this.#pollSource = pollSource
    this.#target = pollSource.target
    this.#closeSignal.listen(this)
    if (!subscriber.closed) pollSource.listen(this)
    if (hint !== undefined && !subscriber.closed)
      subscriber.add(
        hint.subscribe({
          next: () => pollSource.pollSoon(EVEN_IF_DUE_SOON),
          error: (error: unknown) => this.error(error),
        }),
      )
    if (timeout !== NEVER && !subscriber.closed) {
      const startedAt = now()
      const lastPoll = Math.max(startedAt, startedAt + timeout - minWait(schedule))
      this.#endAt(lastPoll, startedAt + timeout, timedOut(timeout, deadline, limit))
    }
  }

  /** Polls at `lastPoll`, and ends the watch at `deadline`. Repeats both if the process was frozen at one of them. */
  #endAt(lastPoll: number, deadline: number, cause: TimeoutFacts): void {
    let isLate = false
    const runAt = (due: number, action: () => void): void => {
      const timer = sleepThen(due, () => {
        isLate ||= wasFrozen(due)
        action()
        return EMPTY
      })
      this.#subscriber.add(timer.subscribe())
    }
    runAt(lastPoll, () => this.#pollSource?.pollSoon(deadline))
    runAt(deadline, () => {
      if (isLate) this.#endAt(now(), now() + minWait(this.#settings.schedule), cause)
      else this.#interrupt(cause)
    })
  }

  next(emission: JsonEmission): void {
    // A subscriber may close the client when it receives the final result.
    if (this.#hasFinalResult) return
    if (!isLeft(emission) && !emission.right.done) this.#lastSeen = emission.right
    try {
      const decoded = this.#decode(emission, { resume: this.#resume, lastSeen: this.#lastSeen })
      this.#hasFinalResult = isFinal(decoded)
      if (this.#hasFinalResult) this.#ending = decoded
      this.#subscriber.next(decoded)
    } catch (error) {
      this.error(error)
    }
  }

  error(error: unknown): void {
    this.#ending = 'Defect'
    this.#subscriber.error(error)
  }

  onClose(): void {
    this.#interrupt({ _tag: 'ClientClosed' })
  }

  unsubscribe(): void {
    const { name, endpoint } = this.#target
    this.#closeSignal.unlisten(this)
    this.#pollSource?.unlisten(this)
    diagnostics.watchEnd(() => ({ watch: this.watchId, name, endpoint, ...endingFields(this.#ending) }))
  }

  /** Reads the target of the poll source each time, because its `since` may become known later. */
  get #resume(): ResumeToken {
    return this.#pollSource?.target ?? this.#target
  }

  #interrupt(cause: Interruption): void {
    const common = commonFields({ target: this.#resume, lastSeen: this.#lastSeen })
    this.next(leftError<Json>({ ...cause, ...common }))
  }
}
