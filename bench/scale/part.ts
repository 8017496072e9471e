import type { Bar } from '../bar.ts'
import type { Part, PartOptions } from '../part.ts'
import { formatNumber, table } from '../table.ts'
import { measureScale, type Scale } from './measure.ts'
import { type Gaps, measureGaps } from './rate-limited.ts'

const LARGEST = 100_000

/** Measures memory and timing of many watches in one process. */
export async function scale({ quick, onProgress }: PartOptions): Promise<Part> {
  const options = quick
    ? { sizes: [500, 2_000], interval: 5_000 }
    : { sizes: [1_000, 10_000, LARGEST], interval: 60_000 }
  const scales = await measureScale(options, (step) => onProgress(`scale: ${step}`))
  const gaps: Gaps[] = []
  for (const batch of [false, true]) {
    onProgress(`scale: a rate limit that is too low, ${requestsText(batch)}`)
    gaps.push(await measureGaps({ names: 200, rate: 50, batch }, quick ? 13 : 30))
  }
  return {
    title: 'Many watches in one process',
    text: textOf(options.interval, scales, gaps),
    bars: barsOf(scales, gaps, quick),
    record: { interval: options.interval, scales, shortages: gaps },
  }
}

function requestsText(batch: boolean): string {
  return batch ? 'batched' : 'single'
}

function barsOf(scales: readonly Scale[], gaps: readonly Gaps[], quick: boolean): readonly Bar[] {
  const largest = (kind: Scale['kind']): Scale | undefined =>
    quick
      ? scales.findLast((scale) => scale.kind === kind)
      : scales.find((scale) => scale.kind === kind && scale.size === LARGEST)
  const bars = (['watch', 'watchAll'] as const).flatMap((kind): readonly Bar[] => {
    const scale = largest(kind)
    return [
      {
        what: `${kind}: heap per name`,
        limit: kind === 'watch' ? 6_000 : 2_000,
        figure: scale?.heap,
        unit: 'bytes',
      },
      { what: `${kind}: event loop delay p99`, limit: 50, figure: scale?.steady?.delayP99, unit: 'ms' },
      { what: `${kind}: lateness p99`, limit: 100, figure: scale?.steady?.lateness.p99, unit: 'ms' },
    ]
  })
  return [
    ...bars,
    ...gaps.map(({ batch, times }) => ({
      what: `worst gap between polls of a name, ${requestsText(batch)}: multiple of names / rate`,
      limit: 1.5,
      figure: times,
      unit: 'times',
    })),
  ]
}

function textOf(interval: number, scales: readonly Scale[], gaps: readonly Gaps[]): string {
  const seconds = interval / 1_000
  const memory = scales.map(({ size, kind, heap, resident, ramp }) => [
    formatNumber(size, 0),
    kind,
    formatNumber(heap, 0),
    formatNumber(resident, 0),
    formatNumber(ramp / 1_000, 2),
  ])
  const steady = scales.map(({ size, kind, steady }) => [
    formatNumber(size, 0),
    kind,
    formatNumber(steady?.delayP99, 1),
    formatNumber(steady?.delayWorst, 1),
    formatNumber(steady?.lateness.median, 1),
    formatNumber(steady?.lateness.p99, 1),
    formatNumber(steady?.lateness.worst, 1),
    formatNumber(steady?.polls, 0),
    formatNumber(steady?.batches, 0),
    formatNumber(steady && 100 * steady.utilization, 1),
    formatNumber(steady?.micros, 0),
  ])
  const rateLimited = gaps.map(({ names, rate, batch, seconds, polls, gapMedian, gapWorst, times }) => [
    formatNumber(names, 0),
    `${rate} / s`,
    requestsText(batch),
    `${formatNumber(polls, 0)} in ${seconds} s`,
    formatNumber(gapMedian / 1_000, 2),
    formatNumber(gapWorst / 1_000, 2),
    formatNumber(times, 3),
  ])
  return `Batching is on, and there is no rate limit and no credential. Each size and kind runs in its own process. Bytes per name are measured from
before the first start until each name has one Running: the heap after forced garbage collections, and the resident memory. The figures
exclude the names themselves, which belong to the caller. They include open idle connections. The ramp is the time from the start of all
names at once to the first snapshot of the last name.

${table([['names', 'by', 'heap, bytes per name', 'resident, bytes per name', 'ramp, s'], ...memory])}

The steady state is ${seconds} s of \`constant({interval: ${interval}})\`, after starts that were spread over ${seconds} s. The delay of the event loop is measured by
\`monitorEventLoopDelay\` of Node.js, and includes its resolution of 10 ms. The server measures lateness: from the due time of a poll, which is ${seconds} s
after the previous response for that name, to its arrival. It includes both network paths, the batch window of up to 50 ms, and delays of the
server. All values are in milliseconds.

${table([
  [
    'names',
    'by',
    'delay p99',
    'delay worst',
    'lateness median',
    'lateness p99',
    'lateness worst',
    'polls',
    'batches',
    'loop utilization, %',
    'CPU microseconds per poll',
  ],
  ...steady,
])}

In this test the schedule polls each name one second after its response, and the rate limit is too low for that. The server measures the gap
between two polls of a name, in seconds and as a multiple of names / rate.

${table([
  ['names', 'rate limit', 'requests', 'polls', 'gap median', 'gap worst', 'multiple of names / rate'],
  ...rateLimited,
])}`
}
