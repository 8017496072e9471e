import { styleText } from 'node:util'
import type { Output, ProcessIo } from '../process-io.js'

/** How a piece of a line may look. */
export type Style = 'bold' | 'cyan' | 'dim' | 'green' | 'red' | 'yellow'

/** A piece of a line; its text may come from anywhere. */
export interface Span {
  readonly text: string
  readonly style?: Style
}

/** A line for a person, before it is drawn. */
export type Line = readonly Span[]

/** How lines are drawn. */
export interface TextStyle {
  readonly colour: boolean
  /** Where the line is cut off; by default nowhere. */
  readonly columns?: number
}

/** A line of one piece. */
export function line(text: string, style?: Style): Line {
  return [{ text, ...(style && { style }) }]
}

/** Draws a line, without its end. All text on its way to a terminal comes through here, and is made visible. */
export function render(spans: Line, { colour, columns = Number.POSITIVE_INFINITY }: TextStyle): string {
  let left = columns
  return spans
    .map(({ text, style }) => {
      const shown = clipped(visible(text), left)
      left -= widthOf(shown)
      return colour && style && shown ? styleText(style, shown, { validateStream: false }) : shown
    })
    .join('')
}

/** Whether to colour what goes to an output. Source: https://no-color.org. */
export function isColoured(output: Output, env: ProcessIo['env'], refused: boolean): boolean {
  return !refused && output.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'
}

const ZERO = /^\p{M}$/u
/** Of East Asian width W or F, or drawn as a picture. Source: https://www.unicode.org/reports/tr11. */
const DOUBLE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}])$/u

/** How many columns of a terminal a text takes, once it is visible. */
export function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += widthOfOne(character)
  return width
}

/** As much of a text as fits into so many columns; where it was cut, the last of them is `…`. */
export function clipped(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let kept = ''
  let left = columns - 1
  for (const character of text) {
    left -= widthOfOne(character)
    if (left < 0) break
    kept += character
  }
  return columns > 0 ? `${kept}…` : ''
}

function widthOfOne(character: string): number {
  return DOUBLE.test(character) ? 2 : ZERO.test(character) ? 0 : 1
}

/** Controls, format characters such as those that turn the direction of text, and breaks of lines. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu
/** Those that JSON.stringify leaves as they are. */
const HIDDEN_IN_JSON = /[\x7f-\x9f\p{Cf}\u2028\u2029]/gu

/**
 * Text from elsewhere, made harmless to a terminal: an escape sequence or a line break in it is seen, not obeyed, as
 * `\u001b` or `\n`.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, (hidden) => SHORT[hidden] ?? escaped(hidden))
}

/** One line of JSON that is harmless to a terminal, and reads back as it was. */
export function jsonLine(value: object): string {
  return JSON.stringify(value).replace(HIDDEN_IN_JSON, escaped)
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escaped(hidden: string): string {
  return Array.from({ length: hidden.length }, (_, index) => {
    const unit = hidden.charCodeAt(index)
    return `\\u${unit.toString(16).padStart(4, '0')}`
  }).join('')
}
