import { between, normal, type Random, seeded } from './random.ts'

/** A set of operation run times in seconds. */
export interface Mix {
  readonly name: string
  readonly durations: readonly number[]
  /** Other run times of the same distribution, which `learned()` records before the measurement. */
  readonly recorded: readonly number[]
}

const RECORDED = 200

function mix(name: string, seed: number, count: number, draw: (random: Random) => number): Mix {
  const sample = (sampleSeed: number, length: number): readonly number[] => {
    const random = seeded(sampleSeed)
    return Array.from({ length }, () => draw(random))
  }
  return { name, durations: sample(seed, count), recorded: sample(seed + 1_000, RECORDED) }
}

function logUniform(from: number, to: number) {
  return (random: Random) => from * Math.exp(random() * Math.log(to / from))
}

function logNormal(median: number, sigma: number) {
  return (random: Random) => median * Math.exp(sigma * normal(random))
}

export const SHORT: Mix = mix('3..300 s', 1, 10_000, logUniform(3, 300))
export const LONG: Mix = mix('3..1800 s', 2, 10_000, logUniform(3, 1_800))
export const BELL: Mix = mix('log-normal, 60 s', 3, 10_000, logNormal(60, 0.5))
/** Mixes of short operations. */
export const BRIEF: readonly Mix[] = [
  mix('1..5 s', 4, 10_000, logUniform(1, 5)),
  mix('log-normal, 6 s', 5, 10_000, logNormal(6, 0.6)),
  mix('5..30 s', 6, 10_000, logUniform(5, 30)),
]

function near(seconds: number, seed: number): Mix {
  return mix(`${seconds} s`, seed, 2_000, (random) => between(random, 0.9 * seconds, 1.1 * seconds))
}

/** The mixes in the order of the columns. */
export const MIXES: readonly Mix[] = [
  SHORT,
  LONG,
  BELL,
  ...BRIEF,
  ...[3, 10, 25, 60, 300, 1_800].map((seconds, index) => near(seconds, 10 + index)),
]
