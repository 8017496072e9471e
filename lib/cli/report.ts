import { isOutcome } from '../index.js'
import { GOOGLE_UNIVERSE } from '../names/endpoint.js'
import type { ClientArguments } from './arguments.js'
import type { Clients, Target } from './clients.js'
import { durationText } from './duration.js'
import type { RedisArguments } from './fleet.js'
import type { Report } from './follow-names.js'
import { isUrl } from './names.js'
import { countByStatus } from './output/live-display.js'
import { type Line, styled } from './output/terminal-text.js'

/** Returns the number of operations with each status as a line; `elapsed` is in milliseconds. */
export function summaryLine({ results, unfinished }: Report, elapsed: number): Line {
  const counts = countByStatus([...results.values(), ...unfinished.map(() => undefined)])
  return [styled(`${counts}, in ${durationText(elapsed)}`, 'bold')]
}

/** The options that the resume command may repeat. */
export type ResumeArguments = ClientArguments & RedisArguments

/** Returns a note if the program was stopped, and a command that resumes the watches without an outcome. */
export function resumeLines(
  { results, unfinished, stop }: Report,
  values: ResumeArguments,
  clients: Pick<Clients, 'target'>,
): readonly Line[] {
  const names = [...results.keys(), ...unfinished].filter(
    (name) => !isOutcome(results.get(name)) && clients.target(name)._tag === 'Right',
  )
  // All names that are not URLs have the same server.
  const plainName = names.find((name) => !isUrl(name))
  const target = plainName === undefined ? undefined : clients.target(plainName)
  const repeated = { ...(target?._tag === 'Right' && environmentArguments(target.right)), ...values }
  const redisHint = redisWord(values) === '-' ? ', with the URL of Redis in REDIS_URL' : ''
  const continuation =
    unfinished.length === 1 ? 'the operation continues' : `${unfinished.length} operations continue`
  return [
    ...(stop !== undefined && unfinished.length > 0 ? [[`stopped watching; ${continuation}`]] : []),
    ...(names.length > 0 ? [[`to resume${redisHint}: ${resumeCommand(names, repeated)}`]] : []),
  ]
}

/** Returns the options for the server that environment variables select, because another shell may lack the variables. */
function environmentArguments({ endpoint, universeDomain }: Target): ResumeArguments {
  // Only the emulator of Resource Manager is an http endpoint by default.
  return {
    ...(endpoint.startsWith('http:') && { endpoint }),
    ...(universeDomain !== GOOGLE_UNIVERSE && { 'universe-domain': universeDomain }),
  }
}

/** The maximum number of names in the command, because users read and copy the command. */
const MAX_NAMES = 20
/** The options that the resume command repeats with the same value. */
const REPEATED_OPTIONS = [
  'service',
  'location',
  'endpoint',
  'api-version',
  'universe-domain',
  'queue',
  'prefix',
  'quota-project',
  'quota-user',
  'api-key-file',
  'client-cert',
  'client-key',
  'fields',
  'xgafv',
] as const

/** Returns the shell command that watches these operations with the same options. */
export function resumeCommand(operations: readonly string[], values: ResumeArguments): string {
  const names = operations.slice(0, MAX_NAMES)
  const words = [
    ...REPEATED_OPTIONS.flatMap((option) => optionWords(option, values[option])),
    ...optionWords('redis', redisWord(values)),
    // A proxy and the value of a header may be secret. The placeholder `…` is invalid in both, so the command fails until
    // the user replaces the placeholder.
    ...optionWords('proxy', values.proxy?.replace(/.*@.*/s, '…')),
    ...(values['no-proxy'] ? ['--no-proxy'] : []),
    ...(values.header ?? []).flatMap((header) => optionWords('header', `${header.replace(/:.*$/s, '')}: …`)),
    ...(values.anonymous ? ['--anonymous'] : []),
    ...(names.some((name) => name.startsWith('-')) ? ['--'] : []),
    ...names,
  ]
  const omitted = operations.length - names.length
  const suffix = omitted > 0 ? [`(and ${omitted} more)`] : []
  return ['lro', 'watch', ...words.map(shellQuote), ...suffix].join(' ')
}

/** Returns the URL of Redis, or `-` if the URL may contain a password. */
function redisWord({ redis }: RedisArguments): string | undefined {
  return redis?.replace(/.*[@?#%].*/s, '-')
}

function optionWords(name: string, value: string | undefined): readonly string[] {
  if (value === undefined) return []
  // `parseArgs` rejects a value that begins with a dash, unless it is in the same word as the option.
  return value.startsWith('-') ? [`--${name}=${value}`] : [`--${name}`, value]
}

/** Quotes a word for a shell, because names from a server may contain shell syntax. */
function shellQuote(text: string): string {
  return /^[\w./:@=+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
