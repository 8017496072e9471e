import type { Part, Running } from '../part.ts'
import type { Quartiles } from '../quantile.ts'
import { startServer } from '../server-process.ts'
import { shown, table } from '../table.ts'
import { measureStarts, type Starts } from './measure.ts'

/** None of these is to be loaded before it is used. */
const LATER = ['axios', 'google-auth-library']

/** How long the package and its command line take to start. */
export async function start({ quick, tell }: Running): Promise<Part> {
  const server = await startServer()
  try {
    tell('start')
    const found = measureStarts(server.endpoint, quick ? 3 : 15)
    return {
      title: 'Cold starts',
      text: textOf(found),
      bars: [
        { what: 'import, to google-gax', limit: 0.8, figure: found.importTimes.median, unit: 'times' },
        { what: 'lro get, to the ten lines', limit: 1.3, figure: found.getTimes.median, unit: 'times' },
        {
          what: `how many of ${LATER.join(' and ')} importing the core loads`,
          limit: 0,
          figure: LATER.filter((name) => found.loaded.includes(name)).length,
          unit: 'of 2',
        },
      ],
      record: found,
    }
  } finally {
    server.end()
  }
}

function textOf({
  runs,
  importOurs,
  importGax,
  importTimes,
  lroGet,
  tenLines,
  getTimes,
  loaded,
}: Starts): string {
  const rows = [
    ['import of rx-longrunning', spread(importOurs, 0), ''],
    ['import of google-gax', spread(importGax, 0), spread(importTimes, 3)],
    ['`lro get`, from start to exit', spread(lroGet, 0), ''],
    ['ten lines with rxjs, fp-ts and axios, the same GET', spread(tenLines, 0), spread(getTimes, 3)],
  ]
  return `Medians of ${runs} turns, quartiles in brackets; each start is a process of its own, all take their turns. The ratio is that of
ours to the other within a turn. Importing is timed inside the process, from before \`import()\` until it has resolved. Importing the core
loads these packages: ${loaded.join(', ')}.

${table([['', 'milliseconds', 'ours to this'], ...rows])}`
}

function spread({ median, lower, upper }: Quartiles, decimals: number): string {
  return `${shown(median, decimals)} (${shown(lower, decimals)}-${shown(upper, decimals)})`
}
