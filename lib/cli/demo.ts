import { from } from 'rxjs'
import { startEmulator } from '../emulator/index.js'
import { OUTPUT_ARGUMENTS, OUTPUT_HELP } from './client-arguments.js'
import { createClients } from './clients.js'
import { DEMO_OPERATIONS } from './demo-script.js'
import { displayFor } from './displays.js'
import { exitCode } from './exit-code.js'
import { followNames, type Report } from './follow-names.js'
import { line } from './line.js'
import { readArguments } from './read-arguments.js'
import { stopSignals } from './stops.js'
import type { ProcessIo } from './surroundings.js'
import { UsageError } from './usage-error.js'
import { summary } from './watch-report.js'
import { recordOf } from './word.js'

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
