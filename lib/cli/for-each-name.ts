import { EMPTY, from, mergeMap, type Observable, type ObservableInput, tap } from 'rxjs'
import type { OperationError, OperationVerb } from '../index.js'
import type { Either } from '../model/either.js'
import { type ClientArguments, clientOptions, type OutputArguments } from './arguments.js'
import { type ClientTarget, createClients, type Target } from './clients.js'
import { exitCode } from './exit-code.js'
import { readNames } from './names.js'
import { detailLines, isMissingMethod, summaryOf } from './output/result-text.js'
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
  let isMethodMissing = false

  const showFailure = (error: OperationError, target: ClientTarget): void => {
    const failure = { _tag: 'Left', left: error } as const
    failures.push(failure)
    isMethodMissing ||= isMissingMethod(failure, verb, target)
    if (json) stdout.printJson(error)
    else stdout.print([styled(summaryOf(failure), 'red')], ...detailLines(failure))
  }
  const request = (argument: string): Observable<unknown> => {
    const target = clients.target(argument, verb)
    if (target._tag === 'Left') {
      showFailure(target.left, target)
      return EMPTY
    }
    const { name } = target.right
    pending.add(argument)
    return from(send(target.right)).pipe(
      tap((result) => {
        pending.delete(argument)
        if (result._tag === 'Left') showFailure(result.left, target)
        else if (quiet) return
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
  return exitCode({ results: failures, isMethodMissing, unfinished: pending.size, stop })
}
