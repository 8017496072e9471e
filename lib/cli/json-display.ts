import type { Display } from './display.js'
import { render, type TextStyle } from './line.js'
import type { ProcessIo } from './surroundings.js'
import { jsonLine } from './visible.js'
import { isFinalResult, recordOf } from './word.js'

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
