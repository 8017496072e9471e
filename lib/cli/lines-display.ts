import type { Display } from './display.js'
import { drawn, type Line, type Pen } from './line.js'
import type { Surroundings } from './surroundings.js'
import { toldLines } from './told-lines.js'
import { isLast, labelOf, remarkOf } from './word.js'

/** How {@link linesDisplay} prints. */
export interface LinesOptions {
  /** Print the last words alone. */
  readonly quiet: boolean
  readonly pens: { readonly stdout: Pen; readonly stderr: Pen }
  /** Milliseconds from any beginning. */
  readonly now?: () => number
}

/** Prints a line whenever the state or the progress of an operation has changed. */
export function linesDisplay(
  { stdout, stderr }: Pick<Surroundings, 'stdout' | 'stderr'>,
  { quiet, pens, now = () => performance.now() }: LinesOptions,
): Display {
  const watched = new Map<string, { readonly began: number; said: string }>()
  const print = (line: Line): void => void stdout.write(`${drawn(line, pens.stdout)}\n`)
  return {
    begin: (name) => void watched.set(name, { began: now(), said: '' }),
    polled: () => undefined,
    told: (name, word) => {
      const watch = watched.get(name) ?? { began: now(), said: '' }
      const says = `${labelOf(word)} ${remarkOf(word)}`
      const isNews = isLast(word) || (!quiet && says !== watch.said)
      watch.said = says
      if (isNews) toldLines(word, now() - watch.began).forEach(print)
      if (isLast(word)) watched.delete(name)
    },
    note: (line) => void stderr.write(`${drawn(line, pens.stderr)}\n`),
    end: () => undefined,
  }
}
