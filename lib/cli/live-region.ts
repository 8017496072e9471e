import { stripVTControlCharacters } from 'node:util'
import type { Output } from './surroundings.js'
import { widthOf } from './width.js'

/** Lines at the bottom of a terminal that are drawn over. */
export interface LiveRegion {
  /** Puts these lines in the place of those there; none may be wider than the terminal. */
  draw(lines: readonly string[]): void
  /** Takes the lines away, so that something else can be written where they were. */
  erase(): void
}

const CSI = '\u001b['

/** A region that begins at the cursor, at the start of a line. */
export const liveRegion = (output: Output): LiveRegion => {
  let present: readonly string[] = []

  // A terminal that was made narrower has wrapped what was there, so that it takes more rows than lines.
  const rowsTaken = (): number => {
    const columns = output.columns || 80
    return present.reduce((sum, line) => sum + Math.max(1, Math.ceil(bareLength(line) / columns)), 0)
  }
  return {
    draw: (lines) => {
      if (lines.length === present.length && lines.every((line, index) => line === present[index])) return
      const frame = lines.map((line) => `${line}${CSI}K\n`).join('')
      output.write(`${up(rowsTaken())}\r${frame}${CSI}J`)
      present = lines
    },
    erase: () => {
      if (present.length === 0) return
      // Row by row: some terminals keep what one stroke clears from the top of the screen.
      const rows = rowsTaken()
      output.write(`${up(rows)}\r${`${CSI}K\n`.repeat(rows)}${CSI}J${up(rows)}`)
      present = []
    },
  }
}

const up = (rows: number): string => (rows === 0 ? '' : `${CSI}${rows}A`)

const bareLength = (line: string): number => widthOf(stripVTControlCharacters(line))
