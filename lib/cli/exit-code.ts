import type { OperationError } from '../index.js'
import type { Emission } from '../polling/emission.js'
import type { StopReason } from './stop-reasons.js'

/** The exit code for an operation that failed. */
const FAILED = 1
/** The exit code for invalid usage. */
export const USAGE = 2
/** The exit code for an operation whose outcome is unknown. */
const UNKNOWN = 3
/** The exit code for an operation that still runs after the timeout. */
export const TIMEOUT = 124
/** The exit code for an internal error of the program. */
export const DEFECT = 70

const SIGNAL_CODES: Readonly<Partial<Record<StopReason, number>>> = { SIGINT: 130, SIGTERM: 143 }
/** The first of these codes that applies is the exit code. */
const PRECEDENCE = [USAGE, FAILED, UNKNOWN, TIMEOUT]
const ERROR_CODES: Readonly<Partial<Record<OperationError['_tag'], number>>> = {
  OperationFailed: FAILED,
  InvalidName: USAGE,
  TimedOut: TIMEOUT,
}

/** The facts about a run that determine the exit code. */
export interface RunResult {
  readonly results?: Iterable<Emission>
  /** The number of operations without a final result. */
  readonly unfinished?: number
  /** The reason why the program stopped early, if it did. */
  readonly stop?: StopReason | undefined
  /** Whether a request was rejected because the service does not have the method. */
  readonly isMethodMissing?: boolean
}

/** Returns the exit code of a run. */
export function exitCode({ results = [], unfinished = 0, stop, isMethodMissing }: RunResult): number {
  const signalCode = stop && SIGNAL_CODES[stop]
  if (signalCode !== undefined) return signalCode
  const codes = new Set(isMethodMissing ? [USAGE] : [])
  if (unfinished > 0) codes.add(UNKNOWN)
  for (const result of results)
    if (result._tag === 'Left') codes.add(ERROR_CODES[result.left._tag] ?? UNKNOWN)
  return PRECEDENCE.find((code) => codes.has(code)) ?? 0
}
