import { lastValueFrom, takeUntil, tap } from 'rxjs'
import { type Emulator, type EmulatorEvent, startEmulator } from '../emulator/index.js'
import { parseDuration } from './duration.js'
import { exitCode } from './exit-code.js'
import { drawn, line } from './line.js'
import { readArguments } from './read-arguments.js'
import { type Stop, stops } from './stops.js'
import type { Surroundings } from './surroundings.js'
import { UsageError } from './usage-error.js'

export const help: string = `\
lro emulator          serve an emulator of Resource Manager on this machine, until ^C

  --port N                the port, from 1 to 65535; by default any free one
  --duration 5s           how long an operation runs
  --quiet                 do not tell what was asked

Its first line of output says where it listens; what was asked goes to standard error.
Exit code: 130 and 143 on SIGINT and SIGTERM, 2 usage or a port that is taken.

Example:
  lro emulator --port 8080 --duration 30s
`

export const run = async (argv: readonly string[], around: Surroundings): Promise<number> => {
  const { values, positionals } = readArguments(argv, {
    port: { type: 'string' },
    duration: { type: 'string' },
    quiet: { type: 'boolean' },
  })
  if (positionals.length > 0) throw new UsageError(`emulator takes no ${JSON.stringify(positionals[0])}`)
  const duration = parseDuration('--duration', values.duration ?? '5s')
  const emulator = await listening(portOf(values.port), duration)
  let stop: Stop | undefined
  const told = (text: string): void => {
    if (!values.quiet) around.stderr.write(`${drawn(line(text), { colour: false })}\n`)
  }
  try {
    around.stdout.write(`listening on ${emulator.endpoint}\n`)
    for (const text of usage(emulator.endpoint)) told(text)
    const events = emulator.events.pipe(
      tap((event) => seen(event).forEach(told)),
      takeUntil(stops(around).pipe(tap((reason) => (stop = reason)))),
    )
    await lastValueFrom(events, { defaultValue: undefined })
  } finally {
    await emulator.close()
  }
  return exitCode({ last: [], ...(stop && { stop }) })
}

const portOf = (given: string | undefined): number => {
  const port = given === undefined ? 0 : /^\d{1,5}$/.test(given) ? Number(given) : Number.NaN
  if (port <= 65_535) return port
  throw new UsageError(`--port must be a whole number from 0 to 65535, got ${JSON.stringify(given)}`)
}

const listening = async (port: number, duration: number): Promise<Emulator> => {
  try {
    return await startEmulator({ port, duration })
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
    if (code === 'EADDRINUSE') throw new UsageError(`port ${port} is taken; without --port any free one is`)
    if (code === 'EACCES') throw new UsageError(`port ${port} may not be used; try one from 1024`)
    throw thrown
  }
}

const usage = (endpoint: string): readonly string[] => [
  'to point lro and rx-longrunning at it, and to start a project:',
  `  export CLOUDRESOURCEMANAGER_EMULATOR_HOST=${endpoint.slice('http://'.length)}`,
  `  curl -s ${endpoint}/v3/projects -H 'Content-Type: application/json' -d '{"projectId": "my-project"}'`,
]

const seen = (event: EmulatorEvent): readonly string[] => {
  if (event._tag === 'Answered') return [`${event.request.method} ${event.request.path} ${event.httpStatus}`]
  return event._tag === 'Aborted'
    ? [`${event.request.method} ${event.request.path} aborted by the client`]
    : []
}
