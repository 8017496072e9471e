import { type ErrorFields, failureText, makeOperationError } from '../messages/error-message.js'
import { isLeft, left } from '../model/either.js'
import type { NotAnOperation, PollFailure, TransportFailure } from '../model/failure.js'
import type { Json } from '../model/json.js'
import type { Running } from '../model/operation.js'
import type { ResumeToken } from '../model/target.js'
import type { PollProblem, Verdict } from './classify.js'
import { type Emission, toEmission } from './emission.js'
import { nextWait, type Schedule, type ScheduleFacts } from './schedule.js'

/** What a watch remembers from poll to poll: plain data, times in milliseconds since 1970. */
export interface PollState {
  /** With `since` set, so that it can be handed out as it is. */
  readonly target: ResumeToken & { readonly since: number }
  readonly startedAt: number
  readonly polledAt: number
  readonly attempt: number
  /** Whether the server has answered at all, be it with an error. */
  readonly hasResponse: boolean
  /** Whether a poll has brought a snapshot. */
  readonly visible: boolean
  readonly lastSeen: Running<Json> | undefined
  /** The failures since the last good answer. */
  readonly failing: { readonly since: number; readonly attempts: number } | undefined
  /** How many successes in a row were no operation. */
  readonly malformedInARow: number
}

/** What a course is held to. */
export interface PollPolicy {
  readonly schedule: Schedule
  /** Milliseconds of unbroken transient failure that are borne. */
  readonly maxRetryTime: number
  /** Milliseconds during which a 404 on a name not yet seen means "not visible yet". */
  readonly visibilityWindow: number
  /** How many successes in a row that are no operation are borne. */
  readonly maxMalformedInARow: number
  /** Whether the server may hold its answer until there is news: what it held counts for the wait that follows. */
  readonly longPoll?: boolean
  /** The source of jitter, from 0 to 1. */
  readonly random: () => number
}

/** Where a watch stands after an answer. */
export interface PollResult {
  readonly state: PollState
  /** What is said of it; a transient failure is not a word. */
  readonly emission?: Emission
  /** When the next poll is due, and before when the server wants none, even if a hint comes. */
  readonly due: number
  readonly notBefore: number
  /** Why the answer brought nothing, where it may pass. */
  readonly failure?: PollFailure
}

/** Before anything was hasResponse, maxRetryTime is at most this, in milliseconds: the endpoint may be wrong. */
const MAX_RETRY_TIME_WITHOUT_RESPONSE = 30_000

const NEVER = Number.POSITIVE_INFINITY

/** A course that has asked nothing yet; the answer of the starting call, if it is at hand, is the last that was seen. */
export function initialState(target: ResumeToken, now: number, started?: Running<Json>): PollState {
  return {
    target: { ...target, since: target.since ?? now },
    startedAt: now,
    polledAt: Number.NEGATIVE_INFINITY,
    attempt: 0,
    hasResponse: false,
    visible: false,
    lastSeen: started,
    failing: undefined,
    malformedInARow: 0,
  }
}

/** Milliseconds since the watch began or its token says; never below 0, even if a clock is set back. */
export function elapsedOf({ target }: PollState, now: number): number {
  return Math.max(0, now - target.since)
}

/** The course once a poll is sent. */
export function withPollSent(course: PollState, now: number): PollState {
  return {
    ...course,
    polledAt: now,
    attempt: course.attempt + 1,
  }
}

/** Weighs a verdict against what came before: what to say, and when to ask again. */
export function nextOnResponse(
  course: PollState,
  verdict: Verdict,
  now: number,
  rules: PollPolicy,
): PollResult {
  if (verdict._tag !== 'Snapshot') return nextOnProblem(course, verdict, now, rules)
  const { target, attempt } = course
  const word = toEmission(verdict.operation, { name: target.name, attempt, elapsed: elapsedOf(course, now) })
  if (isLeft(word) || word.right.done) return finalResult(course, word)
  const next = { ...course, ...AFTER_GOOD_RESPONSE, visible: true, lastSeen: word.right }
  return pollAgain(next, verdict, now, waitFor(next, now, rules), word)
}

/** {@link nextOnResponse} for what brought no snapshot. */
export function nextOnProblem(
  course: PollState,
  trouble: PollProblem,
  now: number,
  rules: PollPolicy,
): PollResult {
  const end = (facts: ErrorFields<Json>): PollResult => finalResult(course, left(makeOperationError(facts)))
  const common = commonFields(course)
  const attempts = (course.failing?.attempts ?? 0) + 1
  const failingSince = course.failing?.since ?? now

  switch (trouble._tag) {
    case 'NotFound': {
      const remaining = course.startedAt + rules.visibilityWindow - now
      if (course.visible || remaining <= 0)
        return end({ ...common, _tag: 'OperationNotFound', status: trouble.status })
      const well = { ...course, ...AFTER_GOOD_RESPONSE }
      return pollAgain(
        well,
        trouble,
        now,
        Math.min(remaining, nextWait(rules.schedule, scheduleFacts(well, now))),
      )
    }
    case 'Rejected':
      return end({
        ...common,
        _tag: 'RequestRejected',
        httpStatus: trouble.httpStatus,
        status: trouble.status,
      })
    case 'Permanent':
      return end(permanentFailure(common, trouble.failure, attempts, now - failingSince))
    case 'Transient': {
      const { failure } = trouble
      const malformedInARow = failure._tag === 'NotAnOperation' ? course.malformedInARow + 1 : 0
      if (failure._tag === 'NotAnOperation' && malformedInARow > rules.maxMalformedInARow)
        return end({ ...common, _tag: 'MalformedResponse', ...malformedFields(failure) })
      const hasResponse = course.hasResponse || hasHttpStatus(failure)
      const maxRetryTime = hasResponse
        ? rules.maxRetryTime
        : Math.min(rules.maxRetryTime, MAX_RETRY_TIME_WITHOUT_RESPONSE)
      const remaining = failingSince + maxRetryTime - now
      if (remaining <= 0) return end(retriesExhausted(common, failure, attempts, now - failingSince))
      const jittered = Math.round(
        randomFraction(rules) * Math.min(RETRY_MAX, RETRY_INITIAL * 2 ** (attempts - 1)),
      )
      const next = { ...course, hasResponse, malformedInARow, failing: { since: failingSince, attempts } }
      return { ...pollAgain(next, trouble, now, Math.min(remaining, jittered)), failure }
    }
  }
}

function finalResult(course: PollState, word: Emission): PollResult {
  return { state: course, emission: word, due: NEVER, notBefore: NEVER }
}

function pollAgain(
  course: PollState,
  { retryAfter = 0 }: { readonly retryAfter?: number },
  now: number,
  wait: number,
  word?: Emission,
): PollResult {
  const notBefore = now + retryAfter
  return { state: course, due: Math.max(now + wait, notBefore), notBefore, ...(word && { emission: word }) }
}

/** Of a course after a good answer: what failed before is forgotten. */
const AFTER_GOOD_RESPONSE = { hasResponse: true, failing: undefined, malformedInARow: 0 } as const

/** A server that held its answer has waited for us. */
function waitFor(course: PollState, now: number, { schedule, longPoll }: PollPolicy): number {
  const wait = nextWait(schedule, scheduleFacts(course, now))
  return longPoll ? Math.max(0, wait - (now - course.polledAt)) : wait
}

/** Full jitter under a doubling limit; source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter. */
const RETRY_INITIAL = 500
const RETRY_MAX = 30_000

function randomFraction({ random }: PollPolicy): number {
  const drawn = random()
  if (drawn >= 0 && drawn <= 1) return drawn
  throw new RangeError(`random must give a number from 0 to 1, got ${drawn}`)
}

/** What a schedule may know of a course. */
export function scheduleFacts(course: PollState, now: number): ScheduleFacts {
  return {
    attempt: course.attempt,
    elapsed: elapsedOf(course, now),
    ...(course.visible && course.lastSeen && { ranAt: course.lastSeen.elapsed }),
    ...(course.lastSeen?.metadata !== undefined && { metadata: course.lastSeen.metadata }),
  }
}

/** What every error of a course carries. */
export function commonFields({ target, lastSeen }: PollState): {
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

type CommonFields = ReturnType<typeof commonFields>

function hasHttpStatus(failure: PollFailure): boolean {
  return failure._tag !== 'NoCredentials' && 'httpStatus' in failure
}

function retriesExhausted(
  common: CommonFields,
  last: PollFailure,
  attempts: number,
  lasted: number,
): ErrorFields<Json> {
  if (last._tag !== 'NoCredentials') return { ...common, _tag: 'Unreachable', attempts, lasted, last }
  const { reason, httpStatus } = last
  return { ...common, _tag: 'CredentialsError', reason, ...(httpStatus !== undefined && { httpStatus }) }
}

function malformedFields({ path, message, httpStatus }: NotAnOperation) {
  return { path, reason: message, httpStatus }
}

function permanentFailure(
  common: CommonFields,
  failure: TransportFailure,
  attempts: number,
  lasted: number,
): ErrorFields<Json> {
  if (failure._tag !== 'BodyTooLarge') return retriesExhausted(common, failure, attempts, lasted)
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
