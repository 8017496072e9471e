import type { Explanation } from '../index.js'

const HEAD = 20
const TAIL = 5

/** The polls of a schedule as a table, its middle left out where it is long. */
export function pollTable(label: string, duration: number, { pollsAt, lag, worstLag }: Explanation): string {
  const rows = pollsAt.map((at, index) => {
    const wait = index === 0 ? '' : seconds(at - (pollsAt[index - 1] ?? 0))
    return columns(String(index + 1), seconds(at), wait)
  })
  const hidden = rows.length - HEAD - TAIL
  const shown = hidden > 1 ? [...rows.slice(0, HEAD), `   … ${hidden} more`, ...rows.slice(-TAIL)] : rows
  const count = pollsAt.length === 1 ? '1 poll' : `${pollsAt.length} polls`
  return [
    `${label}, for an operation of ${seconds(duration)}`,
    '',
    columns('poll', 'at', 'after'),
    ...shown,
    '',
    `${count}; its end is noticed ${seconds(lag)} late, at worst ${seconds(worstLag)}`,
    '',
  ].join('\n')
}

function columns(poll: string, at: string, wait: string): string {
  return `${poll.padStart(6)}${at.padStart(14)}${wait.padStart(14)}`.trimEnd()
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}
