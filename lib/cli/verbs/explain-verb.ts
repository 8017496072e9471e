import { constant, type Explanation, explain, exponential, lagBounded, type Schedule } from '../../index.js'
import { readArguments, UsageError } from '../arguments.js'
import { parseDuration } from '../duration.js'
import { jsonLine } from '../output/terminal-text.js'
import type { ProcessIo } from '../process-io.js'

export const help: string = `\
lro explain DURATION  show the polls that a schedule would make for an operation of that duration

  --schedule NAME         lag-bounded (by default), exponential or constant
  --json                  print it as one line of JSON, in milliseconds

  lag-bounded: each wait is a share of the time that has passed
    --ratio 0.25            the share
    --min 750ms --max 20s   the shortest and the longest wait
  exponential: each wait is longer than the one before
    --initial 1s            the first wait
    --multiplier 1.5        how much longer
    --max 20s               the longest wait
  constant: all waits are the same
    --interval 5s           the wait

Example:
  lro explain 90s --ratio 0.1
`

const OPTIONS = {
  ratio: { type: 'string' },
  min: { type: 'string' },
  max: { type: 'string' },
  initial: { type: 'string' },
  multiplier: { type: 'string' },
  interval: { type: 'string' },
} as const

type Option = keyof typeof OPTIONS
type Given = Readonly<Partial<Record<Option, string | undefined>>>

export async function run(argv: readonly string[], { stdout }: ProcessIo): Promise<number> {
  const { values, positionals } = readArguments(argv, {
    ...OPTIONS,
    schedule: { type: 'string' },
    json: { type: 'boolean' },
  })
  const [given, ...more] = positionals
  if (given === undefined || more.length > 0)
    throw new UsageError(`give one DURATION, got ${positionals.length}`)
  const duration = parseDuration('DURATION', given)
  const { schedule: name = 'lag-bounded', json = false, ...options } = values
  const schedule = scheduleOf(name, options)
  const polls = explained(schedule, duration)
  const { label = name } = schedule
  stdout.write(
    json ? `${jsonLine({ schedule: label, duration, ...polls })}\n` : pollTable(label, duration, polls),
  )
  return 0
}

function scheduleOf(name: string, given: Given): Schedule {
  switch (name) {
    case 'lag-bounded':
      allow(name, given, ['ratio', 'min', 'max'])
      return lagBounded({
        ...(given.ratio !== undefined && { ratio: number('--ratio', given.ratio) }),
        ...(given.min !== undefined && { min: parseDuration('--min', given.min) }),
        ...(given.max !== undefined && { max: parseDuration('--max', given.max) }),
      })
    case 'exponential':
      allow(name, given, ['initial', 'multiplier', 'max'])
      return exponential({
        initial: parseDuration('--initial', given.initial ?? '1s'),
        multiplier: number('--multiplier', given.multiplier ?? '1.5'),
        max: parseDuration('--max', given.max ?? '20s'),
      })
    case 'constant':
      allow(name, given, ['interval'])
      return constant({ interval: parseDuration('--interval', given.interval ?? '5s') })
    default:
      throw new UsageError(
        `--schedule must be lag-bounded, exponential or constant, got ${JSON.stringify(name)}`,
      )
  }
}

function allow(schedule: string, given: Given, allowed: readonly Option[]): void {
  const other = Object.keys(given).find((option) => !allowed.some((one) => one === option))
  if (other !== undefined) throw new UsageError(`--${other} is no option of the schedule ${schedule}`)
}

function number(option: string, given: string): number {
  if (/^\d+(\.\d+)?$/.test(given)) return Number(given)
  throw new UsageError(`${option} must be a number such as 0.25, got ${JSON.stringify(given)}`)
}

function explained(schedule: Schedule, duration: number): Explanation {
  try {
    return explain(schedule, duration)
  } catch (thrown) {
    // What it refuses by another error than InvalidOption is that there are too many polls to count.
    throw thrown instanceof RangeError && thrown.name === 'RangeError'
      ? new UsageError(thrown.message)
      : thrown
  }
}

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
