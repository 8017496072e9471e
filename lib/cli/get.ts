import { lastValueFrom, takeUntil, tap } from 'rxjs'
import { OperationsClient } from '../index.js'
import {
  CLIENT_ARGUMENTS,
  CLIENT_HELP,
  clientOptions,
  OUTPUT_ARGUMENTS,
  OUTPUT_HELP,
} from './client-arguments.js'
import { exitCode } from './exit-code.js'
import { drawn, isColoured } from './line.js'
import { readArguments } from './read-arguments.js'
import { snapshotLines } from './snapshot-lines.js'
import { type Stop, stops } from './stops.js'
import type { Surroundings } from './surroundings.js'
import { UsageError } from './usage-error.js'
import { jsonLine } from './visible.js'
import { recordOf } from './word.js'

export const help: string = `\
lro get NAME          ask for one snapshot of an operation

  NAME                    such as operations/cp.6403723248945195918
${CLIENT_HELP}
${OUTPUT_HELP}

Exit code: 0 it runs or succeeded, 1 it failed, 2 usage or invalid name, 3 it could not be learned.

Example:
  lro get operations/cp.6403723248945195918 --json
`

export const run = async (argv: readonly string[], around: Surroundings): Promise<number> => {
  const { values, positionals } = readArguments(argv, { ...CLIENT_ARGUMENTS, ...OUTPUT_ARGUMENTS })
  const [name, ...more] = positionals
  if (name === undefined || more.length > 0) throw new UsageError(`give one NAME, got ${positionals.length}`)
  const { json = false, quiet = false, 'no-color': noColor = false } = values
  const client = new OperationsClient(clientOptions(values))
  let stop: Stop | undefined
  const stopped = stops(around).pipe(tap((reason) => (stop = reason)))
  const asked = client.get(name).pipe(takeUntil(stopped))
  const word = await lastValueFrom(asked, { defaultValue: undefined }).finally(() => client.close())
  if (word === undefined) return exitCode({ last: [], unfinished: 1, ...(stop && { stop }) })

  const pen = { colour: isColoured(around.stdout, around.env, noColor) }
  const lines = json ? [jsonLine(recordOf(word))] : snapshotLines(word, quiet).map((line) => drawn(line, pen))
  around.stdout.write(lines.map((line) => `${line}\n`).join(''))
  return exitCode({ last: [word] })
}
