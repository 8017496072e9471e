/**
 * The number of buckets of a histogram of durations. The lower bounds increase by 6.5 % from bucket to bucket, from 250 ms
 * to 20 hours. The first bucket also contains shorter durations, and the last bucket also contains longer durations.
 */
export const BUCKET_COUNT: number = 200
const FIRST_BUCKET_MS = 250
/** The lower bound of a bucket divided by the lower bound of the previous bucket. */
const GROWTH = 2 ** (1 / 11)
/** The largest total of a histogram. If the total is larger, all counts are halved. */
export const MAX_TOTAL_COUNT: number = 4_096
/** The count of a bucket that is below this value is set to 0 instead of being halved. */
const MIN_BUCKET_COUNT = 2 ** -6

/** Counts to add to a histogram. A count can be a fraction. */
export type Counts = readonly (readonly [bucket: number, count: number])[]

/** Returns the lower bound of a bucket, in milliseconds. */
export function bucketStart(bucket: number): number {
  return bucket === 0 ? 0 : FIRST_BUCKET_MS * GROWTH ** bucket
}

/** Returns the bucket of a duration in milliseconds. */
export function bucketIndex(ms: number): number {
  const bucket = Math.floor(Math.log(ms / FIRST_BUCKET_MS) / Math.log(GROWTH))
  return Math.min(BUCKET_COUNT - 1, Math.max(0, bucket))
}

/** Adds counts to a histogram, and halves all counts until the total is at most {@link MAX_TOTAL_COUNT}. */
export function addCounts(counts: Float64Array, added: Counts): void {
  for (const [bucket, count] of added) counts[bucket] = (counts[bucket] ?? 0) + count
  while (sum(counts) > MAX_TOTAL_COUNT)
    counts.set(counts.map((count) => (count < MIN_BUCKET_COUNT ? 0 : count / 2)))
}

/**
 * Returns the share of operations in each bucket, smoothed with a Gaussian kernel that is wider for fewer operations.
 *
 * Source: the rule of thumb in section 3.4.2 of B. W. Silverman, "Density Estimation for Statistics and Data Analysis"
 * (1986).
 */
export function smooth(counts: Float64Array): Float64Array {
  const total = sum(counts)
  const mean = sum(counts.map((count, bucket) => count * bucket)) / total
  const deviation = Math.sqrt(sum(counts.map((count, bucket) => count * (bucket - mean) ** 2)) / total)
  const quartileDeviation = (quantile(counts, total, 0.75) - quantile(counts, total, 0.25)) / 1.34
  const width = Math.max(0.5, 0.9 * Math.min(deviation, Math.max(1, quartileDeviation)) * total ** -0.2)
  const reach = Math.ceil(3 * width)
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, n) => Math.exp(-0.5 * ((n - reach) / width) ** 2))
  const scale = 1 / (sum(kernel) * total)
  const density = new Float64Array(BUCKET_COUNT)
  counts.forEach((count, bucket) => {
    if (count === 0) return
    kernel.forEach((weight, n) => {
      const targetBucket = Math.min(BUCKET_COUNT - 1, Math.max(0, bucket + n - reach))
      density[targetBucket] = (density[targetBucket] ?? 0) + count * weight * scale
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

/** Returns the sum of numbers, such as the total of a histogram. */
export function sum(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}
