import type { ProcessIo } from '../process-io.js'
import type { Display } from './display.js'
import { liveDisplay } from './live-display.js'
import { isFinalResult, recordOf, resultLines, statusLabel, summaryOf } from './result-text.js'
import { isColoured, jsonLine, type Line, render, type TextStyle } from './terminal-text.js'

/** What was given of `OUTPUT_ARGUMENTS`. */
export interface OutputArguments {
  readonly json?: boolean | undefined
  readonly quiet?: boolean | undefined
  readonly 'no-color'?: boolean | undefined
}

/** The display that was asked for: JSON, a live one on a terminal, or lines. */
export function displayFor(around: ProcessIo, given: OutputArguments): Display {
  const { json = false, quiet = false, 'no-color': noColor = false } = given
  const pens = {
    stdout: { colour: isColoured(around.stdout, around.env, noColor) },
    stderr: { colour: isColoured(around.stderr, around.env, noColor) },
  }
  if (json) return jsonDisplay(around, { quiet, pen: pens.stderr })
  const isLive = around.stdout.isTTY === true && around.env.TERM !== 'dumb' && !quiet
  return isLive ? liveDisplay(around, pens) : linesDisplay(around, { quiet, pens })
}

/** Prints the record of every word, or of the last ones alone, as a line of JSON. */
export function jsonDisplay(
  { stdout, stderr }: Pick<ProcessIo, 'stdout' | 'stderr'>,
  { quiet, pen }: { readonly quiet: boolean; readonly pen: TextStyle },
): Display {
  return {
    begin: () => undefined,
    showPoll: () => undefined,
    showResult: (_, word) => {
      if (!quiet || isFinalResult(word)) stdout.write(`${jsonLine(recordOf(word))}\n`)
    },
    showNote: (line) => void stderr.write(`${render(line, pen)}\n`),
    end: () => undefined,
  }
}

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
