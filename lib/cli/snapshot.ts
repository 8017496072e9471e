import { lastValueFrom, of, takeUntil, tap } from 'rxjs'
import type { OperationVerb, Watch } from '../index.js'
import { type ClientArguments, clientOptions } from './client-arguments.js'
import { createClients, type Target } from './clients.js'
import type { OutputArguments } from './displays.js'
import { exitCode } from './exit-code.js'
import { isUnsupported } from './is-unserved.js'
import { isColoured, render } from './line.js'
import { snapshotLines } from './snapshot-lines.js'
import { type StopReason, stopSignals } from './stops.js'
import type { ProcessIo } from './surroundings.js'
import { jsonLine } from './visible.js'
import { type CliEmission, recordOf } from './word.js'

/** What to ask for one snapshot, and how. */
export interface Question {
  readonly name: string
  readonly given: ClientArguments & OutputArguments
  /** Where it is more than to get it. */
  readonly verb?: OperationVerb
  readonly ask: (target: Target) => Watch
}

/** What came of it. */
export interface SnapshotResult {
  readonly code: number
  /** Absent where it was stopped. */
  readonly word?: CliEmission
}

/** Asks for one snapshot and prints it. */
export async function snapshot(
  { name, given, verb, ask }: Question,
  around: ProcessIo,
): Promise<SnapshotResult> {
  const { json = false, quiet = false, 'no-color': noColor = false } = given
  const clients = createClients(clientOptions(given, around.env))
  const found = clients.target(name, verb)
  let stop: StopReason | undefined
  const words = found._tag === 'Left' ? of<CliEmission>(found) : ask(found.right)
  const stopped = stopSignals(around).pipe(tap((reason) => (stop = reason)))
  const asked = words.pipe(takeUntil(stopped))
  const word = await lastValueFrom(asked, { defaultValue: undefined }).finally(() => clients.close())
  if (word === undefined) return { code: exitCode({ last: [], unfinished: 1, ...(stop && { stop }) }) }

  const pen = { colour: isColoured(around.stdout, around.env, noColor) }
  const lines = json
    ? [jsonLine(recordOf(word))]
    : snapshotLines(word, quiet).map((line) => render(line, pen))
  around.stdout.write(lines.map((line) => `${line}\n`).join(''))
  const misused =
    verb !== undefined && found._tag === 'Right' && isUnsupported(word, verb, found.right.service)
  return { code: exitCode({ last: [word], misused }), word }
}
