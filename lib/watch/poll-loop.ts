import type { Either } from 'fp-ts/lib/Either.js'
import { defer, EMPTY, mergeMap, Observable, of, Subject, type Subscription, switchMap } from 'rxjs'
import { isLeft } from '../model/either.js'
import type { TransportFailure, TransportResponse } from '../model/failure.js'
import type { Json } from '../model/json.js'
import type { Running } from '../model/operation.js'
import type { ResumeToken } from '../model/target.js'
import { classify, type Verdict } from '../polling/classify.js'
import { type Emission, isOutcome } from '../polling/emission.js'
import {
  elapsedOf,
  initialState,
  nextOnResponse,
  type PollPolicy,
  type PollResult,
  type PollState,
  scheduleFacts,
  withPollSent,
} from '../polling/poll-state.js'
import { lagBounded, nextWait } from '../polling/schedule.js'
import { now, sleepThen } from '../time/clock.js'
import { diagnostics, type PollEnded, type PollStarted } from './diagnostics.js'

/** Asks for a snapshot, once whenever it is subscribed to; attempts count from 1. */
export type SendPoll = (
  target: ResumeToken,
  attempt: number,
) => Observable<Either<TransportFailure, TransportResponse>>

/** What a poll loop works with. */
export interface PollOptions extends PollPolicy {
  readonly target: ResumeToken
  readonly send: SendPoll
  /** What the call that starts the operation has just answered: then the first poll waits as after a poll. */
  readonly started?: Running<Json> | undefined
}

/** Who is told the words of a poll loop, and of its defects. */
export interface PollListener {
  /** The watch that the polls are told to belong to. */
  readonly watch?: number | undefined
  next(word: Emission): void
  error(defect: unknown): void
}

/** Where a watch has its words from, and whom it may ask to poll sooner. */
export interface PollSource {
  /** What is watched, and since when. */
  readonly target: ResumeToken
  /** Hands on the latest word at once, where there is one, and those to come. */
  listen(listener: PollListener): void
  unlisten(listener: PollListener): void
  /** Polls sooner, unless a poll is due before a time. */
  pollSoon(unlessBefore: number): void
}

/** The nudge that does not look at when the next poll is due. */
export const ALWAYS: number = Number.NEGATIVE_INFINITY

/** No nudge is followed within this many milliseconds of the last poll. */
export const MIN_POLL_GAP = 500

/**
 * Polls one operation, one request at a time, and hands on its words. It never ends by itself: whoever listens stops it
 * at the last word.
 *
 * ```
 * waits  0--------d1-------d2--------d3------->
 * polls  -A--------B--------C---------D------->
 * words  -Running-- (503) --Running---Succeeded
 * ```
 *
 * A wait is replaced by a shorter one, never a poll that is sent. It is a class because a hundred thousand of them may
 * wait at once, and methods weigh nothing.
 */
export class PollLoop {
  readonly #options: PollOptions
  readonly #emissions: PollListener
  readonly #waits = new Subject<number>()
  readonly #polls: Subscription
  #state: PollState
  #due: number
  #notBefore: number
  #isPolling = false
  #pendingHint: number | undefined

  /** Begins at once: the first poll is sent when nothing else is to be done. */
  constructor(options: PollOptions, words: PollListener) {
    const { target, started, schedule } = options
    this.#options = options
    this.#emissions = words
    this.#state = initialState(target, now(), started)
    this.#notBefore = now()
    this.#due = now() + (started ? nextWait(schedule, scheduleFacts(this.#state, now())) : 0)
    const poll = (): Observable<PollResult> => this.#poll()
    this.#polls = this.#waits.pipe(switchMap((due) => sleepThen(due, poll))).subscribe({
      next: (turn) => this.#onResponse(turn),
      error: (defect) => words.error(defect),
    })
    this.#wait(this.#due)
  }

  /** Polls sooner, unless a poll is due before a time; {@link ALWAYS} does not look at that. */
  pollSoon(unlessBefore: number): void {
    if (this.#isPolling) {
      this.#pendingHint = Math.min(this.#pendingHint ?? unlessBefore, unlessBefore)
    } else if (this.#due >= unlessBefore) {
      const due = Math.max(now(), this.#notBefore, this.#state.polledAt + MIN_POLL_GAP)
      if (due < this.#due) this.#wait(due)
    }
  }

  stop(): void {
    this.#polls.unsubscribe()
  }

  #wait(due: number): void {
    this.#due = due
    this.#waits.next(due)
  }

  #poll(): Observable<PollResult> {
    this.#isPolling = true
    this.#state = withPollSent(this.#state, now())
    return sendOnce(this.#options, this.#state, this.#emissions.watch)
  }

  #onResponse({ state, due, notBefore, emission }: PollResult): void {
    const nudged = this.#pendingHint
    this.#isPolling = false
    this.#pendingHint = undefined
    this.#state = state
    this.#notBefore = notBefore
    this.#wait(due)
    if (nudged !== undefined) this.pollSoon(nudged)
    if (emission !== undefined) this.#emissions.next(emission)
  }
}

/**
 * One poll: what follows from its answer, and what the diagnostics channels are told of it. It is one Observable without
 * operators, for all polls go through it.
 */
export function sendOnce(
  options: PollPolicy & Pick<PollOptions, 'send'>,
  course: PollState,
  watch?: number,
): Observable<PollResult> {
  return new Observable((subscriber) => {
    let isOpen = true
    const started = (): PollStarted => startedFacts(course, watch)
    const answered = (answer: Either<TransportFailure, TransportResponse>): PollResult => {
      const answeredAt = now()
      const verdict = classify(answer, answeredAt)
      const turn = nextOnResponse(course, verdict, answeredAt, options)
      if (isOutcome(turn.emission)) options.schedule.settled?.(scheduleFacts(turn.state, answeredAt))
      isOpen = false
      diagnostics.pollEnd(() => ({ ...started(), ...endedFacts(answer, verdict, turn, answeredAt) }))
      return turn
    }
    diagnostics.pollStart(started)
    subscriber.add(() => {
      if (!isOpen) return
      diagnostics.pollEnd(() => ({ ...started(), took: now() - course.polledAt, verdict: 'Aborted' }))
    })
    subscriber.add(
      options.send(course.target, course.attempt).subscribe({
        next: (answer) => {
          if (!isOpen) return
          try {
            subscriber.next(answered(answer))
            subscriber.complete()
          } catch (defect) {
            subscriber.error(defect)
          }
        },
        error: (defect: unknown) => subscriber.error(defect),
        complete: () => {
          if (isOpen) subscriber.error(new Error('the transport completed without an answer'))
        },
      }),
    )
  })
}

function startedFacts(course: PollState, watch: number | undefined): PollStarted {
  return {
    ...(watch !== undefined && { watch }),
    name: course.target.name,
    endpoint: course.target.endpoint,
    attempt: course.attempt,
    elapsed: elapsedOf(course, course.polledAt),
  }
}

function endedFacts(
  answer: Either<TransportFailure, TransportResponse>,
  verdict: Verdict,
  { state, due, emission }: PollResult,
  answeredAt: number,
): Omit<PollEnded, keyof PollStarted> {
  const { lastSeen } = state
  const said = verdict._tag === 'Snapshot' ? verdict.operation : verdict
  return {
    verdict: said._tag,
    took: answeredAt - state.polledAt,
    ...(!isLeft(answer) && { httpStatus: answer.right.httpStatus }),
    ...('failure' in said && { failure: said.failure }),
    ...('status' in said && { status: said.status }),
    ...(isOutcome(emission) && lastSeen && { lag: elapsedOf(state, answeredAt) - lastSeen.elapsed }),
    ...(due !== Number.POSITIVE_INFINITY && { nextDelay: due - answeredAt }),
  }
}

/** A course without maxRetryTime: its first answer is its last word. */
const ONCE: PollPolicy = {
  schedule: /* @__PURE__ */ lagBounded(),
  maxRetryTime: 0,
  visibilityWindow: 0,
  maxMalformedInARow: 0,
  random: () => 0,
}

/** Polls once; whatever does not bring a snapshot is an error, a transient failure among them. */
export function pollOnce(options: Pick<PollOptions, 'target' | 'send'>): Observable<Emission> {
  return defer(() => {
    const course = withPollSent(initialState(options.target, now()), now())
    return sendOnce({ ...ONCE, ...options }, course).pipe(
      mergeMap(({ emission }) => (emission === undefined ? EMPTY : of(emission))),
    )
  })
}
