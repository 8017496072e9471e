import { formatNumber, table } from './table.ts'

/** A measured figure and its upper limit. */
export interface Bar {
  readonly what: string
  readonly limit: number
  /** Absent if it was not measured. */
  readonly figure?: number | undefined
  readonly unit: string
}

export type Verdict = 'MET' | 'MISSED' | 'not measured'

/** Returns whether the figure is within its limit. */
export function verdictOf({ figure, limit }: Bar): Verdict {
  return figure === undefined || Number.isNaN(figure) ? 'not measured' : figure <= limit ? 'MET' : 'MISSED'
}

/** Returns the figures and their limits as a Markdown table. */
export function tableOfBars(bars: readonly Bar[]): string {
  return table([
    ['target', 'at most', 'measured', ''],
    ...bars.map((bar) => [
      bar.what,
      `${bar.limit.toLocaleString('en-US')} ${bar.unit}`,
      `${formatNumber(bar.figure, bar.unit === 'times' ? 3 : 0)} ${bar.unit}`,
      verdictOf(bar),
    ]),
  ])
}
