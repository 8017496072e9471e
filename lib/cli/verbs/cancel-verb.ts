import { CLIENT_ARGUMENTS, CLIENT_HELP, OUTPUT_ARGUMENTS, outputHelp } from '../arguments.js'
import { forEachName } from '../for-each-name.js'
import { defineVerb, type Verb } from '../verb.js'

const HELP = `\
lro cancel NAME...    request the cancellation of operations, for services that have operations.cancel

  NAME                    such as projects/p/locations/l/operations/x, or a full URL; - reads names from
                          standard input, one a line

The service decides whether an operation is canceled: lro watch shows the result.

${CLIENT_HELP}

${outputHelp('each result', 'errors')}

Exit code: 0 all requests succeeded; 2 usage, invalid name, or the service has no operations.cancel (no
request is sent); 3 a request failed; 130 and 143 on SIGINT and SIGTERM. If several codes apply, the exit code
is the first of 130 or 143, 2, 3.

Example:
  lro cancel projects/p/locations/europe-west1/operations/x --service batch
`

export const verb: Verb = defineVerb({
  help: HELP,
  options: { ...CLIENT_ARGUMENTS, ...OUTPUT_ARGUMENTS },
  operand: 'NAME...',
  run: (invocation) =>
    forEachName(invocation, {
      verb: 'cancel',
      concurrency: 10,
      send: ({ client, name }) => client.cancel(name),
      success: { tag: 'CancelRequested', text: 'cancellation requested' },
    }),
})
