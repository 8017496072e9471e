/** How many operations took how long: counts in buckets of time, which can be added up. */
export interface DurationHistogram {
  readonly counts: Float64Array
  total: number
}

/** Buckets grow by 6.5 %, from a quarter of a second to 20 hours; the first and the last hold what lies beyond. */
export const BUCKETS: number = 200
const FIRST_EDGE = 250
const GROWTH = 2 ** (1 / 11)
/** The most that a kind counts; at more, all counts are halved. */
export const MAX_COUNT: number = 4_096
const MIN_COUNT = 2 ** -6

/** Numbers of operations, parts of one among them, and the buckets into which they fall. */
export type Counts = readonly (readonly [bucket: number, count: number])[]

/** Durations of which nothing is known. */
export function emptyHistogram(): DurationHistogram {
  return { counts: new Float64Array(BUCKETS), total: 0 }
}

/** Where a bucket begins, in milliseconds. */
export function bucketStart(bucket: number): number {
  return bucket === 0 ? 0 : FIRST_EDGE * GROWTH ** bucket
}

/** The bucket of a duration in milliseconds. */
export function bucketIndex(ms: number): number {
  return Math.min(BUCKETS - 1, Math.max(0, Math.floor(Math.log(ms / FIRST_EDGE) / Math.log(GROWTH))))
}

/** Adds counts, and lets fade what is old once there are many. */
export function addDuration(durations: DurationHistogram, counts: Counts): void {
  for (const [bucket, count] of counts) durations.counts[bucket] = (durations.counts[bucket] ?? 0) + count
  durations.total = sum(durations.counts)
  while (durations.total > MAX_COUNT) {
    durations.counts.forEach((count, bucket) => {
      durations.counts[bucket] = count < MIN_COUNT ? 0 : count / 2
    })
    durations.total = sum(durations.counts)
  }
}

/**
 * The shares of the buckets, blurred by a bell as wide as few operations are unsure.
 *
 * Source: the rule of thumb of B. W. Silverman, "Density Estimation for Statistics and Data Analysis" (1986), section 3.4.2.
 */
export function smooth(counts: Float64Array): Float64Array {
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

function quantile(counts: Float64Array, total: number, share: number): number {
  let below = 0
  return counts.findIndex((count) => {
    below += count
    return below >= share * total
  })
}

function sum(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}
