import { tap } from 'rxjs'
import {
  type EmulatedService,
  type Emulator,
  type EmulatorEvent,
  type EmulatorOptions,
  type Frame,
  type JsonObject,
  startEmulator,
} from '../../emulator/index.js'
import { parseInteger } from '../arguments.js'
import { parseDuration } from '../duration.js'
import { exitCode } from '../exit-code.js'
import { errorCode } from '../process-io.js'
import { runUntilStopped, stopReasons } from '../stop-reasons.js'
import { UsageError } from '../usage-error.js'
import { defineVerb, type Verb } from '../verb.js'

const HELP = `\
lro emulator          run an emulator of Resource Manager, or of any service, until ^C

  --port N                the port, from 0 to 65535; by default 0, which selects a free port
  --duration 5s           how long an operation runs
  --any-service           emulate the operations of any other service, with list, cancel, delete and wait;
                          without --operation, one exists in projects/my-project/locations/europe-west1
  --service NAME          also emulate compute, container or sqladmin under the paths of its host, with the
                          methods that change resources; can be repeated
  --operation NAME        an operation that exists from the start; can be repeated
  --quiet                 do not print requests

The first line of standard output is the address. Requests are printed on standard error.
Exit code: 130 after SIGINT, 143 after SIGTERM, 2 for a usage error or if the port is in use.

Example:
  lro emulator --port 8080 --duration 30s
  lro emulator --any-service --operation projects/p/locations/l/operations/x
  lro emulator --service compute --service sqladmin
`

export const verb: Verb = defineVerb({
  help: HELP,
  options: {
    port: { type: 'string' },
    duration: { type: 'string' },
    'any-service': { type: 'boolean' },
    service: { type: 'string', multiple: true, values: ['compute', 'container', 'sqladmin'] },
    operation: { type: 'string', multiple: true },
    quiet: { type: 'boolean' },
  },
  run: async ({ values, io, stdout, stderr }) => {
    const { 'any-service': anyService = false, operation } = values
    const names = operation ?? (anyService ? [EXAMPLE_NAME] : [])
    const services = (values.service ?? []) as readonly EmulatedService[]
    const duration = parseDuration('--duration', values.duration ?? '5s')
    const port = parseInteger('--port', values.port ?? '0')
    const emulator = await listen({ port, duration, resourceManager: !anyService, services })
    const { endpoint, events } = emulator
    const log = (texts: readonly string[]): void => {
      if (!values.quiet) for (const text of texts) stderr.print([text])
    }
    const hasServices = services.length > 0
    // An operation of a service has no metadata, because each service has its own members.
    const script = hasServices ? [{}, { after: duration, done: true } as const] : progressScript(duration)
    try {
      for (const name of names) addOperation(emulator, name, script)
      stdout.print([`listening on ${endpoint}`])
      log(usageLines(endpoint, services, anyService ? names[0] : undefined))
      const logged = events.pipe(tap((event) => log(eventLines(event))))
      return exitCode({ stop: await runUntilStopped(logged, stopReasons(io)) })
    } finally {
      await emulator.close()
    }
  },
})

const EXAMPLE_NAME = 'projects/my-project/locations/europe-west1/operations/example'
/** The number of progress steps of an operation. */
const STEP_COUNT = 10

function addOperation({ operations }: Emulator, name: string, frames: readonly Frame[]): void {
  try {
    operations.add(name, frames)
  } catch (thrown) {
    throw thrown instanceof RangeError ? new UsageError(`--operation: ${thrown.message}`) : thrown
  }
}

/** Returns the script of an operation that reports its progress. */
function progressScript(duration: number): readonly Frame[] {
  const steps = Array.from({ length: STEP_COUNT }, (_, step) => ({
    after: (duration * step) / STEP_COUNT,
    metadata: metadataAt(step),
  }))
  const response = { '@type': 'type.googleapis.com/google.protobuf.Empty' }
  return [...steps, { after: duration, metadata: metadataAt(STEP_COUNT), done: true, response }]
}

/** Returns metadata that every client can decode, because google.longrunning itself uses google.rpc.Status. */
function metadataAt(step: number): JsonObject {
  return { '@type': 'type.googleapis.com/google.rpc.Status', message: `${(100 * step) / STEP_COUNT} % done` }
}

async function listen(options: EmulatorOptions): Promise<Emulator> {
  const { port } = options
  try {
    return await startEmulator(options)
  } catch (thrown) {
    const code = errorCode(thrown)
    if (code === 'EADDRINUSE')
      throw new UsageError(`port ${port} is in use; omit --port to use any free port`)
    if (code === 'EACCES') throw new UsageError(`port ${port} requires privileges; use a port from 1024`)
    throw thrown
  }
}

/** Returns commands that use the emulator. `name` is the name of an operation of any service. */
function usageLines(
  endpoint: string,
  services: readonly EmulatedService[],
  name?: string,
): readonly string[] {
  const list = `  lro list --endpoint ${endpoint}`
  if (services.length > 0)
    return ['to use the emulator:', ...services.map((service) => `${list} --service ${service} PARENT`)]
  // Matches the end of the parent: `/operations/`, or a collection such as `/transferOperations/`.
  const parent = name?.slice(0, name.search(/\/?\w*perations\//)) || 'operations'
  if (name !== undefined)
    return ['to use the emulator:', `${list} ${parent}`, `  lro watch ${endpoint}/v1/${name}`]
  return [
    'to use the emulator with lro and rx-longrunning, and to create a project:',
    `  export CLOUDRESOURCEMANAGER_EMULATOR_HOST=${endpoint.slice('http://'.length)}`,
    `  curl -s ${endpoint}/v3/projects -H 'Content-Type: application/json' -d '{"projectId": "my-project"}'`,
  ]
}

/** Returns the line for an answered or aborted request; empty for every other event. */
function eventLines(event: EmulatorEvent): readonly string[] {
  if (event._tag !== 'Answered' && event._tag !== 'Aborted') return []
  const { method, path } = event.request
  return [`${method} ${path} ${event._tag === 'Answered' ? event.httpStatus : 'aborted by the client'}`]
}
