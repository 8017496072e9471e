import { durationText } from './duration.js'
import { type Line, line, type Span } from './line.js'
import { styleOf } from './told-lines.js'
import { type CliEmission, isFinalResult, statusLabel, summaryOf } from './word.js'

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
