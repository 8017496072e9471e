import { isInvalidName, type OperationError, type ResumeToken, resumeToken } from '../index.js'
import { type ClientArguments, clientOptions } from './client-arguments.js'
import { durationText } from './duration.js'
import type { Report } from './follow-names.js'
import { type Line, line } from './line.js'
import { countText } from './live-frame.js'
import { resumeCommand } from './resume-command.js'

/** One line of how many ended how; `took` is in milliseconds. */
export const summary = ({ last, unfinished }: Report, took: number): Line => {
  const words = [...last.values()].map((word) => ({ word }))
  return line(`${countText([...words, ...unfinished.map(() => ({}))])}, in ${durationText(took)}`, 'bold')
}

/** What to say once it was stopped, and how to go on where an outcome was not learned. */
export const parting = ({ last, unfinished, stop }: Report, given: ClientArguments): readonly Line[] => {
  const errors = [...last.values()].flatMap((word) => (word._tag === 'Left' ? [word.left] : []))
  const tokens = [...errors.flatMap(tokenOf), ...unfinished.flatMap((name) => tokenFor(name, given))]
  const goOn = unfinished.length === 1 ? 'the operation goes on' : `${unfinished.length} operations go on`
  return [
    ...(stop !== undefined && unfinished.length > 0 ? [line(`stopped watching; ${goOn}`)] : []),
    ...(tokens.length > 0 ? [line(`to go on watching: ${resumeCommand(tokens, given)}`)] : []),
  ]
}

const tokenOf = (error: OperationError): readonly ResumeToken[] =>
  isInvalidName(error) || error._tag === 'OperationFailed' ? [] : [error.resume]

const tokenFor = (name: string, given: ClientArguments): readonly ResumeToken[] => {
  const { endpoint, apiVersion } = clientOptions(given)
  try {
    return [resumeToken(name, { ...(endpoint && { endpoint }), ...(apiVersion && { apiVersion }) })]
  } catch {
    // A name that was read, but not yet watched, may be none.
    return []
  }
}
