import { explain } from '../../lib/polling/explain.ts'
import { type Learned, learned } from '../../lib/polling/learned/learned.ts'
import { constant, exponential, lagBounded, type Schedule } from '../../lib/polling/schedule.ts'
import type { Contender } from './contender.ts'
import { LONG, type Mix } from './mixes.ts'

const KIND = 'measured'

function run(schedule: Schedule) {
  return (duration: number) => {
    const { pollsAt, lag } = explain(schedule, duration * 1_000, { kind: KIND })
    return { polls: pollsAt.length, lag: lag / 1_000 }
  }
}

/** The real schedule, played by {@link explain}. */
function plain(schedule: Schedule, name: string, does: string): Contender {
  return {
    name,
    short: name,
    does,
    isOurs: true,
    facing: () => run(schedule),
  }
}

/** It told of the durations that a mix is known by, to the millisecond. */
function taught({ known }: Mix): Learned {
  const schedule = learned()
  for (const duration of known) schedule.record(KIND, duration * 1_000)
  return schedule
}

/** It polled those itself, and saw of each end only between which of its own polls it lay. */
function experienced({ known }: Mix): Learned {
  const schedule = learned()
  for (const duration of known) {
    const { pollsAt } = explain(schedule, duration * 1_000, { kind: KIND })
    const [elapsed = 0, ranAt] = [...pollsAt].reverse()
    schedule.settled?.({
      attempt: pollsAt.length,
      elapsed,
      ...(ranAt !== undefined && { ranAt }),
      metadata: { '@type': KIND },
    })
  }
  return schedule
}

const LAG_BOUNDED: Contender = plain(lagBounded(), 'lagBounded()', lagBounded().label ?? '')

const LEARNED: Contender = {
  ...plain(learned(), 'learned(), 200 recorded', 'told of 200 others of the same column'),
  short: 'learned()',
  facing: (mix) => run(taught(mix)),
}

export const OURS: readonly Contender[] = [
  LAG_BOUNDED,
  LEARNED,
  {
    ...plain(learned(), 'learned(), 200 watched', 'polled 200 others of the same column by itself'),
    short: 'learned(), watched',
    facing: (mix) => run(experienced(mix)),
  },
  {
    ...plain(learned(), `learned(), of ${LONG.name}`, `told of 200 over ${LONG.name}, whatever the column`),
    short: `learned(), of ${LONG.name}`,
    facing: () => run(taught(LONG)),
  },
  ...[exponential({ initial: 1_000, multiplier: 1.5, max: 20_000 }), constant({ interval: 5_000 })].map(
    (schedule) => {
      const [name = ''] = (schedule.label ?? '').split('(')
      return plain(schedule, `${name}()`, schedule.label ?? '')
    },
  ),
]

/** The ratio of each of the schedules that make the line in the picture. */
export const RATIOS: readonly number[] = [0.03, 0.05, 0.07, 0.1, 0.14, 0.19, 0.25, 0.35, 0.5, 0.7, 1, 1.5, 2]

export function withRatio(ratio: number): Contender {
  return plain(lagBounded({ ratio }), `ratio ${ratio}`, lagBounded({ ratio }).label ?? '')
}
