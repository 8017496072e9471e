import type { Watch } from '../../index.js'
import {
  CLIENT_ARGUMENTS,
  CLIENT_HELP,
  OUTPUT_ARGUMENTS,
  OUTPUT_HELP,
  readArguments,
  UsageError,
} from '../arguments.js'
import type { Target } from '../clients.js'
import { parseDuration } from '../duration.js'
import { TIME_IS_UP } from '../exit-code.js'
import type { ProcessIo } from '../process-io.js'
import { snapshot } from '../snapshot.js'

export const help: string = `\
lro wait NAME         ask once, and let the server hold its answer until the operation is done,
                      for services that have operations.wait

  NAME                    such as projects/p/locations/l/operations/x, or a full URL
  --timeout 30s           how long the server may hold its answer; it may answer sooner

It asks once: lro watch --long-poll asks again until the operation is done.

${CLIENT_HELP}

${OUTPUT_HELP}

Durations are 500ms, 90s, 10m or 2h; a bare number is seconds. Stopping it never cancels an operation.

Exit code: 0 it succeeded; 1 it failed; 2 usage, invalid name, or a service without operations.wait, to
which nothing is sent and which would answer no better next time; 3 it could not be learned; 124 it still
runs; 130 and 143 on SIGINT and SIGTERM.

Example:
  lro wait projects/p/locations/europe-west1/operations/x --service run --timeout 1m
`

export async function run(argv: readonly string[], around: ProcessIo): Promise<number> {
  const { values, positionals } = readArguments(argv, {
    ...CLIENT_ARGUMENTS,
    ...OUTPUT_ARGUMENTS,
    timeout: { type: 'string' },
  })
  const [name, ...more] = positionals
  if (name === undefined || more.length > 0) throw new UsageError(`give one NAME, got ${positionals.length}`)
  const timeout = parseDuration('--timeout', values.timeout ?? '30s')
  const ask = ({ client, name }: Target): Watch => client.wait(name, { timeout })
  const { code, word } = await snapshot({ name, given: values, verb: 'wait', ask }, around)
  return word?._tag === 'Right' && !word.right.done ? TIME_IS_UP : code
}
