import { isInvalidName } from '../index.js'
import type { ClientArguments } from './client-arguments.js'
import type { Clients } from './clients.js'
import { durationText } from './duration.js'
import type { Report } from './follow-names.js'
import { isUrl } from './is-url.js'
import { type Line, line } from './line.js'
import { countText } from './live-frame.js'
import { type Remaining, resumeCommand } from './resume-command.js'
import type { CliEmission } from './word.js'

/** One line of how many ended how; `took` is in milliseconds. */
export function summary({ last, unfinished }: Report, took: number): Line {
  const words = [...last.values()].map((word) => ({ word }))
  return line(`${countText([...words, ...unfinished.map(() => ({}))])}, in ${durationText(took)}`, 'bold')
}

/** What to say once it was stopped, and how to go on where an outcome was not learned. */
export function resumeHint(
  { last, unfinished, stop }: Report,
  given: ClientArguments,
  clients: Pick<Clients, 'token'>,
): readonly Line[] {
  const remaining = [
    ...[...last].flatMap(([name, word]) => remainingOf(name, word)),
    ...unfinished.flatMap((name): readonly Remaining[] => {
      // A name that was read, but not yet watched, may be none.
      const token = clients.token(name)
      return token === undefined ? [] : [{ token, byUrl: isUrl(name) }]
    }),
  ]
  const goOn = unfinished.length === 1 ? 'the operation goes on' : `${unfinished.length} operations go on`
  return [
    ...(stop !== undefined && unfinished.length > 0 ? [line(`stopped watching; ${goOn}`)] : []),
    ...(remaining.length > 0 ? [line(`to go on watching: ${resumeCommand(remaining, given)}`)] : []),
  ]
}

function remainingOf(name: string, word: CliEmission): readonly Remaining[] {
  if (word._tag === 'Right' || isInvalidName(word.left) || word.left._tag === 'OperationFailed') return []
  return [{ token: word.left.resume, byUrl: isUrl(name) }]
}
