import { type ObservedValueOf, of, takeWhile, tap } from 'rxjs'
import type { Incomplete, OperationError, OperationList } from '../../index.js'
import { inRange } from '../../messages/invalid-option.js'
import type { Emission } from '../../polling/emission.js'
import { CLIENT_ARGUMENTS, CLIENT_HELP, clientOptions, OUTPUT_ARGUMENTS, parseInteger } from '../arguments.js'
import { createClients } from '../clients.js'
import { exitCode } from '../exit-code.js'
import { detailLines, recordOf, statusLine } from '../output/result-text.js'
import { type Line, styled } from '../output/terminal-text.js'
import { runUntilStopped, stopReasons } from '../stop-reasons.js'
import { defineVerb, type Verb } from '../verb.js'

const HELP = `\
lro list PARENT       list the operations of a parent, for services that have operations.list

  PARENT                  such as projects/p/locations/europe-west1, or a full URL
  --filter F              a filter in the syntax of the service, such as done=true
  --page-size N           the maximum size of a page
  --limit N               the maximum number of operations; no further pages are requested
  --return-partial-success
                          list the other operations if a location does not respond, instead of failing

${CLIENT_HELP}

Output:
  --json                  print each operation as one line of JSON; also each page with unreachable
                          locations or warnings, which otherwise are printed on standard error
  --quiet                 print only names, for lro watch - or lro cancel -
  --no-color              print without colors

Exit code: 0 the list was read completely or up to --limit, even if it contains failed operations or
the service omitted unreachable locations; 2 usage, invalid parent, or the service has no operations.list (no
request is sent); 3 a part of the list could not be read; 130 and 143 on SIGINT and SIGTERM.

Example:
  lro list projects/p/locations/europe-west1 --service run --filter done=false
`

const MAX_LIMIT = Number.MAX_SAFE_INTEGER

export const verb: Verb = defineVerb({
  help: HELP,
  options: {
    ...CLIENT_ARGUMENTS,
    ...OUTPUT_ARGUMENTS,
    filter: { type: 'string' },
    'page-size': { type: 'string' },
    limit: { type: 'string' },
    'return-partial-success': { type: 'boolean' },
  },
  operand: 'PARENT',
  run: async ({ values, operand, io, stdout, stderr }) => {
    const { filter, json = false, quiet = false, 'return-partial-success': returnPartialSuccess } = values
    const parseCount = (name: 'limit' | 'page-size'): number | undefined => {
      const text = values[name]
      return text === undefined ? undefined : parseInteger(`--${name}`, text)
    }
    let remaining = inRange('limit', parseCount('limit') ?? MAX_LIMIT, '', { from: 1, to: MAX_LIMIT })
    const pageSize = parseCount('page-size')
    const clients = createClients(clientOptions(values, io.env))
    const readErrors: Emission[] = []
    let isEmpty = true

    const target = clients.target(operand, 'list')
    const source: OperationList =
      target._tag === 'Left'
        ? of(target)
        : target.right.client.list(target.right.name, { filter, pageSize, returnPartialSuccess })
    const showItem = (item: ObservedValueOf<OperationList>): void => {
      if (item._tag === 'Right' && item.right._tag === 'Incomplete') {
        if (json) stdout.printJson(item.right)
        else stderr.print(...incompleteLines(item.right))
        return
      }
      const emission = item as Emission
      const record = recordOf(emission)
      isEmpty = false
      remaining -= 1
      if (emission._tag === 'Left' && emission.left._tag !== 'OperationFailed') readErrors.push(emission)
      if (json) stdout.printJson(record)
      else if (!isAboutOperation(emission)) stderr.print(statusLine(emission), ...detailLines(emission))
      else if (!quiet) stdout.print(statusLine(emission))
      else if (record.name !== '') stdout.print([record.name])
    }
    const operations = source.pipe(
      tap(showItem),
      takeWhile(() => remaining > 0),
    )
    const stop = await runUntilStopped(operations, stopReasons(io)).finally(() => clients.close())
    if (isEmpty && stop === undefined && !json && !quiet) stderr.print([styled('no operations', 'dim')])
    return exitCode({ results: readErrors, stop })
  },
})

/** Returns whether an emission belongs to one operation. An error of the whole list has the name of a collection. */
function isAboutOperation(emission: Emission): boolean {
  if (emission._tag === 'Right') return true
  const { _tag, name }: OperationError = emission.left
  const isCollection = /(?:^|\/)(?:operations|[a-z]\w*Operations)$/.test(name)
  return _tag === 'OperationFailed' || (_tag === 'MalformedResponse' && !isCollection)
}

/** Returns the unreachable locations and the warnings of a page as lines. */
function incompleteLines({ unreachable, warnings }: Incomplete): readonly Line[] {
  const missing = unreachable.length > 0 ? [`incomplete list, unreachable: ${unreachable.join(', ')}`] : []
  const texts = warnings.map(({ code, message, data }) => {
    const facts = Object.entries(data).map(([key, value]) => `${key} ${value}`)
    return ['warning', code, message, facts.join(', ')].filter((part) => part !== '').join(': ')
  })
  return [...missing, ...texts].map((text) => [styled(text, 'yellow')])
}
