import { from } from 'rxjs'
import { type Frame, type RunningFrame, startEmulator } from '../../emulator/index.js'
import { OUTPUT_ARGUMENTS, outputHelp } from '../arguments.js'
import { createClients } from '../clients.js'
import { exitCode } from '../exit-code.js'
import { followNames } from '../follow-names.js'
import { displayFor } from '../output/displays.js'
import { recordOf } from '../output/result-text.js'
import { summaryLine } from '../report.js'
import { stopReasons } from '../stop-reasons.js'
import { defineVerb, type Verb } from '../verb.js'

const HELP = `\
lro demo              watch three operations of a built-in emulator, in about 8 seconds

${outputHelp({ json: 'each snapshot', quiet: 'final results' })}

Exit code: 0 if two operations succeed and one fails, as scripted; otherwise 1.

Example:
  lro demo
`

const INTRO = [
  'Three operations of an emulator on 127.0.0.1: one creates a project, one fails because',
  'a quota is exceeded, and one creates a database. One poll of the database gets a 503.',
  'Each is polled immediately. After that, each wait grows with the square root of the elapsed time.',
  '',
]

const NEXT_STEPS = [
  '',
  'Next steps:',
  '  npx lro emulator        run an emulator for your own tests',
  '  npx lro watch NAME      watch an operation of your project',
  '  npx lro help            show all verbs',
]

export const verb: Verb = defineVerb({
  help: HELP,
  options: OUTPUT_ARGUMENTS,
  run: async ({ values, io }) => {
    const startedAt = performance.now()
    await using emulator = await startEmulator()
    for (const [name, { frames }] of DEMO_OPERATIONS) emulator.operations.add(name, frames)
    const clients = createClients({ endpoint: emulator.endpoint, auth: false })
    const display = displayFor(io, values)
    if (!values.json) for (const text of INTRO) display.showNote([text])
    const names = from(DEMO_OPERATIONS.keys())
    const report = await followNames({ clients, names, options: {}, display, stops: stopReasons(io) })
    if (report.stop !== undefined) return exitCode({ unfinished: 1, stop: report.stop })
    if (!values.json) {
      display.showNote(summaryLine(report, performance.now() - startedAt))
      for (const text of NEXT_STEPS) display.showNote([text])
    }
    const isAsScripted = [...DEMO_OPERATIONS].every(([name, { result }]) => {
      const emission = report.results.get(name)
      return emission !== undefined && recordOf(emission)._tag === result
    })
    return isAsScripted ? 0 : 1
  },
})

const PROJECT_METADATA = {
  '@type': 'type.googleapis.com/google.cloud.resourcemanager.v3.CreateProjectMetadata',
  createTime: new Date().toISOString(),
}

const projectCreation: readonly Frame[] = [
  { metadata: PROJECT_METADATA },
  { after: 1300, metadata: { ...PROJECT_METADATA, gettable: true } },
  {
    after: 2800,
    metadata: { ...PROJECT_METADATA, gettable: true, ready: true },
    done: true,
    response: {
      '@type': 'type.googleapis.com/google.cloud.resourcemanager.v3.Project',
      name: 'projects/415104041262',
      projectId: 'weather',
      state: 'ACTIVE',
    },
  },
]

const QUOTA_URL = 'https://support.google.com/code/contact/project_quota_increase'

const exceededQuota: readonly Frame[] = [
  { metadata: PROJECT_METADATA },
  {
    after: 4300,
    metadata: PROJECT_METADATA,
    done: true,
    error: {
      code: 8,
      message: 'The project cannot be created because you have exceeded your allotted project quota.',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
          violations: [{ subject: 'user:ada@example.com', description: '12 of 12 projects are in use' }],
        },
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'PROJECT_QUOTA_EXCEEDED',
          domain: 'cloudresourcemanager.googleapis.com',
          metadata: { limit: '12' },
        },
        {
          '@type': 'type.googleapis.com/google.rpc.Help',
          links: [{ description: 'Request more projects', url: QUOTA_URL }],
        },
      ],
    },
  },
]

const DATABASE_METADATA = { '@type': 'type.googleapis.com/example.databases.v1.CreateDatabaseMetadata' }
/** The run time of the database operation, in milliseconds. */
const DATABASE_DURATION = 6500
const DATABASE_STEPS: readonly RunningFrame[] = Array.from({ length: 20 }, (_, step) => ({
  after: (DATABASE_DURATION * step) / 20,
  metadata: { ...DATABASE_METADATA, progressPercent: step * 5 },
}))

/**
 * An operation that reports its progress in percent. The third poll gets a 503. From the fourth poll on, the progress
 * continues.
 */
const databaseCreation: readonly Frame[] = [
  ...DATABASE_STEPS,
  { polls: 3, httpResponse: { httpStatus: 503, body: { error: { code: 503, status: 'UNAVAILABLE' } } } },
  ...DATABASE_STEPS.map((step) => ({ ...step, polls: 4 })),
  {
    after: DATABASE_DURATION,
    metadata: { ...DATABASE_METADATA, progressPercent: 100 },
    done: true,
    response: { '@type': 'type.googleapis.com/example.databases.v1.Database', name: 'readings' },
  },
]

/** The script and the expected result of an operation. */
interface DemoOperation {
  readonly frames: readonly Frame[]
  readonly result: 'Succeeded' | 'OperationFailed'
}

/** The operations by name. The first ends first. */
const DEMO_OPERATIONS: ReadonlyMap<string, DemoOperation> = new Map<string, DemoOperation>([
  ['operations/cp.6403723248945195918', { frames: projectCreation, result: 'Succeeded' }],
  ['operations/cp.7219354085617730126', { frames: exceededQuota, result: 'OperationFailed' }],
  ['projects/weather/operations/db-1', { frames: databaseCreation, result: 'Succeeded' }],
])
