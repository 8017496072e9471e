import type { ScheduleContext } from '../schedule.js'
import { BUCKET_COUNT, bucketStart, smooth } from './histogram.js'

/**
 * A map from one poll to the next: after a poll at the time with index `i`, the next poll is at the time with index
 * `plan[i]`. The length depends on the longest recorded duration.
 */
export type Plan = Uint16Array

/** The shortest wait of a plan, in milliseconds. */
export const MIN_WAIT: number = 750
/** Returns the longest wait at a time, in milliseconds. */
export type WaitLimit = (elapsed: number) => number

/**
 * Returns the possible poll times, in milliseconds since the start of an operation. The interval between them is 0.5 %
 * of the elapsed time, at least 50 ms and at most 2 s. After 4,000 s, the interval is 0.05 % of the elapsed time.
 */
function pollTimesUntil(endTime: number): Float64Array {
  const times = [0]
  for (let time = 0; time < endTime; times.push(time))
    time += Math.ceil(Math.max(50, Math.min(time / 200, Math.max(2_000, time / 2_000))))
  return Float64Array.from(times)
}

// All possible poll times. Computed for the first plan, because on import they would take most of the import time.
let pollTimes: Float64Array | undefined

function allPollTimes(): Float64Array {
  pollTimes ??= pollTimesUntil(bucketStart(BUCKET_COUNT))
  return pollTimes
}

function pollTime(index: number): number {
  return allPollTimes()[index] ?? Infinity
}

/** Returns the index of the first possible poll time that is not before `time`. */
function pollTimeIndex(time: number): number {
  let low = 0
  let high = allPollTimes().length
  while (low < high) {
    const middle = (low + high) >> 1
    if (pollTime(middle) < time) low = middle + 1
    else high = middle
  }
  return low
}

/** Returns the wait until the next poll, in milliseconds, or undefined after the end of the plan. */
export function plannedWait(plan: Plan, { elapsed }: ScheduleContext, limit: WaitLimit): number | undefined {
  const index = pollTimeIndex(elapsed)
  if (index >= plan.length - 1) return undefined
  const isPreviousNearer = index > 0 && elapsed - pollTime(index - 1) < pollTime(index) - elapsed
  const nextTime = pollTime(plan[isPreviousNearer ? index - 1 : index] ?? index)
  return Math.floor(Math.max(MIN_WAIT, Math.min(nextTime - elapsed, limit(elapsed))))
}

/**
 * Computes the best next poll for each poll time by dynamic programming, backwards in time.
 *
 * A wait from time `a` to time `b` costs the total lag of the operations that end between `a` and `b`, plus `price` for
 * each operation that is still running at `a`. The cost is a total: dividing it by the number of operations that are
 * running at `a` would select the same polls.
 */
export function optimalPlan(counts: Float64Array, price: number, limit: WaitLimit): Plan {
  const density = smooth(counts)
  const endTime = bucketStart(density.findLastIndex((share) => share > 0) + 1)
  const plan = new Uint16Array(Math.min(allPollTimes().length, pollTimeIndex(endTime) + 1))
  const last = plan.length - 1
  const { ended, durations } = cumulativeSums(plan.length, density)
  const costs = new Float64Array(plan.length)
  for (let index = last - 1; index >= 0; index--) {
    const time = pollTime(index)
    const endedBefore = ended[index] ?? 0
    const durationsBefore = durations[index] ?? 0
    const first = Math.min(last, Math.max(index + 1, pollTimeIndex(time + MIN_WAIT)))
    const latest = time + limit(time)
    let minCost = Infinity
    for (let next = first; next === first || (next <= last && pollTime(next) <= latest); next++) {
      const lag =
        pollTime(next) * ((ended[next] ?? 0) - endedBefore) - ((durations[next] ?? 0) - durationsBefore)
      const cost = lag + (costs[next] ?? 0)
      if (cost < minCost) {
        minCost = cost
        plan[index] = next
      }
    }
    costs[index] = minCost + price * (1 - endedBefore)
  }
  return plan
}

/**
 * Returns two values for each poll time. `ended` is the share of the operations that have ended. `durations` is the sum
 * of the durations of these operations, divided by the number of all operations.
 */
function cumulativeSums(length: number, density: Float64Array) {
  const ended = new Float64Array(length)
  const durations = new Float64Array(length)
  let bucket = 0
  let endedBefore = 0
  let durationsBefore = 0
  for (let index = 0; index < length; index++) {
    const time = pollTime(index)
    for (; bucket < BUCKET_COUNT - 1 && bucketStart(bucket + 1) <= time; bucket++) {
      const share = density[bucket] ?? 0
      endedBefore += share
      durationsBefore += (share * (bucketStart(bucket) + bucketStart(bucket + 1))) / 2
    }
    const from = bucketStart(bucket)
    const to = Math.min(time, bucketStart(bucket + 1))
    const share = ((density[bucket] ?? 0) * (to - from)) / (bucketStart(bucket + 1) - from)
    ended[index] = endedBefore + share
    durations[index] = durationsBefore + (share * (from + to)) / 2
  }
  return { ended, durations }
}
