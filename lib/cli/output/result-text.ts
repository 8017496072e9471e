import type { Either } from 'fp-ts/lib/Either.js'
import type { Operation, OperationError, OperationVerb, Service, Status } from '../../index.js'
import { durationText } from '../duration.js'
import { formatDetails } from './detail-text.js'
import { progressText } from './progress-text.js'
import { type Line, line, type Style } from './terminal-text.js'

/** What a watch says of an operation. */
export type CliEmission = Either<OperationError, Operation>

/** The record in a word, as `--json` prints it. */
export function recordOf(word: CliEmission): OperationError | Operation {
  return word._tag === 'Left' ? word.left : word.right
}

/** Whether nothing follows. */
export function isFinalResult(word: CliEmission): boolean {
  return recordOf(word)._tag !== 'Running'
}

/** The state of an operation in two words at most. */
export function statusLabel(word: CliEmission): string {
  return LABELS[recordOf(word)._tag]
}

const LABELS: Readonly<Record<(OperationError | Operation)['_tag'], string>> = {
  Running: 'running',
  Succeeded: 'succeeded',
  OperationFailed: 'failed',
  OperationNotFound: 'not found',
  RequestRejected: 'refused',
  Unreachable: 'unreachable',
  TimedOut: 'timed out',
  MalformedResponse: 'unreadable',
  CredentialsError: 'unauthorized',
  InvalidName: 'invalid name',
  ClientClosed: 'closed',
}

/** What there is to say beside the name and the state: progress, or how it failed; empty where there is nothing. */
export function summaryOf(word: CliEmission): string {
  if (word._tag === 'Right') return word.right.done ? '' : progressText(word.right.metadata)
  const error = word.left
  return error._tag === 'OperationFailed' ? statusText(error.status) : error.message
}

/** What belongs under the last word: the details of an error, and what to do about it. */
export function explanationOf(word: CliEmission): readonly string[] {
  if (word._tag === 'Right') return []
  const error = word.left
  if (error._tag === 'CredentialsError') return ['to get some: gcloud auth application-default login']
  if ('status' in error) return formatDetails(error.status)
  return error._tag === 'Unreachable' && error.last._tag === 'HttpFailure'
    ? formatDetails(error.last.status)
    : []
}

function statusText({ code, codeName, message }: Status): string {
  const name = codeName === 'UNKNOWN' && code !== 2 ? `code ${code}` : codeName
  return message ? `${name}: ${message}` : name
}

/** A word as lines of their own, of which the first names the operation; `took` is in milliseconds. */
export function resultLines(word: CliEmission, took: number): readonly Line[] {
  return [headOf(word, took), ...detailLines(word)]
}

/** What stands under a last word. */
export function detailLines(word: CliEmission): readonly Line[] {
  return explanationOf(word).map((text) => line(`    ${text}`, 'dim'))
}

/** The colour of a state. */
export function styleOf(word: CliEmission): Style {
  if (word._tag === 'Left') return word.left._tag === 'TimedOut' ? 'yellow' : 'red'
  return word.right.done ? 'green' : 'cyan'
}

function headOf(word: CliEmission, took: number): Line {
  const remark = summaryOf(word)
  const label = { text: statusLabel(word), style: styleOf(word) }
  if (word._tag === 'Right') {
    const time = isFinalResult(word) ? ` after ${durationText(took)}` : ` (${durationText(took)})`
    return [
      { text: `${word.right.name}: ` },
      label,
      { text: remark && `, ${remark}` },
      { text: time, style: 'dim' },
    ]
  }
  if (word.left._tag !== 'OperationFailed') return line(remark, styleOf(word))
  const time = { text: ` after ${durationText(took)}`, style: 'dim' } as const
  return [{ text: `${word.left.name}: ` }, label, time, { text: `: ${remark}` }]
}

/** Whether a word says that nothing was sent, for the service is known not to have the method. */
export function isUnsupported(
  word: CliEmission | { readonly _tag: 'Right' },
  verb: OperationVerb,
  service: Service | undefined,
): boolean {
  return (
    word._tag === 'Left' &&
    word.left._tag === 'RequestRejected' &&
    service !== undefined &&
    !service.verbs.includes(verb)
  )
}
