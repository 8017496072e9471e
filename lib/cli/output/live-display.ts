import { stripVTControlCharacters } from 'node:util'
import { failureText } from '../../index.js'
import { type Emission, isFinal } from '../../polling/emission.js'
import { durationText } from '../duration.js'
import type { Display } from '../follow-names.js'
import type { Output } from '../process-io.js'
import { operationDuration } from './operation-duration.js'
import { detailLines, recordOf, responseLines, statusLabel, statusStyle, summaryOf } from './result-text.js'
import { type Line, type Printers, render, type Span, styled, widthOf } from './terminal-text.js'

/** The time between two frames, in milliseconds. */
const REDRAW_INTERVAL = 100

/** Returns a display that redraws a row for each operation. At the end, it prints all rows and their details. */
export function liveDisplay(
  output: Output,
  { stdout, stderr }: Printers,
  now: () => number = () => performance.now(),
): Required<Display> {
  const { hasColors } = stdout
  const rows = new Map<string, Row>()
  const region = liveRegion(output)
  const draw = (): void => {
    const size = sizeOf(output)
    // The last column stays empty, because some terminals wrap a line that fills all columns.
    const columns = size.columns - 1
    const frame = frameLines([...rows.values()], now(), { ...size, columns })
    region.draw(frame.map((line) => render(line, { hasColors, columns })))
  }
  const update = (name: string, changes: Partial<Row>): void => {
    const row = rows.get(name)
    if (row) rows.set(name, { ...row, ...changes })
  }
  const timer = setInterval(draw, REDRAW_INTERVAL).unref()

  return {
    begin: (name) => void rows.set(name, { name, startedAt: now() }),
    showPollStart: (name, isRateLimited) => update(name, { isRateLimited }),
    showPoll: ({ name, nextDelay, failure }) =>
      update(name, {
        isRateLimited: undefined,
        nextPollAt: nextDelay === undefined ? undefined : now() + nextDelay,
        failure: failure && failureText(failure),
      }),
    showEmission: (rowName, emission) => {
      const { name } = recordOf(emission)
      update(rowName, { emission, name, endedAt: isFinal(emission) ? now() : undefined })
    },
    showNote: (line) => {
      region.erase()
      stderr.print(line)
      draw()
    },
    end: () => {
      clearInterval(timer)
      region.erase()
      for (const row of rows.values()) {
        const { emission, endedAt = now() } = row
        const details = emission ? [...detailLines(emission), ...responseLines(emission)] : []
        stdout.print(rowLine({ ...row, endedAt }, now()), ...details)
      }
      rows.clear()
    },
  }
}

/** An operation in the live display. All times are in milliseconds on the same clock. */
export interface Row {
  /** The name on the command line; after an emission, the name of the operation, because a URL is longer. */
  readonly name: string
  readonly startedAt: number
  /** Set when the final result was emitted. */
  readonly endedAt?: number | undefined
  readonly emission?: Emission
  /** The time of the next poll; undefined during a poll. */
  readonly nextPollAt?: number | undefined
  /** Returns whether the poll waits for the rate limit; undefined if there is no poll. */
  readonly isRateLimited?: (() => boolean) | undefined
  /** The failure of the last poll. */
  readonly failure?: string | undefined
}

/** The size of a terminal. */
export interface TerminalSize {
  readonly rows: number
  readonly columns: number
}

const SPINNER = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏']
/** The time for which a character of the spinner is shown, in milliseconds. */
const SPINNER_INTERVAL = 100
/** The number of columns of the label `succeeded`. */
const LABEL_WIDTH = 9
/** A narrower row has no space for the label of the time. */
const MIN_LABEL_COLUMNS = 100
/** The number of columns of a time such as `59.9 s`. */
const TIME_WIDTH = 6

/**
 * Returns the lines of a frame: one for each operation.
 *
 * If the terminal has too few rows, the frame has only the operations with the highest priority, and a line that counts
 * the others.
 */
export function frameLines(rows: readonly Row[], now: number, size: TerminalSize): readonly Line[] {
  // One row is for the line that counts the others, and one for the cursor.
  const available = Math.max(1, size.rows - 2)
  const toLine = (row: Row): Line => rowLine(row, now, size.columns)
  if (rows.length <= available) return rows.map(toLine)
  const shown = new Set([...rows].sort((a, b) => priorityOf(a) - priorityOf(b)).slice(0, available))
  const otherCounts = countByStatus(rows.filter((row) => !shown.has(row)).map(({ emission }) => emission))
  return [...rows.filter((row) => shown.has(row)).map(toLine), [styled(`  … and ${otherCounts}`, 'dim')]]
}

/** Returns the line for one operation. The name uses at most half of the columns, to leave space for the summary. */
export function rowLine(row: Row, now: number, columns: number = Infinity): Line {
  const { name, startedAt, endedAt = now, emission } = row
  const label = emission ? statusLabel(emission) : 'waiting'
  const status = `${statusIcon(row, now)} ${label.padEnd(LABEL_WIDTH)} `
  const duration = emission && operationDuration(emission, Date.now())
  const timeText = durationText(duration ?? endedAt - startedAt).padStart(TIME_WIDTH)
  const time = duration === undefined && columns >= MIN_LABEL_COLUMNS ? `watched for ${timeText}` : timeText
  const remaining = columns - `${status}${time}  `.length
  return [
    styled(status, emission ? statusStyle(emission) : 'cyan'),
    styled(time, 'dim'),
    `  ${truncateStart(name, Math.min(Math.floor(columns / 2), remaining))}`,
    ...summarySpans(row, now),
  ]
}

/** Returns the number of operations with each status, such as `3 operations: 2 succeeded, 1 failed`. */
export function countByStatus(emissions: readonly (Emission | undefined)[]): string {
  const counts = new Map<string, number>()
  for (const emission of emissions) {
    const label = emission ? statusLabel(emission) : 'unfinished'
    counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  const parts = [...counts].map(([label, count]) => `${count} ${label}`)
  const noun = emissions.length === 1 ? 'operation' : 'operations'
  return `${emissions.length} ${noun}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`
}

function summarySpans(row: Row, now: number): readonly Span[] {
  const { name, emission, endedAt, nextPollAt, failure, isRateLimited } = row
  const summary = emission ? summaryOf(emission) : ''
  // Some error messages begin with the name, which the row already shows.
  const text = summary.startsWith(`${name} `) ? summary.slice(name.length + 1) : summary
  const isPolling = nextPollAt === undefined || nextPollAt <= now
  const poll = isRateLimited?.() ? 'waiting for rate limit' : 'polling'
  const nextPoll = isPolling ? poll : `poll in ${durationText(nextPollAt - now)}`
  return [
    text && `  ${text}`,
    styled(failure ? `  ${failure}` : '', 'yellow'),
    styled(endedAt === undefined ? `  ${nextPoll}` : '', 'dim'),
  ]
}

/** Truncates the start of a name, because names differ at the end. */
function truncateStart(name: string, columns: number): string {
  return name.length > columns ? `…${name.slice(name.length + 1 - columns)}` : name
}

function statusIcon({ emission, endedAt }: Row, now: number): string {
  if (emission && isFinal(emission)) return emission._tag === 'Right' ? '✓' : '✗'
  if (endedAt !== undefined) return '·'
  return SPINNER[Math.floor(now / SPINNER_INTERVAL) % SPINNER.length] ?? ''
}

/** Returns the priority of a row, 0 first. The order is: failing polls, errors, running operations, successes. */
function priorityOf({ emission, failure }: Row): number {
  if (emission && isFinal(emission)) return emission._tag === 'Left' ? 1 : 3
  return failure === undefined ? 2 : 0
}

/** Lines at the bottom of a terminal, which can be redrawn. */
export interface LiveRegion {
  /** Replaces the lines. No line may be wider than the terminal. */
  draw(lines: readonly string[]): void
  /** Removes the lines, so that other output can take their place. */
  erase(): void
}

/**
 * The start of an escape sequence. The last letter is the command: `A` moves the cursor up, `H` moves the cursor to a
 * row or to the top, `K` clears the rest of the row, and `J` clears the rest of the screen.
 */
const CSI = '\u001b['

/** Creates a region that begins at the cursor. The cursor must be at the start of a line. */
export function liveRegion(output: Output): LiveRegion {
  let drawn: readonly string[] = []
  let height = sizeOf(output).rows
  let isScrolledOut = false

  // If the terminal became narrower, it has wrapped the lines, and one line can use several rows.
  const countRows = (): number => {
    const { columns } = sizeOf(output)
    return drawn.reduce((sum, line) => {
      const width = widthOf(stripVTControlCharacters(line))
      return sum + Math.max(1, Math.ceil(width / columns))
    }, 0)
  }
  // If the height of the terminal decreases, the terminal scrolls out the first lines, and they cannot be redrawn. If the
  // height increases later, the scrolled-out lines become visible again. In that case, the whole screen is scrolled out,
  // and the region begins at the top.
  const moveToStart = (): string => {
    const previousHeight = height
    height = sizeOf(output).rows
    const rows = countRows()
    const isShownAgain = isScrolledOut && height > previousHeight
    isScrolledOut ||= rows >= height
    return isShownAgain
      ? `${CSI}${height}H${'\n'.repeat(height)}${CSI}H`
      : `${rows === 0 ? '' : `${CSI}${rows}A`}\r`
  }
  return {
    draw: (lines) => {
      if (lines.length === drawn.length && lines.every((line, index) => line === drawn[index])) return
      const frame = lines.map((line) => `${line}${CSI}K\n`).join('')
      output.write(`${moveToStart()}${frame}${CSI}J`)
      drawn = lines
    },
    erase: () => {
      if (drawn.length === 0) return
      // Clears each row separately: some terminals keep text in the scrollback if one command clears the whole screen.
      const rows = countRows()
      output.write(`${moveToStart()}${`${CSI}K\n`.repeat(rows)}${CSI}J${CSI}${rows}A`)
      drawn = []
    },
  }
}

/** Returns the size of a terminal. The default size also replaces 0, because some terminals report 0 columns. */
function sizeOf({ rows, columns }: Output): TerminalSize {
  return { rows: rows || 24, columns: columns || 80 }
}
