import { type Either, isLeft, left } from 'fp-ts/lib/Either.js'
import {
  concat,
  defer,
  EMPTY,
  finalize,
  ignoreElements,
  isObservable,
  map,
  merge,
  type Observable,
  of,
  takeUntil,
  takeWhile,
  tap,
} from 'rxjs'
import { InvalidOption, milliseconds } from '../model/invalid-option.js'
import type { Json } from '../model/json.js'
import type { Operation, Running } from '../model/operation.js'
import type { OperationError } from '../model/operation-error.js'
import type { ResumeToken } from '../model/resume-token.js'
import { operationError } from '../model/sentence.js'
import { checkDecoders, type Decoders, decoded } from '../policy/decoded.js'
import { isSchedule, lagBounded, type Schedule } from '../policy/schedule.js'
import { isLast, type Word } from '../policy/word.js'
import { type AbortSignalLike, aborted } from './aborted.js'
import { diagnostics, type WatchEnded } from './diagnostics.js'
import { AT_ALL_EVENTS } from './poll.js'
import type { Loop } from './shared.js'
import { now, sleepUntil } from './sleep.js'

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
  readonly patience?: number | undefined
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
   * have `operations.wait`; the first poll is answered at once. Elsewhere it changes nothing.
   * @defaultValue false
   */
  readonly longPoll?: boolean | undefined
  /** Completes the watch, without a word, when it is aborted. */
  readonly signal?: AbortSignalLike | undefined
}

/** Options that were checked, with their defaults. */
export interface WatchSettings<R, M> extends WatchOptions<R, M> {
  readonly schedule: Schedule
  readonly patience: number
  readonly visibilityWindow: number
  readonly longPoll: boolean
}

const DEFAULT_SCHEDULE = lagBounded()
const PATIENCE = 600_000
const VISIBILITY_WINDOW = 10_000
/** How long before its timeout a watch polls a last time, where its schedule has no shortest wait. */
const LAST_POLL = 750

/** Checks the options of a watch; throws {@link InvalidOption} where one is out of its range. */
export const watchSettings = <R, M>(options: WatchOptions<R, M>): WatchSettings<R, M> => {
  const { schedule = DEFAULT_SCHEDULE, patience = PATIENCE, visibilityWindow = VISIBILITY_WINDOW } = options
  const { timeout, hint, signal, longPoll = false } = options
  if (!isSchedule(schedule)) throw new InvalidOption('schedule', 'a schedule such as lagBounded()', schedule)
  milliseconds('patience', patience, 0)
  milliseconds('visibilityWindow', visibilityWindow, 0)
  if (timeout !== undefined) milliseconds('timeout', timeout, 1)
  if (hint !== undefined && !isObservable(hint)) throw new InvalidOption('hint', 'an Observable', hint)
  if (signal !== undefined && typeof signal?.addEventListener !== 'function')
    throw new InvalidOption('signal', 'an AbortSignal', signal)
  if (typeof longPoll !== 'boolean') throw new InvalidOption('longPoll', 'true or false', longPoll)
  checkDecoders(options)
  return { ...options, schedule, patience, visibilityWindow, longPoll }
}

/** Where a watch gets its words. */
export interface WatchSource {
  readonly target: ResumeToken
  /** Asked for once the watch has told what started it. */
  readonly loop: () => Loop
  /** Emits once the client is closed. */
  readonly closed: Observable<unknown>
  /** What the starting call answered, as the first word. */
  readonly started?: Word
}

/**
 * Watches one operation.
 *
 * ```
 * --Running--Running--Succeeded|
 * --Running--Left(OperationError)|
 * ```
 */
export const watch = <R, M>(source: WatchSource, settings: WatchSettings<R, M>): Watch<R, M> => {
  const watched = defer(() => {
    const { timeout, schedule, hint = EMPTY } = settings
    const read = decoded(settings)
    let resume = source.target
    let lastSeen: Running<Json> | undefined

    const interrupted = (facts: Interruption): Word =>
      left(operationError<Json>({ ...facts, name: resume.name, resume, ...(lastSeen && { lastSeen }) }))
    const polled = defer(() => {
      const { target, words, nudge } = source.loop()
      resume = target
      const closed = source.closed.pipe(map(() => interrupted({ _tag: 'ClientClosed' })))
      const hinted = hint.pipe(
        tap(() => nudge(AT_ALL_EVENTS)),
        ignoreElements(),
      )
      const timed = timeout === undefined ? EMPTY : timedOut(timeout, schedule.min ?? LAST_POLL, nudge)
      return merge(closed, words, hinted, timed.pipe(map(interrupted)))
    })

    return (source.started === undefined ? polled : concat(of(source.started), polled)).pipe(
      map((word) => {
        if (!isLeft(word) && !word.right.done) lastSeen = word.right
        return read(word, { resume, lastSeen })
      }),
      takeWhile((word) => !isLast(word), true),
      reported(resume),
    )
  })
  return settings.signal === undefined ? watched : watched.pipe(takeUntil(aborted(settings.signal)))
}

type Interruption =
  | { readonly _tag: 'ClientClosed' }
  | { readonly _tag: 'TimedOut'; readonly timeout: number }

/** Asks for a last poll while there is time for its answer, then says that time is up. */
const timedOut = (
  timeout: number,
  lastPoll: number,
  nudge: (unlessBefore: number) => void,
): Observable<Interruption> => {
  const deadline = now() + timeout
  return merge(
    concat(
      sleepUntil(deadline - lastPoll),
      defer(() => {
        nudge(deadline)
        return EMPTY
      }),
    ),
    concat(sleepUntil(deadline), of({ _tag: 'TimedOut', timeout } as const)),
  )
}

let watches = 0

/** Tells the diagnostics channels of a watch's beginning and end. */
const reported =
  ({ name, endpoint }: ResumeToken) =>
  <R, M>(words: Watch<R, M>): Watch<R, M> => {
    const started = { watch: ++watches, name, endpoint }
    let outcome: WatchEnded['outcome'] = 'Unsubscribed'
    diagnostics.watchStart(() => started)
    return words.pipe(
      tap({
        next: (word) => {
          if (isLast(word)) outcome = isLeft(word) ? word.left._tag : 'Succeeded'
        },
        error: () => {
          outcome = 'Defect'
        },
      }),
      finalize(() => diagnostics.watchEnd(() => ({ ...started, outcome }))),
    )
  }
