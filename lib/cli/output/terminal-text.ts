import { styleText } from 'node:util'
import type { Output, ProcessIo } from '../process-io.js'

/** The style of a span. */
export type Style = 'bold' | 'cyan' | 'dim' | 'green' | 'red' | 'yellow'

/** A part of a line: plain or styled text. The text may come from a server. */
export type Span = string | { readonly text: string; readonly style: Style }

/** A line of output before it is rendered. */
export type Line = readonly Span[]

/** Returns a span with a style. */
export function styled(text: string, style: Style): Span {
  return { text, style }
}

/** Options of {@link render}. */
export interface RenderOptions {
  readonly hasColors: boolean
  /** The width at which the line is truncated; by default unlimited. */
  readonly columns?: number | undefined
}

/** Renders a line without its line break, and escapes its text. All terminal output passes through this function. */
export function render(line: Line, { hasColors, columns = Infinity }: RenderOptions): string {
  let remaining = columns
  return line
    .map((span) => {
      const { text, style } = typeof span === 'string' ? { text: span, style: undefined } : span
      const visible = truncate(escapeHidden(text), remaining)
      remaining -= widthOf(visible)
      // `styleText` does not need to check the stream, because `hasColors` already decides.
      return hasColors && style && visible ? styleText(style, visible, { validateStream: false }) : visible
    })
    .join('')
}

/** Prints to one output. */
export interface Printer {
  readonly hasColors: boolean
  /** Writes lines. */
  print(...lines: readonly Line[]): void
  /** Writes a record as one line of JSON. */
  printJson(record: object): void
}

/** The printers of the program. */
export interface Printers {
  readonly stdout: Printer
  readonly stderr: Printer
}

/** Creates the printers for standard output and standard error. */
export function createPrinters({ stdout, stderr, env }: ProcessIo, noColor = false): Printers {
  return {
    stdout: createPrinter(stdout, supportsColors(stdout, env, noColor)),
    stderr: createPrinter(stderr, supportsColors(stderr, env, noColor)),
  }
}

/** Creates a printer for an output. */
export function createPrinter(output: Pick<Output, 'write'>, hasColors: boolean): Printer {
  return {
    hasColors,
    print: (...lines) => void output.write(lines.map((line) => `${render(line, { hasColors })}\n`).join('')),
    printJson: (record) => void output.write(`${jsonLine(record)}\n`),
  }
}

/** Returns whether an output supports colors and the user has not disabled colors. Source: https://no-color.org. */
export function supportsColors(output: Output, env: ProcessIo['env'], noColor: boolean): boolean {
  return !noColor && output.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'
}

/** Control characters, format characters such as direction overrides, and line breaks. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu
const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * Escapes hidden characters, such as `\u001b` or `\n`.
 *
 * A terminal would otherwise execute the escape sequences in a text from a server.
 */
export function escapeHidden(text: string): string {
  return text.replace(HIDDEN, (hidden) => SHORT_ESCAPES[hidden] ?? unicodeEscape(hidden))
}

/** Returns a value as one line of JSON, with hidden characters escaped. */
export function jsonLine(value: object): string {
  return escapeHidden(JSON.stringify(value))
}

function unicodeEscape(hidden: string): string {
  return hidden.replace(/[\s\S]/g, (codeUnit) => `\\u${codeUnit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Marks that use no column. Most terminals show a spacing mark (Mc) in a column of its own. */
const ZERO_WIDTH = /^[\p{Mn}\p{Me}]$/u
/** Characters of East Asian width W or F, and emoji. Source: https://www.unicode.org/reports/tr11. */
const DOUBLE_WIDTH =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}])$/u

/**
 * Returns the number of terminal columns of an escaped text.
 *
 * The package string-width takes ten times as long, because it segments graphemes. That is too long for ten frames each
 * second.
 */
export function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += characterWidth(character)
  return width
}

/** Truncates a text to a number of columns. A truncated text ends with `…`. */
export function truncate(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let prefix = ''
  // One column is for `…`.
  let remaining = columns - 1
  for (const character of text) {
    remaining -= characterWidth(character)
    if (remaining < 0) break
    prefix += character
  }
  return columns > 0 ? `${prefix}…` : ''
}

function characterWidth(character: string): number {
  return DOUBLE_WIDTH.test(character) ? 2 : ZERO_WIDTH.test(character) ? 0 : 1
}
