import { stripVTControlCharacters } from 'node:util'
import { failureText } from '../../index.js'
import { durationText } from '../duration.js'
import type { Output, ProcessIo } from '../process-io.js'
import type { Display } from './display.js'
import {
  type CliEmission,
  detailLines,
  isFinalResult,
  recordOf,
  statusLabel,
  styleOf,
  summaryOf,
} from './result-text.js'
import { type Line, line, render, type Span, type TextStyle, widthOf } from './terminal-text.js'

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

/** An operation on a live display; times are in milliseconds on one clock. */
export interface Row {
  readonly name: string
  readonly began: number
  /** When the last word came. */
  readonly ended?: number
  readonly word?: CliEmission
  /** When the next poll is due; absent while one is asked. */
  readonly nextPoll?: number
  /** The failure that the last poll met. */
  readonly trouble?: string
}

/** The terminal that a frame is for: its rows, and the columns that a line may fill. */
export interface Screen {
  readonly rows: number
  readonly columns: number
}

const SPINNER = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏']
const SPIN = 100
const LABEL = 9
const TIME = 6

/** The lines to show now. Where there are more operations than rows, those that need an eye, and a count of the rest. */
export function frameOf(entries: readonly Row[], now: number, screen: Screen): readonly Line[] {
  const room = Math.max(1, screen.rows - 2)
  const draw = (entry: Row): Line => entryLine(entry, now, screen.columns)
  if (entries.length <= room) return entries.map(draw)
  const shown = new Set([...entries].sort((a, b) => rankOf(a) - rankOf(b)).slice(0, room))
  const hidden = entries.filter((entry) => !shown.has(entry))
  return [
    ...entries.filter((entry) => shown.has(entry)).map(draw),
    line(`  … and ${countText(hidden)}`, 'dim'),
  ]
}

/**
 * One operation in one line. Of so many columns its name takes half at most, so that there is room for remarks, and no more
 * than are left, so that it is never its end that is cut off.
 */
export function entryLine(entry: Row, now: number, columns: number = Number.POSITIVE_INFINITY): Line {
  const { name, began, ended = now, word } = entry
  const style = word ? styleOf(word) : 'cyan'
  const label = word ? statusLabel(word) : 'waiting'
  const state = `${iconOf(entry, now)} ${label.padEnd(LABEL)} `
  const time = durationText(ended - began).padStart(TIME)
  const left = columns - `${state}${time}  `.length
  return [
    { text: state, style },
    { text: time, style: 'dim' },
    { text: `  ${lastOf(name, Math.min(Math.floor(columns / 2), left))}` },
    ...remarks(entry, now),
  ]
}

/** How many there are of each state: `3 operations: 2 succeeded, 1 failed`. */
export function countText(entries: readonly Pick<Row, 'word'>[]): string {
  const counts = new Map<string, number>()
  for (const { word } of entries) {
    const label = word ? statusLabel(word) : 'unfinished'
    counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  const parts = [...counts].map(([label, count]) => `${count} ${label}`)
  const noun = entries.length === 1 ? 'operation' : 'operations'
  return `${entries.length} ${noun}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`
}

function remarks({ name, word, ended, nextPoll, trouble }: Row, now: number): readonly Span[] {
  const remark = word ? summaryOf(word) : ''
  const said = remark.startsWith(`${name} `) ? remark.slice(name.length + 1) : remark
  const next =
    nextPoll === undefined || nextPoll <= now ? 'asking' : `poll in ${durationText(nextPoll - now)}`
  return [
    { text: said && `  ${said}` },
    { text: trouble ? `  ${trouble}` : '', style: 'yellow' },
    { text: ended === undefined ? `  ${next}` : '', style: 'dim' },
  ]
}

/** The end of a name, where it differs from others. */
function lastOf(name: string, columns: number): string {
  return name.length > columns ? `…${name.slice(name.length + 1 - columns)}` : name
}

function iconOf({ word, ended }: Row, now: number): string {
  if (word && isFinalResult(word)) return word._tag === 'Right' ? '✓' : '✗'
  if (ended !== undefined) return '·'
  return SPINNER[Math.floor(now / SPIN) % SPINNER.length] ?? ''
}

/** In trouble, failed, running, done well. */
function rankOf({ word, trouble }: Row): number {
  if (word && isFinalResult(word)) return word._tag === 'Left' ? 1 : 3
  return trouble === undefined ? 2 : 0
}

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
