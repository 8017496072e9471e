import { InvalidOption } from '../messages/invalid-option.js'
import type { TimedOut } from '../model/operation-error.js'
import { NEVER, wallClock } from '../time/clock.js'

/** The option of every method that can end before its result. */
export interface DeadlineOption {
  /**
   * The time when the watch or request ends with `TimedOut`: a Date, or milliseconds since 1970. It is compared with
   * `now()` of the RxJS scheduler. If it has already passed, no request is sent. If there is also a `timeout`, the
   * earlier of the two applies. By default there is no deadline.
   */
  readonly deadline?: Date | number | undefined
}

/** Validates a deadline and converts it to milliseconds since 1970. Throws {@link InvalidOption}. */
export function deadlineTime({ deadline }: DeadlineOption): number | undefined {
  if (deadline === undefined) return undefined
  // A Date of another realm, such as the realm of a test in jest, is not an instance of this Date.
  const time: unknown = typeof deadline === 'object' ? deadline?.getTime?.() : deadline
  if (typeof time === 'number' && Number.isFinite(time)) return time
  throw new InvalidOption(
    'deadline',
    'a valid Date or a finite number of milliseconds since 1970',
    time ?? deadline,
  )
}

/** Returns the milliseconds from now until the timeout or the deadline, or {@link NEVER} without a limit. */
export function timeLimit(deadline: number | undefined, timeout: number = NEVER): number {
  return deadline === undefined ? timeout : Math.min(timeout, Math.max(0, deadline - wallClock()))
}

/** The facts about a watch or request that has timed out. */
export type TimeoutFacts = Pick<TimedOut, '_tag' | 'timeout' | 'deadline'>

/** Returns the facts about a watch or request that has timed out after `elapsed` milliseconds. */
export function timedOut(elapsed: number, deadline?: number, timeout?: number): TimeoutFacts {
  const isDeadline = deadline !== undefined && elapsed !== timeout
  return { _tag: 'TimedOut', timeout: elapsed, ...(isDeadline && { deadline }) }
}
