import { CLIENT_HELP } from '../arguments.js'
import { forEachName } from '../for-each-name.js'
import type { ProcessIo } from '../process-io.js'

export const help: string = `\
lro cancel NAME...    ask the server to end operations, for services that have operations.cancel

  NAME                    such as projects/p/locations/l/operations/x, or a full URL, which is asked at
                          its own service; - reads more of them from standard input, one a line

It says what was asked. Whether an operation ends is up to the service: lro watch tells.

${CLIENT_HELP}

What to print:
  --json                  each answer as one line of JSON
  --quiet                 what went wrong and nothing else
  --no-color              without colours

Exit code: 0 the server has heard all; 2 usage, invalid name, or a service without operations.cancel, to
which nothing is sent and which would answer no better next time; 3 one was refused or not answered;
130 and 143 on SIGINT and SIGTERM; of several: 130 or 143, 2, 3.

Example:
  lro cancel projects/p/locations/europe-west1/operations/x --service batch
`

export function run(argv: readonly string[], around: ProcessIo): Promise<number> {
  return forEachName(argv, around, {
    verb: 'cancel',
    ask: ({ client, name }) => client.cancel(name),
    done: { tag: 'CancelRequested', text: 'asked to cancel' },
  })
}
