import { InvalidOption, milliseconds } from '../messages/invalid-option.js'
import { type Forecast, firstForecast, progressAwareWait } from './forecast.js'
import type { Schedule } from './schedule.js'

/** The polls of a schedule for one operation. All values are in milliseconds. */
export interface Explanation {
  /** The time of each poll. The first is 0, the last is at or after the end of the operation. */
  readonly pollsAt: readonly number[]
  /** The time from the end of the operation to the poll that detects it. */
  readonly lag: number
  /** The longest wait, which would be the lag if the operation ended just after the poll before this wait. */
  readonly worstLag: number
}

/** Options of {@link explain}. */
export interface ExplainOptions {
  /** The `@type` of the metadata, for schedules that depend on it. By default there is no metadata. */
  readonly kind?: string | undefined
  /**
   * Returns the progress of the operation `elapsed` milliseconds after its start, from 0 to 1. The waits are then the waits
   * of a watch with `progressAware`. By default the operation reports no progress.
   */
  readonly progress?: ((elapsed: number) => number | undefined) | undefined
}

const MAX_POLLS = 1_000_000

/**
 * Returns the polls of a schedule for an operation that runs for `durationMs` milliseconds, at least 0.
 *
 * Sends no request, and assumes that requests take no time. Throws a RangeError if the end of the operation is not
 * reached after 1,000,000 polls, or if the schedule returns Infinity.
 */
export function explain(
  schedule: Schedule,
  durationMs: number,
  { kind, progress }: ExplainOptions = {},
): Explanation {
  milliseconds('durationMs', durationMs, 0)
  if (kind !== undefined && typeof kind !== 'string') throw new InvalidOption('kind', 'a string', kind)
  if (progress !== undefined && typeof progress !== 'function')
    throw new InvalidOption('progress', 'a function', progress)
  const metadata = kind !== undefined && { metadata: { '@type': kind } }
  const pollsAt = [0]
  let lastPollAt = 0
  let worstLag = 0
  let previous: Forecast | undefined
  while (lastPollAt < durationMs) {
    const context = { attempt: pollsAt.length, elapsed: lastPollAt, ...metadata }
    const fraction = progress?.(lastPollAt)
    const { wait, forecast } = progressAwareWait(schedule, context, fraction, previous)
    previous = forecast ?? firstForecast(0, lastPollAt)
    if (pollsAt.length === MAX_POLLS || wait === Infinity)
      throw new RangeError(`the schedule has not reached ${durationMs} ms after ${pollsAt.length} polls`)
    worstLag = Math.max(worstLag, wait)
    lastPollAt += wait
    pollsAt.push(lastPollAt)
  }
  return { pollsAt, lag: lastPollAt - durationMs, worstLag }
}
