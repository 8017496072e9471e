import type { Either } from 'fp-ts/lib/Either.js'
import { left, right } from '../model/either.js'

/** The domain of Google's own cloud; other universes have their own. */
export const GOOGLE_UNIVERSE = 'googleapis.com'

/** Whether a value is a domain such as `googleapis.com`. */
export function isDomain(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z\d-]+(?:\.[a-z\d-]+)+$/.test(value)
}

/**
 * Reads the base URL of a service as its origin, such as `https://run.googleapis.com`.
 *
 * It is https, or http; it has no user, path, query or fragment. The Left says what it must be.
 */
export function parseEndpoint(given: unknown): Either<string, string> {
  const url = typeof given === 'string' ? parsed(given) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) return left('an http or https URL')
  const bare = url.username === '' && url.password === '' && url.pathname === '/' && !/[?#]/.test(url.href)
  if (!/^[a-z\d.:[\]_-]+$/.test(url.host)) return left('a URL whose host is a name or an address')
  return bare ? right(url.origin) : left('a URL of scheme, host and port alone')
}

/** Whether an origin is this machine: `localhost`, 127.0.0.0/8 or `[::1]`. */
export function isLoopback(origin: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(origin).hostname)
}

/** Whether a token may travel to an origin in the clear or not at all: true for http beyond this machine. */
export function isExposed(origin: string): boolean {
  return origin.startsWith('http:') && !isLoopback(origin)
}

/** Whether an origin is an https host of a universe, such as `us-run.googleapis.com` of `googleapis.com`. */
export function isWithin(universeDomain: string, origin: string): boolean {
  const { protocol, hostname, port } = new URL(origin)
  return protocol === 'https:' && port === '' && hostname.endsWith(`.${universeDomain}`)
}

function parsed(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}
