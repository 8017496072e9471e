import { from } from 'rxjs'
import { type Frame, type JsonObject, type RunningFrame, startEmulator } from '../../emulator/index.js'
import { OUTPUT_ARGUMENTS, OUTPUT_HELP, readArguments, UsageError } from '../arguments.js'
import { createClients } from '../clients.js'
import { exitCode } from '../exit-code.js'
import { followNames, type Report } from '../follow-names.js'
import { displayFor } from '../output/displays.js'
import { recordOf } from '../output/result-text.js'
import { line } from '../output/terminal-text.js'
import { type ProcessIo, stopSignals } from '../process-io.js'
import { summary } from '../report.js'

export const help: string = `\
lro demo              watch three operations of an emulator of its own, in about 8 seconds

${OUTPUT_HELP}

Exit code: 0 it went as it should, which includes that one of the three fails; else 1.

Example:
  lro demo
`

const INTRO = [
  'Three operations of an emulator on this machine: a project is created, another',
  'exceeds a quota, and a database takes a while, with one answer that is a 503.',
  'Each is polled at once, then again after a quarter of the time that it has run.',
  '',
]

export async function run(argv: readonly string[], around: ProcessIo): Promise<number> {
  const { values, positionals } = readArguments(argv, OUTPUT_ARGUMENTS)
  if (positionals.length > 0) throw new UsageError(`demo takes no ${JSON.stringify(positionals[0])}`)
  const began = performance.now()
  const { quiet = false, json = false } = values
  await using emulator = await startEmulator()
  for (const { name, frames } of DEMO_OPERATIONS) emulator.operations.add(name, frames)
  const clients = createClients({ endpoint: emulator.endpoint, auth: false })
  const display = displayFor(around, values)
  if (!quiet && !json) for (const text of INTRO) display.showNote(line(text))
  const names = from(DEMO_OPERATIONS.map(({ name }) => name))
  const report = await followNames({
    clients,
    names,
    options: {},
    display,
    stops: stopSignals(around),
    quiet,
  })
  if (report.stop !== undefined) return exitCode({ last: [], unfinished: 1, stop: report.stop })
  if (!quiet && !json) display.showNote(summary(report, performance.now() - began))
  return wentAsScripted(report) ? 0 : 1
}

function wentAsScripted({ last }: Report): boolean {
  return DEMO_OPERATIONS.every(({ name, ends }) => {
    const word = last.get(name)
    return word !== undefined && recordOf(word)._tag === ends
  })
}

/** An operation of the demo: how its service tells it, and how it must end. */
export interface DemoOperation {
  readonly name: string
  readonly frames: readonly Frame[]
  readonly ends: 'Succeeded' | 'OperationFailed'
}

const PROJECT = {
  '@type': 'type.googleapis.com/google.cloud.resourcemanager.v3.CreateProjectMetadata',
  createTime: '2026-01-02T03:04:05.678Z',
}

const created: DemoOperation = {
  name: 'operations/cp.6403723248945195918',
  ends: 'Succeeded',
  frames: [
    { metadata: PROJECT },
    { after: 1300, metadata: { ...PROJECT, gettable: true } },
    {
      after: 2800,
      metadata: { ...PROJECT, gettable: true, ready: true },
      done: true,
      response: {
        '@type': 'type.googleapis.com/google.cloud.resourcemanager.v3.Project',
        name: 'projects/415104041262',
        projectId: 'weather',
        state: 'ACTIVE',
      },
    },
  ],
}

const refused: DemoOperation = {
  name: 'operations/cp.7219354085617730126',
  ends: 'OperationFailed',
  frames: [
    { metadata: PROJECT },
    {
      after: 4300,
      metadata: PROJECT,
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
            links: [
              {
                description: 'Ask for more projects',
                url: 'https://support.google.com/code/contact/project_quota_increase',
              },
            ],
          },
        ],
      },
    },
  ],
}

const METADATA: JsonObject = { '@type': 'type.googleapis.com/example.databases.v1.CreateDatabaseMetadata' }
const LASTS = 6500
const STEPS: readonly RunningFrame[] = Array.from({ length: 20 }, (_, step) => ({
  after: (LASTS * step) / 20,
  metadata: { ...METADATA, progressPercent: step * 5 },
}))

/** Of another service, which tells a percentage; its third poll meets a failure that passes. */
const slow: DemoOperation = {
  name: 'projects/weather/operations/db-1',
  ends: 'Succeeded',
  frames: [
    ...STEPS,
    { polls: 3, httpResponse: { httpStatus: 503, body: { error: { code: 503, status: 'UNAVAILABLE' } } } },
    ...STEPS.map((step) => ({ ...step, polls: 4 })),
    {
      after: LASTS,
      metadata: { ...METADATA, progressPercent: 100 },
      done: true,
      response: { '@type': 'type.googleapis.com/example.databases.v1.Database', name: 'readings' },
    },
  ],
}

/** The three operations of the demo, in the order in which they end. */
export const DEMO_OPERATIONS: readonly DemoOperation[] = [created, refused, slow]
