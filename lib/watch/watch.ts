import type { Either } from 'fp-ts/lib/Either.js'
import {
  concat,
  defer,
  EMPTY,
  isObservable,
  merge,
  Observable,
  of,
  type Subscriber,
  takeUntil,
  takeWhile,
} from 'rxjs'
import { makeOperationError } from '../messages/error-message.js'
import { InvalidOption, milliseconds } from '../messages/invalid-option.js'
import { isLeft, left } from '../model/either.js'
import type { Json } from '../model/json.js'
import type { Operation, Running } from '../model/operation.js'
import type { OperationError } from '../model/operation-error.js'
import type { ResumeToken } from '../model/target.js'
import {
  applyDecoders,
  checkDecoders,
  type Decoders,
  type EmissionDecoder,
} from '../polling/apply-decoders.js'
import { type Emission, isFinal } from '../polling/emission.js'
import { isSchedule, lagBounded, type Schedule } from '../polling/schedule.js'
import { type AbortSignalLike, whenAborted } from '../time/abort-signal.js'
import { now, sleepUntil } from '../time/clock.js'
import type { CloseListener, CloseSignal } from './close-signal.js'
import { diagnostics, endingFields, nextWatch, type WatchEnding } from './diagnostics.js'
import { ALWAYS, type PollListener, type PollSource } from './poll-loop.js'

/** A watch: `Right(Running)* ( Right(Succeeded) | Left(OperationError) )`, then it completes. */
export type Watch<R = Json | undefined, M = Json> = Observable<Either<OperationError<M>, Operation<R, M>>>

/** How one operation is watched. */
export interface WatchOptions<R = Json | undefined, M = Json> extends Decoders<R, M> {
  /**
   * When to poll a running operation.
   * @defaultValue `lagBounded()`
   */
  readonly schedule?: Schedule | undefined
  /** Milliseconds, at least 1, from subscription to `TimedOut`; by default the watch waits for as long as it takes. */
  readonly timeout?: number | undefined
  /**
   * Milliseconds of unbroken transient failure before `Unreachable`. Until the server has answered once it is
   * at most 30 000. With 0 the first failure is the last word.
   * @defaultValue 600 000
   */
  readonly maxRetryTime?: number | undefined
  /**
   * Milliseconds during which a 404 for a name not yet seen means "not visible yet".
   * @defaultValue 10 000
   */
  readonly visibilityWindow?: number | undefined
  /**
   * Each emission ends the wait for the next poll, as an event from elsewhere may wish; never within 500 ms of the last
   * poll or before the server's Retry-After. Its completion means nothing, its error is that of the watch.
   */
  readonly hint?: Observable<unknown> | undefined
  /**
   * Whether to let the server hold each answer, up to 30 s, until the operation is done, where the service is known to
   * have `operations.wait`; the first poll is answered at once. Elsewhere it changes nothing. A
   * `hint` that comes while an answer is held is followed after it.
   * @defaultValue false
   */
  readonly longPoll?: boolean | undefined
  /** Completes the watch, without a word, when it is aborted. */
  readonly signal?: AbortSignalLike | undefined
}

/** Options that were checked, with their defaults. */
export interface WatchSettings<R, M> extends WatchOptions<R, M> {
  readonly schedule: Schedule
  readonly maxRetryTime: number
  readonly visibilityWindow: number
  readonly longPoll: boolean
}

const DEFAULT_SCHEDULE = /* @__PURE__ */ lagBounded()
const DEFAULT_MAX_RETRY_TIME = 600_000
const DEFAULT_VISIBILITY_WINDOW = 10_000
/** How long before its timeout a watch polls a last time, where its schedule has no shortest wait. */
export const LAST_POLL_TIMEOUT = 750

/** Checks the options of a watch; throws {@link InvalidOption} where one is out of its range. */
export function watchSettings<R, M>(options: WatchOptions<R, M>): WatchSettings<R, M> {
  const {
    schedule = DEFAULT_SCHEDULE,
    maxRetryTime = DEFAULT_MAX_RETRY_TIME,
    visibilityWindow = DEFAULT_VISIBILITY_WINDOW,
  } = options
  const { timeout, hint, signal, longPoll = false } = options
  if (!isSchedule(schedule)) throw new InvalidOption('schedule', 'a schedule such as lagBounded()', schedule)
  milliseconds('maxRetryTime', maxRetryTime, 0)
  milliseconds('visibilityWindow', visibilityWindow, 0)
  if (timeout !== undefined) milliseconds('timeout', timeout, 1)
  if (hint !== undefined && !isObservable(hint)) throw new InvalidOption('hint', 'an Observable', hint)
  if (signal !== undefined && typeof signal?.addEventListener !== 'function')
    throw new InvalidOption('signal', 'an AbortSignal', signal)
  if (typeof longPoll !== 'boolean') throw new InvalidOption('longPoll', 'true or false', longPoll)
  checkDecoders(options)
  const { response, metadata } = options
  return { response, metadata, schedule, timeout, maxRetryTime, visibilityWindow, hint, signal, longPoll }
}

/** Where a watch gets its words. */
export interface WatchSource {
  readonly target: ResumeToken
  /** Asked for once the watch has told what started it. */
  readonly polls: () => PollSource
  readonly closeSignal: CloseSignal
  /** What the starting call answered, as the first word. */
  readonly started?: Emission
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
  const words: Watch<R, M> = new Observable((subscriber) => {
    const listening = new WatchSubscription(source.closeSignal, settings, subscriber)
    subscriber.add(listening)
    listening.start(source)
  })
  const watched = words.pipe(takeWhile<Either<OperationError<M>, Operation<R, M>>>(isNotFinal, true))
  return settings.signal === undefined ? watched : watched.pipe(takeUntil(whenAborted(settings.signal)))
}

// Not written where it is used, for there it would hold on to all that is known there.
function isNotFinal(word: Either<OperationError<unknown>, Operation<unknown, unknown>>): boolean {
  return !isFinal(word)
}

/**
 * The words of a loop as its subscriber's decoders read them, and what interrupts them: a watch without its end. It is a
 * class for the same reason as the loop.
 */
class WatchSubscription<R, M> implements PollListener, CloseListener {
  readonly #closing: CloseSignal
  readonly #settings: WatchSettings<R, M>
  readonly #subscriber: Subscriber<Either<OperationError<M>, Operation<R, M>>>
  readonly #read: EmissionDecoder<R, M>
  readonly watch: number = nextWatch()
  #target: ResumeToken = EMPTY_TARGET
  #loop: PollSource | undefined
  #lastSeen: Running<Json> | undefined
  #ended: WatchEnding = 'Unsubscribed'
  #isOver = false

  constructor(
    closing: CloseSignal,
    settings: WatchSettings<R, M>,
    subscriber: Subscriber<Either<OperationError<M>, Operation<R, M>>>,
  ) {
    this.#closing = closing
    this.#settings = settings
    this.#subscriber = subscriber
    this.#read = applyDecoders(settings)
  }

  start({ target, started, polls }: WatchSource): void {
    const { timeout, hint, schedule } = this.#settings
    const subscriber = this.#subscriber
    this.#target = target
    diagnostics.watchStart(() => ({ watch: this.watch, name: target.name, endpoint: target.endpoint }))
    if (started !== undefined) this.next(started)
    if (subscriber.closed) return
    const listened = polls()
    this.#loop = listened
    this.#target = listened.target
    this.#closing.listen(this)
    if (!subscriber.closed) listened.listen(this)
    if (hint !== undefined && !subscriber.closed)
      subscriber.add(
        hint.subscribe({
          next: () => listened.pollSoon(ALWAYS),
          error: (defect: unknown) => this.error(defect),
        }),
      )
    if (timeout !== undefined && !subscriber.closed)
      subscriber.add(
        limit(timeout, schedule.min ?? LAST_POLL_TIMEOUT, listened).subscribe((facts) =>
          this.#interrupt(facts),
        ),
      )
  }

  next(word: Emission): void {
    // Whoever hears the last word may close the client from there.
    if (this.#isOver) return
    if (!isLeft(word) && !word.right.done) this.#lastSeen = word.right
    try {
      const read = this.#read(word, { resume: this.#resume, lastSeen: this.#lastSeen })
      this.#isOver = isFinal(read)
      if (this.#isOver) this.#ended = read
      this.#subscriber.next(read)
    } catch (defect) {
      this.error(defect)
    }
  }

  error(defect: unknown): void {
    this.#ended = 'Defect'
    this.#subscriber.error(defect)
  }

  onClose(): void {
    this.#interrupt({ _tag: 'ClientClosed' })
  }

  unsubscribe(): void {
    const { name, endpoint } = this.#target
    this.#closing.unlisten(this)
    this.#loop?.unlisten(this)
    diagnostics.watchEnd(() => ({ watch: this.watch, name, endpoint, ...endingFields(this.#ended) }))
  }

  /** A loop elsewhere may learn only after a while since when it has been going on. */
  get #resume(): ResumeToken {
    return this.#loop?.target ?? this.#target
  }

  #interrupt(facts: Interruption): void {
    const resume = this.#resume
    const lastSeen = this.#lastSeen
    this.next(
      left(makeOperationError<Json>({ ...facts, name: resume.name, resume, ...(lastSeen && { lastSeen }) })),
    )
  }
}

const EMPTY_TARGET: ResumeToken = { name: '', endpoint: '', apiVersion: '' }

type Interruption =
  | { readonly _tag: 'ClientClosed' }
  | { readonly _tag: 'TimedOut'; readonly timeout: number }

/** Asks for a last poll while there is time for its answer, then says that time is up. */
function limit(timeout: number, lastPoll: number, loop: PollSource): Observable<Interruption> {
  const deadline = now() + timeout
  return merge(
    concat(
      sleepUntil(deadline - lastPoll),
      defer(() => {
        loop.pollSoon(deadline)
        return EMPTY
      }),
    ),
    concat(sleepUntil(deadline), of({ _tag: 'TimedOut', timeout } as const)),
  )
}
