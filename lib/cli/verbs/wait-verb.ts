import { CLIENT_ARGUMENTS, CLIENT_HELP, OUTPUT_ARGUMENTS, outputHelp } from '../arguments.js'
import { parseDuration } from '../duration.js'
import { TIMEOUT } from '../exit-code.js'
import { printSnapshot } from '../snapshot.js'
import { defineVerb, type Verb } from '../verb.js'

const HELP = `\
lro wait NAME         send one request that the server holds until the operation is done,
                      for services that have operations.wait

  NAME                    such as projects/p/locations/l/operations/x, or a full URL
  --timeout 30s           how long the server may hold the request; it may respond sooner

This verb sends one request. lro watch --long-poll sends requests until the operation is done.

${CLIENT_HELP}

${outputHelp({ json: 'the snapshot', quiet: 'the status' })}

Durations have the form 500ms, 90s, 10m or 2h; the default unit is seconds. Stopping lro never cancels an
operation.

Exit code: 0 the operation succeeded; 1 it failed; 2 usage, invalid name, or the service has no
operations.wait (no request is sent); 3 its state is unknown; 124 it is still running; 130 and 143 on
SIGINT and SIGTERM.

Example:
  lro wait projects/p/locations/europe-west1/operations/x --service run --timeout 1m
`

export const verb: Verb = defineVerb({
  help: HELP,
  options: { ...CLIENT_ARGUMENTS, ...OUTPUT_ARGUMENTS, timeout: { type: 'string' } },
  operand: 'NAME',
  run: async (invocation) => {
    const timeout = parseDuration('--timeout', invocation.values.timeout ?? '30s')
    return printSnapshot(invocation, ({ client, name }) => client.wait(name, { timeout }), 'wait', TIMEOUT)
  },
})
