import type { Either } from 'fp-ts/lib/Either.js'
import { type ClientOptions, clientSettings } from '../client-options.js'
import { formatValue } from '../messages/format-value.js'
import { InvalidOption } from '../messages/invalid-option.js'
import { isLeft, left, right } from '../model/either.js'
import { isJsonObject } from '../model/json.js'
import { now } from '../time/clock.js'
import { isLoopback, isWithin, parseEndpoint } from './endpoint.js'
import { parseName } from './operation-name.js'

/** Options of {@link resumeToken}: where the operation is. */
export interface ResumeTokenOptions
  extends Pick<ClientOptions, 'endpoint' | 'apiVersion' | 'universeDomain'> {
  /** When it was started, in milliseconds since 1970; by default now. */
  readonly since?: number | undefined
}

/**
 * Makes a token before the first poll, for another process to watch the operation by. Throws `InvalidOption` where the
 * name or an option is none.
 *
 * @example
 * {@includeCode ../../examples/resume-elsewhere.ts}
 */
export function resumeToken(name: string, options: ResumeTokenOptions = {}): ResumeToken {
  const { since = now(), ...place } = options
  const parsed = parseName(name)
  if (isLeft(parsed)) throw new InvalidOption('name', 'the name of an operation', name)
  if (!Number.isFinite(since)) throw new InvalidOption('since', 'milliseconds since 1970', since)
  return { name, ...clientSettings({ ...place, auth: false }).api, since }
}

/**
 * All that another process needs to go on watching: JSON-safe, and free of secrets.
 *
 * A name alone is not enough: a regional operation is known at its own endpoint only.
 */
export interface ResumeToken {
  readonly name: string
  /** Scheme, host and port, such as `https://cloudresourcemanager.googleapis.com`. */
  readonly endpoint: string
  /** Such as `v3`. */
  readonly apiVersion: string
  /** When the watch began, in milliseconds since 1970; `elapsed` goes on from there. */
  readonly since?: number
}

/** Where a client asks: its endpoint and version. */
export interface ApiEndpoint {
  readonly endpoint: string
  readonly apiVersion: string
}

/** Reads a version of an API, such as `v3` or `v1beta1`; the Left says what it must be. */
export function parseApiVersion(given: unknown): Either<string, string> {
  return typeof given === 'string' && /^[a-z][a-z\d]*(?:\/[a-z][a-z\d]*)*$/.test(given)
    ? right(given)
    : left('a version such as "v3"')
}

/**
 * Reads a name, or a token from anywhere at all: its form is checked here, its endpoint by {@link isAllowedEndpoint}.
 * The Left says why it was refused.
 */
export function parseTarget(given: unknown, here: ApiEndpoint): Either<string, ResumeToken> {
  if (!isJsonObject(given)) {
    const name = parseName(given)
    return isLeft(name) ? name : right({ name: name.right, ...here })
  }
  const name = parseName(given.name)
  const endpoint = parseEndpoint(given.endpoint)
  const apiVersion = parseApiVersion(given.apiVersion)
  const since = given.since ?? undefined
  if (isLeft(name)) return left(`the token's name was refused: ${name.left}`)
  if (isLeft(endpoint))
    return left(`the token's endpoint must be ${endpoint.left}, got ${formatValue(given.endpoint)}`)
  if (isLeft(apiVersion))
    return left(`the token's apiVersion must be ${apiVersion.left}, got ${formatValue(given.apiVersion)}`)
  if (since !== undefined && !(typeof since === 'number' && Number.isFinite(since)))
    return left(`the token's since must be milliseconds since 1970, got ${formatValue(since)}`)
  return right({
    name: name.right,
    endpoint: endpoint.right,
    apiVersion: apiVersion.right,
    ...(since !== undefined && { since }),
  })
}

/**
 * Whether a watch that was set up for one endpoint may go to that of a token. A token may come from a queue or a URL,
 * so it never sends credentials to a host that the caller did not name, outside the universe and this machine.
 */
export function isAllowedEndpoint(token: ResumeToken, callers: string, universeDomain: string): boolean {
  return token.endpoint === callers || isWithin(universeDomain, token.endpoint) || isLoopback(token.endpoint)
}
