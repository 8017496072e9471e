import type { Either } from 'fp-ts/lib/Either.js'
import { isLeft } from '../model/either.js'
import type { PollFailure } from '../model/failure.js'
import type { Json } from '../model/json.js'
import type { Running, Succeeded } from '../model/operation.js'
import type { OperationError } from '../model/operation-error.js'
import type { PollResult, PollState } from '../polling/poll-state.js'
import type { WatchOptions } from './watch.js'

/** How the next poll of a watch is asked and judged. */
export type StepOptions = Pick<WatchOptions, 'schedule' | 'maxRetryTime' | 'visibilityWindow'>

/** The watch goes on. */
export interface StepPending {
  readonly _tag: 'Pending'
  /** What the next step begins with: plain JSON, without secrets. */
  readonly state: PollState
  /** What the watch says; absent where the poll brought nothing. */
  readonly snapshot?: Running<Json>
  /** Milliseconds from now until the next step is due. */
  readonly wait: number
  /** Milliseconds from now before which the server wants no poll; 0 where it did not say. */
  readonly retryAfter: number
  /** Why the poll brought nothing, where it may pass. */
  readonly failure?: PollFailure
}

/** The watch has said its last word. */
export interface StepEnded {
  readonly _tag: 'Ended'
  readonly result: Either<OperationError, Succeeded>
}

/** What came of one poll of a watch. */
export type Step = StepPending | StepEnded

/** Puts a turn into words that do not depend on a clock. */
export function toStep({ state, emission, due, notBefore, failure }: PollResult, now: number): Step {
  if (emission !== undefined && isLeft(emission)) return { _tag: 'Ended', result: emission }
  const operation = emission?.right
  if (operation?.done) return { _tag: 'Ended', result: { _tag: 'Right', right: operation } }
  return {
    _tag: 'Pending',
    state,
    ...(operation && { snapshot: operation }),
    wait: Math.max(0, due - now),
    retryAfter: Math.max(0, notBefore - now),
    ...(failure && { failure }),
  }
}
