import { type Bar, tableOfBars } from '../bar.ts'
import { table } from '../table.ts'
import type { Contender } from './contender.ts'
import type { Measured } from './measure.ts'
import { BELL, LONG, type Mix, SHORT } from './mixes.ts'

/** A schedule and its measurements for each mix. */
export interface Row {
  readonly contender: Contender
  readonly measured: ReadonlyMap<Mix, Measured>
}

/** Returns the report without its title and its environment. */
export function page(rows: readonly Row[], mixes: readonly Mix[], bars: readonly Bar[]): string {
  return [
    METHOD,
    table([
      ['schedule', ...mixes.map(({ name }) => name)],
      ...rows.map(({ contender, measured }) => [
        contender.name,
        ...mixes.map((mix) => cell(measured.get(mix))),
      ]),
    ]),
    'The schedules:',
    table([['schedule', 'waits'], ...rows.map(({ contender }) => [contender.name, contender.waits])]),
    tableOfBars(bars),
    ...betterPeers(rows, mixes, 'lagBounded()'),
    ...betterPeers(rows, mixes, 'learned(), 200 recorded'),
  ].join('\n\n')
}

function sizeOf({ durations }: Mix): string {
  return durations.length.toLocaleString('en-US')
}

const METHOD = `Each cell contains the polls, the mean lag and the worst lag; lags are in seconds. If a schedule gives up, the cell also
contains the share of these operations, and the lag is the lag of the others. The lag is the time from the end of an
operation to the poll that detects it.

- The schedules are simulated in virtual time. Schedules of rx-longrunning run through \`explain\`, with the same code as
  a watch. Responses take no time, and no poll fails.
- ${SHORT.name} and ${LONG.name}: ${sizeOf(SHORT)} run times each, log-uniform. ${BELL.name}: ${sizeOf(BELL)} run times, with a
  median of 60 s and a sigma of 0.5. The other columns: 2,000 run times each, uniform within 10 % of the heading. All
  schedules get the same run times, and random schedules use a seeded generator.
- Other libraries use their default schedules, read from their sources. Time limits that a resource or a caller adds,
  as in Terraform, are not applied.`

function cell(measured: Measured | undefined): string {
  if (measured === undefined) return ''
  const { polls, meanLag, worstLag, givenUp } = measured
  const gaveUp = givenUp > 0 ? `, gives up ${shareText(givenUp)}` : ''
  if (givenUp === 1) return `${figure(polls)}, gives up`
  return `${figure(polls)} / ${figure(meanLag)} / ${figure(worstLag)}${gaveUp}`
}

/** Formats a share in percent, and rounds up to at least 1 %. */
export function shareText(share: number): string {
  return `${Math.max(1, Math.round(share * 100))} %`
}

/** Formats a number with three significant digits. */
function figure(value: number): string {
  return value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)
}

/** Returns a table of other libraries that are better than one of these schedules. */
function betterPeers(rows: readonly Row[], mixes: readonly Mix[], name: string): readonly string[] {
  const ours = rows.find(({ contender }) => contender.name === name)
  if (ours === undefined) return []
  const lines = mixes.map((mix) => {
    const own = ours.measured.get(mix)
    const others = rows.filter((row) => !row.contender.isOurs && row.measured.get(mix)?.givenUp === 0)
    const namesOf = (isBetter: (peer: Measured, own: Measured) => boolean): string =>
      others
        .filter(({ measured }) => {
          const peer = measured.get(mix)
          return peer !== undefined && own !== undefined && isBetter(peer, own)
        })
        .map(({ contender }) => contender.short)
        .join(', ') || 'none'
    return [
      mix.name,
      namesOf((peer, { polls, meanLag }) => peer.polls <= polls && peer.meanLag <= meanLag),
      namesOf((peer, { polls, meanLag }) => peer.polls < polls && peer.meanLag > meanLag),
      namesOf((peer, { polls, meanLag }) => peer.polls > polls && peer.meanLag < meanLag),
    ]
  })
  return [
    `Libraries that are better than \`${name}\` and never give up:`,
    table([['', 'polls and lag', 'only polls', 'only lag'], ...lines]),
  ]
}

/** Returns the targets with their measured figures. */
export function barsOf(rows: readonly Row[], mixes: readonly Mix[]): readonly Bar[] {
  const of = (name: string, mix: Mix): Measured | undefined =>
    rows.find(({ contender }) => contender.name.startsWith(name))?.measured.get(mix)
  const ratio = (name: string, mix: Mix, key: 'polls' | 'meanLag'): number =>
    (of(name, mix)?.[key] ?? Number.NaN) / (of('google-gax', mix)?.[key] ?? Number.NaN)
  const against = (name: string, mix: Mix, polls: number, lag: number): readonly Bar[] => [
    {
      what: `${name}, ${mix.name}: polls, ratio to google-gax`,
      limit: polls,
      figure: ratio(name, mix, 'polls'),
      unit: 'times',
    },
    {
      what: `${name}, ${mix.name}: mean lag, ratio to google-gax`,
      limit: lag,
      figure: ratio(name, mix, 'meanLag'),
      unit: 'times',
    },
  ]
  return [
    ...against('lagBounded()', SHORT, 0.9, 0.6),
    ...against('lagBounded()', LONG, 1.2, 0.45),
    {
      what: 'lagBounded(), all: worst lag, ratio to the larger of 0.75 s and 25 % of the run time',
      limit: 1,
      figure: Math.max(...mixes.map((mix) => of('lagBounded()', mix)?.worstShare ?? Number.NaN)),
      unit: 'times',
    },
    ...against('learned(), 200 recorded', BELL, 0.6, 0.4),
    ...against('learned(), 200 watched', BELL, 0.6, 0.4),
  ]
}
