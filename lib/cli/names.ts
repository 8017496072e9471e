import { createInterface } from 'node:readline'
import { distinct, filter, from, map, merge, Observable } from 'rxjs'
import { UsageError } from './arguments.js'

/** Names from the command line, and where one is `-` from standard input, each as soon as its line is read; none twice. */
export function namesOf(given: readonly string[], stdin: NodeJS.ReadableStream): Observable<string> {
  const named = from(given.filter((name) => name !== '-'))
  return (given.includes('-') ? merge(named, linesOf(stdin)) : named).pipe(distinct())
}

function linesOf(stdin: NodeJS.ReadableStream): Observable<string> {
  return new Observable<string>((subscriber) => {
    const lines = createInterface({ input: stdin })
    const failed = ({ code, message }: NodeJS.ErrnoException): void =>
      subscriber.error(new UsageError(`standard input cannot be read: ${code ?? message}`))
    lines.on('error', failed)
    stdin.on('error', failed)
    lines.on('line', (line) => subscriber.next(line))
    lines.on('close', () => subscriber.complete())
    return () => {
      // The input may fail once more while it is closed, when nobody wants to know.
      lines.close()
      stdin.pause()
    }
  }).pipe(
    map((line) => line.trim()),
    filter((line) => line !== ''),
  )
}

/** Whether a name is a URL, or a full resource name such as `//run.googleapis.com/projects/p/operations/x`. */
export function isUrl(name: string): boolean {
  return /^(?:[a-z][a-z\d+.-]*:)?\/\//i.test(name)
}
