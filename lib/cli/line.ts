import { styleText } from 'node:util'
import type { Output, ProcessIo } from './surroundings.js'
import { visible } from './visible.js'
import { clipped, widthOf } from './width.js'

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
