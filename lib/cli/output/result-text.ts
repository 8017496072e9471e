import type { Operation, OperationError } from '../../index.js'
import { formatStatus } from '../../messages/error-message.js'
import { type Emission, isFinal } from '../../polling/emission.js'
import { durationText } from '../duration.js'
import { formatDetails } from './detail-text.js'
import { progressText } from './progress-text.js'
import { type Line, type Span, type Style, styled } from './terminal-text.js'

/** An operation or an error. Only some of them have metadata and a response. */
type EmittedRecord = (OperationError | Operation<unknown, unknown>) & {
  readonly metadata?: unknown
  readonly response?: unknown
}

/** Returns the operation or error in an emission. With `--json`, the program prints this record. */
export function recordOf(emission: Emission): EmittedRecord {
  return emission._tag === 'Left' ? emission.left : emission.right
}

/** Returns the status of an operation in one or two words. */
export function statusLabel(emission: Emission): string {
  return LABELS[recordOf(emission)._tag]
}

const LABELS: Readonly<Record<(OperationError | Operation)['_tag'], string>> = {
  Running: 'running',
  Succeeded: 'succeeded',
  OperationFailed: 'failed',
  OperationNotFound: 'not found',
  RequestRejected: 'rejected',
  Unreachable: 'unreachable',
  TimedOut: 'timed out',
  MalformedResponse: 'malformed',
  CredentialsError: 'no credentials',
  InvalidName: 'invalid name',
  ClientClosed: 'closed',
}

/** Returns the style of the status. */
export function statusStyle(emission: Emission): Style {
  if (emission._tag === 'Left') return emission.left._tag === 'TimedOut' ? 'yellow' : 'red'
  return emission.right.done ? 'green' : 'cyan'
}

/** Returns the progress of a running operation or the message of an error; otherwise an empty text. */
export function summaryOf(emission: Emission): string {
  if (emission._tag === 'Right') return emission.right.done ? '' : progressText(emission.right.metadata)
  const error = emission.left
  return error._tag === 'OperationFailed' ? formatStatus(error.status) : error.message
}

/**
 * Returns an emission as one line: name, status, time and summary.
 *
 * For every error except `OperationFailed`, the line contains only the message of the error.
 */
export function statusLine(emission: Emission, time: Span = '', summary: string = summaryOf(emission)): Line {
  const style = statusStyle(emission)
  const isError = emission._tag === 'Left'
  if (isError && emission.left._tag !== 'OperationFailed') return [styled(summary, style)]
  const name = recordOf(emission).name || '(no name)'
  const head = [`${name}: `, styled(statusLabel(emission), style)]
  return isError ? [...head, time, `: ${summary}`] : [...head, summary && `, ${summary}`, time]
}

/**
 * Returns an emission and its details as lines. `watched` is the time since the start of the watch, and `duration` is the
 * duration of the operation, if it is known, in milliseconds.
 */
export function resultLines(emission: Emission, watched: number, duration?: number): readonly Line[] {
  const text = durationText(duration ?? watched)
  const isEnd = isFinal(emission) && duration !== undefined
  const time = styled(
    isEnd ? ` after ${text}` : ` (${duration === undefined ? 'watched for ' : ''}${text})`,
    'dim',
  )
  return [statusLine(emission, time), ...detailLines(emission)]
}

/** Returns the details of an error as indented lines. For a `CredentialsError`, returns the command to log in. */
export function detailLines(emission: Emission): readonly Line[] {
  return errorDetails(emission).map((text) => [styled(`    ${text}`, 'dim')])
}

/** Returns the response of an operation as lines; empty if there is none. */
export function responseLines(emission: Emission): readonly Line[] {
  return jsonBlock('response', recordOf(emission).response)
}

/** Returns a title and a value as lines of indented JSON; empty if the value is undefined. */
export function jsonBlock(title: string, value: unknown): readonly Line[] {
  if (value === undefined) return []
  const json = JSON.stringify(value, null, 2).split('\n')
  return [[styled(`  ${title}:`, 'bold')], ...json.map((text) => [`    ${text}`])]
}

function errorDetails(emission: Emission): readonly string[] {
  if (emission._tag === 'Right') return []
  const error = emission.left
  if (error._tag === 'CredentialsError') return ['to log in: gcloud auth application-default login']
  if ('status' in error) return formatDetails(error.status)
  return error._tag === 'Unreachable' && error.last._tag === 'HttpFailure'
    ? formatDetails(error.last.status)
    : []
}
