import type { Display } from './display.js'
import { drawn, type Pen } from './line.js'
import type { Surroundings } from './surroundings.js'
import { jsonLine } from './visible.js'
import { isLast, recordOf } from './word.js'

/** Prints the record of every word, or of the last ones alone, as a line of JSON. */
export function jsonDisplay(
  { stdout, stderr }: Pick<Surroundings, 'stdout' | 'stderr'>,
  { quiet, pen }: { readonly quiet: boolean; readonly pen: Pen },
): Display {
  return {
    begin: () => undefined,
    polled: () => undefined,
    told: (_, word) => {
      if (!quiet || isLast(word)) stdout.write(`${jsonLine(recordOf(word))}\n`)
    },
    note: (line) => void stderr.write(`${drawn(line, pen)}\n`),
    end: () => undefined,
  }
}
