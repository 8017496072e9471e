import type { Part, PartOptions } from '../part.ts'
import { startServer } from '../server-process.ts'
import { spread, table } from '../table.ts'
import { measureStarts, type Starts } from './measure.ts'

/** The packages that an import of the core must not load. */
const LAZY = ['axios', 'google-auth-library']

/** Measures the start times of the package and its command line. */
export async function start({ quick, onProgress }: PartOptions): Promise<Part> {
  const server = await startServer()
  try {
    onProgress('start')
    const starts = measureStarts(server.endpoint, quick ? 3 : 15)
    return {
      title: 'Cold starts',
      text: textOf(starts),
      bars: [
        {
          what: 'import: ratio to google-gax',
          limit: 0.8,
          figure: starts.importTimes.median,
          unit: 'times',
        },
        {
          what: 'lro get: ratio to the ten-line program',
          limit: 1.3,
          figure: starts.getTimes.median,
          unit: 'times',
        },
        {
          what: `import of the core: how many of ${LAZY.join(' and ')} it loads`,
          limit: 0,
          figure: LAZY.filter((name) => starts.loaded.includes(name)).length,
          unit: 'of 2',
        },
      ],
      record: starts,
    }
  } finally {
    server.kill()
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
    ['the same GET in ten lines with rxjs, fp-ts and axios', spread(tenLines, 0), spread(getTimes, 3)],
  ]
  return `The figures are medians of ${runs} rounds, with quartiles in parentheses. Each start is a separate process. In each round, all programs run one after
the other. The ratio is the time of this library divided by the time of the other program in the same round. Imports are timed inside the process,
from the call of \`import()\` until it resolves. An import of the core loads these
packages: ${loaded.join(', ')}.

${table([['', 'milliseconds', 'ratio of this library'], ...rows])}`
}
