import { type Bar, verdictOf } from './bar.ts'
import { formatNumber, table } from './table.ts'

/** The targets of an earlier complete run: the bars in bench.json, lag.json and distributed.json of that run. */
export interface Baseline {
  readonly date: string
  readonly machine: string
  /** A note about the figures. */
  readonly note?: string
  readonly bars: readonly Bar[]
}

/** How many percent larger a figure is if it is worse. Smaller changes may be noise. */
const WORSE = 5

/** Returns the figures that are worse than in the baseline, as Markdown. A larger figure of a target is worse. */
export function changesText({ machine, note, bars: earlier }: Baseline, bars: readonly Bar[]): string {
  const current = new Map(bars.map((bar) => [bar.what, bar]))
  const rows = earlier.flatMap(({ what, figure = Number.NaN }) => {
    const bar = current.get(what)
    const isWorse = bar?.figure !== undefined && bar.figure > figure * (1 + WORSE / 100)
    return isWorse ? [[what, figureText({ ...bar, figure }), figureText(bar), verdictOf(bar)]] : []
  })
  const removed = earlier.filter(({ what }) => !current.has(what))
  return [
    `The machine of the earlier run: ${machine}. A larger figure of a target is worse.`,
    rows.length === 0
      ? `No figure is more than ${WORSE} % larger.`
      : `These figures are more than ${WORSE} % larger:\n\n${table([['target', 'before', 'now', ''], ...rows])}`,
    removed.length === 0
      ? ''
      : `These targets are not measured any more:\n\n${removed.map((bar) => `- ${bar.what}: ${figureText(bar)}`).join('\n')}`,
    note ?? '',
  ]
    .filter(Boolean)
    .join('\n\n')
}

function figureText({ figure, unit }: Bar): string {
  return `${formatNumber(figure, unit === 'times' ? 3 : 0)} ${unit}`.trim()
}
