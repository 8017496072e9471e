import { explain } from '../../lib/polling/explain.ts'
import { type Learned, type LearnedOptions, learned } from '../../lib/polling/learned/learned.ts'
import { balanced, constant, exponential, lagBounded, type Schedule } from '../../lib/polling/schedule.ts'
import type { Contender } from './contender.ts'
import { LONG, type Mix } from './mixes.ts'

const KIND = 'measured'

function run(schedule: Schedule) {
  return (duration: number) => {
    const { pollsAt, lag } = explain(schedule, duration * 1_000, { kind: KIND })
    return { polls: pollsAt.length, lag: lag / 1_000 }
  }
}

/** Returns a contender that simulates a schedule of this library with {@link explain}. */
function plain(schedule: Schedule, name: string, waits: string): Contender {
  return {
    name,
    short: name,
    waits,
    isOurs: true,
    scheduleFor: () => run(schedule),
  }
}

/** Returns `learned()` with exact run times of a mix. */
function withRecordedTimes({ recorded }: Mix, options: LearnedOptions = {}): Learned {
  const schedule = learned(options)
  for (const duration of recorded) schedule.record(KIND, duration * 1_000)
  return schedule
}

/** Returns `learned()` after its own watches of a mix, which limit an end only to the time between two polls. */
function withWatchedTimes({ recorded }: Mix): Learned {
  const schedule = learned()
  for (const duration of recorded) {
    const { pollsAt } = explain(schedule, duration * 1_000, { kind: KIND })
    const [elapsed = 0, lastRunningAt] = [...pollsAt].reverse()
    schedule.settled?.({
      attempt: pollsAt.length,
      elapsed,
      ...(lastRunningAt !== undefined && { lastRunningAt }),
      metadata: { '@type': KIND },
    })
  }
  return schedule
}

const BALANCED: Contender = plain(balanced(), 'balanced()', balanced().label ?? '')
const LAG_BOUNDED: Contender = plain(lagBounded(), 'lagBounded()', lagBounded().label ?? '')
const WIDE_LIMIT = { floor: 15_000, share: 1 }

const LEARNED: Contender = {
  ...plain(learned(), 'learned(), 200 recorded', 'after recording 200 other run times of the same column'),
  short: 'learned()',
  scheduleFor: (mix) => run(withRecordedTimes(mix)),
}

export const OURS: readonly Contender[] = [
  BALANCED,
  LAG_BOUNDED,
  LEARNED,
  {
    ...LEARNED,
    name: 'learned(), wide limit',
    short: 'learned(), wide limit',
    waits: 'as above, with waits of at most 15 s, or the elapsed time if that is longer',
    scheduleFor: (mix) => run(withRecordedTimes(mix, { maxWait: WIDE_LIMIT })),
  },
  {
    ...plain(learned(), 'learned(), 200 watched', 'after watching 200 other operations of the same column'),
    short: 'learned(), watched',
    scheduleFor: (mix) => run(withWatchedTimes(mix)),
  },
  {
    ...plain(
      learned(),
      `learned(), of ${LONG.name}`,
      `after recording 200 run times over ${LONG.name}, for every column`,
    ),
    short: `learned(), of ${LONG.name}`,
    scheduleFor: () => run(withRecordedTimes(LONG)),
  },
  ...[exponential({ initial: 1_000, multiplier: 1.5, max: 20_000 }), constant({ interval: 5_000 })].map(
    (schedule) => {
      const [name = ''] = (schedule.label ?? '').split('(')
      return plain(schedule, `${name}()`, schedule.label ?? '')
    },
  ),
]

/** The ratios of the schedules on the line in the picture. */
export const RATIOS: readonly number[] = [0.03, 0.05, 0.07, 0.1, 0.14, 0.19, 0.25, 0.35, 0.5, 0.7, 1, 1.5, 2]

export function withRatio(ratio: number): Contender {
  return plain(lagBounded({ ratio }), `ratio ${ratio}`, lagBounded({ ratio }).label ?? '')
}
