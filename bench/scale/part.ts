import type { Bar } from '../bar.ts'
import type { Part, Running } from '../part.ts'
import { shown, table } from '../table.ts'
import { measureScale, type Scale } from './measure.ts'
import { measureShortage, type Shortage } from './short.ts'

const LARGEST = 100_000

/** What many watches hold, and how they keep time. */
export async function scale({ quick, tell }: Running): Promise<Part> {
  const options = quick
    ? { sizes: [500, 2_000], interval: 5_000 }
    : { sizes: [1_000, 10_000, LARGEST], interval: 60_000 }
  const scales = await measureScale(options, (what) => tell(`scale: ${what}`))
  const shortages: Shortage[] = []
  for (const batch of [false, true]) {
    tell(`scale: a budget that does not suffice, ${batch ? 'in batches' : 'singly'}`)
    shortages.push(await measureShortage({ names: 200, rate: 50, batch }, quick ? 13 : 30))
  }
  return {
    title: 'Many watches in one process',
    text: textOf(options.interval, scales, shortages),
    bars: barsOf(scales, shortages, quick),
    record: { interval: options.interval, scales, shortages },
  }
}

function barsOf(scales: readonly Scale[], shortages: readonly Shortage[], quick: boolean): readonly Bar[] {
  const of = (kind: Scale['kind']): Scale | undefined =>
    quick
      ? scales.findLast((scale) => scale.kind === kind)
      : scales.find((scale) => scale.kind === kind && scale.size === LARGEST)
  const bars = (['watch', 'watchAll'] as const).flatMap((kind): readonly Bar[] => {
    const found = of(kind)
    return [
      {
        what: `${kind}: heap of a name`,
        limit: kind === 'watch' ? 6_000 : 2_000,
        figure: found?.heap,
        unit: 'bytes',
      },
      { what: `${kind}: event-loop delay p99`, limit: 50, figure: found?.steady?.delayP99, unit: 'ms' },
      { what: `${kind}: lateness p99`, limit: 100, figure: found?.steady?.lateness.p99, unit: 'ms' },
    ]
  })
  return [
    ...bars,
    ...shortages.map(({ batch, times }) => ({
      what: `worst gap between polls of a name, ${batch ? 'in batches' : 'singly'}, to names / rate`,
      limit: 1.5,
      figure: times,
      unit: 'times',
    })),
  ]
}

function textOf(interval: number, scales: readonly Scale[], shortages: readonly Shortage[]): string {
  const seconds = interval / 1_000
  const memory = scales.map(({ size, kind, heap, resident, ramp }) => [
    shown(size, 0),
    kind,
    shown(heap, 0),
    shown(resident, 0),
    shown(ramp / 1_000, 2),
  ])
  const steady = scales.map(({ size, kind, steady }) => [
    shown(size, 0),
    kind,
    shown(steady?.delayP99, 1),
    shown(steady?.delayWorst, 1),
    shown(steady?.lateness.median, 1),
    shown(steady?.lateness.p99, 1),
    shown(steady?.lateness.worst, 1),
    shown(steady?.polls, 0),
    shown(steady?.batches, 0),
    shown(steady && 100 * steady.utilization, 1),
    shown(steady?.micros, 0),
  ])
  const short = shortages.map(({ names, rate, batch, seconds, polls, gapMedian, gapWorst, times }) => [
    shown(names, 0),
    `${rate} / s`,
    batch ? 'in batches' : 'singly',
    `${shown(polls, 0)} in ${seconds} s`,
    shown(gapMedian / 1_000, 2),
    shown(gapWorst / 1_000, 2),
    shown(times, 3),
  ])
  return `Batches on, no budget, no credentials, each size and kind in a process of its own. Bytes of a name are those since
before the first was started, each name holding one Running: of the heap after collections that were forced, and resident.
The names themselves, which belong to the caller, are not in it; the connections that are left over are. The ramp is from the start of
all at once to the first snapshot of the last.

${table([['names', 'by', 'heap, bytes a name', 'resident, bytes a name', 'ramp, s'], ...memory])}

The steady state is ${seconds} s of \`constant({interval: ${interval}})\`, after starts that were spread over ${seconds} s. The event loop's
delay is what \`monitorEventLoopDelay\` of Node says at a resolution of 10 ms, which is in it. Lateness is seen by the server: from when a
poll was due, ${seconds} s after the server had answered that name, until it came. So it has in it the way of the answer and of the poll,
the batch's window of up to 50 ms, and what the server itself is late. All in milliseconds.

${table([
  [
    'names',
    'by',
    'delay p99',
    'delay worst',
    'lateness median',
    'p99',
    'worst',
    'polls',
    'batches',
    'loop busy, %',
    'CPU microseconds a poll',
  ],
  ...steady,
])}

Under a budget that does not suffice each name would be polled a second after its answer; gaps are from one poll of a name to its next,
as the server sees them, in seconds and as many times as names / rate.

${table([['names', 'budget', '', 'polls', 'gap median', 'gap worst', 'times names / rate'], ...short])}`
}
