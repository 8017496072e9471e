import type { Mix } from './mixes.ts'
import type { Random } from './random.ts'

/** What became of one operation: how many polls, and how long after its end it was noticed, if it was; in seconds. */
export interface Outcome {
  readonly polls: number
  /** Absent where the schedule gave up before. */
  readonly lag?: number
}

/** A schedule that is measured. */
export interface Contender {
  readonly name: string
  /** The same in the picture. */
  readonly short: string
  /** What it does, in words. */
  readonly does: string
  readonly isOurs: boolean
  /** The schedule as it stands when operations of a mix come. */
  readonly facing: (mix: Mix) => (duration: number, random: Random) => Outcome
}
