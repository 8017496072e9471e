import { Observable } from 'rxjs'
import { isLeft } from '../model/either.js'
import type { TransportResult } from '../model/failure.js'
import type { Running } from '../model/operation.js'
import type { ResumeToken } from '../model/resume-token.js'
import { type Classification, classify } from '../polling/classify.js'
import { isOutcome } from '../polling/emission.js'
import {
  elapsedOf,
  nextOnResponse,
  type PollPolicy,
  type PollResult,
  type PollState,
  scheduleContext,
  withoutTime,
} from '../polling/poll-state.js'
import { NEVER, now, wallClock } from '../time/clock.js'
import type { OperationProtocol } from '../wire/protocol.js'
import { diagnostics, type PollEnded, type PollStarted } from './diagnostics.js'

/** Sends one request for a snapshot on each subscription. Attempts start at 1. */
export type SendPoll = (target: ResumeToken, attempt: number) => Observable<TransportResult>

/** How polls are sent, decoded and scheduled. */
export interface SendOptions extends PollPolicy {
  readonly send: SendPoll
  readonly protocol: OperationProtocol
}

/** How an operation is polled. */
export interface PollOptions extends SendOptions {
  readonly target: ResumeToken
  /**
   * The response of the call that started the operation. If it is set, a wait of `schedule` precedes the first
   * poll.
   */
  readonly started?: Running | undefined
}

/**
 * Polls once and emits the result, converted by `convert`. Publishes the poll on the diagnostics channels.
 *
 * Uses no operators, because each operator would create another Observable for each poll.
 */
export function sendOnce<A = PollResult>(
  options: SendOptions,
  state: PollState,
  watchId?: number,
  convert?: (result: PollResult) => A,
): Observable<A> {
  return new Observable((subscriber) => {
    let isPending = true
    const event = (): PollStarted => pollStartedEvent(state, watchId)
    diagnostics.pollStart(event)
    subscriber.add(() => {
      if (isPending)
        diagnostics.pollEnd(() => ({ ...event(), took: now() - state.polledAt, verdict: 'Aborted' }))
    })
    subscriber.add(
      options.send(state.target, state.attempt).subscribe({
        next: (response) => {
          if (!isPending) return
          try {
            const time = now()
            const classification = classify(response, wallClock(), state.target.name, options.protocol)
            const received = withoutTime(state, response.lostTime)
            const result = nextOnResponse(received, classification, time, options)
            if (isOutcome(result.emission)) options.schedule.settled?.(scheduleContext(result.state, time))
            isPending = false
            diagnostics.pollEnd(() => ({ ...event(), ...endFields(response, classification, result, time) }))
            // Without `convert`, A is PollResult.
            subscriber.next(convert ? convert(result) : (result as A))
            subscriber.complete()
          } catch (error) {
            subscriber.error(error)
          }
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => {
          if (isPending) subscriber.error(new Error('the transport completed without a response'))
        },
      }),
    )
  })
}

function pollStartedEvent(state: PollState, watchId: number | undefined): PollStarted {
  const { name, endpoint } = state.target
  const elapsed = elapsedOf(state, state.polledAt)
  return { ...(watchId !== undefined && { watch: watchId }), name, endpoint, attempt: state.attempt, elapsed }
}

function endFields(
  response: TransportResult,
  classification: Classification,
  { state, due, emission }: PollResult,
  time: number,
): Omit<PollEnded, keyof PollStarted> {
  const { lastSeen, polledAt } = state
  const operationOrProblem = classification._tag === 'Decoded' ? classification.value : classification
  return {
    verdict: operationOrProblem._tag,
    took: time - polledAt,
    ...(!isLeft(response) && { httpStatus: response.right.httpStatus }),
    ...('failure' in operationOrProblem && { failure: operationOrProblem.failure }),
    ...('status' in operationOrProblem && { status: operationOrProblem.status }),
    ...(isOutcome(emission) && lastSeen && { lag: elapsedOf(state, time) - lastSeen.elapsed }),
    ...(due !== NEVER && { nextDelay: due - time }),
  }
}
