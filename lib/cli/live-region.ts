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
export function liveRegion(output: Output): LiveRegion {
  let present: readonly string[] = []
  let height = sizeOf(output).rows
  let isOutOfSight = false

  // A terminal that was made narrower has wrapped what was there, so that it takes more rows than lines.
  const rowsTaken = (): number => {
    const { columns } = sizeOf(output)
    return present.reduce((sum, line) => sum + Math.max(1, Math.ceil(bareLength(line) / columns)), 0)
  }
  // One that was made lower has put the first of them out of sight, where nothing can be drawn over, and will show them again
  // when it is made higher: then all that is on the screen is put out of sight, and the region begins at its top.
  const back = (): string => {
    const before = height
    height = sizeOf(output).rows
    const rows = rowsTaken()
    const isShownAgain = isOutOfSight && height > before
    isOutOfSight ||= rows >= height
    return isShownAgain
      ? `${CSI}${height}H${'\n'.repeat(height)}${CSI}H`
      : `${rows === 0 ? '' : `${CSI}${rows}A`}\r`
  }
  return {
    draw: (lines) => {
      if (lines.length === present.length && lines.every((line, index) => line === present[index])) return
      const frame = lines.map((line) => `${line}${CSI}K\n`).join('')
      output.write(`${back()}${frame}${CSI}J`)
      present = lines
    },
    erase: () => {
      if (present.length === 0) return
      // Row by row: some terminals keep what one stroke clears from the top of the screen.
      const rows = rowsTaken()
      output.write(`${back()}${`${CSI}K\n`.repeat(rows)}${CSI}J${CSI}${rows}A`)
      present = []
    },
  }
}

/** Some terminals say that they have 0 columns. */
export function sizeOf({ rows, columns }: Output): { readonly rows: number; readonly columns: number } {
  return {
    rows: rows || 24,
    columns: columns || 80,
  }
}

function bareLength(line: string): number {
  return widthOf(stripVTControlCharacters(line))
}
