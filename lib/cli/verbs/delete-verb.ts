import { CLIENT_HELP } from '../arguments.js'
import { forEachName } from '../for-each-name.js'
import type { ProcessIo } from '../process-io.js'

export const help: string = `\
lro delete NAME...    let the server forget operations, for services that have operations.delete

  NAME                    such as projects/p/locations/l/operations/x, or a full URL, which is asked at
                          its own service; - reads more of them from standard input, one a line

It does not end an operation, and does not undo what it did.

${CLIENT_HELP}

What to print:
  --json                  each answer as one line of JSON
  --quiet                 what went wrong and nothing else
  --no-color              without colours

Exit code: 0 all are forgotten; 2 usage, invalid name, or a service without operations.delete, to which
nothing is sent and which would answer no better next time; 3 one was refused or not answered;
130 and 143 on SIGINT and SIGTERM; of several: 130 or 143, 2, 3.

Example:
  lro delete projects/p/locations/europe-west1/operations/x --service run
`

export function run(argv: readonly string[], around: ProcessIo): Promise<number> {
  return forEachName(argv, around, {
    verb: 'delete',
    ask: ({ client, name }) => client.delete(name),
    done: { tag: 'Deleted', text: 'deleted' },
  })
}
