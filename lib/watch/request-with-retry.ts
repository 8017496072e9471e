import type { Either } from 'fp-ts/lib/Either.js'
import { concat, concatMap, defer, type Observable, of, take, throwIfEmpty } from 'rxjs'
import { isLeft, left, right } from '../model/either.js'
import type { TransportFailure, TransportResponse } from '../model/failure.js'
import type { Json } from '../model/json.js'
import type { DecodeError } from '../model/operation.js'
import type { OperationError } from '../model/operation-error.js'
import type { ResumeToken } from '../names/resume-token.js'
import { classifyWith, type Decoded, type PollProblem } from '../polling/classify.js'
import {
  initialState,
  nextOnProblem,
  type PollPolicy,
  type PollState,
  withPollSent,
} from '../polling/poll-state.js'
import { lagBounded } from '../polling/schedule.js'
import { now, sleepUntil } from '../time/clock.js'

/** A question other than for a snapshot. */
export interface RetriedRequest<A> extends Pick<PollPolicy, 'maxRetryTime' | 'random'> {
  readonly target: ResumeToken
  readonly send: Observable<Either<TransportFailure, TransportResponse>>
  readonly decode: (body: unknown) => Either<DecodeError, A>
  /**
   * What a 404 of the API means, where that is not that there is no such operation; `mayBeDone` after a try that may have
   * reached it, though its answer was lost.
   */
  readonly missing?: (trouble: Missing, mayBeDone: boolean) => PollProblem | Decoded<A>
}

/** A 404 of the API itself. */
type Missing = Extract<PollProblem, { readonly _tag: 'NotFound' }>

/**
 * Asks until there is an answer, or no hope or maxRetryTime for one.
 *
 * ```
 * --(503)----Right(A)|  or  --Left(OperationError)|
 * ```
 */
export function requestWithRetry<A>(
  question: RetriedRequest<A>,
): Observable<Either<OperationError<Json>, A>> {
  const { missing = (trouble) => trouble } = question
  const rules: PollPolicy = {
    schedule: lagBounded(),
    visibilityWindow: 0,
    maxMalformedInARow: 2,
    maxRetryTime: question.maxRetryTime,
    random: question.random,
  }
  const attempt = (before: PollState, mayBeDone: boolean): Observable<Either<OperationError<Json>, A>> =>
    defer(() => {
      const course = withPollSent(before, now())
      return question.send.pipe(
        take(1),
        throwIfEmpty(() => new Error('the transport completed without an answer')),
        concatMap((answer) => {
          const verdict = classifyWith(question.decode, answer, now())
          const judged = verdict._tag === 'NotFound' ? missing(verdict, mayBeDone) : verdict
          if (judged._tag === 'Read') return of(right(judged.value))
          const { emission, state: next, due } = nextOnProblem(course, judged, now(), rules)
          return emission !== undefined && isLeft(emission)
            ? of(left(emission.left))
            : concat(sleepUntil(due), attempt(next, mayBeDone || mayHaveArrived(judged)))
        }),
      )
    })
  return defer(() => attempt(initialState(question.target, now()), false))
}

/** Whether a try that failed may have been carried out: not where no token was had, or the server said that it was not. */
function mayHaveArrived(trouble: PollProblem): boolean {
  if (trouble._tag !== 'Transient' || trouble.failure._tag === 'NoCredentials') return false
  return trouble.failure._tag !== 'HttpFailure' || trouble.failure.httpStatus >= 500
}
