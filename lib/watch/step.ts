import { type Either, isLeft, right } from '../model/either.js'
import type { PollFailure } from '../model/failure.js'
import type { Running, Succeeded } from '../model/operation.js'
import type { OperationError } from '../model/operation-error.js'
import { type PollResult, type PollState, withClockOffset } from '../polling/poll-state.js'
import type { WatchOptions } from './watch-options.js'

/** Options of one step. */
export type StepOptions = Pick<
  WatchOptions,
  'schedule' | 'progressAware' | 'maxRetryTime' | 'visibilityWindow' | 'deadline'
>

/** The result of a step after which the watch continues. */
export interface StepPending {
  readonly _tag: 'Pending'
  /** The state to pass to the next step: plain JSON without secrets. */
  readonly state: PollState
  /** The snapshot that the poll returned. Absent after a transient failure. */
  readonly snapshot?: Running
  /** The time until the next step is due, in milliseconds. */
  readonly wait: number
  /** The delay that the server requested before the next poll, in milliseconds; 0 if it requested none. */
  readonly retryAfter: number
  /** The transient failure, if there was one. */
  readonly failure?: PollFailure
}

/** The result of the last step. */
export interface StepEnded {
  readonly _tag: 'Ended'
  readonly result: Either<OperationError, Succeeded>
}

/** The result of one poll of a watch. */
export type Step = StepPending | StepEnded

/** Converts a poll result to a step, whose times are relative to `now`. */
export function toStep({ state, emission, due, notBefore, failure }: PollResult, now: number): Step {
  if (emission !== undefined && isLeft(emission)) return { _tag: 'Ended', result: emission }
  const operation = emission?.right
  if (operation?.done) return { _tag: 'Ended', result: right(operation) }
  return {
    _tag: 'Pending',
    state: withClockOffset({ ...state, due: Number.isFinite(due) ? due : undefined }, 0),
    ...(operation && { snapshot: operation }),
    wait: Math.max(0, due - now),
    retryAfter: Math.max(0, notBefore - now),
    ...(failure && { failure }),
  }
}
