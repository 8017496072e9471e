import { from, mergeMap, type Observable, type ObservableInput, of, tap } from 'rxjs'
import type { OperationError, OperationVerb } from '../index.js'
import type { Either } from '../model/either.js'
import { type ClientArguments, clientOptions, type OutputArguments } from './arguments.js'
import { createClients, type Target } from './clients.js'
import { exitCode } from './exit-code.js'
import { readNames } from './names.js'
import { detailLines } from './output/result-text.js'
import { styled } from './output/terminal-text.js'
import { runUntilStopped, stopReasons } from './stop-reasons.js'
import type { Invocation } from './verb.js'

/** The request that {@link forEachName} sends for each name. Its response is not an operation. */
export interface NamesRequest {
  /** The method that the service must have. */
  readonly verb?: OperationVerb
  /** The maximum number of requests in flight. */
  readonly concurrency: number
  /** Sends the request. The members of the Right are added to the JSON record. */
  readonly send: (target: Target) => ObservableInput<Either<OperationError, unknown>>
  /** The output for a success: the `_tag` of the JSON record, and the text. */
  readonly success: { readonly tag: string; readonly text: string }
}

/** Sends a request for each name on the command line, prints the results, and resolves with the exit code. */
export async function forEachName(
  invocation: Invocation<ClientArguments & OutputArguments>,
  { verb, concurrency, send, success }: NamesRequest,
): Promise<number> {
  const { values, operands, io, stdout, stderr } = invocation
  const { json = false, quiet = false } = values
  const clients = createClients(clientOptions(values, io.env))
  const failures: Either<OperationError, never>[] = []
  const pending = new Set<string>()

  const request = (argument: string): Observable<unknown> => {
    const target = clients.target(argument, verb)
    const name = target._tag === 'Left' ? argument : target.right.name
    const results = target._tag === 'Left' ? of(target) : from(send(target.right))
    pending.add(argument)
    return results.pipe(
      tap((result) => {
        pending.delete(argument)
        if (result._tag === 'Left') {
          failures.push(result)
          if (json) stdout.printJson(result.left)
          else stdout.print([styled(result.left.message, 'red')], ...detailLines(result))
        } else if (quiet) return
        else if (json) stdout.printJson({ _tag: success.tag, name, ...Object(result.right) })
        else stdout.print([`${name}: ${success.text}`])
      }),
    )
  }
  const requests = readNames(operands, io.stdin).pipe(mergeMap(request, concurrency))
  const stop = await runUntilStopped(requests, stopReasons(io)).finally(() => clients.close())
  if (stop !== undefined && stop !== 'closed' && pending.size > 0 && !quiet) {
    const count = pending.size === 1 ? '1 request' : `${pending.size} requests`
    stderr.print([`stopped; the result of ${count} is unknown`])
  }
  return exitCode({ results: failures, unfinished: pending.size, stop })
}
