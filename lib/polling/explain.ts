import { InvalidOption, milliseconds } from '../messages/invalid-option.js'
import { nextWait, type Schedule } from './schedule.js'

/** What a schedule would do; all in milliseconds. */
export interface Explanation {
  /** When each poll would be asked, the first at 0 and the last at or after the end. */
  readonly pollsAt: readonly number[]
  /** From the end of the operation to the poll that notices it. */
  readonly lag: number
  /** The longest wait among them: the lag of an operation that ends just after a poll. */
  readonly worstLag: number
}

/** Options of {@link explain}. */
export interface ExplainOptions {
  /** The `@type` of the operation's metadata, for a schedule that looks at it; without it there is no metadata. */
  readonly kind?: string | undefined
}

const MAX_POLLS = 1_000_000

/**
 * Says which polls a schedule would make for an operation that runs for `durationMs` milliseconds (0 or more) and
 * answers at once. Nothing is asked and no time passes. Throws a RangeError where the schedule never gets there.
 */
export function explain(schedule: Schedule, durationMs: number, { kind }: ExplainOptions = {}): Explanation {
  milliseconds('durationMs', durationMs, 0)
  if (kind !== undefined && typeof kind !== 'string') throw new InvalidOption('kind', 'a string', kind)
  const known = kind !== undefined && { metadata: { '@type': kind } }
  const pollsAt = [0]
  let last = 0
  let worstLag = 0
  while (last < durationMs) {
    const wait = nextWait(schedule, { attempt: pollsAt.length, elapsed: last, ...known })
    if (pollsAt.length === MAX_POLLS || wait === Number.POSITIVE_INFINITY)
      throw new RangeError(`the schedule has not reached ${durationMs} ms after ${pollsAt.length} polls`)
    worstLag = Math.max(worstLag, wait)
    last += wait
    pollsAt.push(last)
  }
  return { pollsAt, lag: last - durationMs, worstLag }
}
