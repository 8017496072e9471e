import { describeType } from '../messages/format-value.js'
import { InvalidOption } from '../messages/invalid-option.js'
import { isLoopback } from '../names/endpoint.js'

/** A proxy responded to a CONNECT request, or the connection to the proxy failed. */
export interface ProxyConnect {
  /** The scheme, host and port of the proxy. */
  readonly proxy: string
  /** The host and port that the tunnel leads to. */
  readonly host: string
  /** The duration of the CONNECT request, in milliseconds. */
  readonly took: number
  /** The HTTP status of the response to CONNECT. 200 to 299 open the tunnel. */
  readonly proxyStatus?: number
  /** The error code of Node.js if the connection failed or was aborted. */
  readonly code?: string
}

/** A proxy server. Inspecting the object shows no password. */
export interface ProxyServer {
  /** The scheme, host and port. */
  readonly origin: string
  /** Returns the value of the header `Proxy-Authorization`, or undefined if the URL has no user. */
  readonly authorization: () => string | undefined
}

/** The parsed option `proxy`: a proxy, false for none, or undefined for the environment variables. */
export type ProxyOption = ProxyServer | false | undefined

/** Parses the option `proxy`. Throws {@link InvalidOption}. */
export function proxyOption(value: unknown): ProxyOption {
  if (value === undefined || value === false) return value
  return requireProxy('proxy', value, `false or ${URL_OF_PROXY}`)
}

const URL_OF_PROXY = 'an http or https URL with only scheme, user, password, host and port'

/** Parses the URL of a proxy. The error contains at most the scheme, because the URL may contain a password. */
function requireProxy(name: string, value: unknown, expected: string): ProxyServer {
  const proxy = typeof value === 'string' ? parseProxy(value) : undefined
  if (proxy === undefined) throw new InvalidOption(name, expected, value, describeProxy)
  return proxy
}

function describeProxy(value: unknown): string {
  const [scheme] = (typeof value === 'string' && /^(?!https?:)[a-z]\w{0,9}(?=:\/\/)/i.exec(value)) || []
  return scheme === undefined ? describeType(value) : `the scheme "${scheme}"`
}

function parseProxy(text: string): ProxyServer | undefined {
  try {
    const { protocol, origin, pathname, search, hash, username, password } = new URL(text)
    // An unescaped `/`, `?` or `#` ends the host, so that a part of the password is parsed as the host and the port.
    if (!/^https?:$/.test(protocol) || pathname + search + hash !== '/') return undefined
    const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
    const header = user === ':' ? undefined : `Basic ${Buffer.from(user).toString('base64')}`
    return { origin, authorization: () => header }
  } catch {
    return undefined
  }
}

/**
 * Returns the proxy for the requests to an origin, or undefined if they are sent directly. Throws {@link InvalidOption} if
 * an environment variable is not the URL of a proxy.
 *
 * A lower-case variable has precedence, as in Node.js. Without `HTTPS_PROXY`, https requests use `HTTP_PROXY`, as in gaxios.
 *
 * Source: https://nodejs.org/api/http.html#built-in-proxy-support.
 */
export function proxyFor(
  origin: string,
  option: ProxyOption,
  env: Readonly<Record<string, string | undefined>> = process.env,
): ProxyServer | undefined {
  if (option === false || isNeverProxied(origin)) return undefined
  const { protocol, hostname, port } = new URL(origin)
  const isHttps = protocol === 'https:'
  const noProxy = env.no_proxy || env.NO_PROXY || ''
  if (isBypassed(hostname, port || (isHttps ? '443' : '80'), noProxy)) return undefined
  if (option !== undefined) return option
  const names = [...(isHttps ? ['https_proxy', 'HTTPS_PROXY'] : []), 'http_proxy', 'HTTP_PROXY']
  const name = names.find((variable) => env[variable])
  // curl also accepts a variable without a scheme.
  return name === undefined
    ? undefined
    : requireProxy(name, env[name]?.replace(/^(?!.*:\/\/)/s, 'http://'), URL_OF_PROXY)
}

/** Returns whether a proxy cannot reach an origin: a loopback address, or a metadata server. */
export function isNeverProxied(origin: string): boolean {
  return isLoopback(origin) || METADATA_HOST.test(new URL(origin).hostname)
}

/** Matches link-local addresses, because a proxy has its own metadata server. The name may end with a dot. */
const METADATA_HOST = /^(?:169\.254(?:\.\d+){2}|metadata\.google\.internal\.?)$/
/**
 * Returns whether an entry of `NO_PROXY` matches a host: `*`, a name, `.example.com`, `*.example.com`, an address, a range
 * of IPv4 addresses such as `10.0.0.1-10.0.0.9`, or a name or address with a port.
 */
function isBypassed(host: string, port: string, noProxy: string): boolean {
  const hosts = [host, host.replace(/^\[|\]$/g, '')]
  const exactEntries = ['*', ...hosts, ...hosts.map((name) => `${name}:${port}`)]
  const entries = noProxy
    .toLowerCase()
    .replace(/\s*-\s*/g, '-')
    .split(/[\s,]+/)
  return entries.some((entry) => {
    if (exactEntries.includes(entry)) return true
    // `.example.com` includes `example.com`, and `*.example.com` does not.
    const [, suffix] = /^\*?(\..+)$/.exec(entry) ?? []
    if (suffix !== undefined) return host.endsWith(suffix) || entry === `.${host}`
    const [address, start, end] = [host, ...entry.split('-')].map(ipv4Number)
    // A comparison with undefined or NaN is false.
    return Number(address) >= Number(start) && Number(address) <= Number(end)
  })
}

/** Returns the number of an IPv4 address, or NaN for other text. */
function ipv4Number(text: string): number {
  return /^(?:\d{1,3}\.){3}\d{1,3}$/.test(text)
    ? text.split('.').reduce((number, byte) => number * 256 + Number(byte), 0)
    : Number.NaN
}
