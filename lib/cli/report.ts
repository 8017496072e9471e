import { isInvalidName, type ResumeToken } from '../index.js'
import type { ClientArguments } from './arguments.js'
import type { Clients } from './clients.js'
import { durationText } from './duration.js'
import type { Report } from './follow-names.js'
import { isUrl } from './names.js'
import { countText } from './output/live-display.js'
import type { CliEmission } from './output/result-text.js'
import { type Line, line } from './output/terminal-text.js'

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

/** An operation whose outcome was not learned. */
export interface Remaining {
  readonly token: ResumeToken
  /** It was named by a URL, and not by a name for the service that the options say. */
  readonly byUrl: boolean
}

const DEFAULT_ENDPOINT = 'https://cloudresourcemanager.googleapis.com'
const DEFAULT_VERSION = 'v3'
const MOST_NAMES = 20

/** Those that are given on as they were. */
const PASSED = [
  'queue',
  'quota-project',
  'quota-user',
  'client-cert',
  'client-key',
  'fields',
  'xgafv',
] as const

/** The command that goes on watching, to be pasted into a shell. */
export function resumeCommand(remaining: readonly Remaining[], given: ClientArguments): string {
  const names = remaining.slice(0, MOST_NAMES).map(nameOf)
  const words = [
    ...placeWords(remaining, given),
    ...PASSED.flatMap((option) => optionOf(option, given[option])),
    ...(given.redis === undefined ? [] : ['--redis', given.redis === '-' ? '-' : '…']),
    // The value may be a secret. In its place is what no header may hold, so that it must be filled in.
    ...(given.header ?? []).flatMap((header) => optionOf('header', `${header.replace(/:.*$/s, '')}: …`)),
    ...(given.anonymous ? ['--anonymous'] : []),
    ...(names.some((name) => name.startsWith('-')) ? ['--'] : []),
    ...names,
  ]
  const more = remaining.length - names.length
  return ['lro', 'watch', ...words.map(shellQuote), ...(more > 0 ? [`(and ${more} more)`] : [])].join(' ')
}

function nameOf({ token: { endpoint, apiVersion, name }, byUrl }: Remaining): string {
  return byUrl ? `${endpoint}/${apiVersion}/${name}` : name
}

/** Those that are named by no URL were all asked for at one place. */
function placeWords(remaining: readonly Remaining[], given: ClientArguments): readonly string[] {
  const universe = optionOf('universe-domain', given['universe-domain'])
  const asGiven = (option: 'service' | 'location' | 'endpoint' | 'api-version'): readonly string[] =>
    optionOf(option, given[option])
  if (given.service !== undefined || given.location !== undefined)
    return [
      ...asGiven('service'),
      ...asGiven('location'),
      ...asGiven('endpoint'),
      ...asGiven('api-version'),
      ...universe,
    ]
  const place = remaining.find(({ byUrl }) => !byUrl)?.token
  if (place === undefined) return [...asGiven('endpoint'), ...universe]
  const { endpoint, apiVersion } = place
  return [
    ...(endpoint === DEFAULT_ENDPOINT ? [] : ['--endpoint', endpoint]),
    ...(apiVersion === DEFAULT_VERSION ? [] : ['--api-version', apiVersion]),
    ...universe,
  ]
}

function optionOf(name: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : value.startsWith('-') ? [`--${name}=${value}`] : [`--${name}`, value]
}

/** A word for a shell; the names of a server may hold what a shell would act on. */
function shellQuote(text: string): string {
  return /^[\w./:@=+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
