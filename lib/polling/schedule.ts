import { InvalidOption, inRange, milliseconds } from '../messages/invalid-option.js'
import type { Json } from '../model/json.js'

/** The input of a schedule. */
export interface ScheduleContext {
  /** The number of polls sent so far. */
  readonly attempt: number
  /** Milliseconds since the watch started, or since the start time in its resume token. */
  readonly elapsed: number
  /** The elapsed time at which the last `Running` response was received. */
  readonly lastRunningAt?: number
  /** The metadata of the last snapshot, as JSON. */
  readonly metadata?: Json
}

/**
 * When to poll a running operation. `next` should be a pure function: equal input returns an equal wait.
 * A schedule does not apply to transient failures, which are retried with backoff.
 */
export interface Schedule {
  /**
   * Returns the wait until the next poll, in milliseconds, at least 0. `Infinity` means that only a `hint` triggers the
   * next poll.
   */
  readonly next: (context: ScheduleContext) => number
  /** Called once when an operation has succeeded or failed. */
  readonly settled?: (context: ScheduleContext) => void
  /**
   * The shortest wait, in milliseconds. A watch sends its last poll at this time before the end of its `timeout`.
   * @defaultValue 750
   */
  readonly min?: number
  /**
   * The longest wait, in milliseconds. A wait that depends on the progress of the operation is at most this long.
   * @defaultValue the wait that `next` returns
   */
  readonly max?: number
  /** A description of the schedule. */
  readonly label?: string
}

/** Options of {@link balanced}. */
export interface BalancedOptions {
  /**
   * The wait in seconds, divided by the square root of the elapsed seconds; from 0.01 to 100. A larger factor results
   * in fewer polls and more lag.
   * @defaultValue 1.3
   */
  readonly factor?: number | undefined
  /**
   * The shortest wait, in milliseconds, at least 1.
   * @defaultValue 750
   */
  readonly min?: number | undefined
  /**
   * The longest wait, in milliseconds, at least `min`.
   * @defaultValue 20_000
   */
  readonly max?: number | undefined
}

/** The number of seconds that {@link balanced} subtracts from the square root, so that short operations have little lag. */
const BALANCED_OFFSET = 0.6

/**
 * Waits `factor * (√elapsed - 0.6)` in seconds, but at least `min` and at most `max`.
 *
 * If each poll has a price, each second of lag has a cost, and operations of all magnitudes are equally likely, the
 * optimal wait grows with the square root of the elapsed time. The lag is the time from the end of an operation to the
 * poll that detects it. The lag is at most the wait for the run time in place of the elapsed time, and on average half of
 * it. With the default options it is at most 54 % of the run time, or 750 ms if that is longer. After 20.4 s it is at most
 * 25 %.
 */
export function balanced({ factor = 1.3, min = 750, max = 20_000 }: BalancedOptions = {}): Schedule {
  inRange('factor', factor, '', { from: 0.01, to: 100 })
  const label = `balanced(factor ${factor}, min ${min} ms, max ${max} ms)`
  const waitAfter = (elapsed: number) => 1_000 * factor * (Math.sqrt(elapsed / 1_000) - BALANCED_OFFSET)
  return rememberLabel({ ...growing(min, max, waitAfter), label, max })
}

/** Options of {@link lagBounded}. */
export interface LagBoundedOptions {
  /**
   * The wait divided by the elapsed time; greater than 0, at most 10.
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
   * @defaultValue 20_000
   */
  readonly max?: number | undefined
}

/**
 * Waits a share of the elapsed time, but at least `min` and at most `max`.
 *
 * Long operations need few polls. The lag is the time from the end of an operation to the poll that detects it. The lag
 * is at most `ratio * run time`, or at most `min` if `min` is longer. This also holds for forecasts from the progress.
 *
 * @example
 * {@includeCode ../../examples/track-many.ts}
 */
export function lagBounded({ ratio = 0.25, min = 750, max = 20_000 }: LagBoundedOptions = {}): Schedule {
  if (!(typeof ratio === 'number' && ratio > 0 && ratio <= 10))
    throw new InvalidOption('ratio', 'a number above 0, at most 10', ratio)
  const label = `lagBounded(ratio ${ratio}, min ${min} ms, max ${max} ms)`
  // Without `max`, because a wait for a forecast would otherwise break the guarantee.
  return rememberLabel({ ...growing(min, max, (elapsed) => ratio * elapsed), label })
}

/** Returns a schedule whose wait depends on the elapsed time, within the limits. It does not declare its longest wait. */
function growing(min: number, max: number, waitAfter: (elapsed: number) => number): Schedule {
  checkAtLeast('max', milliseconds('max', max, 1), 'min', milliseconds('min', min, 1))
  const next = ({ elapsed }: ScheduleContext) => Math.min(max, Math.max(min, Math.floor(waitAfter(elapsed))))
  return { min, next }
}

/** Options of {@link exponential}. */
export interface ExponentialOptions {
  /** The first wait, in milliseconds, at least 1. */
  readonly initial: number
  /** The factor by which each wait grows, from 1 to 100. */
  readonly multiplier: number
  /** The longest wait, in milliseconds, at least `initial`. */
  readonly max: number
}

/**
 * Waits longer after each poll: `min(initial * multiplier ^ n, max)`, without jitter. `n` is the number of polls since
 * the first.
 */
export function exponential({ initial, multiplier, max }: ExponentialOptions): Schedule {
  checkAtLeast('max', milliseconds('max', max, 1), 'initial', milliseconds('initial', initial, 1))
  inRange('multiplier', multiplier, '', { from: 1, to: 100 })
  return rememberLabel({
    label: `exponential(initial ${initial} ms, multiplier ${multiplier}, max ${max} ms)`,
    min: initial,
    max,
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
  return rememberLabel({ label: `constant(interval ${interval} ms)`, max: interval, next: () => interval })
}

/** The labels of built-in schedules, and the numbers of custom schedules. A copy of a built-in schedule is a custom schedule. */
const scheduleKeys = new WeakMap<Schedule, string | number>()
let customCount = 0

function rememberLabel(schedule: Schedule & { readonly label: string }): Schedule {
  scheduleKeys.set(schedule, schedule.label)
  return schedule
}

/** Returns the comparison key of a schedule. Built-in schedules with equal options have equal keys. */
export function scheduleKey(schedule: Schedule): string | number {
  const key = scheduleKeys.get(schedule) ?? ++customCount
  scheduleKeys.set(schedule, key)
  return key
}

/** Returns whether a value is a schedule. */
export function isSchedule(value: unknown): value is Schedule {
  return typeof value === 'object' && value !== null && 'next' in value && typeof value.next === 'function'
}

/** Returns the wait of a schedule. Throws a RangeError if the wait is invalid. */
export function nextWait(schedule: Schedule, context: ScheduleContext): number {
  const wait = schedule.next(context)
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
