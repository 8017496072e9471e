import { lastValueFrom, of, takeUntil, tap } from 'rxjs'
import type { OperationVerb, Watch } from '../index.js'
import { type ClientArguments, clientOptions } from './client-arguments.js'
import { clientsOf, type Target } from './clients.js'
import type { OutputArguments } from './displays.js'
import { exitCode } from './exit-code.js'
import { isUnserved } from './is-unserved.js'
import { drawn, isColoured } from './line.js'
import { snapshotLines } from './snapshot-lines.js'
import { type Stop, stops } from './stops.js'
import type { Surroundings } from './surroundings.js'
import { jsonLine } from './visible.js'
import { recordOf, type Word } from './word.js'

/** What to ask for one snapshot, and how. */
export interface Question {
  readonly name: string
  readonly given: ClientArguments & OutputArguments
  /** Where it is more than to get it. */
  readonly verb?: OperationVerb
  readonly ask: (target: Target) => Watch
}

/** What came of it. */
export interface Snapped {
  readonly code: number
  /** Absent where it was stopped. */
  readonly word?: Word
}

/** Asks for one snapshot and prints it. */
export async function snapshot({ name, given, verb, ask }: Question, around: Surroundings): Promise<Snapped> {
  const { json = false, quiet = false, 'no-color': noColor = false } = given
  const clients = clientsOf(clientOptions(given, around.env))
  const found = clients.target(name, verb)
  let stop: Stop | undefined
  const words = found._tag === 'Left' ? of<Word>(found) : ask(found.right)
  const stopped = stops(around).pipe(tap((reason) => (stop = reason)))
  const asked = words.pipe(takeUntil(stopped))
  const word = await lastValueFrom(asked, { defaultValue: undefined }).finally(() => clients.close())
  if (word === undefined) return { code: exitCode({ last: [], unfinished: 1, ...(stop && { stop }) }) }

  const pen = { colour: isColoured(around.stdout, around.env, noColor) }
  const lines = json ? [jsonLine(recordOf(word))] : snapshotLines(word, quiet).map((line) => drawn(line, pen))
  around.stdout.write(lines.map((line) => `${line}\n`).join(''))
  const misused = verb !== undefined && found._tag === 'Right' && isUnserved(word, verb, found.right.service)
  return { code: exitCode({ last: [word], misused }), word }
}
