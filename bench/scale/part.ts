import type { Bar } from '../bar.ts'
import type { Part, PartOptions } from '../part.ts'
import { formatNumber, table } from '../table.ts'
import { measureScale, type Scale } from './measure.ts'
import { type Gaps, measureGaps } from './rate-limited.ts'

const LARGEST = 100_000
const KINDS = ['watch', 'watchAll'] as const

/** Measures memory and timing of many watches in one process. */
export async function scale({ quick, onProgress }: PartOptions): Promise<Part> {
  const options = quick
    ? { sizes: [500, 2_000], interval: 5_000 }
    : { sizes: [1_000, 10_000, LARGEST], interval: 60_000 }
  const scales = await measureScale({ kinds: KINDS, ...options }, (step) => onProgress(`scale: ${step}`))
  for (const { size, steady: { names = 0 } = {} } of scales)
    if (names < size * 0.99) throw new Error(`only ${names} of ${size} names were polled in time`)
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
  const bars = KINDS.flatMap((kind): readonly Bar[] => {
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
      what: `rate limit, ${requestsText(batch)} requests: worst gap / (names / rate limit)`,
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
  return `Batching is on. There is no rate limit, and no credential is sent. Each row is measured in its own process. Bytes per name are the growth of the
heap (after forced garbage collections) and of the resident memory. The first measurement is before the first watch starts, and the second after
each name has emitted one Running. The figures exclude the names themselves, which belong to the caller, and include open idle connections. All watches start at the same time. The
start-up time ends with the first snapshot of the last name.

${table([['names', 'function', 'heap, bytes per name', 'resident, bytes per name', 'start-up time, s'], ...memory])}

The next table is measured for ${seconds} s with \`constant({interval: ${interval}})\`, after starts that were spread over ${seconds} s. The delay is the delay of the event
loop, measured by \`monitorEventLoopDelay\` of Node.js. It includes the resolution of 10 ms. The lateness of a poll is the time from its due time to its
arrival at the server. The due time is ${seconds} s after the previous response for that name. So lateness includes both network paths, the batch window of
up to 50 ms, and delays of the server. Times are in milliseconds, unless the column names another unit.

${table([
  [
    'names',
    'function',
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

In the last test, the schedule polls each name one second after its response, but the rate limit permits fewer polls. The server measures the gaps
between the polls of each name. If all names are polled equally often, a gap is names / rate limit, here ${(gaps[0]?.names ?? 0) / (gaps[0]?.rate ?? 1)} s. Gaps are in seconds. The last column is the worst gap
divided by names / rate limit.

${table([
  ['names', 'rate limit', 'requests', 'polls', 'gap median', 'gap worst', 'worst gap / (names / rate limit)'],
  ...rateLimited,
])}`
}
