import type { Either } from 'fp-ts/lib/Either.js'
import { formatValue } from '../messages/format-value.js'
import { InvalidOption } from '../messages/invalid-option.js'
import { isLeft, left, right } from '../model/either.js'
import { isLoopback, isWithin, parseEndpoint } from './endpoint.js'
import { parseName } from './operation-name.js'
import { parseApiVersion } from './resume-token.js'
import { type Service, type ServiceFacts, service, templateProblem } from './service.js'
import { OTHER_OPERATIONS, SERVICES } from './service-catalog.js'
import { resolveUniverseDomain } from './universe.js'

/** Options of {@link locate}. */
export interface LocateOptions {
  /**
   * The cloud whose hosts may be asked.
   * @defaultValue what the environment variable `GOOGLE_CLOUD_UNIVERSE_DOMAIN` names, or `googleapis.com`
   */
  readonly universeDomain?: string | undefined
  /** A host that may be asked although it is none of that cloud's. */
  readonly endpoint?: string | undefined
}

/** An operation, and the client options to ask for it. */
export interface LocatedOperation {
  readonly name: string
  readonly endpoint: string
  readonly apiVersion: string
  readonly universeDomain: string
  readonly service?: Service
  /** Set where the URL leads to this machine: it is sent no credentials. */
  readonly auth?: false
}

/**
 * Finds an operation by its URL, such as `https://run.googleapis.com/v2/projects/p/locations/l/operations/x`, or by its
 * full resource name, `//run.googleapis.com/projects/p/locations/l/operations/x`.
 *
 * The Left says why it may not be asked for: its host is outside the universe and not this machine, its form is another
 * one, or its name is none of the service's. Credentials never go to a host that a URL alone has named.
 *
 * Source: https://google.aip.dev/122 (full resource names).
 */
export function locate(url: string, options: LocateOptions = {}): Either<string, LocatedOperation> {
  const universeDomain = resolveUniverseDomain(options.universeDomain)
  const named = namedParts(options)
  if (typeof url !== 'string') return left(`it is no URL: ${formatValue(url)}`)
  const text = url.startsWith('//') ? `https:${url}` : url
  if (!URL.canParse(text)) return left(`it is no URL: ${formatValue(url)}`)
  const { origin, hostname, username, password, search, hash } = new URL(text)
  if (username || password || search || hash) return left('it has more than a host and a path')
  const endpoint = parseEndpoint(origin)
  if (isLeft(endpoint)) return left(`it must begin with ${endpoint.left}`)
  const isNamed = origin === named
  const isHere = isLoopback(origin)
  if (!isNamed && !isHere && !isWithin(universeDomain, origin))
    return left(`its host ${formatValue(hostname)} is outside ${universeDomain}`)
  const path = decodedPath(text.slice(text.indexOf('/', text.indexOf('//') + 2)))
  const label = hostname.endsWith(`.${universeDomain}`)
    ? describeUrl(hostname.slice(0, -universeDomain.length - 1))
    : ''
  const facts: ServiceFacts | undefined = Object.hasOwn(SERVICES, label)
    ? SERVICES[label as keyof typeof SERVICES]
    : undefined
  const others: Readonly<Record<string, string>> = OTHER_OPERATIONS
  if (Object.hasOwn(others, label))
    return left(`the operations of ${label} are of another kind: ${others[label]}`)
  const found = facts === undefined ? byForm(path) : byVersion(label, facts, path)
  if (isLeft(found)) return found
  const name = parseName(found.right.name)
  if (isLeft(name)) return name
  const misfit = found.right.service && templateProblem(name.right, found.right.service)
  if (misfit !== undefined) return left(misfit)
  const anonymous = isHere && !isNamed && { auth: false as const }
  return right({ ...found.right, endpoint: origin, universeDomain, ...anonymous })
}

function namedParts({ endpoint }: LocateOptions): string | undefined {
  if (endpoint === undefined) return undefined
  const read = parseEndpoint(endpoint)
  if (isLeft(read)) throw new InvalidOption('endpoint', read.left, endpoint)
  return read.right
}

/** Not as the WHATWG URL Standard has it: dots must not lead elsewhere unseen. */
function decodedPath(raw: string): string {
  return raw
    .replace(/^\//, '')
    .split('/')
    .map((segment) => {
      try {
        const decoded = decodeURIComponent(segment)
        return decoded.includes('/') ? segment : decoded
      } catch {
        return segment
      }
    })
    .join('/')
}

/** The service in the first labels of a host: `run`, `run.mtls`, `europe-west1-run` or `run.europe-west1.rep`. */
function describeUrl(host: string): string {
  const [first = '', ...rest] = host.replace(/\.mtls$/, '').split('.')
  if (rest.length === 0) return first.slice(first.lastIndexOf('-') + 1)
  return rest.length === 2 && rest[1] === 'rep' ? first : ''
}

type ParsedUrl = Either<string, Pick<LocatedOperation, 'name' | 'apiVersion' | 'service'>>

/** A path of a service that is known; a full resource name says no version. */
function byVersion(label: string, { versions }: ServiceFacts, path: string): ParsedUrl {
  const known = versions.map((version) => service(label, { version, location: 'us-central1' }))
  const [newest] = known
  if (newest === undefined) return byForm(path)
  const asked = known.find(({ apiVersion }) => path.startsWith(`${apiVersion}/`))
  if (asked === undefined && /^v\d\w*\//.test(path))
    return left(`${label} is asked by ${known.map(({ apiVersion }) => apiVersion).join(' or ')}, not so`)
  const { apiVersion, service: facts } = asked ?? newest
  const name = asked === undefined ? path : path.slice(apiVersion.length + 1)
  return right({ name, apiVersion, service: facts })
}

/** A path of a service of which nothing is known: its version comes first. */
function byForm(path: string): ParsedUrl {
  const slash = path.indexOf('/')
  const apiVersion = parseApiVersion(path.slice(0, slash))
  return isLeft(apiVersion) || !/^v\d/.test(apiVersion.right)
    ? left('its path must begin with a version such as "v3"')
    : right({ name: path.slice(slash + 1), apiVersion: apiVersion.right })
}
