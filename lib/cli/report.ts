import { isInvalidName, isOperationFailed, type ResumeToken } from '../index.js'
import type { Emission } from '../polling/emission.js'
import type { ClientArguments } from './arguments.js'
import type { Clients } from './clients.js'
import { durationText } from './duration.js'
import type { RedisArguments } from './fleet.js'
import type { Report } from './follow-names.js'
import { isUrl } from './names.js'
import { countByStatus } from './output/live-display.js'
import { type Line, styled } from './output/terminal-text.js'

/** Returns the number of operations with each status as a line; `elapsed` is in milliseconds. */
export function summaryLine({ results, unfinished }: Report, elapsed: number): Line {
  const finished = [...results.values()].map((emission) => ({ emission }))
  const counts = countByStatus([...finished, ...unfinished.map(() => ({}))])
  return [styled(`${counts}, in ${durationText(elapsed)}`, 'bold')]
}

/** The options that the resume command repeats. */
export type ResumeArguments = ClientArguments & RedisArguments

/** Returns a note if the program was stopped, and a command that resumes the watches without an outcome. */
export function resumeLines(
  { results, unfinished, stop }: Report,
  values: ResumeArguments,
  clients: Pick<Clients, 'token'>,
): readonly Line[] {
  const tokens = [
    ...[...results].map(([name, result]) => ({ name, token: resumeTokenOf(result) })),
    // An unfinished name may be invalid, and then has no token.
    ...unfinished.map((name) => ({ name, token: clients.token(name) })),
  ]
  const resumable = tokens.flatMap(({ name, token }) => (token ? [{ token, isGivenAsUrl: isUrl(name) }] : []))
  const redisHint = redisWord(values) === '-' ? ', with the URL of Redis in REDIS_URL' : ''
  const continuation =
    unfinished.length === 1 ? 'the operation continues' : `${unfinished.length} operations continue`
  return [
    ...(stop !== undefined && unfinished.length > 0 ? [[`stopped watching; ${continuation}`]] : []),
    ...(resumable.length > 0 ? [[`to resume${redisHint}: ${resumeCommand(resumable, values)}`]] : []),
  ]
}

function resumeTokenOf(result: Emission): ResumeToken | undefined {
  if (result._tag === 'Right' || isInvalidName(result.left) || isOperationFailed(result.left))
    return undefined
  return result.left.resume
}

/** An operation to resume: its watch ended, or was stopped, before the operation succeeded or failed. */
export interface ResumableOperation {
  readonly token: ResumeToken
  /** Whether the name on the command line is a URL. */
  readonly isGivenAsUrl: boolean
}

const DEFAULT_ENDPOINT = 'https://cloudresourcemanager.googleapis.com'
const DEFAULT_VERSION = 'v3'
/** The maximum number of names in the command, because users read and copy the command. */
const MAX_NAMES = 20
const SERVICE_OPTIONS = ['service', 'location', 'endpoint', 'api-version'] as const
/** The options that the resume command repeats with the same value. */
const REPEATED_OPTIONS = [
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

/** Returns the shell command that resumes the watches of these operations. */
export function resumeCommand(resumable: readonly ResumableOperation[], values: ResumeArguments): string {
  const names = resumable.slice(0, MAX_NAMES).map(nameOrUrl)
  const words = [
    ...endpointWords(resumable, values),
    ...optionWords('universe-domain', values['universe-domain']),
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
  const omitted = resumable.length - names.length
  const suffix = omitted > 0 ? [`(and ${omitted} more)`] : []
  return ['lro', 'watch', ...words.map(shellQuote), ...suffix].join(' ')
}

/** Returns the URL of Redis, or `-` if the URL may contain a password. */
function redisWord({ redis }: RedisArguments): string | undefined {
  return redis?.replace(/.*[@?#%].*/s, '-')
}

function nameOrUrl({ token: { endpoint, apiVersion, name }, isGivenAsUrl }: ResumableOperation): string {
  return isGivenAsUrl ? `${endpoint}/${apiVersion}/${name}` : name
}

/** Returns the options for the endpoint, which is the same for all names that are not URLs. */
function endpointWords(resumable: readonly ResumableOperation[], values: ResumeArguments): readonly string[] {
  if (values.service !== undefined || values.location !== undefined)
    return SERVICE_OPTIONS.flatMap((option) => optionWords(option, values[option]))
  const token = resumable.find(({ isGivenAsUrl }) => !isGivenAsUrl)?.token
  if (token === undefined) return optionWords('endpoint', values.endpoint)
  const { endpoint, apiVersion } = token
  return [
    ...(endpoint === DEFAULT_ENDPOINT ? [] : ['--endpoint', endpoint]),
    ...(apiVersion === DEFAULT_VERSION ? [] : ['--api-version', apiVersion]),
  ]
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
