import {
  balanced,
  constant,
  type Explanation,
  explain,
  exponential,
  lagBounded,
  type Schedule,
} from '../../index.js'
import { invalidText } from '../arguments.js'
import { parseDuration } from '../duration.js'
import { UsageError } from '../usage-error.js'
import { defineVerb, type Verb } from '../verb.js'

const HELP = `\
lro explain DURATION  show the polls of a schedule for an operation of that duration

  --schedule NAME         balanced (by default), lag-bounded, exponential or constant
  --json                  print one line of JSON, in milliseconds

  balanced: each wait grows with the square root of the elapsed time
    --factor 1.3            the factor of the square root, for times in seconds
    --min 750ms --max 20s   the minimum and the maximum wait
  lag-bounded: each wait is a share of the elapsed time
    --ratio 0.25            the share
    --min 750ms --max 20s   the minimum and the maximum wait
  exponential: each wait is longer than the previous wait
    --initial 1s            the first wait
    --multiplier 1.5        the factor
    --max 20s               the maximum wait
  constant: all waits are equal
    --interval 5s           the wait

The lag is the time from the end of the operation to the poll that detects it.

Example:
  lro explain 90s --schedule lag-bounded --ratio 0.1
`

/** The schedules, and the options of each with their defaults. A default with a unit is a duration. */
const SCHEDULES = {
  balanced: { create: balanced, defaults: { factor: '1.3', min: '750ms', max: '20s' } },
  'lag-bounded': { create: lagBounded, defaults: { ratio: '0.25', min: '750ms', max: '20s' } },
  exponential: { create: exponential, defaults: { initial: '1s', multiplier: '1.5', max: '20s' } },
  constant: { create: constant, defaults: { interval: '5s' } },
}

const SCHEDULE_OPTIONS: Readonly<Record<string, { readonly type: 'string' }>> = Object.fromEntries(
  Object.values(SCHEDULES).flatMap(({ defaults }) =>
    Object.keys(defaults).map((name) => [name, { type: 'string' }]),
  ),
)

export const verb: Verb = defineVerb({
  help: HELP,
  options: { ...SCHEDULE_OPTIONS, schedule: { type: 'string' }, json: { type: 'boolean' } },
  operand: 'DURATION',
  run: async ({ values, operand, io, stdout }) => {
    const duration = parseDuration('DURATION', operand)
    const { schedule: name = 'balanced', json = false, ...options } = values
    const schedule = createSchedule(name, options)
    const explanation = explainSchedule(schedule, duration)
    const { label = name } = schedule
    if (json) stdout.printJson({ schedule: label, duration, ...explanation })
    else io.stdout.write(pollTable(label, duration, explanation))
    return 0
  },
})

function createSchedule(name: string, options: Readonly<Record<string, string>>): Schedule {
  if (!Object.hasOwn(SCHEDULES, name))
    throw invalidText('--schedule', 'balanced, lag-bounded, exponential or constant', name)
  const { create, defaults } = SCHEDULES[name as keyof typeof SCHEDULES]
  const texts: Readonly<Record<string, string>> = { ...defaults, ...options }
  const values = Object.entries(texts).map(([option, text]) => {
    const byDefault = Object(defaults)[option]
    if (byDefault === undefined) throw new UsageError(`--${option} is not an option of the schedule ${name}`)
    return [option, (/[a-z]/.test(byDefault) ? parseDuration : parseNumber)(`--${option}`, text)]
  })
  return (create as (options: object) => Schedule)(Object.fromEntries(values))
}

function parseNumber(option: string, text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text)
  throw invalidText(option, 'a number such as 0.25', text)
}

function explainSchedule(schedule: Schedule, duration: number): Explanation {
  try {
    return explain(schedule, duration)
  } catch (thrown) {
    // If there are too many polls, the library throws a RangeError, but not its subclass InvalidOption.
    throw thrown instanceof RangeError && thrown.name === 'RangeError'
      ? new UsageError(thrown.message)
      : thrown
  }
}

/** The numbers of rows that a long table has before and after the omitted rows. */
const HEAD_ROWS = 20
const TAIL_ROWS = 5

/** Formats the polls of a schedule as a table. Omits the middle of a long table. */
function pollTable(label: string, duration: number, { pollsAt, lag, worstLag }: Explanation): string {
  const rows = pollsAt.map((at, index) => {
    const wait = index === 0 ? '' : formatSeconds(at - (pollsAt[index - 1] ?? 0))
    return tableRow(String(index + 1), formatSeconds(at), wait)
  })
  const hidden = rows.length - HEAD_ROWS - TAIL_ROWS
  // The line that counts the omitted rows would save no space if only one row were omitted.
  const shown =
    hidden > 1 ? [...rows.slice(0, HEAD_ROWS), `   … ${hidden} more`, ...rows.slice(-TAIL_ROWS)] : rows
  const count = pollsAt.length === 1 ? '1 poll' : `${pollsAt.length} polls`
  return [
    `${label}, for an operation of ${formatSeconds(duration)}`,
    '',
    tableRow('poll', 'at', 'wait'),
    ...shown,
    '',
    `${count}; lag ${formatSeconds(lag)}, worst lag ${formatSeconds(worstLag)}`,
    '',
  ].join('\n')
}

function tableRow(poll: string, at: string, wait: string): string {
  return `${poll.padStart(6)}${at.padStart(14)}${wait.padStart(14)}`.trimEnd()
}

function formatSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}
