import { minWait, nextWait, type Schedule, type ScheduleContext } from './schedule.js'

/** The progress of an operation, and the forecast of its end. Times are milliseconds, and have the origin of `elapsed`. */
export interface Forecast {
  /** The fraction of the last snapshot. */
  readonly fraction: number
  /** The weighted mean of the times of earlier snapshots. Recent snapshots have more weight. */
  readonly meanElapsed: number
  /** The weighted mean of the fractions of these snapshots. */
  readonly meanFraction: number
  /** The weighted mean of the changes between consecutive forecasts. Absent before the first forecast. */
  readonly error?: number | undefined
  /** The forecast of the end. Absent if the last snapshot permits no forecast. */
  readonly end?: number | undefined
}

/** A smaller fraction counts as 0, because the forecast end must be a finite number. */
const MIN_FRACTION = 1e-6
/** The weight of a snapshot in the means. */
const SNAPSHOT_WEIGHT = 1 / 8
/** The weight of a change in the mean of the changes. */
const CHANGE_WEIGHT = 0.6
/** The error of the first forecast, as a share of the remaining time. */
const INITIAL_ERROR = 0.25
/** The time from the forecast end to the poll, in addition to the error, in milliseconds. */
const MARGIN = 100

/**
 * A wait of the schedule is multiplied by `√(0.3 / fraction)`, within these limits. The waits become nearly equal, which
 * needs fewer polls than growing waits for the same mean lag of a failure.
 */
const LONG_REMAINDER = 0.3
const MAX_STRETCH = 4
/** The forecast end is the next poll if it is at most this multiple of the longest possible wait away. */
const MAX_REACH = 1.2

/**
 * Returns the wait until the next poll, in milliseconds, and the forecast. If the snapshot permits a forecast, the next poll
 * is just after the forecast end, or on the way to it. Otherwise the wait is the wait of the schedule.
 *
 * The wait is from `min` of the schedule to its `max`. The constants were selected by simulation: see bench/lag.
 */
export function progressAwareWait(
  schedule: Schedule,
  context: ScheduleContext,
  fraction: number | undefined,
  previous: Forecast | undefined,
): { readonly wait: number; readonly forecast: Forecast | undefined } {
  const wait = nextWait(schedule, context)
  const forecast = nextForecast(fraction, previous, context.elapsed)
  const { end, error = 0 } = forecast ?? {}
  // A schedule that returns Infinity permits polls only after a hint.
  if (fraction === undefined || end === undefined || wait === Infinity) return { wait, forecast }
  const longest = Math.max(wait, schedule.max ?? 0)
  const stretch = Math.min(MAX_STRETCH, Math.max(1, Math.sqrt(LONG_REMAINDER / fraction)))
  const limit = Math.min(longest, wait * stretch)
  const remaining = end - context.elapsed + error + MARGIN
  const next = remaining <= MAX_REACH * limit ? remaining : Math.min(limit, remaining / 2)
  return { wait: Math.min(longest, Math.max(Math.min(wait, minWait(schedule)), Math.round(next))), forecast }
}

/** Returns the forecast after the first snapshot with progress. */
export function firstForecast(fraction: number, elapsed: number): Forecast {
  return { fraction, meanElapsed: elapsed, meanFraction: fraction }
}

/** Returns the forecast after a snapshot. It has an `end` only if the fraction has increased. */
function nextForecast(
  fraction: number | undefined,
  previous: Forecast | undefined,
  elapsed: number,
): Forecast | undefined {
  if (fraction !== undefined && fraction < MIN_FRACTION) return undefined
  const isUsable = fraction !== undefined && fraction < 1
  if (!isUsable || fraction === previous?.fraction) return previous && { ...previous, end: undefined }
  const { meanElapsed, meanFraction, error } = previous ?? firstForecast(fraction, elapsed)
  if (elapsed <= meanElapsed || fraction <= meanFraction) return firstForecast(fraction, elapsed)
  const remaining = ((1 - fraction) * (elapsed - meanElapsed)) / (fraction - meanFraction)
  const isHigher = fraction >= (previous?.fraction ?? 0)
  const end = isHigher ? Math.round(elapsed + remaining) : undefined
  // One literal with whole numbers needs 100 bytes. Built from spreads, the object needed 400 bytes.
  return {
    fraction,
    meanElapsed: Math.round(meanElapsed + SNAPSHOT_WEIGHT * (elapsed - meanElapsed)),
    meanFraction: meanFraction + SNAPSHOT_WEIGHT * (fraction - meanFraction),
    error: end === undefined ? error : Math.round(nextError(previous, end, remaining)),
    end,
  }
}

/** Returns the mean change between consecutive forecasts. */
function nextError(previous: Forecast | undefined, end: number, remaining: number): number {
  const { error, end: previousEnd } = previous ?? {}
  if (error === undefined) return INITIAL_ERROR * remaining
  return previousEnd === undefined ? error : error + CHANGE_WEIGHT * (Math.abs(end - previousEnd) - error)
}
