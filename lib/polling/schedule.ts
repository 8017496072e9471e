import { InvalidOption, inRange, milliseconds } from '../messages/invalid-option.js'
import type { Json } from '../model/json.js'

/** The input of a schedule. */
export interface ScheduleFacts {
  /** The number of polls sent so far. */
  readonly attempt: number
  /** Milliseconds since the watch started. */
  readonly elapsed: number
  /** The `elapsed` of the last poll that saw the operation running. */
  readonly ranAt?: number
  /** The metadata of the last snapshot, as JSON. */
  readonly metadata?: Json
}

/**
 * When to poll a running operation. A schedule has no clock: the same facts give the same wait.
 * It does not apply to transient failures, which are retried with backoff.
 */
export interface Schedule {
  /** Returns the wait until the next poll in milliseconds, at least 0; Infinity if only a `hint` causes a poll. */
  readonly next: (facts: ScheduleFacts) => number
  /** Called once when an operation has succeeded or failed. */
  readonly settled?: (facts: ScheduleFacts) => void
  /**
   * The shortest wait, in milliseconds. The last poll is sent this long before `timeout`.
   * @defaultValue 750
   */
  readonly min?: number
  /** A description of the schedule. */
  readonly label?: string
}

/** Options of {@link lagBounded}. */
export interface LagBoundedOptions {
  /**
   * The wait as a share of the elapsed time; more than 0, at most 10.
   * @defaultValue 0.25
   */
  readonly ratio?: number | undefined
  /**
   * The shortest wait, in milliseconds, at least 1.
   * @defaultValue 750
   */
  readonly min?: number | undefined
  /**
   * The longest wait, in milliseconds, at least `min`.
   * @defaultValue 20 000
   */
  readonly max?: number | undefined
}

/**
 * Waits a share of the elapsed time: `clamp(ratio * elapsed, min, max)`.
 *
 * Long operations need few polls. The lag is at most `ratio` of the run time, or `min` if that is more.
 *
 * @example
 * {@includeCode ../../examples/track-many.ts}
 */
export function lagBounded({ ratio = 0.25, min = 750, max = 20_000 }: LagBoundedOptions = {}): Schedule {
  if (!(typeof ratio === 'number' && ratio > 0 && ratio <= 10))
    throw new InvalidOption('ratio', 'a number above 0, at most 10', ratio)
  checkAtLeast('max', milliseconds('max', max, 1), 'min', milliseconds('min', min, 1))
  return withIdentity({
    label: `lagBounded(ratio ${ratio}, min ${min} ms, max ${max} ms)`,
    min,
    next: ({ elapsed }) => Math.min(max, Math.max(min, Math.floor(ratio * elapsed))),
  })
}

/** Options of {@link exponential}. */
export interface ExponentialOptions {
  /** The first wait, in milliseconds, at least 1. */
  readonly initial: number
  /** The factor between two waits, from 1 to 100. */
  readonly multiplier: number
  /** The longest wait, in milliseconds, at least `initial`. */
  readonly max: number
}

/** Waits longer after each poll: `min(initial * multiplier ^ n, max)`, without jitter. */
export function exponential({ initial, multiplier, max }: ExponentialOptions): Schedule {
  checkAtLeast('max', milliseconds('max', max, 1), 'initial', milliseconds('initial', initial, 1))
  inRange('multiplier', multiplier, '', { from: 1, to: 100 })
  return withIdentity({
    label: `exponential(initial ${initial} ms, multiplier ${multiplier}, max ${max} ms)`,
    min: initial,
    next: ({ attempt }) => Math.round(Math.min(max, initial * multiplier ** Math.max(0, attempt - 1))),
  })
}

/** Options of {@link constant}. */
export interface ConstantOptions {
  /** The wait, in milliseconds, at least 1. */
  readonly interval: number
}

/** Waits the same time after each poll. */
export function constant({ interval }: ConstantOptions): Schedule {
  milliseconds('interval', interval, 1)
  return withIdentity({ label: `constant(interval ${interval} ms)`, next: () => interval })
}

/** The labels of built-in schedules. A copy with another `next` has the same label, but is not in this map. */
const labels = new WeakMap<Schedule, string>()

function withIdentity(schedule: Schedule & { readonly label: string }): Schedule {
  labels.set(schedule, schedule.label)
  return schedule
}

/** Returns a key that is equal for schedules with equal options. Any other schedule is its own key. */
export function scheduleIdentity(schedule: Schedule): string | Schedule {
  return labels.get(schedule) ?? schedule
}

/** Returns whether a value is a schedule. */
export function isSchedule(value: unknown): value is Schedule {
  return typeof value === 'object' && value !== null && 'next' in value && typeof value.next === 'function'
}

/** Returns the wait of a schedule; throws a RangeError if it is invalid. */
export function nextWait(schedule: Schedule, facts: ScheduleFacts): number {
  const wait = schedule.next(facts)
  if (typeof wait === 'number' && wait >= 0) return wait
  throw new RangeError(`a schedule must return milliseconds, at least 0, got ${wait}`)
}

/** Returns the shortest wait of a schedule, in milliseconds. */
export function minWait({ min = 750 }: Schedule): number {
  return min
}

function checkAtLeast(option: string, value: number, lowerOption: string, lower: number): void {
  if (value < lower) throw new InvalidOption(option, `at least ${lowerOption}, which is ${lower} ms`, value)
}
