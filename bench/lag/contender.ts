import type { Mix } from './mixes.ts'
import type { Random } from './random.ts'

/** The number of polls of one operation, and the time from its end to the last poll in seconds. */
export interface PollResult {
  readonly polls: number
  /** Absent if the schedule gave up before the end. */
  readonly lag?: number
}

/** A schedule under measurement. */
export interface Contender {
  readonly name: string
  /** The label in the picture. */
  readonly short: string
  /** A description of its waits. */
  readonly waits: string
  readonly isOurs: boolean
  /** Returns the schedule for the operations of a mix. */
  readonly scheduleFor: (mix: Mix) => (duration: number, random: Random) => PollResult
}
