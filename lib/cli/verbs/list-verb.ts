import { lastValueFrom, of, take, takeUntil, tap } from 'rxjs'
import type { ListOptions, OperationError } from '../../index.js'
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
import {
  type CliEmission,
  detailLines,
  isUnsupported,
  recordOf,
  statusLabel,
  styleOf,
  summaryOf,
} from '../output/result-text.js'
import { isColoured, jsonLine, type Line, line, render } from '../output/terminal-text.js'
import { type ProcessIo, type StopReason, stopSignals } from '../process-io.js'

export const help: string = `\
lro list PARENT       list the operations of a parent, for services that have operations.list

  PARENT                  such as projects/p/locations/europe-west1, or a full URL
  --filter F              which, in the service's own words, such as done=true
  --page-size N           the most that the server may send at a time
  --limit N               stop after so many; no page is asked for that is not needed

${CLIENT_HELP}

What to print:
  --json                  each operation as one line of JSON
  --quiet                 names alone, for lro watch - or lro cancel -
  --no-color              without colours

Exit code: 0 the list was read to its end or limit, whatever became of its operations; 2 usage, a parent
that is none, or a service without operations.list, to which nothing is sent and which would answer no
better next time; 3 the list or a part of it could not be read; 130 and 143 on SIGINT and SIGTERM.

Example:
  lro list projects/p/locations/europe-west1 --service run --filter done=false
`

export async function run(argv: readonly string[], around: ProcessIo): Promise<number> {
  const { values, positionals } = readArguments(argv, {
    ...CLIENT_ARGUMENTS,
    ...OUTPUT_ARGUMENTS,
    filter: { type: 'string' },
    'page-size': { type: 'string' },
    limit: { type: 'string' },
  })
  const [parent, ...more] = positionals
  if (parent === undefined || more.length > 0)
    throw new UsageError(`give one PARENT, got ${positionals.length}`)
  const limit = countOf('--limit', values.limit)
  const pageSize = countOf('--page-size', values['page-size'])
  const options: ListOptions = { filter: values.filter, pageSize }
  const { json = false, quiet = false, 'no-color': noColor = false } = values
  const pens = {
    stdout: { colour: isColoured(around.stdout, around.env, noColor) },
    stderr: { colour: isColoured(around.stderr, around.env, noColor) },
  }
  const clients = createClients(clientOptions(values, around.env))
  const told: { stop?: StopReason; words: number; unread: CliEmission[]; misused: boolean } = {
    words: 0,
    unread: [],
    misused: false,
  }
  const print = (word: CliEmission): void => {
    const isOperation = word._tag === 'Right' || isOfOperation(word.left)
    told.words += 1
    if (word._tag === 'Left' && word.left._tag !== 'OperationFailed') told.unread.push(word)
    if (json) around.stdout.write(`${jsonLine(recordOf(word))}\n`)
    else if (isOperation) {
      const text = quiet ? recordOf(word).name : undefined
      if (text !== '')
        around.stdout.write(`${render(text === undefined ? listLine(word) : line(text), pens.stdout)}\n`)
    } else
      for (const text of [listLine(word), ...detailLines(word)])
        around.stderr.write(`${render(text, pens.stderr)}\n`)
  }

  const found = clients.target(parent, 'list')
  const words =
    found._tag === 'Left' ? of<CliEmission>(found) : found.right.client.list(found.right.name, options)
  const stopped = stopSignals(around).pipe(tap((reason) => (told.stop = reason)))
  const shown = words.pipe(
    take(limit ?? Number.POSITIVE_INFINITY),
    tap((word) => {
      told.misused ||= found._tag === 'Right' && isUnsupported(word, 'list', found.right.service)
      print(word)
    }),
    takeUntil(stopped),
  )
  await lastValueFrom(shown, { defaultValue: undefined }).finally(() => clients.close())
  const { stop, misused, unread } = told
  if (told.words === 0 && stop === undefined && !json && !quiet)
    around.stderr.write(`${render(line('no operations', 'dim'), pens.stderr)}\n`)
  return exitCode({ last: unread, misused, ...(stop && { stop }) })
}

function countOf(option: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined
  if (/^[1-9]\d{0,8}$/.test(given)) return Number(given)
  throw new UsageError(`${option} must be a whole number from 1 to 999999999, got ${JSON.stringify(given)}`)
}

/** Whether it is about one operation, and not about the list; that is named as a collection. */
function isOfOperation({ _tag, name }: OperationError): boolean {
  return (
    _tag === 'OperationFailed' ||
    (_tag === 'MalformedResponse' && !/(?:^|\/)(?:operations|[a-z]\w*Operations)$/.test(name))
  )
}

/** An operation of a list in one line: its name, its state, and how far it is or why it failed. */
export function listLine(word: CliEmission): Line {
  const remark = summaryOf(word)
  if (word._tag === 'Left' && word.left._tag !== 'OperationFailed') return line(remark, styleOf(word))
  const name = (word._tag === 'Left' ? word.left : word.right).name || '(no name)'
  const before = word._tag === 'Left' ? ': ' : ', '
  return [
    { text: `${name}: ` },
    { text: statusLabel(word), style: styleOf(word) },
    { text: remark && `${before}${remark}` },
  ]
}
