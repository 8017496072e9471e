import { concatMap, defer, EMPTY, identity, type Observable, of, repeat, take, throwIfEmpty } from 'rxjs'
import { milliseconds } from '../messages/invalid-option.js'
import { type Either, isLeft, left, right } from '../model/either.js'
import type { TransportResult } from '../model/failure.js'
import type { Json } from '../model/json.js'
import type { DecodeError } from '../model/operation.js'
import type { OperationError } from '../model/operation-error.js'
import type { ResumeToken } from '../model/resume-token.js'
import { classifyWith, type Decoded, type PollProblem } from '../polling/classify.js'
import { initialState, nextOnProblem, withoutTime, withPollSent } from '../polling/poll-state.js'
import { now, sleepThen, wallClock } from '../time/clock.js'
import type { ClientCore } from './client-core.js'
import type { DeadlineOption } from './deadline.js'
import { DEFAULT_SCHEDULE } from './watch-options.js'

/** Options of {@link OperationsClient.cancel} and {@link OperationsClient.delete}. */
export interface RetryOptions extends DeadlineOption {
  /**
   * How long to retry consecutive transient failures, in milliseconds, at least 0. 0 disables retries.
   * @defaultValue 30_000
   */
  readonly maxRetryTime?: number | undefined
}

/** Validates `maxRetryTime` and returns it or its default. Throws {@link InvalidOption}. */
export function retryTime({ maxRetryTime = 30_000 }: RetryOptions): number {
  return milliseconds('maxRetryTime', maxRetryTime, 0)
}

/** How to handle the responses to a request. */
export interface ResponseHandling<A> {
  readonly maxRetryTime: number
  readonly decode: (body: unknown) => Either<DecodeError, A>
  /**
   * Overrides how a 404 response of the API is interpreted. `mayBeProcessed` is true if the server may have processed an
   * earlier attempt of the request.
   */
  readonly onNotFound?: (problem: NotFoundProblem, mayBeProcessed: boolean) => PollProblem | Decoded<A>
}

type NotFoundProblem = Extract<PollProblem, { readonly _tag: 'NotFound' }>

/**
 * Subscribes to `send`, which sends a request, and retries transient failures for up to `maxRetryTime`.
 *
 * ```
 * --(503)----Right(A)|  or  --Left(OperationError)|
 * ```
 */
export function requestWithRetry<A>(
  client: ClientCore,
  target: ResumeToken,
  send: Observable<TransportResult>,
  { maxRetryTime, decode, onNotFound = identity }: ResponseHandling<A>,
): Observable<Either<OperationError<Json>, A>> {
  const policy = client.sendOptions({ schedule: DEFAULT_SCHEDULE, maxRetryTime, visibilityWindow: 0 })
  return defer(() => {
    let state = initialState(target, now())
    let mayBeProcessed = false
    const attempt = defer(() => {
      state = withPollSent(state, now())
      return send
    })
    return attempt.pipe(
      take(1),
      throwIfEmpty(() => new Error('the transport completed without a response')),
      concatMap((response) => {
        const verdict = classifyWith(decode, response, wallClock())
        const result = verdict._tag === 'NotFound' ? onNotFound(verdict, mayBeProcessed) : verdict
        if (result._tag === 'Decoded') return of(right(result.value))
        const received = withoutTime(state, response.lostTime)
        const { emission, due, state: nextState } = nextOnProblem(received, result, now(), policy)
        if (emission !== undefined && isLeft(emission)) return of(left(emission.left))
        state = { ...nextState, due }
        mayBeProcessed ||= mayHaveBeenProcessed(result)
        return sleepThen(due, () => EMPTY)
      }),
      repeat(),
      take(1),
    )
  })
}

/**
 * Returns whether the server may have processed a failed attempt. This is false if the server returned a 4xx status, or
 * if no credentials could be obtained, because then the request was not sent.
 */
function mayHaveBeenProcessed(problem: PollProblem): boolean {
  if (problem._tag !== 'Transient' || problem.failure._tag === 'NoCredentials') return false
  return problem.failure._tag !== 'HttpFailure' || problem.failure.httpStatus >= 500
}
