import { createInterface } from 'node:readline'
import { distinct, filter, from, map, merge, Observable } from 'rxjs'
import { UsageError } from './usage-error.js'

/**
 * Emits each distinct name on the command line. For the name `-`, emits each line of standard input as soon as the
 * line is read.
 */
export function readNames(operands: readonly string[], stdin: NodeJS.ReadableStream): Observable<string> {
  const operandNames = from(operands.filter((name) => name !== '-'))
  return (operands.includes('-') ? merge(operandNames, readLines(stdin)) : operandNames).pipe(distinct())
}

function readLines(stdin: NodeJS.ReadableStream): Observable<string> {
  return new Observable<string>((subscriber) => {
    const lines = createInterface({ input: stdin })
    const onError = ({ code, message }: NodeJS.ErrnoException): void =>
      subscriber.error(new UsageError(`standard input cannot be read: ${code ?? message}`))
    lines.on('error', onError)
    stdin.on('error', onError)
    lines.on('line', (line) => subscriber.next(line))
    lines.on('close', () => subscriber.complete())
    return () => {
      // The error listeners stay, because the input may fail again while the input closes.
      lines.close()
      stdin.pause()
    }
  }).pipe(
    map((line) => line.trim()),
    filter((line) => line !== ''),
  )
}

/** Returns whether a name is a URL, or a full resource name such as `//run.googleapis.com/projects/p/operations/x`. */
export function isUrl(name: string): boolean {
  return /^(?:[a-z][a-z\d+.-]*:)?\/\//i.test(name)
}
