import type { Failure, NotAnOperation, PollFailure } from '../model/answer.js'
import { isLeft, left } from '../model/either.js'
import type { Json } from '../model/json.js'
import type { Running } from '../model/operation.js'
import type { ResumeToken } from '../model/resume-token.js'
import { type Facts, failureText, operationError } from '../model/sentence.js'
import { type Schedule, type ScheduleFacts, waitOf } from './schedule.js'
import type { Trouble, Verdict } from './verdict.js'
import { type Word, wordOf } from './word.js'

/** What a watch remembers from poll to poll: plain data, times in milliseconds since 1970. */
export interface Course {
  /** With `since` set, so that it can be handed out as it is. */
  readonly target: ResumeToken & { readonly since: number }
  readonly beganAt: number
  readonly askedAt: number
  readonly attempt: number
  /** Whether the server has answered at all, be it with an error. */
  readonly answered: boolean
  /** Whether a poll has brought a snapshot. */
  readonly visible: boolean
  readonly lastSeen: Running<Json> | undefined
  /** The failures since the last good answer. */
  readonly failing: { readonly since: number; readonly attempts: number } | undefined
  /** How many successes in a row were no operation. */
  readonly oddities: number
}

/** What a course is held to. */
export interface Rules {
  readonly schedule: Schedule
  /** Milliseconds of unbroken transient failure that are borne. */
  readonly patience: number
  /** Milliseconds during which a 404 on a name not yet seen means "not visible yet". */
  readonly visibilityWindow: number
  /** How many successes in a row that are no operation are borne. */
  readonly oddities: number
  /** Whether the server may hold its answer until there is news: what it held counts for the wait that follows. */
  readonly longPoll?: boolean
  /** The source of jitter, from 0 to 1. */
  readonly random: () => number
}

/** Where a watch stands after an answer. */
export interface Turn {
  readonly course: Course
  /** What is said of it; a transient failure is not a word. */
  readonly word?: Word
  /** When the next poll is due, and before when the server wants none, even if a hint comes. */
  readonly due: number
  readonly notBefore: number
  /** Why the answer brought nothing, where it may pass. */
  readonly failure?: PollFailure
}

/** Before anything was answered, patience is at most this, in milliseconds: the endpoint may be wrong. */
const PATIENCE_UNANSWERED = 30_000

const NEVER = Number.POSITIVE_INFINITY

/** A course that has asked nothing yet; the answer of the starting call, if it is at hand, is the last that was seen. */
export function begin(target: ResumeToken, now: number, started?: Running<Json>): Course {
  return {
    target: { ...target, since: target.since ?? now },
    beganAt: now,
    askedAt: Number.NEGATIVE_INFINITY,
    attempt: 0,
    answered: false,
    visible: false,
    lastSeen: started,
    failing: undefined,
    oddities: 0,
  }
}

/** Milliseconds since the watch began or its token says; never below 0, even if a clock is set back. */
export function elapsedOf({ target }: Course, now: number): number {
  return Math.max(0, now - target.since)
}

/** The course once a poll is sent. */
export function asked(course: Course, now: number): Course {
  return {
    ...course,
    askedAt: now,
    attempt: course.attempt + 1,
  }
}

/** Weighs a verdict against what came before: what to say, and when to ask again. */
export function follow(course: Course, verdict: Verdict, now: number, rules: Rules): Turn {
  if (verdict._tag !== 'Snapshot') return followTrouble(course, verdict, now, rules)
  const { target, attempt } = course
  const word = wordOf(verdict.operation, { name: target.name, attempt, elapsed: elapsedOf(course, now) })
  if (isLeft(word) || word.right.done) return last(course, word)
  const next = { ...course, ...HEARD, visible: true, lastSeen: word.right }
  return again(next, verdict, now, waitFor(next, now, rules), word)
}

/** {@link follow} for what brought no snapshot. */
export function followTrouble(course: Course, trouble: Trouble, now: number, rules: Rules): Turn {
  const end = (facts: Facts<Json>): Turn => last(course, left(operationError(facts)))
  const common = commonFacts(course)
  const attempts = (course.failing?.attempts ?? 0) + 1
  const failingSince = course.failing?.since ?? now

  switch (trouble._tag) {
    case 'NotFound': {
      const remaining = course.beganAt + rules.visibilityWindow - now
      if (course.visible || remaining <= 0)
        return end({ ...common, _tag: 'OperationNotFound', status: trouble.status })
      const well = { ...course, ...HEARD }
      return again(well, trouble, now, Math.min(remaining, waitOf(rules.schedule, factsOf(well, now))))
    }
    case 'Rejected':
      return end({
        ...common,
        _tag: 'RequestRejected',
        httpStatus: trouble.httpStatus,
        status: trouble.status,
      })
    case 'Hopeless':
      return end(hopeless(common, trouble.failure, attempts, now - failingSince))
    case 'Transient': {
      const { failure } = trouble
      const oddities = failure._tag === 'NotAnOperation' ? course.oddities + 1 : 0
      if (failure._tag === 'NotAnOperation' && oddities > rules.oddities)
        return end({ ...common, _tag: 'MalformedResponse', ...malformed(failure) })
      const answered = course.answered || isAnswer(failure)
      const patience = answered ? rules.patience : Math.min(rules.patience, PATIENCE_UNANSWERED)
      const remaining = failingSince + patience - now
      if (remaining <= 0) return end(outOfPatience(common, failure, attempts, now - failingSince))
      const jittered = Math.round(chance(rules) * Math.min(RETRY_MAX, RETRY_INITIAL * 2 ** (attempts - 1)))
      const next = { ...course, answered, oddities, failing: { since: failingSince, attempts } }
      return { ...again(next, trouble, now, Math.min(remaining, jittered)), failure }
    }
  }
}

function last(course: Course, word: Word): Turn {
  return { course, word, due: NEVER, notBefore: NEVER }
}

function again(
  course: Course,
  { retryAfter = 0 }: { readonly retryAfter?: number },
  now: number,
  wait: number,
  word?: Word,
): Turn {
  const notBefore = now + retryAfter
  return { course, due: Math.max(now + wait, notBefore), notBefore, ...(word && { word }) }
}

/** Of a course after a good answer: what failed before is forgotten. */
const HEARD = { answered: true, failing: undefined, oddities: 0 } as const

/** A server that held its answer has waited for us. */
function waitFor(course: Course, now: number, { schedule, longPoll }: Rules): number {
  const wait = waitOf(schedule, factsOf(course, now))
  return longPoll ? Math.max(0, wait - (now - course.askedAt)) : wait
}

/** Full jitter under a doubling limit; source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter. */
const RETRY_INITIAL = 500
const RETRY_MAX = 30_000

function chance({ random }: Rules): number {
  const drawn = random()
  if (drawn >= 0 && drawn <= 1) return drawn
  throw new RangeError(`random must give a number from 0 to 1, got ${drawn}`)
}

/** What a schedule may know of a course. */
export function factsOf(course: Course, now: number): ScheduleFacts {
  return {
    attempt: course.attempt,
    elapsed: elapsedOf(course, now),
    ...(course.visible && course.lastSeen && { ranAt: course.lastSeen.elapsed }),
    ...(course.lastSeen?.metadata !== undefined && { metadata: course.lastSeen.metadata }),
  }
}

/** What every error of a course carries. */
export function commonFacts({ target, lastSeen }: Course): {
  readonly name: string
  readonly resume: ResumeToken
  readonly lastSeen?: Running<Json>
} {
  return {
    name: target.name,
    resume: target,
    ...(lastSeen && { lastSeen }),
  }
}

type Common = ReturnType<typeof commonFacts>

function isAnswer(failure: PollFailure): boolean {
  return failure._tag !== 'NoCredentials' && 'httpStatus' in failure
}

function outOfPatience(common: Common, last: PollFailure, attempts: number, lasted: number): Facts<Json> {
  if (last._tag !== 'NoCredentials') return { ...common, _tag: 'Unreachable', attempts, lasted, last }
  const { reason, httpStatus } = last
  return { ...common, _tag: 'CredentialsError', reason, ...(httpStatus !== undefined && { httpStatus }) }
}

function malformed({ path, message, httpStatus }: NotAnOperation) {
  return { path, reason: message, httpStatus }
}

function hopeless(common: Common, failure: Failure, attempts: number, lasted: number): Facts<Json> {
  if (failure._tag !== 'BodyTooLarge') return outOfPatience(common, failure, attempts, lasted)
  const { httpStatus } = failure
  const reason = failureText(failure)
  return {
    ...common,
    _tag: 'MalformedResponse',
    path: '',
    reason,
    ...(httpStatus !== undefined && { httpStatus }),
  }
}
