import { InvalidOption, inRange, milliseconds } from '../messages/invalid-option.js'
import type { Json } from '../model/json.js'

/** What a schedule may know when it says how long to wait. */
export interface ScheduleFacts {
  /** How many polls were asked so far, the answered one included. */
  readonly attempt: number
  /** Milliseconds since the watch began. */
  readonly elapsed: number
  /** The `elapsed` at which it was last seen running, if it was. */
  readonly ranAt?: number
  /** The metadata of the last snapshot, as it was sent. */
  readonly metadata?: Json
}

/**
 * When to poll a running operation again. A schedule is a value without a clock: the same facts, the same wait.
 * Failed polls do not come here; they are retried by their own rule.
 */
export interface Schedule {
  /** Milliseconds from this answer to the next poll, 0 or more; Infinity leaves it to the watch's `hint`. */
  readonly next: (facts: ScheduleFacts) => number
  /** Told once of each operation that ended, whichever way. */
  readonly settled?: (facts: ScheduleFacts) => void
  /** The shortest wait, in milliseconds; a last poll is asked this long before `timeout`. By default 750. */
  readonly min?: number
  /** What the schedule is, in words. */
  readonly label?: string
}

/** Options of {@link lagBounded}. */
export interface LagBoundedOptions {
  /**
   * How late an end may be noticed, as a share of how long the operation ran; more than 0, at most 10.
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
 * Waits a share of the time that the operation has run: `clamp(ratio * elapsed, min, max)`. Long operations cost few
 * polls, and no end is noticed later than that share of the run time after it, or `min` where that is more.
 *
 * @example
 * {@includeCode ../../examples/track-many.ts}
 */
export function lagBounded({ ratio = 0.25, min = 750, max = 20_000 }: LagBoundedOptions = {}): Schedule {
  if (!(typeof ratio === 'number' && ratio > 0 && ratio <= 10))
    throw new InvalidOption('ratio', 'a number above 0, at most 10', ratio)
  notBelow('max', milliseconds('max', max, 1), 'min', milliseconds('min', min, 1))
  return known({
    label: `lagBounded(ratio ${ratio}, min ${min} ms, max ${max} ms)`,
    min,
    next: ({ elapsed }) => Math.min(max, Math.max(min, Math.floor(ratio * elapsed))),
  })
}

/** Options of {@link exponential}. */
export interface ExponentialOptions {
  /** The first wait, in milliseconds, at least 1. */
  readonly initial: number
  /** How much longer each wait is than the one before, from 1 to 100. */
  readonly multiplier: number
  /** The longest wait, in milliseconds, at least `initial`. */
  readonly max: number
}

/** Waits longer after each poll: `min(initial * multiplier ^ n, max)`, without jitter. */
export function exponential({ initial, multiplier, max }: ExponentialOptions): Schedule {
  notBelow('max', milliseconds('max', max, 1), 'initial', milliseconds('initial', initial, 1))
  inRange('multiplier', multiplier, '', { from: 1, to: 100 })
  return known({
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
  return known({ label: `constant(interval ${interval} ms)`, next: () => interval })
}

/** The labels of the schedules made here: a copy of one with another `next` is another schedule. */
const createSchedule = new WeakMap<Schedule, string>()

function known(schedule: Schedule & { readonly label: string }): Schedule {
  createSchedule.set(schedule, schedule.label)
  return schedule
}

/** What makes two schedules one to watches that share their polls: equal options, or that they are the same object. */
export function scheduleIdentity(schedule: Schedule): string | Schedule {
  return createSchedule.get(schedule) ?? schedule
}

/** Whether a value can serve as a schedule. */
export function isSchedule(value: unknown): value is Schedule {
  return typeof value === 'object' && value !== null && 'next' in value && typeof value.next === 'function'
}

/** Asks a schedule, and holds it to its word. */
export function nextWait(schedule: Schedule, facts: ScheduleFacts): number {
  const wait = schedule.next(facts)
  if (typeof wait === 'number' && wait >= 0) return wait
  throw new RangeError(`a schedule must give milliseconds from 0 up, got ${wait}`)
}

function notBelow(upper: string, value: number, lower: string, limit: number): void {
  if (value < limit) throw new InvalidOption(upper, `at least ${lower}, which is ${limit} ms`, value)
}
