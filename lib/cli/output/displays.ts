import { type Emission, isFinal } from '../../polling/emission.js'
import type { OutputArguments } from '../arguments.js'
import type { Display } from '../follow-names.js'
import type { ProcessIo } from '../process-io.js'
import { liveDisplay } from './live-display.js'
import { recordOf, resultLines, statusLabel, summaryOf } from './result-text.js'
import { createPrinters, type Printers } from './terminal-text.js'

/** Returns the display for the output options: JSON, live on a terminal, or lines. */
export function displayFor(io: ProcessIo, values: OutputArguments): Display {
  const { json = false, quiet = false, 'no-color': hasNoColor } = values
  const printers = createPrinters(io, hasNoColor)
  if (json) return jsonDisplay(printers, { quiet })
  const isLive = io.stdout.isTTY === true && io.env.TERM !== 'dumb' && !quiet
  return isLive ? liveDisplay(io.stdout, printers) : linesDisplay(printers, { quiet })
}

/** Options of a display that prints lines. */
export interface LinesOptions {
  /** Print only final results. */
  readonly quiet: boolean
  /** The clock in milliseconds. */
  readonly now?: () => number
}

/** Prints the record of each emission as a line of JSON. */
export function jsonDisplay(printers: Printers, { quiet }: LinesOptions): Display {
  return streamDisplay(printers, (_, emission) => {
    if (!quiet || isFinal(emission)) printers.stdout.printJson(recordOf(emission))
  })
}

/** Prints a line when the status or the progress of an operation changes. */
export function linesDisplay(
  printers: Printers,
  { quiet, now = () => performance.now() }: LinesOptions,
): Display {
  const started = new Map<string, number>()
  const printed = new Map<string, string>()
  const showEmission = (name: string, emission: Emission): void => {
    const text = `${statusLabel(emission)} ${summaryOf(emission)}`
    const isNews = isFinal(emission) || (!quiet && text !== printed.get(name))
    printed.set(name, text)
    if (isNews) printers.stdout.print(...resultLines(emission, now() - (started.get(name) ?? now())))
    if (isFinal(emission)) for (const map of [started, printed]) map.delete(name)
  }
  return { ...streamDisplay(printers, showEmission), begin: (name) => void started.set(name, now()) }
}

function streamDisplay({ stderr }: Printers, showEmission: Display['showEmission']): Display {
  return {
    begin: () => undefined,
    showPoll: () => undefined,
    showEmission,
    showNote: (line) => stderr.print(line),
    end: () => undefined,
  }
}
