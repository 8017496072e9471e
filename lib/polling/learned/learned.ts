import { InvalidOption, milliseconds } from '../../messages/invalid-option.js'
import { isJsonObject } from '../../model/json.js'
import { lagBounded, type Schedule, type ScheduleFacts } from '../schedule.js'
import { addDuration, bucketIndex, type Counts, type DurationHistogram, emptyHistogram } from './histogram.js'
import { checkHistory, type LearnedHistory, MAX_KIND_LENGTH, serializeKind } from './history.js'
import { MIN, optimalPlan, type Plan, plannedWait } from './plan.js'

/** Options of {@link learned}. */
export interface LearnedOptions {
  /** What was remembered before, as `toJSON` gave it; several are added up. */
  readonly history?: LearnedHistory | readonly LearnedHistory[] | undefined
  /**
   * What a poll costs: it is asked where it is expected to spare at least so many milliseconds of lag; from 1 to
   * 600 000. Four times the price, about half the polls and twice the lag.
   * @defaultValue 500
   */
  readonly price?: number | undefined
}

/** A schedule that remembers. */
export interface Learned extends Schedule {
  /**
   * Remembers that an operation of a kind took so many milliseconds, 0 or more. Watches do so by themselves, by
   * `settled`.
   */
  readonly record: (kind: string, ms: number) => void
  /** What is remembered so far. */
  readonly toJSON: () => LearnedHistory
}

/**
 * Remembers how long operations of each kind took, and polls where an end is likely: the waits are those with the least
 * sum of expected lag and price of polls, given how long the operation has run.
 *
 * Whatever it remembers, no wait exceeds 36 s, nor 5 s or 60 % of `elapsed`, whichever is more; nor is one below 750 ms.
 * A kind, the `@type` of the metadata, of which it knows fewer than ten operations, and an operation that outruns all
 * that it knows of, are polled as by {@link lagBounded}.
 *
 * A watch tells it when an operation ends. The end lies somewhere between the last poll that saw it running and the one
 * that did not, so its count is laid over that span; one that was over at the first poll says nothing. Time counts from
 * when the watch began or its token says: a watch that begins late, without a token, sees operations shorter than they
 * are.
 *
 * It remembers 200 buckets for each of at most 1000 kinds, then forgets the kind that was recorded least recently; counts
 * are halved at 4096 a kind, so that what was long ago fades. Throws {@link InvalidOption} for a history of
 * another form.
 */
export function learned({ history = [], price = 500 }: LearnedOptions = {}): Learned {
  if (!(typeof price === 'number' && price >= 1 && price <= 600_000))
    throw new InvalidOption('price', 'a number of milliseconds from 1 to 600000', price)
  const kinds = new Map<string, KindState>()
  const add = (kind: string, counts: Counts): void => {
    const known = kinds.get(kind) ?? { durations: emptyHistogram(), unplanned: 0 }
    kinds.delete(kind)
    kinds.set(kind, known)
    addDuration(known.durations, counts)
    for (const [, count] of counts) known.unplanned += count
    for (const oldest of kinds.keys()) {
      if (kinds.size <= MOST_KINDS) break
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
    min: MIN,
    next: (facts) => {
      const known = kinds.get(typeOf(facts))
      if (known === undefined || known.durations.total < ENOUGH) return UNLEARNED.next(facts)
      if (known.plan === undefined || known.unplanned >= known.durations.total * STALE) {
        known.plan = optimalPlan(known.durations.counts, price)
        known.unplanned = 0
      }
      return plannedWait(known.plan, facts) ?? UNLEARNED.next(facts)
    },
    settled: (facts) => {
      const { attempt, elapsed, ranAt = attempt > 1 ? elapsed : undefined } = facts
      if (ranAt === undefined) return
      const step = Math.max(0, elapsed - ranAt) / SPREAD
      add(
        typeOf(facts),
        Array.from({ length: SPREAD }, (_, n) => [bucketIndex(elapsed - (n + 0.5) * step), 1 / SPREAD]),
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

/** What is polled by where history says nothing; its waits are within the limits. */
const UNLEARNED = /* @__PURE__ */ lagBounded()
const ENOUGH = 10
/** A plan is made anew once this share of its history is new. */
const STALE = 0.05

const MOST_KINDS = 1_000
/** Over how many points the count of an end within a span is laid: a power of two, so that parts add up to one. */
const SPREAD = 4

function typeOf({ metadata }: ScheduleFacts): string {
  const kind = isJsonObject(metadata) ? metadata['@type'] : undefined
  return typeof kind === 'string' ? kind.slice(0, MAX_KIND_LENGTH) : ''
}

/** A kind's durations, and the plan that was made of them. */
interface KindState {
  readonly durations: DurationHistogram
  /** How much was added since the plan was made. */
  unplanned: number
  plan?: Plan
}
