import { InvalidOption, milliseconds } from '../model/invalid-option.js'
import { isJsonObject } from '../model/json.js'
import { kindOf } from '../model/shown.js'
import { lagBounded, type Schedule, type ScheduleFacts } from './schedule.js'

/** How long operations of one kind took: how many fell into each bucket of time. */
export interface LearnedKind {
  /** The `@type` of their metadata; empty where they had none. */
  readonly kind: string
  /** The bucket of the first count. */
  readonly from: number
  /** How many operations, bucket by bucket; parts of one where its end is known only to lie within a span. */
  readonly counts: readonly number[]
}

/** What {@link learned} remembers, as JSON; the kind that was recorded last comes last. */
export interface LearnedHistory {
  readonly version: 1
  readonly kinds: readonly LearnedKind[]
}

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
export const learned = ({ history = [], price = 500 }: LearnedOptions = {}): Learned => {
  if (!(typeof price === 'number' && price >= 1 && price <= 600_000))
    throw new InvalidOption('price', 'a number of milliseconds from 1 to 600000', price)
  const sketches = new Map<string, Sketch>()
  const add = (kind: string, counts: Counts): void => {
    const sketch = sketches.get(kind) ?? emptySketch()
    sketches.delete(kind)
    sketches.set(kind, sketch)
    addTo(sketch, counts)
    for (const oldest of sketches.keys()) {
      if (sketches.size <= MOST_KINDS) break
      sketches.delete(oldest)
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
      const sketch = sketches.get(typeOf(facts))
      if (sketch === undefined || sketch.total < ENOUGH) return UNLEARNED.next(facts)
      if (sketch.plan === undefined || sketch.unplanned >= sketch.total * STALE) {
        sketch.plan = planFor(sketch.counts, price)
        sketch.unplanned = 0
      }
      return planned(sketch.plan, facts) ?? UNLEARNED.next(facts)
    },
    settled: (facts) => {
      const { attempt, elapsed, ranAt = attempt > 1 ? elapsed : undefined } = facts
      if (ranAt === undefined) return
      const step = Math.max(0, elapsed - ranAt) / SPREAD
      add(
        typeOf(facts),
        Array.from({ length: SPREAD }, (_, n) => [bucketOf(elapsed - (n + 0.5) * step), 1 / SPREAD]),
      )
    },
    record: (kind, ms) => {
      if (typeof kind !== 'string') throw new InvalidOption('kind', 'a string', kind)
      add(kind.slice(0, LONGEST_KIND), [[bucketOf(milliseconds('ms', ms, 0)), 1]])
    },
    toJSON: () => ({ version: 1, kinds: [...sketches].map(([kind, { counts }]) => written(kind, counts)) }),
  }
}

/** What is polled by where history says nothing; its waits are within the limits. */
const UNLEARNED = lagBounded()
const ENOUGH = 10
/** A plan is made anew once this share of its history is new. */
const STALE = 0.05

const MOST_KINDS = 1_000
const LONGEST_KIND = 256
/** Over how many points the count of an end within a span is laid: a power of two, so that parts add up to one. */
const SPREAD = 4

const typeOf = ({ metadata }: ScheduleFacts): string => {
  const kind = isJsonObject(metadata) ? metadata['@type'] : undefined
  return typeof kind === 'string' ? kind.slice(0, LONGEST_KIND) : ''
}

/** The durations of a kind. */
interface Sketch {
  readonly counts: Float64Array
  total: number
  /** How much was added since the plan was made. */
  unplanned: number
  plan?: Plan
}

/** Buckets grow by 6.5 %, from a quarter of a second to 20 hours; the first and the last hold what lies beyond. */
const BUCKETS = 200
const FIRST_EDGE = 250
const GROWTH = 2 ** (1 / 11)
const MOST_COUNTED = 4_096
const LEAST_COUNT = 2 ** -6

type Counts = readonly (readonly [bucket: number, count: number])[]

const emptySketch = (): Sketch => ({ counts: new Float64Array(BUCKETS), total: 0, unplanned: 0 })

const lowerEdge = (bucket: number): number => (bucket === 0 ? 0 : FIRST_EDGE * GROWTH ** bucket)

const bucketOf = (ms: number): number =>
  Math.min(BUCKETS - 1, Math.max(0, Math.floor(Math.log(ms / FIRST_EDGE) / Math.log(GROWTH))))

const addTo = (sketch: Sketch, counts: Counts): void => {
  for (const [bucket, count] of counts) {
    sketch.counts[bucket] = (sketch.counts[bucket] ?? 0) + count
    sketch.unplanned += count
  }
  sketch.total = sum(sketch.counts)
  while (sketch.total > MOST_COUNTED) {
    sketch.counts.forEach((count, bucket) => {
      sketch.counts[bucket] = count < LEAST_COUNT ? 0 : count / 2
    })
    sketch.total = sum(sketch.counts)
  }
}

const sum = (values: Iterable<number>): number => {
  let total = 0
  for (const value of values) total += value
  return total
}

const written = (kind: string, counts: Float64Array): LearnedKind => {
  const from = Math.max(
    0,
    counts.findIndex((count) => count > 0),
  )
  const to = counts.findLastIndex((count) => count > 0)
  return { kind, from, counts: [...counts.subarray(from, to + 1)] }
}

/** For each of the {@link MOMENTS} the index of the one to poll at next; it ends where history does. */
type Plan = Uint16Array

const MIN = 750
const LONGEST = 36_000
const longestAfter = (elapsed: number): number => Math.min(LONGEST, Math.max(5_000, 0.6 * elapsed))

/** When polls may be planned: a twentieth of a second apart at first, then 0.5 %, then 2 s, in the end 36 s. */
const momentsUntil = (end: number): Float64Array => {
  const moments = [0]
  for (let at = 0; at < end; moments.push(at))
    at += Math.ceil(Math.max(50, Math.min(at / 200, Math.max(2_000, at / 2_000))))
  return Float64Array.from(moments)
}

const MOMENTS: Float64Array = momentsUntil(lowerEdge(BUCKETS))

const momentAt = (index: number): number => MOMENTS[index] ?? Number.POSITIVE_INFINITY

/** How many moments are before a time. */
const momentsBefore = (time: number): number => {
  let low = 0
  let high = MOMENTS.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (momentAt(middle) < time) low = middle + 1
    else high = middle
  }
  return low
}

/** The wait, or undefined past all that the plan knows. */
const planned = (plan: Plan, { elapsed }: ScheduleFacts): number | undefined => {
  const later = momentsBefore(elapsed)
  if (later >= plan.length - 1) return undefined
  const at = later > 0 && elapsed - momentAt(later - 1) < momentAt(later) - elapsed ? later - 1 : later
  const target = momentAt(plan[at] ?? later)
  return Math.floor(Math.max(MIN, Math.min(target - elapsed, longestAfter(elapsed))))
}

/**
 * Finds for each moment the best next poll by dynamic programming, backwards in time. What a wait from `a` to `b` costs is
 * the lag of those that end between them, and the price for all that have not ended by `a`. That those that ended before
 * `a` are out of it changes all costs by one factor, so that the choice is the same as under survival until `a`.
 */
const planFor = (counts: Float64Array, price: number): Plan => {
  const density = smoothed(counts)
  const end = lowerEdge(density.findLastIndex((share) => share > 0) + 1)
  const plan = new Uint16Array(Math.min(MOMENTS.length, momentsBefore(end) + 1))
  const last = plan.length - 1
  const { ended, summed } = endsBy(plan.length, density)
  const costs = new Float64Array(plan.length)
  for (let at = last - 1; at >= 0; at--) {
    const time = momentAt(at)
    const gone = ended[at] ?? 0
    const before = summed[at] ?? 0
    const first = Math.min(last, Math.max(at + 1, momentsBefore(time + MIN)))
    const latest = time + longestAfter(time)
    let least = Number.POSITIVE_INFINITY
    for (let to = first; to === first || (to <= last && momentAt(to) <= latest); to++) {
      const lag = momentAt(to) * ((ended[to] ?? 0) - gone) - ((summed[to] ?? 0) - before)
      const cost = lag + (costs[to] ?? 0)
      if (cost < least) {
        least = cost
        plan[at] = to
      }
    }
    costs[at] = least + price * (1 - gone)
  }
  return plan
}

/** By each moment, the share of the operations that have ended, and the sum of their durations over the number of all. */
const endsBy = (
  moments: number,
  density: Float64Array,
): { readonly ended: Float64Array; readonly summed: Float64Array } => {
  const ended = new Float64Array(moments)
  const summed = new Float64Array(moments)
  let bucket = 0
  let endedBefore = 0
  let summedBefore = 0
  for (let index = 0; index < moments; index++) {
    const moment = momentAt(index)
    for (; bucket < BUCKETS - 1 && lowerEdge(bucket + 1) <= moment; bucket++) {
      const share = density[bucket] ?? 0
      endedBefore += share
      summedBefore += (share * (lowerEdge(bucket) + lowerEdge(bucket + 1))) / 2
    }
    const from = lowerEdge(bucket)
    const to = Math.min(moment, lowerEdge(bucket + 1))
    const share = ((density[bucket] ?? 0) * (to - from)) / (lowerEdge(bucket + 1) - from)
    ended[index] = endedBefore + share
    summed[index] = summedBefore + (share * (from + to)) / 2
  }
  return { ended, summed }
}

/**
 * The shares of the buckets, blurred by a bell as wide as few operations are unsure.
 *
 * Source: the rule of thumb of B. W. Silverman, "Density Estimation for Statistics and Data Analysis" (1986), section 3.4.2.
 */
const smoothed = (counts: Float64Array): Float64Array => {
  const total = sum(counts)
  const mean = sum(counts.map((count, bucket) => count * bucket)) / total
  const deviation = Math.sqrt(sum(counts.map((count, bucket) => count * (bucket - mean) ** 2)) / total)
  const middleHalf = (quantile(counts, total, 0.75) - quantile(counts, total, 0.25)) / 1.34
  const width = Math.max(0.5, 0.9 * Math.min(deviation, Math.max(1, middleHalf)) * total ** -0.2)
  const reach = Math.ceil(3 * width)
  const bell = Array.from({ length: 2 * reach + 1 }, (_, n) => Math.exp(-(((n - reach) / width) ** 2) / 2))
  const scale = 1 / (sum(bell) * total)
  const density = new Float64Array(BUCKETS)
  counts.forEach((count, bucket) => {
    if (count === 0) return
    bell.forEach((weight, n) => {
      const to = Math.min(BUCKETS - 1, Math.max(0, bucket + n - reach))
      density[to] = (density[to] ?? 0) + count * weight * scale
    })
  })
  return density
}

const quantile = (counts: Float64Array, total: number, share: number): number => {
  let below = 0
  return counts.findIndex((count) => {
    below += count
    return below >= share * total
  })
}

const checkHistory = (history: unknown): readonly LearnedKind[] =>
  Array.isArray(history)
    ? history.flatMap((one, index) => checkOne(`history[${index}]`, one))
    : checkOne('history', history)

const checkOne = (option: string, history: unknown): readonly LearnedKind[] => {
  const { version, kinds } = held(option, 'what toJSON gave', history, isJsonObject)
  held(`${option}.version`, '1', version, isOne)
  return held(`${option}.kinds`, 'a list', kinds, isList).map((one, index) =>
    checkKind(`${option}.kinds[${index}]`, one),
  )
}

const checkKind = (option: string, given: unknown): LearnedKind => {
  const { kind, from: start, counts } = held(option, 'an object', given, isJsonObject)
  const from = held(`${option}.from`, `a whole number from 0 to ${BUCKETS - 1}`, start, isBucket)
  const most = BUCKETS - from
  if (!isList(counts) || counts.length > most)
    throw new InvalidOption(`${option}.counts`, `a list of at most ${most}`, counts, lengthOf)
  return {
    kind: held(`${option}.kind`, `a string of at most ${LONGEST_KIND} characters`, kind, isKind),
    from,
    counts: counts.map((count, index) =>
      held(`${option}.counts[${index}]`, `a number from 0 to ${MOST_COUNTED}`, count, isCount),
    ),
  }
}

const lengthOf = (given: unknown): string => (isList(given) ? `a list of ${given.length}` : kindOf(given))

const isList = (given: unknown): given is readonly unknown[] => Array.isArray(given)
const isKind = (given: unknown): given is string => typeof given === 'string' && given.length <= LONGEST_KIND
const isBucket = (given: unknown): given is number =>
  Number.isInteger(given) && Number(given) >= 0 && Number(given) < BUCKETS
const isCount = (given: unknown): given is number =>
  typeof given === 'number' && given >= 0 && given <= MOST_COUNTED
const isOne = (given: unknown): given is 1 => given === 1

const held = <A>(option: string, expected: string, given: unknown, is: (given: unknown) => given is A): A => {
  if (is(given)) return given
  throw new InvalidOption(option, expected, given)
}
