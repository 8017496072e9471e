import { CLIENT_ARGUMENTS, CLIENT_HELP, OUTPUT_ARGUMENTS, outputHelp } from '../arguments.js'
import { forEachName } from '../for-each-name.js'
import { defineVerb, type Verb } from '../verb.js'

const HELP = `\
lro delete NAME...    delete operation records, for services that have operations.delete

  NAME                    such as projects/p/locations/l/operations/x, or a full URL; - reads names from
                          standard input, one a line

Deleting a record neither stops the operation nor reverts its effects.

${CLIENT_HELP}

${outputHelp('each result', 'errors')}

Exit code: 0 all records were deleted; 2 usage, invalid name, or the service has no operations.delete (no
request is sent); 3 a request failed; 130 and 143 on SIGINT and SIGTERM. If several codes apply, the exit code
is the first of 130 or 143, 2, 3.

Example:
  lro delete projects/p/locations/europe-west1/operations/x --service run
`

export const verb: Verb = defineVerb({
  help: HELP,
  options: { ...CLIENT_ARGUMENTS, ...OUTPUT_ARGUMENTS },
  operand: 'NAME...',
  run: (invocation) =>
    forEachName(invocation, {
      verb: 'delete',
      concurrency: 10,
      send: ({ client, name }) => client.delete(name),
      success: { tag: 'Deleted', text: 'deleted' },
    }),
})
