import { type Bar, tableOfBars } from '../bar.ts'
import { table } from '../table.ts'
import type { Contender } from './contender.ts'
import type { Measured } from './measure.ts'
import { BELL, BRIEF, LONG, type Mix, SHORT } from './mixes.ts'

/** A schedule and its measurements for each mix. */
export interface Row {
  readonly contender: Contender
  readonly measured: ReadonlyMap<Mix, Measured>
}

/** Returns the report without its title and its environment. */
export function page(
  rows: readonly Row[],
  progressRows: readonly Row[],
  mixes: readonly Mix[],
  bars: readonly Bar[],
): string {
  return [
    METHOD,
    figures('schedule', rows, mixes),
    'The schedules:',
    table([['schedule', 'waits'], ...rows.map(({ contender }) => [contender.name, contender.waits])]),
    PROGRESS_METHOD,
    figures('progress', progressRows, mixes),
    table([
      ['progress', 'fraction'],
      ...progressRows.map(({ contender }) => [contender.name, contender.waits]),
    ]),
    tableOfBars(bars),
    ...betterPeers(rows, mixes, 'balanced()'),
    ...betterPeers(rows, mixes, 'lagBounded()'),
    ...betterPeers(rows, mixes, 'learned(), 200 recorded'),
  ].join('\n\n')
}

function figures(heading: string, rows: readonly Row[], mixes: readonly Mix[]): string {
  return table([
    [heading, ...mixes.map(({ name }) => name)],
    ...rows.map(({ contender, measured }) => [
      contender.name,
      ...mixes.map((mix) => cell(measured.get(mix))),
    ]),
  ])
}

const PROGRESS_METHOD = `The next table has the figures of \`balanced()\` with \`progressAware\`, which is the default of a watch. The operations report their
progress in the following ways. An early failure ends at a random share of the run time of its column.

The waits between polls are longer at the start of an operation that is far from its end. The lag of a failure is then longer for the
shortest operations: compare \`failure\` with \`none\` for 1..5 s.`

function sizeOf({ durations }: Mix): string {
  return durations.length.toLocaleString('en-US')
}

const METHOD = `Each cell contains the polls, the mean lag and the worst lag; lags are in seconds. If a schedule gives up, the cell also
contains the share of these operations, and the lag is the lag of the others. The lag is the time from the end of an
operation to the poll that detects it.

- The schedules are simulated in virtual time. Schedules of rx-longrunning run through \`explain\`, with the same code as
  a watch. Responses take no time, and no poll fails.
- ${SHORT.name} and ${LONG.name}: ${sizeOf(SHORT)} run times each, log-uniform. ${BELL.name}: ${sizeOf(BELL)} run times, with a
  median of 60 s and a sigma of 0.5, or with a median of 6 s and a sigma of 0.6. 1..5 s and 5..30 s: 10,000 run times
  each, log-uniform. The other columns: 2,000 run times each, uniform within 10 % of the heading. All
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
export function barsOf(
  rows: readonly Row[],
  progressRows: readonly Row[],
  mixes: readonly Mix[],
): readonly Bar[] {
  const of = (all: readonly Row[], name: string, mix: Mix): Measured | undefined =>
    all.find(({ contender }) => contender.name.startsWith(name))?.measured.get(mix)
  const against = (
    what: string,
    figures: Measured | undefined,
    base: Measured | undefined,
    [polls, lag]: readonly [polls: number, lag: number],
  ): readonly Bar[] =>
    (['polls', 'meanLag'] as const).map((key) => ({
      what: what.replace('*', key === 'polls' ? 'polls' : 'mean lag'),
      limit: key === 'polls' ? polls : lag,
      figure: (figures?.[key] ?? Number.NaN) / (base?.[key] ?? Number.NaN),
      unit: 'times',
    }))
  const againstGax = (name: string, mix: Mix, polls: number, lag: number): readonly Bar[] =>
    against(
      `${name}, ${mix.name}: *, ratio to google-gax`,
      of(rows, name, mix),
      of(rows, 'google-gax', mix),
      [polls, lag],
    )
  const [seconds, six, middle] = BRIEF
  const linear = (name: string): readonly Bar[] =>
    against(
      `balanced(), progress ${name}, ${SHORT.name}: *, ratio to google-gax`,
      progressRows.find(({ contender }) => contender.name === name)?.measured.get(SHORT),
      of(rows, 'google-gax', SHORT),
      [0.65, 0.25],
    )
  const robust = (name: string, base = 'none'): readonly Bar[] =>
    [SHORT, LONG, BELL].flatMap((mix) => {
      const figuresOf = (wanted: string): Measured | undefined =>
        progressRows.find(({ contender }) => contender.name === wanted)?.measured.get(mix)
      const what = `balanced(), progress ${name}, ${mix.name}: *, ratio to no progress`
      return against(what, figuresOf(name), figuresOf(base), [1.1, 1.1])
    })
  return [
    ...(seconds ? againstGax('balanced()', seconds, 0.52, 1.45) : []),
    ...(six ? againstGax('balanced()', six, 0.6, 1.2) : []),
    ...(middle ? againstGax('balanced()', middle, 0.65, 1) : []),
    ...againstGax('balanced()', SHORT, 0.84, 0.48),
    ...againstGax('balanced()', LONG, 1.2, 0.42),
    ...againstGax('balanced()', BELL, 0.85, 0.55),
    ...linear('linear'),
    ...linear('linear, noise'),
    ...['sticks at 99 %', 'stays 0', 'failure', 'failure, noise', 'eight steps'].flatMap((name) =>
      robust(name),
    ),
    ...robust('early failure', 'early failure, none'),
    ...againstGax('lagBounded()', SHORT, 0.9, 0.6),
    ...againstGax('lagBounded()', LONG, 1.2, 0.45),
    {
      what: 'lagBounded(), all: worst lag, ratio to the larger of 0.75 s and 25 % of the run time',
      limit: 1,
      figure: Math.max(...mixes.map((mix) => of(rows, 'lagBounded()', mix)?.worstShare ?? Number.NaN)),
      unit: 'times',
    },
    ...againstGax('learned(), 200 recorded', BELL, 0.6, 0.4),
    ...againstGax('learned(), 200 watched', BELL, 0.6, 0.4),
    ...againstGax('learned(), wide limit', BELL, 0.45, 0.4),
  ]
}
