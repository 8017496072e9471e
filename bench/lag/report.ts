import { type Bar, tableOfBars } from '../bar.ts'
import { table } from '../table.ts'
import type { Contender } from './contender.ts'
import type { Measured } from './measure.ts'
import { BELL, LONG, type Mix, SHORT } from './mixes.ts'

/** A schedule and what it did, mix by mix. */
export interface Row {
  readonly contender: Contender
  readonly measured: ReadonlyMap<Mix, Measured>
}

/** What is told, but for its title and where it was measured. */
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
    table([['schedule', 'waits'], ...rows.map(({ contender }) => [contender.name, contender.does])]),
    tableOfBars(bars),
    ...losses(rows, mixes, 'lagBounded()'),
    ...losses(rows, mixes, 'learned(), 200 recorded'),
  ].join('\n\n')
}

function thousands({ durations }: Mix): string {
  return durations.length.toLocaleString('en-US')
}

const METHOD = `Each cell: polls / mean lag / worst lag, in seconds; of a schedule that gives up, the share of the operations that it gave
up, and the lag of the others. The lag is from the end of an operation to the poll that notices it.

- The schedules are played in virtual time, ours by \`explain\` with the code that a watch runs; an answer takes no time,
  and no poll fails.
- ${SHORT.name} and ${LONG.name}: ${thousands(SHORT)} run times each, log-uniform. ${BELL.name}: ${thousands(BELL)} too, median
  60 s and sigma 0.5. The others: 2,000 each, uniform within 10 % of what they say. All schedules meet the same run times, and random
  ones draw from a seeded generator.
- The schedules of peers are their defaults, read from their sources. Where a resource or a caller of theirs adds a
  limit of time, such as those of Terraform, it is not applied.`

function cell(measured: Measured | undefined): string {
  if (measured === undefined) return ''
  const { polls, meanLag, worstLag, givenUp } = measured
  const lost = givenUp > 0 ? `, gives up ${shareText(givenUp)}` : ''
  if (givenUp === 1) return `${figure(polls)}, gives up`
  return `${figure(polls)} / ${figure(meanLag)} / ${figure(worstLag)}${lost}`
}

/** A share in words; what is more than none is at least 1 %. */
export function shareText(share: number): string {
  return `${Math.max(1, Math.round(share * 100))} %`
}

/** Three digits that count. */
function figure(value: number): string {
  return value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)
}

/** Where peers do better than one of ours. */
function losses(rows: readonly Row[], mixes: readonly Mix[], name: string): readonly string[] {
  const ours = rows.find(({ contender }) => contender.name === name)
  if (ours === undefined) return []
  const lines = mixes.map((mix) => {
    const mine = ours.measured.get(mix)
    const others = rows.filter((row) => !row.contender.isOurs && row.measured.get(mix)?.givenUp === 0)
    const named = (fits: (their: Measured, mine: Measured) => boolean): string =>
      others
        .filter(({ measured }) => {
          const their = measured.get(mix)
          return their !== undefined && mine !== undefined && fits(their, mine)
        })
        .map(({ contender }) => contender.short)
        .join(', ') || 'none'
    return [
      mix.name,
      named((their, { polls, meanLag }) => their.polls <= polls && their.meanLag <= meanLag),
      named((their, { polls, meanLag }) => their.polls < polls && their.meanLag > meanLag),
      named((their, { polls, meanLag }) => their.polls > polls && their.meanLag < meanLag),
    ]
  })
  return [
    `Peers that do better than \`${name}\`, of those that give nothing up:`,
    table([['', 'in both', 'only in polls', 'only in lag'], ...lines]),
  ]
}

/** The bars, from what was measured. */
export function barsOf(rows: readonly Row[], mixes: readonly Mix[]): readonly Bar[] {
  const of = (name: string, mix: Mix): Measured | undefined =>
    rows.find(({ contender }) => contender.name.startsWith(name))?.measured.get(mix)
  const ratio = (name: string, mix: Mix, key: 'polls' | 'meanLag'): number =>
    (of(name, mix)?.[key] ?? Number.NaN) / (of('google-gax', mix)?.[key] ?? Number.NaN)
  const against = (name: string, mix: Mix, polls: number, lag: number): readonly Bar[] => [
    {
      what: `${name}, ${mix.name}: polls, to google-gax`,
      limit: polls,
      figure: ratio(name, mix, 'polls'),
      unit: 'times',
    },
    {
      what: `${name}, ${mix.name}: mean lag, to google-gax`,
      limit: lag,
      figure: ratio(name, mix, 'meanLag'),
      unit: 'times',
    },
  ]
  return [
    ...against('lagBounded()', SHORT, 0.9, 0.6),
    ...against('lagBounded()', LONG, 1.2, 0.45),
    {
      what: 'lagBounded(), all: worst lag, to the larger of 0.75 s and 25 % of the run time',
      limit: 1,
      figure: Math.max(...mixes.map((mix) => of('lagBounded()', mix)?.worstShare ?? Number.NaN)),
      unit: 'times',
    },
    ...against('learned(), 200 recorded', BELL, 0.6, 0.4),
    ...against('learned(), 200 watched', BELL, 0.6, 0.4),
  ]
}
