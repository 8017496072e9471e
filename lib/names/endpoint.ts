import { type Either, left, right } from '../model/either.js'

/** The universe domain of Google Cloud, which is the default. */
export const GOOGLE_UNIVERSE = 'googleapis.com'

/** Returns whether a value is a domain such as `googleapis.com`. */
export function isDomain(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z\d-]+(?:\.[a-z\d-]+)+$/.test(value)
}

/**
 * Parses an http or https URL without user, path, query or fragment, and returns its origin.
 *
 * For an invalid value, the Left describes what is expected, such as `an http or https URL`.
 */
export function parseEndpoint(value: unknown): Either<string, string> {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) return left('an http or https URL')
  if (!/^[a-z\d.:[\]_-]+$/.test(url.host)) return left('a URL whose host is a name or an address')
  const isOrigin =
    url.username === '' && url.password === '' && url.pathname === '/' && !/[?#]/.test(url.href)
  return isOrigin ? right(url.origin) : left('a URL with only scheme, host and port')
}

/** Returns whether the host of an origin is a loopback address: `localhost`, 127.0.0.0/8 or `[::1]`. */
export function isLoopback(origin: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(origin).hostname)
}

/** Returns whether requests to an origin would be sent unencrypted over a network: http to a host that is not loopback. */
export function isRemoteHttp(origin: string): boolean {
  return origin.startsWith('http:') && !isLoopback(origin)
}

/**
 * Returns whether an origin is the https origin of a service in a universe domain. For example, the origin
 * `https://us-run.googleapis.com` is one of `googleapis.com`.
 */
export function isServiceOrigin(universeDomain: string, origin: string): boolean {
  const { protocol, hostname, port } = new URL(origin)
  return protocol === 'https:' && port === '' && hostLabel(hostname, universeDomain) !== undefined
}

/**
 * Returns the label of a service, such as `run`, if a host has one of the forms of service hosts: `run`, `us-run` or
 * `run.us.rep`, each with an optional `.mtls`, before the universe domain. Other hosts, such as the host of a storage
 * bucket, may serve content of users.
 */
export function hostLabel(hostname: string, universeDomain: string): string | undefined {
  if (!hostname.endsWith(`.${universeDomain}`)) return undefined
  const { global, regional } = SERVICE_HOST.exec(hostname.slice(0, -universeDomain.length - 1))?.groups ?? {}
  return global ?? regional
}

const SERVICE_HOST =
  /^(?:(?:[a-z][a-z\d]*-(?:[a-z\d]+-)*)?(?<global>[a-z][a-z\d]*)|(?<regional>[a-z][a-z\d]*)\.[a-z][a-z\d]*(?:-[a-z\d]+)*\.rep)(?:\.mtls)?$/
