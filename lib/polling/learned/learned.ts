import { InvalidOption, inRange, milliseconds } from '../../messages/invalid-option.js'
import { isJsonObject } from '../../model/json.js'
import { balanced, type Schedule, type ScheduleContext } from '../schedule.js'
import { addCounts, bucketIndex, type Counts, type DurationHistogram, emptyHistogram } from './histogram.js'
import { checkHistory, type LearnedHistory, MAX_KIND_LENGTH, serializeKind } from './history.js'
import { MIN_WAIT, optimalPlan, type Plan, plannedWait, type WaitLimit } from './plan.js'

/** Options of {@link learned}. */
export interface LearnedOptions {
  /** A value that `toJSON` returned, or an array of such values. The counts of all values are added. */
  readonly history?: LearnedHistory | readonly LearnedHistory[] | undefined
  /**
   * The cost of a poll in milliseconds of lag, from 1 to 600,000. Lag is the time from the end of an operation to the
   * poll that detects it. Four times the price results in about half the polls and twice the lag.
   * @defaultValue 500
   */
  readonly price?: number | undefined
  /** The limit of each wait. A higher limit saves polls, but an early failure is detected later. */
  readonly maxWait?: MaxWait | undefined
}

/** The option `maxWait` of {@link learned}: a share of the elapsed time, or `floor` if that is longer. */
export interface MaxWait {
  /**
   * The longest wait at the start of an operation, in milliseconds, from 750 to 600,000.
   * @defaultValue 5_000
   */
  readonly floor?: number | undefined
  /**
   * The longest wait divided by the elapsed time, from 0 to 10. The product is at most 36 s.
   * @defaultValue 0.6
   */
  readonly share?: number | undefined
}

/** A schedule that is computed from the durations of earlier operations. */
export interface Learned extends Schedule {
  /** Records that an operation of a kind took `ms` milliseconds, at least 0. Watches record their operations themselves. */
  readonly record: (kind: string, ms: number) => void
  /** Returns the recorded durations. */
  readonly toJSON: () => LearnedHistory
}

/**
 * Records how long operations of each kind take, and polls when an operation is likely to end. The kind is the `@type`
 * of the metadata. The waits minimize the expected lag plus the price of the polls.
 *
 * Waits are at least 750 ms. By default they are at most 60 % of `elapsed` or 36 s, but this limit is at least 5 s: see
 * `maxWait`. {@link balanced} is used for kinds with fewer than ten recorded operations, and for operations that run longer
 * than all recorded operations. Ten recorded operations are enough.
 *
 * A watched operation ends between its last two polls, so its count is spread over this time. An operation that is done
 * at the first poll is not recorded. A duration begins when the watch starts, or at the time in its resume token. If a
 * watch starts late and has no token, the recorded duration is too short.
 *
 * The history has 200 buckets for each kind and at most 1,000 kinds. The least recently updated kind is removed. When a
 * kind has more than 4,096 operations, its counts are halved, which gives recent operations more weight. Throws
 * {@link InvalidOption} if the history is invalid.
 */
export function learned({ history = [], price = 500, maxWait = {} }: LearnedOptions = {}): Learned {
  inRange('price', price, 'milliseconds', { from: 1, to: 600_000 })
  const limit = waitLimit(maxWait)
  const kinds = new Map<string, KindState>()
  const add = (kind: string, counts: Counts): void => {
    const state = kinds.get(kind) ?? { durations: emptyHistogram(), unplannedCount: 0 }
    kinds.delete(kind)
    kinds.set(kind, state)
    addCounts(state.durations, counts)
    for (const [, count] of counts) state.unplannedCount += count
    for (const oldest of kinds.keys()) {
      if (kinds.size <= MAX_KINDS) break
      kinds.delete(oldest)
    }
  }
  for (const { kind, from, counts } of checkHistory(history))
    add(
      kind,
      counts.map((count, index) => [from + index, count]),
    )

  return {
    label: `learned(price ${price} ms)`,
    min: MIN_WAIT,
    next: (context) => {
      const state = kinds.get(kindOf(context))
      const fallback = (): number => Math.floor(Math.min(FALLBACK.next(context), limit(context.elapsed)))
      if (state === undefined || state.durations.total < MIN_OPERATIONS) return fallback()
      if (state.plan === undefined || state.unplannedCount >= state.durations.total * MAX_UNPLANNED_SHARE) {
        state.plan = optimalPlan(state.durations.counts, price, limit)
        state.unplannedCount = 0
      }
      return plannedWait(state.plan, context, limit) ?? fallback()
    },
    settled: (context) => {
      const { attempt, elapsed, lastRunningAt = attempt > 1 ? elapsed : undefined } = context
      if (lastRunningAt === undefined) return
      const gap = Math.max(0, elapsed - lastRunningAt) / POINTS
      add(
        kindOf(context),
        Array.from({ length: POINTS }, (_, n) => [bucketIndex(elapsed - (n + 0.5) * gap), 1 / POINTS]),
      )
    },
    record: (kind, ms) => {
      if (typeof kind !== 'string') throw new InvalidOption('kind', 'a string', kind)
      add(kind.slice(0, MAX_KIND_LENGTH), [[bucketIndex(milliseconds('ms', ms, 0)), 1]])
    },
    toJSON: () => ({
      version: 1,
      kinds: [...kinds].map(([kind, { durations }]) => serializeKind(kind, durations.counts)),
    }),
  }
}

/** The recorded durations of a kind, and the plan computed from them. */
interface KindState {
  readonly durations: DurationHistogram
  /** The number of operations recorded since the plan was computed. */
  unplannedCount: number
  plan?: Plan
}

/** Validates `maxWait` and returns the limit. */
function waitLimit(maxWait: MaxWait): WaitLimit {
  if (typeof maxWait !== 'object' || maxWait === null)
    throw new InvalidOption('maxWait', 'an object', maxWait)
  const { floor = 5_000, share = 0.6 } = maxWait
  inRange('maxWait.floor', floor, 'milliseconds', { from: MIN_WAIT, to: 600_000 })
  inRange('maxWait.share', share, '', { from: 0, to: 10 })
  return (elapsed) => Math.max(floor, Math.min(MAX_SHARE_WAIT, share * elapsed))
}

/** The limit of the product of `share` and the elapsed time, in milliseconds. */
const MAX_SHARE_WAIT = 36_000
/** The schedule for operations without a plan. */
const FALLBACK = /* @__PURE__ */ balanced()
/** A kind with fewer recorded operations has no plan. */
const MIN_OPERATIONS = 10
/** A plan is computed again when this share of the durations is new. */
const MAX_UNPLANNED_SHARE = 0.05

const MAX_KINDS = 1_000
/** The number of points over which a count is spread. It is a power of two, so the sum of the parts is exactly 1. */
const POINTS = 4

function kindOf({ metadata }: ScheduleContext): string {
  const kind = isJsonObject(metadata) ? metadata['@type'] : undefined
  return typeof kind === 'string' ? kind.slice(0, MAX_KIND_LENGTH) : ''
}
