import { type ClientOptions, clientSettings } from './client-options.js'
import { isLeft } from './model/either.js'
import { InvalidOption } from './model/invalid-option.js'
import { parseName } from './model/name.js'
import type { ResumeToken } from './model/resume-token.js'
import { now } from './watch/sleep.js'

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
 * {@includeCode ../examples/resume-elsewhere.ts}
 */
export function resumeToken(name: string, options: ResumeTokenOptions = {}): ResumeToken {
  const { since = now(), ...place } = options
  const parsed = parseName(name)
  if (isLeft(parsed)) throw new InvalidOption('name', 'the name of an operation', name)
  if (!Number.isFinite(since)) throw new InvalidOption('since', 'milliseconds since 1970', since)
  return { name, ...clientSettings({ ...place, auth: false }).api, since }
}
