import { of, tap } from 'rxjs'
import type { OperationVerb, Watch } from '../index.js'
import { type Emission, isFinal } from '../polling/emission.js'
import { type ClientArguments, clientOptions, type OutputArguments } from './arguments.js'
import { createClients, type Target } from './clients.js'
import { exitCode } from './exit-code.js'
import { detailLines, jsonBlock, recordOf, responseLines, statusLine } from './output/result-text.js'
import type { Line } from './output/terminal-text.js'
import { runUntilStopped, stopReasons } from './stop-reasons.js'
import type { Invocation } from './verb.js'

/**
 * Requests one snapshot, prints it, and resolves with the exit code. `verb` is the method that the service must have, and
 * `runningCode` is the exit code if the operation is running.
 */
export async function printSnapshot(
  { values, operand, io, stdout }: Invocation<ClientArguments & OutputArguments>,
  send: (target: Target) => Watch,
  verb?: OperationVerb,
  runningCode = 0,
): Promise<number> {
  const clients = createClients(clientOptions(values, io.env))
  const target = clients.target(operand, verb)
  let emission: Emission | undefined
  const source = target._tag === 'Left' ? of<Emission>(target) : send(target.right)
  const snapshot = source.pipe(tap((value) => (emission = value)))
  const stop = await runUntilStopped(snapshot, stopReasons(io)).finally(() => clients.close())
  if (emission === undefined) return exitCode({ unfinished: 1, stop })

  if (values.json) stdout.printJson(recordOf(emission))
  else stdout.print(...snapshotLines(emission, values))
  return isFinal(emission) ? exitCode({ results: [emission] }) : runningCode
}

/** Returns the status of a snapshot as lines. Adds the metadata and the response unless `quiet` is set. */
export function snapshotLines(emission: Emission, { quiet }: OutputArguments): readonly Line[] {
  // Omits the progress, because the metadata contains the progress.
  const status = statusLine(emission, '', emission._tag === 'Right' ? '' : undefined)
  const lines = [status, ...detailLines(emission)]
  if (quiet) return lines
  return [...lines, ...jsonBlock('metadata', recordOf(emission).metadata), ...responseLines(emission)]
}
