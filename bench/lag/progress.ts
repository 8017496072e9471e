import { explain } from '../../lib/polling/explain.ts'
import { balanced } from '../../lib/polling/schedule.ts'
import type { Contender } from './contender.ts'
import { normal, type Random } from './random.ts'

/** Returns the fraction that an operation reports after a share of its run time. `last` is random, from 0 to 1. */
type Shape = (share: number, random: Random, last: number) => number

/** Returns the share of the run time at which the operation ends. `last` is the same number as for its shape. */
type End = (last: number) => number

function contender(name: string, waits: string, shape: Shape | undefined, end: End = () => 1): Contender {
  return {
    name,
    short: name,
    waits,
    isOurs: true,
    scheduleFor: () => (duration, random) => {
      const last = random()
      const progress = shape && ((elapsed: number) => shape(elapsed / duration / 1_000, random, last))
      const { pollsAt, lag } = explain(balanced(), duration * end(last) * 1_000, { progress })
      return { polls: pollsAt.length, lag: lag / 1_000 }
    },
  }
}

function withNoise(fraction: number, random: Random): number {
  return Math.min(1, Math.max(0, fraction + 0.01 * normal(random)))
}

/** `balanced()` with `progressAware`, for operations that report their progress in different ways. */
export const PROGRESS: readonly Contender[] = [
  contender('none', 'no progress is reported', undefined),
  contender('linear', 'the share of the run time', (share) => share),
  contender('linear, noise', 'the share of the run time, with a normal error of 1 %', withNoise),
  contender('square', 'the square of the share', (share) => share ** 2),
  contender('square root', 'the square root of the share', (share) => Math.sqrt(share)),
  contender('eight steps', 'the share, rounded down to an eighth', (share) => Math.floor(8 * share) / 8),
  contender('sticks at 99 %', 'linear up to 99 % at 60 % of the run time', (share) =>
    Math.min(0.99, (0.99 * share) / 0.6),
  ),
  contender('stays 0', '0', () => 0),
  contender('failure', 'linear; ends in a failure at a random fraction', (share, _, last) => share * last),
  contender('failure, noise', 'the same with a normal error of 1 %', (share, random, last) =>
    withNoise(share * last, random),
  ),
  contender(
    'early failure',
    'linear; ends at a random share of the run time',
    (share) => share,
    (last) => last,
  ),
  contender('early failure, none', 'no progress; ends at a random share', undefined, (last) => last),
]
