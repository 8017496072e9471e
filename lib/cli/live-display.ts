import { failureText } from '../index.js'
import type { Display } from './display.js'
import { drawn, type Line, type Pen } from './line.js'
import { type Entry, entryLine, frameOf } from './live-frame.js'
import { liveRegion, sizeOf } from './live-region.js'
import type { Surroundings } from './surroundings.js'
import { underlines } from './told-lines.js'
import { isLast, recordOf } from './word.js'

const REDRAW = 100

/** How {@link liveDisplay} prints. */
export interface LiveOptions {
  readonly stdout: Pen
  readonly stderr: Pen
  /** Milliseconds from any beginning. */
  readonly now?: () => number
}

/** Shows a line for each operation, drawn over until all is done; then the last of each stay, with their details. */
export function liveDisplay(
  { stdout, stderr }: Pick<Surroundings, 'stdout' | 'stderr'>,
  pens: LiveOptions,
): Display {
  const { now = () => performance.now() } = pens
  const entries = new Map<string, Entry>()
  const region = liveRegion(stdout)
  const draw = (): void => {
    const size = sizeOf(stdout)
    // One is left free, lest the last one filled begins a row.
    const columns = size.columns - 1
    const frame = frameOf([...entries.values()], now(), { ...size, columns })
    region.draw(frame.map((line) => drawn(line, { ...pens.stdout, columns })))
  }
  const change = (name: string, facts: Partial<Entry>): void => {
    const entry = entries.get(name)
    if (entry) entries.set(name, { ...entry, ...facts })
  }
  const print = (line: Line): void => void stdout.write(`${drawn(line, pens.stdout)}\n`)
  const timer = setInterval(draw, REDRAW).unref()

  return {
    begin: (name) => void entries.set(name, { name, began: now() }),
    polled: ({ name, nextDelay, failure }) => {
      const present = entries.get(name)
      if (present === undefined) return
      const { trouble: _, nextPoll: __, ...entry } = present
      entries.set(name, {
        ...entry,
        ...(nextDelay !== undefined && { nextPoll: now() + nextDelay }),
        ...(failure !== undefined && { trouble: failureText(failure) }),
      })
    },
    told: (name, word) => {
      const ended = isLast(word) ? { ended: now() } : {}
      change(name, { word, name: recordOf(word).name, ...ended })
    },
    note: (line) => {
      region.erase()
      stderr.write(`${drawn(line, pens.stderr)}\n`)
      draw()
    },
    end: () => {
      clearInterval(timer)
      region.erase()
      for (const entry of entries.values()) {
        print(entryLine({ ended: now(), ...entry }, now()))
        if (entry.word) underlines(entry.word).forEach(print)
      }
      entries.clear()
    },
  }
}
