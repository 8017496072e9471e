import type { ScheduleFacts } from '../schedule.js'
import { BUCKETS, bucketStart, smooth } from './histogram.js'

/** For each of the moments at which polls may be planned, the index of the one to poll at next; it ends where history does. */
export type Plan = Uint16Array

/** The shortest wait of a plan, in milliseconds. */
export const MIN: number = 750
const MAX_DURATION = 36_000
function longestAfter(elapsed: number): number {
  return Math.min(MAX_DURATION, Math.max(5_000, 0.6 * elapsed))
}

/** When polls may be planned: a twentieth of a second apart at first, then 0.5 %, then 2 s, in the end 36 s. */
function momentsUntil(end: number): Float64Array {
  const moments = [0]
  for (let at = 0; at < end; moments.push(at))
    at += Math.ceil(Math.max(50, Math.min(at / 200, Math.max(2_000, at / 2_000))))
  return Float64Array.from(moments)
}

/** Made when a plan is: they take longer than all else that importing this does. */
let pollTimes: Float64Array | undefined

function allMoments(): Float64Array {
  pollTimes ??= momentsUntil(bucketStart(BUCKETS))
  return pollTimes
}

function momentAt(index: number): number {
  return allMoments()[index] ?? Number.POSITIVE_INFINITY
}

/** How many moments are before a time. */
function momentsBefore(time: number): number {
  let low = 0
  let high = allMoments().length
  while (low < high) {
    const middle = (low + high) >> 1
    if (momentAt(middle) < time) low = middle + 1
    else high = middle
  }
  return low
}

/** The wait, or undefined past all that the plan knows. */
export function plannedWait(plan: Plan, { elapsed }: ScheduleFacts): number | undefined {
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
export function optimalPlan(counts: Float64Array, price: number): Plan {
  const density = smooth(counts)
  const end = bucketStart(density.findLastIndex((share) => share > 0) + 1)
  const plan = new Uint16Array(Math.min(allMoments().length, momentsBefore(end) + 1))
  const last = plan.length - 1
  const { ended, summed } = cumulative(plan.length, density)
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
function cumulative(
  moments: number,
  density: Float64Array,
): { readonly ended: Float64Array; readonly summed: Float64Array } {
  const ended = new Float64Array(moments)
  const summed = new Float64Array(moments)
  let bucket = 0
  let endedBefore = 0
  let summedBefore = 0
  for (let index = 0; index < moments; index++) {
    const moment = momentAt(index)
    for (; bucket < BUCKETS - 1 && bucketStart(bucket + 1) <= moment; bucket++) {
      const share = density[bucket] ?? 0
      endedBefore += share
      summedBefore += (share * (bucketStart(bucket) + bucketStart(bucket + 1))) / 2
    }
    const from = bucketStart(bucket)
    const to = Math.min(moment, bucketStart(bucket + 1))
    const share = ((density[bucket] ?? 0) * (to - from)) / (bucketStart(bucket + 1) - from)
    ended[index] = endedBefore + share
    summed[index] = summedBefore + (share * (from + to)) / 2
  }
  return { ended, summed }
}
