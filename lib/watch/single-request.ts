import { defer, map, type Observable, of } from 'rxjs'
import { inRange } from '../messages/invalid-option.js'
import { type Either, isLeft, right } from '../model/either.js'
import type { Json } from '../model/json.js'
import type { OperationError } from '../model/operation-error.js'
import type { ResumeToken } from '../model/resume-token.js'
import { invalidName, type ResolvedTarget, requireMethod, resolveTarget } from '../names/resolve-target.js'
import { applyDecoders, checkDecoders, type Decoders } from '../polling/apply-decoders.js'
import type { JsonEmission } from '../polling/emission.js'
import { isSerializedState, parsePollState } from '../polling/parse-poll-state.js'
import {
  initialState,
  type PollResult,
  type PollState,
  pollBefore,
  withClockOffset,
  withPollSent,
} from '../polling/poll-state.js'
import { clockOffset, now, wallClock } from '../time/clock.js'
import { nonPollRequest, snapshotRequest, type TransportRequest } from '../wire/request.js'
import { checkRequestOptions } from '../wire/request-options.js'
import type { ClientCore } from './client-core.js'
import { type DeadlineOption, deadlineTime, timeLimit } from './deadline.js'
import { type SendPoll, sendOnce } from './poll-once.js'
import { type RetryOptions, requestWithRetry, retryTime } from './request-with-retry.js'
import { type Step, type StepOptions, toStep } from './step.js'
import type { Watch } from './watch.js'
import { DEFAULT_SCHEDULE, watchSettings } from './watch-options.js'

/** Options of {@link OperationsClient.get}. */
export interface GetOptions<R = Json | undefined, M = Json> extends Decoders<R, M>, DeadlineOption {
  /**
   * The error format for this request: `1` or `2`.
   * @defaultValue the option of the client
   */
  readonly xgafv?: '1' | '2' | undefined
}

/** Options of {@link OperationsClient.wait}. */
export interface WaitOptions<R = Json | undefined, M = Json> extends Decoders<R, M>, DeadlineOption {
  /**
   * How long the server may hold the response, in milliseconds, from 1 to 1,073,741,824. The time limit of
   * the request is this time plus `requestTimeout`.
   * @defaultValue 30_000
   */
  readonly timeout?: number | undefined
}

/** The result of one request: emits `Right(Operation)` or `Left(OperationError)`, then completes. */
export type SingleResult<R = Json | undefined, M = Json> = Watch<R, M>

/**
 * The result of a cancel or delete. Emits `Right(undefined)` if the server accepted the request, or
 * `Left(OperationError)`, then completes. It is a cold Observable: the request is sent when it is subscribed to.
 */
export type Done = Observable<Either<OperationError<Json>, void>>

/** Implements {@link OperationsClient.get}. */
export function get<R, M>(
  client: ClientCore,
  nameOrToken: unknown,
  { xgafv, deadline, ...decoders }: GetOptions<R, M>,
): SingleResult<R, M> {
  const { protocol } = client.settings
  // A copy would have its own cache of headers.
  const request = xgafv === undefined ? client.settings.request : { ...client.settings.request, xgafv }
  if (xgafv !== undefined) checkRequestOptions(request, protocol)
  const target = resolveTarget(nameOrToken, client.settings)
  const send = (resume: ResumeToken) => snapshotRequest(protocol.get(resume.name), resume, request)
  return requestOnce(client, target, send, decoders, deadlineTime({ deadline }))
}

/** Implements {@link OperationsClient.wait}. */
export function wait<R, M>(
  client: ClientCore,
  nameOrToken: unknown,
  { timeout = 30_000, deadline, ...decoders }: WaitOptions<R, M>,
): SingleResult<R, M> {
  const { settings } = client
  inRange('timeout', timeout, 'milliseconds', { from: 1, to: 2 ** 30 })
  const deadlineAt = deadlineTime({ deadline })
  checkDecoders(decoders)
  // Deferred, because an exception of a protocol must be an error of the Observable.
  return defer(() => {
    const resolved = requireMethod('wait', resolveTarget(nameOrToken, settings), settings)
    if (isLeft(resolved)) return of(resolved)
    const { target, method } = resolved.right
    const limit = Math.max(1, timeLimit(deadlineAt, timeout))
    const request = snapshotRequest(method(target.name, limit), target, settings.request)
    return requestOnce(client, right(target), () => request, decoders, deadlineAt)
  })
}

function requestOnce<R, M>(
  client: ClientCore,
  target: ResolvedTarget,
  requestFor: (target: ResumeToken) => TransportRequest,
  decoders: Decoders<R, M>,
  deadline: number | undefined,
): SingleResult<R, M> {
  checkDecoders(decoders)
  if (isLeft(target)) return of(target)
  // With these limits, every failure is a final result, so there is an emission, and the schedule is not used. The schedule
  // of the client could record the operation.
  const policy = { schedule: DEFAULT_SCHEDULE, maxRetryTime: 0, visibilityWindow: 0, maxMalformedInARow: 0 }
  const send: SendPoll = (resume) => client.connection.replayingTransport(requestFor(resume))
  const options = client.sendOptions(policy, send)
  return defer(() => {
    const state = withPollSent(initialState(target.right, now(), clockOffset()), now())
    const resume = state.target
    const decode = applyDecoders(decoders)
    const toEmission = ({ emission }: PollResult) => decode(emission as JsonEmission, { resume })
    const poll = sendOnce(options, state, undefined, toEmission)
    return client.untilInterrupted(resume, poll, client.interruption(deadline))
  })
}

/** Implements {@link OperationsClient.cancel} and {@link OperationsClient.delete}. */
export function cancelOrDelete(
  verb: 'cancel' | 'delete',
  client: ClientCore,
  nameOrToken: unknown,
  options: RetryOptions,
): Done {
  const { settings } = client
  const maxRetryTime = retryTime(options)
  const deadline = deadlineTime(options)
  return defer(() => {
    const resolved = requireMethod(verb, resolveTarget(nameOrToken, settings), settings)
    if (isLeft(resolved)) return of(resolved)
    const { target, method } = resolved.right
    const { transport, replayingTransport } = client.connection
    // A delete is not replayed: the server may have processed it, and `onNotFound` must know about each attempt.
    const sendRequest = verb === 'cancel' ? replayingTransport : transport
    const send = sendRequest(nonPollRequest(method(target.name), target, settings.request))
    const response = requestWithRetry<void>(client, target, send, {
      maxRetryTime,
      decode: () => right(undefined),
      onNotFound: (problem, mayBeProcessed) =>
        verb === 'delete' && mayBeProcessed ? { _tag: 'Decoded', value: undefined } : problem,
    })
    return client.untilInterrupted(target, response, client.interruption(deadline))
  })
}

/** Implements {@link OperationsClient.step}. */
export function step(client: ClientCore, from: unknown, options: StepOptions): Observable<Step> {
  // A step sends one request, because its caller may have a rate limit of its own, as a worker of a fleet does.
  const send: SendPoll = (target) => client.connection.transport(client.snapshotRequest(target))
  const settings = watchSettings(options, client.settings.schedule)
  const { schedule, deadline } = settings
  const policy = client.sendOptions(settings, send)
  const state = stateFrom(from, client)
  if (isLeft(state)) return of({ _tag: 'Ended', result: state })
  return defer(() => {
    const sentState = withPollSent(state.right, now())
    const endsAt = now() + timeLimit(deadline)
    const steps = sendOnce(policy, sentState, undefined, (result) => {
      const due = Math.min(pollBefore(endsAt, result, schedule, now()), endsAt)
      return right(toStep({ ...result, due }, now()))
    })
    return client.untilInterrupted(sentState.target, steps, client.interruption(deadline))
  }).pipe(map((result): Step => (isLeft(result) ? { _tag: 'Ended', result } : result.right)))
}

/** Parses the state of an earlier step, or returns the initial state for a name or a token. */
function stateFrom(from: unknown, { settings }: ClientCore): Either<OperationError<never>, PollState> {
  const isState = isSerializedState(from)
  const target = resolveTarget(isState ? from.target : from, settings)
  if (isLeft(target)) return target
  if (!isState) return right(initialState(target.right, now(), clockOffset()))
  const state = parsePollState(from, settings.api, wallClock())
  return isLeft(state)
    ? invalidName(target.right.name, state.left)
    : right(withClockOffset(state.right, clockOffset()))
}
