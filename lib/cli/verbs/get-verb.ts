import { CLIENT_ARGUMENTS, CLIENT_HELP, OUTPUT_ARGUMENTS, outputHelp } from '../arguments.js'
import { printSnapshot } from '../snapshot.js'
import { defineVerb, type Verb } from '../verb.js'

const HELP = `\
lro get NAME          get one snapshot of an operation

  NAME                    such as operations/cp.6403723248945195918, or a full URL

${CLIENT_HELP}

${outputHelp({ json: 'the snapshot', quiet: 'the status' })}

Exit code: 0 the operation is running or succeeded, 1 it failed, 2 usage or invalid name, 3 its state is
unknown, 130 and 143 on SIGINT and SIGTERM.

Example:
  lro get operations/cp.6403723248945195918 --json
`

export const verb: Verb = defineVerb({
  help: HELP,
  options: { ...CLIENT_ARGUMENTS, ...OUTPUT_ARGUMENTS },
  operand: 'NAME',
  run: (invocation) => printSnapshot(invocation, ({ client, name }) => client.get(name)),
})
