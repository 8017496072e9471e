/** A histogram of the durations of operations. */
export interface DurationHistogram {
  readonly counts: Float64Array
  total: number
}

/**
 * The number of buckets. Each bucket starts 6.5 % later than the previous one, from 250 ms to 20 hours. The first
 * bucket also contains shorter durations, and the last one also contains longer durations.
 */
export const BUCKETS: number = 200
const FIRST_BUCKET = 250
const GROWTH = 2 ** (1 / 11)
/** The largest total of a histogram. Above it, all counts are halved. */
export const MAX_COUNT: number = 4_096
/** A count below this value is set to 0 instead of being halved. */
const MIN_COUNT = 2 ** -6

/** Counts to add to a histogram. A count can be a fraction. */
export type Counts = readonly (readonly [bucket: number, count: number])[]

/** Returns a histogram without counts. */
export function emptyHistogram(): DurationHistogram {
  return { counts: new Float64Array(BUCKETS), total: 0 }
}

/** Returns the lower bound of a bucket, in milliseconds. */
export function bucketStart(bucket: number): number {
  return bucket === 0 ? 0 : FIRST_BUCKET * GROWTH ** bucket
}

/** Returns the bucket of a duration in milliseconds. */
export function bucketIndex(ms: number): number {
  return Math.min(BUCKETS - 1, Math.max(0, Math.floor(Math.log(ms / FIRST_BUCKET) / Math.log(GROWTH))))
}

/** Adds counts to a histogram, and halves all counts until the total is at most {@link MAX_COUNT}. */
export function addCounts(histogram: DurationHistogram, added: Counts): void {
  const { counts } = histogram
  for (const [bucket, count] of added) counts[bucket] = (counts[bucket] ?? 0) + count
  histogram.total = sum(counts)
  while (histogram.total > MAX_COUNT) {
    counts.set(counts.map((count) => (count < MIN_COUNT ? 0 : count / 2)))
    histogram.total = sum(counts)
  }
}

/**
 * Returns the share of each bucket, smoothed with a Gaussian kernel that is wider for fewer operations.
 *
 * Source: the rule of thumb in section 3.4.2 of B. W. Silverman, "Density Estimation for Statistics and Data Analysis"
 * (1986).
 */
export function smooth(counts: Float64Array): Float64Array {
  const total = sum(counts)
  const mean = sum(counts.map((count, bucket) => count * bucket)) / total
  const deviation = Math.sqrt(sum(counts.map((count, bucket) => count * (bucket - mean) ** 2)) / total)
  const spread = (quantile(counts, total, 0.75) - quantile(counts, total, 0.25)) / 1.34
  const width = Math.max(0.5, 0.9 * Math.min(deviation, Math.max(1, spread)) * total ** -0.2)
  const reach = Math.ceil(3 * width)
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, n) => Math.exp(-(((n - reach) / width) ** 2) / 2))
  const scale = 1 / (sum(kernel) * total)
  const density = new Float64Array(BUCKETS)
  counts.forEach((count, bucket) => {
    if (count === 0) return
    kernel.forEach((weight, n) => {
      const to = Math.min(BUCKETS - 1, Math.max(0, bucket + n - reach))
      density[to] = (density[to] ?? 0) + count * weight * scale
    })
  })
  return density
}

function quantile(counts: Float64Array, total: number, share: number): number {
  let cumulative = 0
  return counts.findIndex((count) => {
    cumulative += count
    return cumulative >= share * total
  })
}

function sum(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}
