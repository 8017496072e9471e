import type { Display } from './display.js'
import { jsonDisplay } from './json-display.js'
import { isColoured } from './line.js'
import { linesDisplay } from './lines-display.js'
import { liveDisplay } from './live-display.js'
import type { ProcessIo } from './surroundings.js'

/** What was given of `OUTPUT_ARGUMENTS`. */
export interface OutputArguments {
  readonly json?: boolean | undefined
  readonly quiet?: boolean | undefined
  readonly 'no-color'?: boolean | undefined
}

/** The display that was asked for: JSON, a live one on a terminal, or lines. */
export function displayFor(around: ProcessIo, given: OutputArguments): Display {
  const { json = false, quiet = false, 'no-color': noColor = false } = given
  const pens = {
    stdout: { colour: isColoured(around.stdout, around.env, noColor) },
    stderr: { colour: isColoured(around.stderr, around.env, noColor) },
  }
  if (json) return jsonDisplay(around, { quiet, pen: pens.stderr })
  const isLive = around.stdout.isTTY === true && around.env.TERM !== 'dumb' && !quiet
  return isLive ? liveDisplay(around, pens) : linesDisplay(around, { quiet, pens })
}
