import { shown, table } from './table.ts'

/** A figure that was promised: it may be at most its limit. */
export interface Bar {
  readonly what: string
  readonly limit: number
  /** Absent where it was not measured. */
  readonly figure?: number | undefined
  readonly unit: string
}

export type Verdict = 'MET' | 'MISSED' | 'not measured'

/** What is to be said of a bar. */
export function verdictOf({ figure, limit }: Bar): Verdict {
  return figure === undefined || Number.isNaN(figure) ? 'not measured' : figure <= limit ? 'MET' : 'MISSED'
}

/** The bars as a table. */
export function tableOfBars(bars: readonly Bar[]): string {
  return table([
    ['bar', 'at most', 'measured', ''],
    ...bars.map((bar) => [
      bar.what,
      `${bar.limit.toLocaleString('en-US')} ${bar.unit}`,
      `${shown(bar.figure, bar.limit < 10 ? 3 : 0)} ${bar.unit}`,
      verdictOf(bar),
    ]),
  ])
}
