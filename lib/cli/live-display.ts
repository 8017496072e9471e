import { failureText } from '../index.js'
import type { Display } from './display.js'
import { type Line, render, type TextStyle } from './line.js'
import { entryLine, frameOf, type Row } from './live-frame.js'
import { liveRegion, sizeOf } from './live-region.js'
import type { ProcessIo } from './surroundings.js'
import { detailLines } from './told-lines.js'
import { isFinalResult, recordOf } from './word.js'

const REDRAW = 100

/** How {@link liveDisplay} prints. */
export interface LiveOptions {
  readonly stdout: TextStyle
  readonly stderr: TextStyle
  /** Milliseconds from any beginning. */
  readonly now?: () => number
}

/** Shows a line for each operation, drawn over until all is done; then the last of each stay, with their details. */
export function liveDisplay(
  { stdout, stderr }: Pick<ProcessIo, 'stdout' | 'stderr'>,
  pens: LiveOptions,
): Display {
  const { now = () => performance.now() } = pens
  const entries = new Map<string, Row>()
  const region = liveRegion(stdout)
  const draw = (): void => {
    const size = sizeOf(stdout)
    // One is left free, lest the last one filled begins a row.
    const columns = size.columns - 1
    const frame = frameOf([...entries.values()], now(), { ...size, columns })
    region.draw(frame.map((line) => render(line, { ...pens.stdout, columns })))
  }
  const change = (name: string, facts: Partial<Row>): void => {
    const entry = entries.get(name)
    if (entry) entries.set(name, { ...entry, ...facts })
  }
  const print = (line: Line): void => void stdout.write(`${render(line, pens.stdout)}\n`)
  const timer = setInterval(draw, REDRAW).unref()

  return {
    begin: (name) => void entries.set(name, { name, began: now() }),
    showPoll: ({ name, nextDelay, failure }) => {
      const present = entries.get(name)
      if (present === undefined) return
      const { trouble: _, nextPoll: __, ...entry } = present
      entries.set(name, {
        ...entry,
        ...(nextDelay !== undefined && { nextPoll: now() + nextDelay }),
        ...(failure !== undefined && { trouble: failureText(failure) }),
      })
    },
    showResult: (name, word) => {
      const ended = isFinalResult(word) ? { ended: now() } : {}
      change(name, { word, name: recordOf(word).name, ...ended })
    },
    showNote: (line) => {
      region.erase()
      stderr.write(`${render(line, pens.stderr)}\n`)
      draw()
    },
    end: () => {
      clearInterval(timer)
      region.erase()
      for (const entry of entries.values()) {
        print(entryLine({ ended: now(), ...entry }, now()))
        if (entry.word) detailLines(entry.word).forEach(print)
      }
      entries.clear()
    },
  }
}
