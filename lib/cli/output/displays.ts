import { type Emission, isFinal } from '../../polling/emission.js'
import type { OutputArguments } from '../arguments.js'
import type { Display } from '../follow-names.js'
import type { ProcessIo } from '../process-io.js'
import { liveDisplay } from './live-display.js'
import { operationDuration } from './operation-duration.js'
import { recordOf, responseLines, resultLines, statusLabel, summaryOf } from './result-text.js'
import { createPrinters, type Printers } from './terminal-text.js'

/** Returns the display for the output options: JSON, live rows (only on a terminal) or lines. */
export function displayFor(io: ProcessIo, values: OutputArguments): Display {
  const { json = false, quiet = false, 'no-color': noColor } = values
  const printers = createPrinters(io, noColor)
  if (json) return jsonDisplay(printers, { quiet })
  const isLive = io.stdout.isTTY === true && io.env.TERM !== 'dumb' && !quiet
  return isLive ? liveDisplay(io.stdout, printers) : linesDisplay(printers, { quiet })
}

/** Options of {@link jsonDisplay} and {@link linesDisplay}. */
export interface StreamDisplayOptions {
  /** Whether to print only final results. */
  readonly quiet: boolean
  /** Returns the current time in milliseconds. */
  readonly now?: () => number
}

/** Returns a display that prints the record of each emission as a line of JSON. */
export function jsonDisplay(printers: Printers, { quiet }: StreamDisplayOptions): Display {
  return streamDisplay(printers, (_, emission) => {
    if (!quiet || isFinal(emission)) printers.stdout.printJson(recordOf(emission))
  })
}

/** Returns a display that prints a line when the status or the progress of an operation changes. */
export function linesDisplay(
  printers: Printers,
  { quiet, now = () => performance.now() }: StreamDisplayOptions,
): Display {
  const startTimes = new Map<string, number>()
  const lastTexts = new Map<string, string>()
  const showEmission = (name: string, emission: Emission): void => {
    const text = `${statusLabel(emission)} ${summaryOf(emission)}`
    const isPrinted = isFinal(emission) || (!quiet && text !== lastTexts.get(name))
    lastTexts.set(name, text)
    if (isPrinted) {
      const watched = now() - (startTimes.get(name) ?? now())
      const lines = resultLines(emission, watched, operationDuration(emission, Date.now()))
      printers.stdout.print(
        ...(quiet ? lines.slice(0, lines.length - responseLines(emission).length) : lines),
      )
    }
    // A watch of many names would otherwise keep an entry for each finished operation.
    if (isFinal(emission)) for (const map of [startTimes, lastTexts]) map.delete(name)
  }
  return { ...streamDisplay(printers, showEmission), begin: (name) => void startTimes.set(name, now()) }
}

/** Returns a display that prints emissions and notes, and ignores polls. */
function streamDisplay({ stderr }: Printers, showEmission: Display['showEmission']): Display {
  return {
    begin: () => undefined,
    showPollStart: () => undefined,
    showPoll: () => undefined,
    showEmission,
    showNote: (line) => stderr.print(line),
    end: () => undefined,
  }
}
