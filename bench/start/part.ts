import type { Part, PartOptions } from '../part.ts'
import { quartiles } from '../quantile.ts'
import { ratiosTo } from '../rounds.ts'
import { startServer } from '../server-process.ts'
import { spread, table } from '../table.ts'
import { measureStarts, PROGRAMS, type Program, type Starts, TIMED } from './measure.ts'

/** The packages that an import of the core must not load. */
const LAZY = ['axios', 'google-auth-library']

const TITLES: Readonly<Record<Program, string>> = {
  node: '`node -e 0`',
  lroHelp: '`lro --help`',
  lroVerbHelp: '`lro watch --help`',
  lroGet: '`lro get`',
  tenLines: 'the same GET in ten lines with rxjs, fp-ts and axios',
  importOurs: 'import of rx-longrunning',
  importBullmq: 'import of rx-longrunning/bullmq',
  importGax: 'import of google-gax',
  pollOurs: 'import and first poll: rx-longrunning',
  pollGoogleapis: 'import and first poll: @googleapis/cloudresourcemanager',
  pollGax: 'import and first poll: @google-cloud/resource-manager, with google-gax over REST',
}

/** Measures the start times of the package and its command line. */
export async function start({ quick, onProgress }: PartOptions): Promise<Part> {
  const [http, https] = await Promise.all([startServer(), startServer('https')])
  const endpoints = { http: http.endpoint, https: https.endpoint }
  try {
    const starts = await measureStarts(endpoints, quick ? 3 : 21, (done, total) =>
      onProgress(`start: round ${done} of ${total}`),
    )
    const timesNode = ratiosTo(starts.processes, 'node')
    const timesGax = ratiosTo(starts.printed, 'importGax')
    const bars = [
      { what: 'lro get: ratio to node -e 0', limit: 3, figure: timesNode.lroGet.median },
      { what: 'lro --help: ratio to node -e 0', limit: 1.25, figure: timesNode.lroHelp.median },
      { what: 'import: ratio to google-gax', limit: 0.8, figure: timesGax.importOurs.median },
      {
        what: 'lro get: ratio to the ten-line program',
        limit: 1.3,
        figure: ratiosTo(starts.processes, 'tenLines').lroGet.median,
      },
    ].map((bar) => ({ unit: 'times', ...bar }))
    const loadedBar = {
      what: `import of the core: how many of ${LAZY.join(' and ')} it loads`,
      limit: 0,
      figure: LAZY.filter((name) => starts.loaded.includes(name)).length,
      unit: 'of 2',
    }
    return {
      title: 'Cold starts',
      text: textOf(starts),
      bars: [...bars, loadedBar],
      record: { ...starts, timesNode },
    }
  } finally {
    http.kill()
    https.kill()
  }
}

function textOf({ processes, printed, loaded }: Starts): string {
  const timesNode = ratiosTo(processes, 'node')
  const rows = PROGRAMS.map((program) => {
    const timed = TIMED.find((name) => name === program)
    return [
      TITLES[program],
      spread(quartiles(processes.values[program]), 0),
      spread(timesNode[program], 2),
      timed === undefined ? '' : spread(quartiles(printed.values[timed]), 0),
    ]
  })
  return `The figures are medians of ${processes.rounds} rounds, with quartiles in parentheses. Each start is a separate process. In each round, all programs run one after
the other. The ratio is the time of a program from its start to its exit, divided by the time of \`node -e 0\` in the same round. The last column
is the time inside the process, from the call of \`import()\` until it resolves, or until the response to the poll.

For a first poll, each library loads its default credentials, gets an access token from a metadata server, and sends one request with this token
over https. The servers are other processes on the same machine. The default transport of
@google-cloud/resource-manager is gRPC, which is not measured. An import of the core of this library loads these packages: ${loaded.join(', ')}.

${table([['program', 'milliseconds from start to exit', 'ratio to `node -e 0`', 'milliseconds inside'], ...rows])}`
}
