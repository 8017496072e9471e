import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import {
  BehaviorSubject,
  concat,
  defer,
  EMPTY,
  finalize,
  ignoreElements,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  switchMap,
  take,
  tap,
  throwIfEmpty,
} from 'rxjs'
import type { Answer, Failure } from '../model/answer.js'
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
import { now, sleepUntil } from './sleep.js'

/** What a poll loop works with. */
export interface PollOptions extends Rules {
  readonly target: ResumeToken
  /** Asks once, whenever it is subscribed to; attempts count from 1. */
  readonly ask: (attempt: number) => Observable<Either<Failure, Answer>>
  /** What the call that starts the operation has just answered: then the first poll waits as after a poll. */
  readonly started?: Running<Json> | undefined
  /** Wishes to poll sooner, each with a time: it is dropped if a poll is due before that. {@link AT_ALL_EVENTS} never is. */
  readonly nudges: Observable<number>
}

/** The nudge that does not look at when the next poll is due. */
export const AT_ALL_EVENTS: number = Number.NEGATIVE_INFINITY

/** No nudge is followed within this many milliseconds of the last poll. */
const NUDGE_GAP = 500

/**
 * Polls one operation, one request at a time. It never completes by itself: whoever listens leaves at the last word.
 *
 * ```
 * waits  0--------d1-------d2--------d3------->
 * polls  -A--------B--------C---------D------->
 * words  -Running-- (503) --Running---Succeeded
 * ```
 *
 * A nudge replaces the wait, never a poll that is sent; one that comes during a poll is remembered.
 */
export const pollLoop = (options: PollOptions): Observable<Word> =>
  defer(() => {
    const course = begin(options.target, now(), options.started)
    const firstWait = options.started ? waitOf(options.schedule, factsOf(course, now())) : 0
    let turn: Turn = { course, due: now() + firstWait, notBefore: now() }
    let asking = false
    let remembered: number | undefined

    const waits = new BehaviorSubject(turn.due)
    const nudge = (unlessBefore: number): void => {
      if (asking) {
        remembered = Math.min(remembered ?? unlessBefore, unlessBefore)
      } else if (turn.due >= unlessBefore) {
        const due = Math.max(now(), turn.notBefore, turn.course.askedAt + NUDGE_GAP)
        if (due < turn.due) wait({ ...turn, due })
      }
    }
    const wait = (next: Turn): void => {
      turn = next
      waits.next(turn.due)
    }
    const answered = (next: Turn): void => {
      asking = false
      wait(next)
      if (remembered !== undefined) nudge(remembered)
      remembered = undefined
    }
    const poll = defer(() => {
      asking = true
      turn = { ...turn, course: asked(turn.course, now()) }
      return askOnce(options, turn.course)
    })

    return merge(
      waits.pipe(
        switchMap((due) => concat(sleepUntil(due), poll)),
        tap(answered),
        mergeMap(({ word }) => (word === undefined ? EMPTY : of(word))),
      ),
      options.nudges.pipe(tap(nudge), ignoreElements()),
    )
  })

const askOnce = (options: Rules & Pick<PollOptions, 'ask'>, course: Course): Observable<Turn> => {
  const { name, endpoint } = course.target
  const started = { name, endpoint, attempt: course.attempt, elapsed: elapsedOf(course, now()) }
  let isOpen = true
  diagnostics.pollStart(() => started)
  return options.ask(course.attempt).pipe(
    take(1),
    throwIfEmpty(() => new Error('the transport completed without an answer')),
    map((answer) => {
      const verdict = judge(answer, now())
      const turn = follow(course, verdict, now(), options)
      if (isOutcome(turn.word)) options.schedule.settled?.(factsOf(turn.course, now()))
      isOpen = false
      diagnostics.pollEnd(() => ({ ...started, ...endedFacts(answer, verdict, turn) }))
      return turn
    }),
    finalize(() => isOpen && diagnostics.pollEnd(() => ({ ...started, verdict: 'Aborted' }))),
  )
}

const endedFacts = (
  answer: Either<Failure, Answer>,
  verdict: Verdict,
  { due }: Turn,
): Omit<PollEnded, keyof PollStarted> => ({
  verdict: verdict._tag === 'Snapshot' ? verdict.operation._tag : verdict._tag,
  ...(!isLeft(answer) && { httpStatus: answer.right.httpStatus }),
  ...('failure' in verdict && { failure: verdict.failure }),
  ...(due !== Number.POSITIVE_INFINITY && { nextDelay: due - now() }),
})

/** A course without patience: its first answer is its last word. */
const ONCE: Rules = {
  schedule: lagBounded(),
  patience: 0,
  visibilityWindow: 0,
  oddities: 0,
  random: () => 0,
}

/** Polls once; whatever does not bring a snapshot is an error, a transient failure among them. */
export const pollOnce = (options: Pick<PollOptions, 'target' | 'ask'>): Observable<Word> =>
  defer(() => {
    const course = asked(begin(options.target, now()), now())
    return askOnce({ ...ONCE, ...options }, course).pipe(
      mergeMap(({ word }) => (word === undefined ? EMPTY : of(word))),
    )
  })
