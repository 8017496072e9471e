import type { Either } from 'fp-ts/lib/Either.js'
import { concat, concatMap, defer, type Observable, of, take, throwIfEmpty } from 'rxjs'
import type { Answer, Failure } from '../model/answer.js'
import { isLeft, left, right } from '../model/either.js'
import type { Json } from '../model/json.js'
import type { Refusal } from '../model/operation.js'
import type { OperationError } from '../model/operation-error.js'
import type { ResumeToken } from '../model/resume-token.js'
import { asked, begin, type Course, followTrouble, type Rules } from '../policy/course.js'
import { lagBounded } from '../policy/schedule.js'
import { judgeAs, type Read, type Trouble } from '../policy/verdict.js'
import { now, sleepUntil } from './sleep.js'

/** A question other than for a snapshot. */
export interface Question<A> extends Pick<Rules, 'patience' | 'random'> {
  readonly target: ResumeToken
  readonly ask: Observable<Either<Failure, Answer>>
  readonly decode: (body: unknown) => Either<Refusal, A>
  /**
   * What a 404 of the API means, where that is not that there is no such operation; `mayBeDone` after a try that may have
   * reached it, though its answer was lost.
   */
  readonly missing?: (trouble: Missing, mayBeDone: boolean) => Trouble | Read<A>
}

/** A 404 of the API itself. */
type Missing = Extract<Trouble, { readonly _tag: 'NotFound' }>

/**
 * Asks until there is an answer, or no hope or patience for one.
 *
 * ```
 * --(503)----Right(A)|  or  --Left(OperationError)|
 * ```
 */
export function askPatiently<A>(question: Question<A>): Observable<Either<OperationError<Json>, A>> {
  const { missing = (trouble) => trouble } = question
  const rules: Rules = {
    schedule: lagBounded(),
    visibilityWindow: 0,
    oddities: 2,
    patience: question.patience,
    random: question.random,
  }
  const attempt = (before: Course, mayBeDone: boolean): Observable<Either<OperationError<Json>, A>> =>
    defer(() => {
      const course = asked(before, now())
      return question.ask.pipe(
        take(1),
        throwIfEmpty(() => new Error('the transport completed without an answer')),
        concatMap((answer) => {
          const verdict = judgeAs(question.decode, answer, now())
          const judged = verdict._tag === 'NotFound' ? missing(verdict, mayBeDone) : verdict
          if (judged._tag === 'Read') return of(right(judged.value))
          const { word, course: next, due } = followTrouble(course, judged, now(), rules)
          return word !== undefined && isLeft(word)
            ? of(left(word.left))
            : concat(sleepUntil(due), attempt(next, mayBeDone || mayHaveCome(judged)))
        }),
      )
    })
  return defer(() => attempt(begin(question.target, now()), false))
}

/** Whether a try that failed may have been carried out: not where no token was had, or the server said that it was not. */
function mayHaveCome(trouble: Trouble): boolean {
  if (trouble._tag !== 'Transient' || trouble.failure._tag === 'NoCredentials') return false
  return trouble.failure._tag !== 'HttpFailure' || trouble.failure.httpStatus >= 500
}
