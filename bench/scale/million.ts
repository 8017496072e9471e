import type { Part, PartOptions } from '../part.ts'
import { formatNumber, table } from '../table.ts'
import { measureScale } from './measure.ts'

/** Measures a million names in one process. It is a separate part because it takes four minutes and about 2 GiB. */
export async function million({ quick, onProgress }: PartOptions): Promise<Part> {
  const [size, interval] = quick ? [20_000, 5_000] : [1_000_000, 60_000]
  const [scale] = await measureScale({ kinds: ['watchAll'], sizes: [size], interval }, (step) =>
    onProgress(`million: ${step}`),
  )
  if (scale?.steady === undefined) throw new Error('not measured')
  const { heap, resident, ramp, steady } = scale
  const seconds = interval / 1_000
  const pollsPerSecond = steady.polls / seconds
  const shareOfCore = (steady.micros * pollsPerSecond) / 1e6
  const rows = [
    ['heap, bytes per name', formatNumber(heap, 0)],
    ['resident memory, bytes per name', formatNumber(resident, 0)],
    ['time to the first snapshot of the last name, s', formatNumber(ramp / 1_000, 1)],
    ['polls a second', formatNumber(pollsPerSecond, 0)],
    ['batch requests a second', formatNumber(steady.batches / seconds, 0)],
    ['CPU time of the process, % of one core', formatNumber(100 * shareOfCore, 0)],
    ['CPU microseconds per poll', formatNumber(steady.micros, 0)],
    ['event loop delay, p99, ms', formatNumber(steady.delayP99, 0)],
    ['lateness, median, ms', formatNumber(steady.lateness.median, 0)],
    ['lateness, p99, ms', formatNumber(steady.lateness.p99, 0)],
  ]
  return {
    title: `${formatNumber(size, 0)} names in one process`,
    text: `This is the same measurement as "Many watches in one process", with one \`watchAll\` of ${formatNumber(size, 0)} names. For the first three rows, all
names start at the same time. The other rows are measured for ${seconds} s with \`constant({interval: ${interval}})\`. The server is another process on the same
machine, and uses another core.

${table([['', 'measured'], ...rows])}`,
    bars: [
      { what: `${formatNumber(size, 0)} names: heap per name`, limit: 2_000, figure: heap, unit: 'bytes' },
      {
        what: `${formatNumber(size, 0)} names: names without a poll in ${seconds} s`,
        limit: size / 100,
        figure: size - steady.names,
        unit: 'names',
      },
    ],
    record: { interval, ...scale, pollsPerSecond, shareOfCore },
  }
}
