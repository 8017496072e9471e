import type { OperationError } from '../index.js'
import type { Emission } from '../polling/emission.js'
import type { StopReason } from './process-io.js'

/** The exit code for invalid usage. */
export const USAGE = 2
/** The exit code for an operation that still runs after the timeout. */
export const TIMEOUT = 124
/** The exit code for an internal error of the program. */
export const DEFECT = 70

const SIGNAL_CODES: Readonly<Partial<Record<StopReason, number>>> = { SIGINT: 130, SIGTERM: 143 }
/**
 * The first of these codes that applies is the exit code. 1 means that an operation failed, and 3 that the
 * state of an operation is unknown.
 */
const PRECEDENCE = [USAGE, 1, 3, TIMEOUT]
const ERROR_CODES: Readonly<Partial<Record<OperationError['_tag'], number>>> = {
  OperationFailed: 1,
  InvalidName: USAGE,
  TimedOut: TIMEOUT,
}

/** The results of a run that determine the exit code. */
export interface RunResult {
  readonly results?: Iterable<Emission>
  /** The number of operations without a result. */
  readonly unfinished?: number
  readonly stop?: StopReason | undefined
  /** Whether a request was rejected because the service does not have the method. */
  readonly isUnsupported?: boolean
}

/** Returns the exit code of a run. */
export function exitCode({ results = [], unfinished = 0, stop, isUnsupported = false }: RunResult): number {
  const signalCode = stop && SIGNAL_CODES[stop]
  if (signalCode !== undefined) return signalCode
  const codes = new Set(isUnsupported ? [USAGE] : [])
  if (unfinished > 0) codes.add(3)
  for (const result of results) if (result._tag === 'Left') codes.add(ERROR_CODES[result.left._tag] ?? 3)
  return PRECEDENCE.find((code) => codes.has(code)) ?? 0
}
