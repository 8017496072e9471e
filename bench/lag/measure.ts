import type { Contender } from './contender.ts'
import type { Mix } from './mixes.ts'
import { seeded } from './random.ts'

/** The measurements of a schedule with the operations of a mix. Lags are in seconds. */
export interface Measured {
  /** The mean number of polls, including operations that the schedule gave up on. */
  readonly polls: number
  /** The mean over detected ends. NaN if no end was detected. */
  readonly meanLag: number
  readonly worstLag: number
  /** The largest lag as a multiple of a quarter of the run time, or of 0.75 s if that is longer. */
  readonly worstShare: number
  /** The share of operations that the schedule gave up on. */
  readonly givenUp: number
}

const SEED = 77

/** Simulates a schedule with each operation of a mix. Responses take no time. */
export function measure(contender: Contender, mix: Mix): Measured {
  const run = contender.scheduleFor(mix)
  const random = seeded(SEED)
  let polls = 0
  let lags = 0
  let detected = 0
  let worstLag = 0
  let worstShare = 0
  for (const duration of mix.durations) {
    const result = run(duration, random)
    polls += result.polls
    if (result.lag === undefined) continue
    detected++
    lags += result.lag
    worstLag = Math.max(worstLag, result.lag)
    worstShare = Math.max(worstShare, result.lag / Math.max(0.75, duration / 4))
  }
  const all = mix.durations.length
  return {
    polls: polls / all,
    meanLag: lags / detected,
    worstLag: detected === 0 ? Number.NaN : worstLag,
    worstShare,
    givenUp: (all - detected) / all,
  }
}
