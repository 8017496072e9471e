import { defer, lastValueFrom, map, mergeMap, type Observable, of, takeUntil, tap } from 'rxjs'
import type { Done, OperationVerb } from '../index.js'
import { CLIENT_ARGUMENTS, clientOptions, OUTPUT_ARGUMENTS, readArguments, UsageError } from './arguments.js'
import { createClients, type Target } from './clients.js'
import { exitCode } from './exit-code.js'
import { namesOf } from './names.js'
import { type CliEmission, detailLines, isUnsupported, summaryOf } from './output/result-text.js'
import { isColoured, jsonLine, type Line, line, render } from './output/terminal-text.js'
import { type ProcessIo, type StopReason, stopSignals } from './process-io.js'

/** A question that has no more to answer than that it was heard. */
export interface NamesRequest {
  readonly verb: OperationVerb
  readonly ask: (target: Target) => Done
  /** The `_tag` of what `--json` prints once it was done, and what is said to a person. */
  readonly done: { readonly tag: string; readonly text: string }
}

/** The most that are asked for at once. */
const AT_ONCE = 10

/** Asks it of every name of a command line, and says of each how that went. */
export async function forEachName(
  argv: readonly string[],
  around: ProcessIo,
  { verb, ask, done }: NamesRequest,
): Promise<number> {
  const { values, positionals } = readArguments(argv, { ...CLIENT_ARGUMENTS, ...OUTPUT_ARGUMENTS })
  if (positionals.length === 0) throw new UsageError('which operation? give its NAME, or - to read names')
  const { json = false, quiet = false, 'no-color': noColor = false } = values
  const pen = { colour: isColoured(around.stdout, around.env, noColor) }
  const clients = createClients(clientOptions(values, around.env))
  const refused: CliEmission[] = []
  const open = new Set<string>()
  let misused = false
  let stop: StopReason | undefined

  const lines = (given: string): Observable<readonly string[]> =>
    defer(() => {
      const found = clients.target(given, verb)
      const name = found._tag === 'Left' ? found.left.name : found.right.name
      const service = found._tag === 'Left' ? undefined : found.right.service
      open.add(given)
      return (found._tag === 'Left' ? of(found) : ask(found.right)).pipe(
        tap((word) => {
          open.delete(given)
          misused ||= isUnsupported(word, verb, service)
          if (word._tag === 'Left') refused.push(word)
        }),
        map((word) => {
          if (word._tag === 'Left') return json ? [jsonLine(word.left)] : texts(word)
          if (quiet) return []
          return json ? [jsonLine({ _tag: done.tag, name })] : [draw([{ text: `${name}: ${done.text}` }])]
        }),
      )
    })
  const draw = (shown: Line): string => render(shown, pen)
  const texts = (word: CliEmission): readonly string[] =>
    [line(summaryOf(word), 'red'), ...detailLines(word)].map(draw)

  await lastValueFrom(
    namesOf(positionals, around.stdin).pipe(
      mergeMap(lines, AT_ONCE),
      tap((printed) => around.stdout.write(printed.map((text) => `${text}\n`).join(''))),
      takeUntil(stopSignals(around).pipe(tap((reason) => (stop = reason)))),
    ),
    { defaultValue: undefined },
  ).finally(() => clients.close())
  if (stop !== undefined && stop !== 'closed' && open.size > 0 && !quiet) {
    const names = open.size === 1 ? 'one operation' : `${open.size} operations`
    around.stderr.write(`stopped; of ${names} it is not known whether the server has heard it\n`)
  }
  return exitCode({ last: refused, misused, unfinished: open.size, ...(stop && { stop }) })
}
