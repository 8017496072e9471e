import {
  CLIENT_ARGUMENTS,
  CLIENT_HELP,
  OUTPUT_ARGUMENTS,
  OUTPUT_HELP,
  readArguments,
  UsageError,
} from '../arguments.js'
import type { Target } from '../clients.js'
import type { ProcessIo } from '../process-io.js'
import { snapshot } from '../snapshot.js'

export const help: string = `\
lro get NAME          ask for one snapshot of an operation

  NAME                    such as operations/cp.6403723248945195918, or a full URL

${CLIENT_HELP}

${OUTPUT_HELP}

Exit code: 0 it runs or succeeded, 1 it failed, 2 usage or invalid name, 3 it could not be learned.

Example:
  lro get operations/cp.6403723248945195918 --json
`

export async function run(argv: readonly string[], around: ProcessIo): Promise<number> {
  const { values, positionals } = readArguments(argv, { ...CLIENT_ARGUMENTS, ...OUTPUT_ARGUMENTS })
  const [name, ...more] = positionals
  if (name === undefined || more.length > 0) throw new UsageError(`give one NAME, got ${positionals.length}`)
  const ask = { name, given: values, ask: ({ client, name }: Target) => client.get(name) }
  const { code } = await snapshot(ask, around)
  return code
}
