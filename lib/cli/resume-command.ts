import type { ResumeToken } from '../index.js'
import type { ClientArguments } from './client-arguments.js'

const DEFAULT_ENDPOINT = 'https://cloudresourcemanager.googleapis.com'
const DEFAULT_VERSION = 'v3'
const MOST_NAMES = 20

/**
 * The command that goes on watching, to be pasted into a shell. The tokens are of one client, so that the place of
 * the first is that of all.
 */
export const resumeCommand = (tokens: readonly ResumeToken[], given: ClientArguments): string => {
  const { endpoint = DEFAULT_ENDPOINT, apiVersion = DEFAULT_VERSION } = tokens[0] ?? {}
  const names = tokens.slice(0, MOST_NAMES).map(({ name }) => quoted(name))
  const options = [
    ...(endpoint === DEFAULT_ENDPOINT ? [] : ['--endpoint', quoted(endpoint)]),
    ...(apiVersion === DEFAULT_VERSION ? [] : ['--api-version', quoted(apiVersion)]),
    ...(given.xgafv === undefined ? [] : ['--xgafv', quoted(given.xgafv)]),
    ...(given['quota-project'] === undefined ? [] : ['--quota-project', quoted(given['quota-project'])]),
    ...(given.anonymous ? ['--anonymous'] : []),
    ...(names.some((name) => name.startsWith('-')) ? ['--'] : []),
  ]
  const more = tokens.length - names.length
  return ['lro', 'watch', ...options, ...names, ...(more > 0 ? [`(and ${more} more)`] : [])].join(' ')
}

/** A word for a shell; the names of a server may hold what a shell would act on. */
const quoted = (text: string): string =>
  /^[\w./:@=+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
