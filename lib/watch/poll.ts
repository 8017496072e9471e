import type { Either } from 'fp-ts/lib/Either.js'
import { defer, EMPTY, mergeMap, Observable, of, Subject, type Subscription, switchMap } from 'rxjs'
import type { Answer, Failure } from '../model/answer.js'
import { isLeft } from '../model/either.js'
import type { Json } from '../model/json.js'
import type { Running } from '../model/operation.js'
import type { ResumeToken } from '../model/resume-token.js'
import {
  asked,
  begin,
  type Course,
  elapsedOf,
  factsOf,
  follow,
  type Rules,
  type Turn,
} from '../policy/course.js'
import { lagBounded, waitOf } from '../policy/schedule.js'
import { judge, type Verdict } from '../policy/verdict.js'
import { isOutcome, type Word } from '../policy/word.js'
import { diagnostics, type PollEnded, type PollStarted } from './diagnostics.js'
import { now, sleepThen } from './sleep.js'

/** Asks for a snapshot, once whenever it is subscribed to; attempts count from 1. */
export type Ask = (target: ResumeToken, attempt: number) => Observable<Either<Failure, Answer>>

/** What a poll loop works with. */
export interface PollOptions extends Rules {
  readonly target: ResumeToken
  readonly ask: Ask
  /** What the call that starts the operation has just answered: then the first poll waits as after a poll. */
  readonly started?: Running<Json> | undefined
}

/** Who is told the words of a poll loop, and of its defects. */
export interface Listener {
  /** The watch that the polls are told to belong to. */
  readonly watch?: number | undefined
  next(word: Word): void
  error(defect: unknown): void
}

/** Where a watch has its words from, and whom it may ask to poll sooner. */
export interface Loop {
  /** What is watched, and since when. */
  readonly target: ResumeToken
  /** Hands on the latest word at once, where there is one, and those to come. */
  listen(listener: Listener): void
  leave(listener: Listener): void
  /** Polls sooner, unless a poll is due before a time. */
  nudge(unlessBefore: number): void
}

/** The nudge that does not look at when the next poll is due. */
export const AT_ALL_EVENTS: number = Number.NEGATIVE_INFINITY

/** No nudge is followed within this many milliseconds of the last poll. */
export const NUDGE_GAP = 500

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
  readonly #words: Listener
  readonly #waits = new Subject<number>()
  readonly #polls: Subscription
  #course: Course
  #due: number
  #notBefore: number
  #asking = false
  #remembered: number | undefined

  /** Begins at once: the first poll is sent when nothing else is to be done. */
  constructor(options: PollOptions, words: Listener) {
    const { target, started, schedule } = options
    this.#options = options
    this.#words = words
    this.#course = begin(target, now(), started)
    this.#notBefore = now()
    this.#due = now() + (started ? waitOf(schedule, factsOf(this.#course, now())) : 0)
    const poll = (): Observable<Turn> => this.#poll()
    this.#polls = this.#waits.pipe(switchMap((due) => sleepThen(due, poll))).subscribe({
      next: (turn) => this.#answered(turn),
      error: (defect) => words.error(defect),
    })
    this.#wait(this.#due)
  }

  /** Polls sooner, unless a poll is due before a time; {@link AT_ALL_EVENTS} does not look at that. */
  nudge(unlessBefore: number): void {
    if (this.#asking) {
      this.#remembered = Math.min(this.#remembered ?? unlessBefore, unlessBefore)
    } else if (this.#due >= unlessBefore) {
      const due = Math.max(now(), this.#notBefore, this.#course.askedAt + NUDGE_GAP)
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

  #poll(): Observable<Turn> {
    this.#asking = true
    this.#course = asked(this.#course, now())
    return askOnce(this.#options, this.#course, this.#words.watch)
  }

  #answered({ course, due, notBefore, word }: Turn): void {
    const nudged = this.#remembered
    this.#asking = false
    this.#remembered = undefined
    this.#course = course
    this.#notBefore = notBefore
    this.#wait(due)
    if (nudged !== undefined) this.nudge(nudged)
    if (word !== undefined) this.#words.next(word)
  }
}

/**
 * One poll: what follows from its answer, and what the diagnostics channels are told of it. It is one Observable without
 * operators, for all polls go through it.
 */
export function askOnce(
  options: Rules & Pick<PollOptions, 'ask'>,
  course: Course,
  watch?: number,
): Observable<Turn> {
  return new Observable((subscriber) => {
    let isOpen = true
    const started = (): PollStarted => startedFacts(course, watch)
    const answered = (answer: Either<Failure, Answer>): Turn => {
      const answeredAt = now()
      const verdict = judge(answer, answeredAt)
      const turn = follow(course, verdict, answeredAt, options)
      if (isOutcome(turn.word)) options.schedule.settled?.(factsOf(turn.course, answeredAt))
      isOpen = false
      diagnostics.pollEnd(() => ({ ...started(), ...endedFacts(answer, verdict, turn, answeredAt) }))
      return turn
    }
    diagnostics.pollStart(started)
    subscriber.add(() => {
      if (!isOpen) return
      diagnostics.pollEnd(() => ({ ...started(), took: now() - course.askedAt, verdict: 'Aborted' }))
    })
    subscriber.add(
      options.ask(course.target, course.attempt).subscribe({
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

function startedFacts(course: Course, watch: number | undefined): PollStarted {
  return {
    ...(watch !== undefined && { watch }),
    name: course.target.name,
    endpoint: course.target.endpoint,
    attempt: course.attempt,
    elapsed: elapsedOf(course, course.askedAt),
  }
}

function endedFacts(
  answer: Either<Failure, Answer>,
  verdict: Verdict,
  { course, due, word }: Turn,
  answeredAt: number,
): Omit<PollEnded, keyof PollStarted> {
  const { lastSeen } = course
  const said = verdict._tag === 'Snapshot' ? verdict.operation : verdict
  return {
    verdict: said._tag,
    took: answeredAt - course.askedAt,
    ...(!isLeft(answer) && { httpStatus: answer.right.httpStatus }),
    ...('failure' in said && { failure: said.failure }),
    ...('status' in said && { status: said.status }),
    ...(isOutcome(word) && lastSeen && { lag: elapsedOf(course, answeredAt) - lastSeen.elapsed }),
    ...(due !== Number.POSITIVE_INFINITY && { nextDelay: due - answeredAt }),
  }
}

/** A course without patience: its first answer is its last word. */
const ONCE: Rules = {
  schedule: /* @__PURE__ */ lagBounded(),
  patience: 0,
  visibilityWindow: 0,
  oddities: 0,
  random: () => 0,
}

/** Polls once; whatever does not bring a snapshot is an error, a transient failure among them. */
export function pollOnce(options: Pick<PollOptions, 'target' | 'ask'>): Observable<Word> {
  return defer(() => {
    const course = asked(begin(options.target, now()), now())
    return askOnce({ ...ONCE, ...options }, course).pipe(
      mergeMap(({ word }) => (word === undefined ? EMPTY : of(word))),
    )
  })
}
