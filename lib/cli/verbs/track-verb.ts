import { lastValueFrom, mergeMap, takeUntil, tap } from 'rxjs'
import {
  CLIENT_ARGUMENTS,
  CLIENT_HELP,
  clientOptions,
  OUTPUT_ARGUMENTS,
  readArguments,
  UsageError,
} from '../arguments.js'
import { createClients } from '../clients.js'
import { exitCode } from '../exit-code.js'
import { createTrackers, REDIS_ARGUMENTS, REDIS_HELP } from '../fleet.js'
import { namesOf } from '../names.js'
import { type CliEmission, summaryOf } from '../output/result-text.js'
import { isColoured, jsonLine, type Line, line, render } from '../output/terminal-text.js'
import { type ProcessIo, type StopReason, stopSignals } from '../process-io.js'

export const help: string = `\
lro track NAME...     hand operations over to a fleet of workers, who poll them to their end

  NAME                    such as operations/cp.6403723248945195918, or a full URL, which is asked at its own
                          service; - reads more of them from standard input, one a line

To track an operation again changes nothing. lro watch --redis URL NAME tells how it goes.

${REDIS_HELP}

${CLIENT_HELP}

What to print:
  --json                  each token as one line of JSON
  --quiet                 what went wrong and nothing else
  --no-color              without colours

Exit code: 0 all are tracked, 2 usage or invalid name, 3 Redis could not be asked, 130 and 143 on SIGINT and
SIGTERM; of several: 130 or 143, 2, 3.

Example:
  lro track operations/cp.6403723248945195918 --redis redis://127.0.0.1:6379
`

/** The most that are handed over at once. */
const AT_ONCE = 100

export async function run(argv: readonly string[], around: ProcessIo): Promise<number> {
  const { values, positionals } = readArguments(argv, {
    ...CLIENT_ARGUMENTS,
    ...OUTPUT_ARGUMENTS,
    ...REDIS_ARGUMENTS,
  })
  if (positionals.length === 0) throw new UsageError('which operation? give its NAME, or - to read names')
  const { json = false, quiet = false, 'no-color': noColor = false } = values
  const pen = { colour: isColoured(around.stdout, around.env, noColor) }
  const options = clientOptions(values, around.env)
  const trackers = await createTrackers(values, options, around)
  const clients = createClients(options)
  const refused: CliEmission[] = []
  const open = new Set<string>()
  let stop: StopReason | undefined

  const track = async (given: string): Promise<void> => {
    open.add(given)
    const found = clients.target(given)
    const answer = found._tag === 'Left' ? found : await trackers.of(found.right).track(found.right.name)
    open.delete(given)
    if (answer._tag === 'Left') {
      refused.push(answer)
      print(json ? jsonLine(answer.left) : draw(line(summaryOf(answer), 'red')))
    } else if (!quiet) {
      const { name } = answer.right
      print(json ? jsonLine({ _tag: 'Tracked', ...answer.right }) : draw([{ text: `${name}: tracked` }]))
    }
  }
  const draw = (shown: Line): string => render(shown, pen)
  const print = (text: string): void => void around.stdout.write(`${text}\n`)
  try {
    const stopped = stopSignals(around).pipe(tap((reason) => (stop = reason)))
    const names = namesOf(positionals, around.stdin)
    await lastValueFrom(names.pipe(mergeMap(track, AT_ONCE), takeUntil(stopped)), { defaultValue: undefined })
  } finally {
    clients.close()
    await trackers.close()
  }
  return exitCode({ last: refused, unfinished: open.size, ...(stop && { stop }) })
}
