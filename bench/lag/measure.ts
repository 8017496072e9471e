import type { Contender } from './contender.ts'
import type { Mix } from './mixes.ts'
import { seeded } from './random.ts'

/** What a schedule did with the operations of a mix. */
export interface Measured {
  /** The mean number of polls, of those that it gave up too. */
  readonly polls: number
  /** Seconds, over those whose end it noticed; NaN where there are none. */
  readonly meanLag: number
  readonly worstLag: number
  /** The largest lag as a share of how long the operation ran, or of 0.75 s where a quarter of that is less. */
  readonly worstShare: number
  /** The share of those that it gave up before their end. */
  readonly givenUp: number
}

const SEED = 77

/** Plays a schedule against each operation of a mix; an answer takes no time. */
export function measure(contender: Contender, mix: Mix): Measured {
  const run = contender.facing(mix)
  const random = seeded(SEED)
  let polls = 0
  let lags = 0
  let noticed = 0
  let worstLag = 0
  let worstShare = 0
  for (const duration of mix.durations) {
    const outcome = run(duration, random)
    polls += outcome.polls
    if (outcome.lag === undefined) continue
    noticed++
    lags += outcome.lag
    worstLag = Math.max(worstLag, outcome.lag)
    worstShare = Math.max(worstShare, outcome.lag / Math.max(0.75, duration / 4))
  }
  const all = mix.durations.length
  return {
    polls: polls / all,
    meanLag: lags / noticed,
    worstLag: noticed === 0 ? Number.NaN : worstLag,
    worstShare: worstShare,
    givenUp: (all - noticed) / all,
  }
}
