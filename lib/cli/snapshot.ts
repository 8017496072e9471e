import { lastValueFrom, of, takeUntil, tap } from 'rxjs'
import type { Json, OperationVerb, Watch } from '../index.js'
import { type ClientArguments, clientOptions } from './arguments.js'
import { createClients, type Target } from './clients.js'
import { exitCode } from './exit-code.js'
import type { OutputArguments } from './output/displays.js'
import {
  type CliEmission,
  detailLines,
  isUnsupported,
  recordOf,
  statusLabel,
  styleOf,
  summaryOf,
} from './output/result-text.js'
import { isColoured, jsonLine, type Line, line, render } from './output/terminal-text.js'
import { type ProcessIo, type StopReason, stopSignals } from './process-io.js'

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

/** One snapshot with all that it holds, or its state alone. */
export function snapshotLines(word: CliEmission, stateAlone: boolean): readonly Line[] {
  const label = { text: statusLabel(word), style: styleOf(word) }
  if (word._tag === 'Left') {
    const remark = summaryOf(word)
    const head =
      word.left._tag === 'OperationFailed'
        ? [{ text: `${word.left.name}: ` }, label, { text: `: ${remark}` }]
        : line(remark, styleOf(word))
    const metadata = word.left._tag === 'OperationFailed' ? word.left.metadata : undefined
    return [head, ...detailLines(word), ...(stateAlone ? [] : block('metadata', metadata))]
  }
  const head = [{ text: `${word.right.name}: ` }, label]
  if (stateAlone) return [head]
  const response = word.right.done ? word.right.response : undefined
  return [head, ...block('metadata', word.right.metadata), ...block('response', response)]
}

/** JSON over as many lines as it takes, under its title. */
function block(title: string, value: Json | undefined): readonly Line[] {
  return value === undefined
    ? []
    : [
        line(`  ${title}:`, 'bold'),
        ...JSON.stringify(value, null, 2)
          .split('\n')
          .map((text) => line(`    ${text}`)),
      ]
}
