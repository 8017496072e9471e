import type { OperationError } from '../index.js'
import type { CliEmission } from './output/result-text.js'
import type { StopReason } from './process-io.js'

/** The command was used wrongly. */
export const USAGE = 2
/** Time is up, and the operation still runs. */
export const TIME_IS_UP = 124
/** There is a bug in this program. */
export const BUG = 70

const SIGNALS: Readonly<Partial<Record<StopReason, number>>> = { SIGINT: 130, SIGTERM: 143 }
/** The first that is among several codes stands for all. */
const ORDER = [USAGE, 1, 3, TIME_IS_UP]

/** What a watch ended with. */
export interface Ended {
  readonly last: Iterable<CliEmission>
  /** How many were still watched. */
  readonly unfinished?: number
  readonly stop?: StopReason
  /** Something was asked for that the service does not have. */
  readonly misused?: boolean
}

/** The exit code of a program that watched. */
export function exitCode({ last, unfinished = 0, stop, misused = false }: Ended): number {
  const signalled = stop && SIGNALS[stop]
  if (signalled !== undefined) return signalled
  const codes = new Set(misused ? [USAGE] : [])
  if (unfinished > 0) codes.add(3)
  for (const word of last) if (word._tag === 'Left') codes.add(codeOf(word.left))
  return ORDER.find((code) => codes.has(code)) ?? 0
}

function codeOf({ _tag }: OperationError): number {
  switch (_tag) {
    case 'OperationFailed':
      return 1
    case 'InvalidName':
      return USAGE
    case 'TimedOut':
      return TIME_IS_UP
    default:
      return 3
  }
}
