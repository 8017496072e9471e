import { isFinal } from '../../polling/emission.js'
import type { OutputArguments } from '../arguments.js'
import type { Display } from '../follow-names.js'
import type { ProcessIo } from '../process-io.js'
import { liveDisplay } from './live-display.js'
import { operationDuration } from './operation-duration.js'
import { recordOf, responseLines, resultLines, statusLabel, summaryOf } from './result-text.js'
import { createPrinters, type Printers } from './terminal-text.js'

/** Returns the display for the output options: JSON, live rows (only on a terminal) or lines. */
export function displayFor(io: ProcessIo, values: OutputArguments): Display {
  const printers = createPrinters(io, values['no-color'])
  if (values.json) return jsonDisplay(printers, values)
  const isLive = io.stdout.isTTY === true && io.env.TERM !== 'dumb' && !values.quiet
  return isLive ? liveDisplay(io.stdout, printers) : linesDisplay(printers, values)
}

/** Returns a display that prints the record of each emission as a line of JSON. */
export function jsonDisplay({ stdout, stderr }: Printers, { quiet }: OutputArguments): Display {
  return {
    showEmission: (_, emission) => {
      if (!quiet || isFinal(emission)) stdout.printJson(recordOf(emission))
    },
    showNote: (line) => quiet || stderr.print(line),
  }
}

/** Returns a display that prints a line when the status or the progress of an operation changes. */
export function linesDisplay(
  { stdout, stderr }: Printers,
  { quiet }: OutputArguments,
  now: () => number = () => performance.now(),
): Display {
  const watches = new Map<string, { readonly startedAt: number; lastText?: string }>()
  return {
    begin: (name) => void watches.set(name, { startedAt: now() }),
    showEmission: (name, emission) => {
      const watch = watches.get(name) ?? { startedAt: now() }
      const text = `${statusLabel(emission)} ${summaryOf(emission)}`
      if (isFinal(emission) || (!quiet && text !== watch.lastText)) {
        const duration = operationDuration(emission, Date.now())
        const lines = resultLines(emission, now() - watch.startedAt, duration)
        stdout.print(...lines, ...(quiet ? [] : responseLines(emission)))
      }
      watch.lastText = text
      // A watch of many names would otherwise keep an entry for each finished operation.
      if (isFinal(emission)) watches.delete(name)
    },
    showNote: (line) => quiet || stderr.print(line),
  }
}
