import { lastValueFrom, takeUntil, tap } from 'rxjs'
import {
  type Emulator,
  type EmulatorEvent,
  type EmulatorOptions,
  startEmulator,
} from '../../emulator/index.js'
import { readArguments, UsageError } from '../arguments.js'
import { parseDuration } from '../duration.js'
import { exitCode } from '../exit-code.js'
import { line, render } from '../output/terminal-text.js'
import { type ProcessIo, type StopReason, stopSignals } from '../process-io.js'

export const help: string = `\
lro emulator          serve an emulator of Resource Manager, or of any service, until ^C

  --port N                the port, from 1 to 65535; by default any free one
  --duration 5s           how long an operation runs
  --any-service           serve no Resource Manager, but any other service's operations, with list, cancel,
                          delete and wait; there is one in projects/my-project/locations/europe-west1
  --operation NAME        have this operation run from the beginning; may be given again for another
  --quiet                 do not tell what was asked

Its first line of output says where it listens; what was asked goes to standard error.
Exit code: 130 and 143 on SIGINT and SIGTERM, 2 usage or a port that is taken.

Example:
  lro emulator --port 8080 --duration 30s
  lro emulator --any-service --operation projects/p/locations/l/operations/x
`

export async function run(argv: readonly string[], around: ProcessIo): Promise<number> {
  const { values, positionals } = readArguments(argv, {
    port: { type: 'string' },
    duration: { type: 'string' },
    'any-service': { type: 'boolean' },
    operation: { type: 'string', multiple: true },
    quiet: { type: 'boolean' },
  })
  if (positionals.length > 0) throw new UsageError(`emulator takes no ${JSON.stringify(positionals[0])}`)
  const duration = parseDuration('--duration', values.duration ?? '5s')
  const { 'any-service': anyService = false, operation: names = anyService ? [EXAMPLE] : [] } = values
  const emulator = await listening({ port: portOf(values.port), duration, resourceManager: !anyService })
  let stop: StopReason | undefined
  const told = (text: string): void => {
    if (!values.quiet) around.stderr.write(`${render(line(text), { colour: false })}\n`)
  }
  try {
    for (const name of names) begin(emulator, name, duration)
    around.stdout.write(`listening on ${emulator.endpoint}\n`)
    for (const text of anyService ? anyUsage(emulator.endpoint, names) : usage(emulator.endpoint)) told(text)
    const events = emulator.events.pipe(
      tap((event) => seen(event).forEach(told)),
      takeUntil(stopSignals(around).pipe(tap((reason) => (stop = reason)))),
    )
    await lastValueFrom(events, { defaultValue: undefined })
  } finally {
    await emulator.close()
  }
  return exitCode({ last: [], ...(stop && { stop }) })
}

function portOf(given: string | undefined): number {
  const port = given === undefined ? 0 : /^\d{1,5}$/.test(given) ? Number(given) : Number.NaN
  if (port <= 65_535) return port
  throw new UsageError(`--port must be a whole number from 0 to 65535, got ${JSON.stringify(given)}`)
}

const EXAMPLE = 'projects/my-project/locations/europe-west1/operations/example'
const STEPS = 10

/** An operation that tells how far it is. */
function begin({ operations }: Emulator, name: string, duration: number): void {
  const steps = Array.from({ length: STEPS }, (_, step) => ({
    after: (duration * step) / STEPS,
    metadata: { progressPercent: (100 * step) / STEPS },
  }))
  try {
    operations.add(name, [
      ...steps,
      { after: duration, metadata: { progressPercent: 100 }, done: true, response: {} },
    ])
  } catch (thrown) {
    throw thrown instanceof RangeError ? new UsageError(`--operation: ${thrown.message}`) : thrown
  }
}

async function listening(options: EmulatorOptions): Promise<Emulator> {
  const { port } = options
  try {
    return await startEmulator(options)
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
    if (code === 'EADDRINUSE') throw new UsageError(`port ${port} is taken; without --port any free one is`)
    if (code === 'EACCES') throw new UsageError(`port ${port} may not be used; try one from 1024`)
    throw thrown
  }
}

function usage(endpoint: string): readonly string[] {
  return [
    'to point lro and rx-longrunning at it, and to start a project:',
    `  export CLOUDRESOURCEMANAGER_EMULATOR_HOST=${endpoint.slice('http://'.length)}`,
    `  curl -s ${endpoint}/v3/projects -H 'Content-Type: application/json' -d '{"projectId": "my-project"}'`,
  ]
}

function anyUsage(endpoint: string, [name = EXAMPLE]: readonly string[]): readonly string[] {
  const parent = name.slice(0, name.search(/\/?\w*perations\//))
  return [
    'to ask it:',
    `  lro list --endpoint ${endpoint} ${parent || 'operations'}`,
    `  lro watch ${endpoint}/v1/${name}`,
  ]
}

function seen(event: EmulatorEvent): readonly string[] {
  if (event._tag === 'Answered') return [`${event.request.method} ${event.request.path} ${event.httpStatus}`]
  return event._tag === 'Aborted'
    ? [`${event.request.method} ${event.request.path} aborted by the client`]
    : []
}
