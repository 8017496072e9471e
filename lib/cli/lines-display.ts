import type { Display } from './display.js'
import { type Line, render, type TextStyle } from './line.js'
import type { ProcessIo } from './surroundings.js'
import { resultLines } from './told-lines.js'
import { isFinalResult, statusLabel, summaryOf } from './word.js'

/** How {@link linesDisplay} prints. */
export interface LinesOptions {
  /** Print the last words alone. */
  readonly quiet: boolean
  readonly pens: { readonly stdout: TextStyle; readonly stderr: TextStyle }
  /** Milliseconds from any beginning. */
  readonly now?: () => number
}

/** Prints a line whenever the state or the progress of an operation has changed. */
export function linesDisplay(
  { stdout, stderr }: Pick<ProcessIo, 'stdout' | 'stderr'>,
  { quiet, pens, now = () => performance.now() }: LinesOptions,
): Display {
  const watched = new Map<string, { readonly began: number; said: string }>()
  const print = (line: Line): void => void stdout.write(`${render(line, pens.stdout)}\n`)
  return {
    begin: (name) => void watched.set(name, { began: now(), said: '' }),
    showPoll: () => undefined,
    showResult: (name, word) => {
      const watch = watched.get(name) ?? { began: now(), said: '' }
      const says = `${statusLabel(word)} ${summaryOf(word)}`
      const isNews = isFinalResult(word) || (!quiet && says !== watch.said)
      watch.said = says
      if (isNews) resultLines(word, now() - watch.began).forEach(print)
      if (isFinalResult(word)) watched.delete(name)
    },
    showNote: (line) => void stderr.write(`${render(line, pens.stderr)}\n`),
    end: () => undefined,
  }
}
