import { formatChoices, formatValue } from '../messages/format-value.js'
import { InvalidOption } from '../messages/invalid-option.js'
import { type Either, isLeft, left, right } from '../model/either.js'
import { LONGRUNNING } from '../wire/longrunning.js'
import { hostLabel, isLoopback, isServiceOrigin, parseEndpoint } from './endpoint.js'
import { characterProblem, parseName } from './operation-name.js'
import { parseApiVersion } from './parse-target.js'
import {
  basePath,
  findService,
  type Service,
  type ServiceEntry,
  serviceAtRoot,
  versionOptions,
} from './service.js'
import { resolveUniverseDomain } from './universe.js'

/** Options of {@link locate}. */
export interface LocateOptions {
  /**
   * The universe domain, which is the domain of the cloud. The hosts of its services are allowed.
   * @defaultValue the environment variable `GOOGLE_CLOUD_UNIVERSE_DOMAIN`, or `googleapis.com`
   */
  readonly universeDomain?: string | undefined
  /** Another allowed endpoint: scheme, host and port. It may be outside the universe domain. */
  readonly endpoint?: string | undefined
}

/** The name of an operation, and the options of a client that polls it. */
export interface LocatedOperation {
  readonly name: string
  readonly endpoint: string
  readonly apiVersion: string
  readonly universeDomain: string
  readonly service?: Service
  /** `false` for a loopback address that is not the option `endpoint`, because no credentials are sent to it. */
  readonly auth?: false
}

/**
 * Parses the URL of an operation, such as `https://run.googleapis.com/v2/projects/p/locations/l/operations/x`, or its
 * full resource name, such as `//run.googleapis.com/projects/p/locations/l/operations/x`.
 *
 * Accepts hosts of services in the universe domain, the option `endpoint`, and loopback addresses. Credentials are not
 * sent to a loopback address, unless it is the option `endpoint`. The Left states why the URL or its name is not valid.
 *
 * Source: https://google.aip.dev/122 (full resource names).
 */
export function locate(url: string, options: LocateOptions = {}): Either<string, LocatedOperation> {
  const universeDomain = resolveUniverseDomain(options.universeDomain)
  const allowed = parseEndpoint(options.endpoint)
  if (options.endpoint !== undefined && isLeft(allowed))
    throw new InvalidOption('endpoint', allowed.left, options.endpoint)
  const text = typeof url === 'string' ? url.replace(/^\/\//, 'https://') : ''
  if (!URL.canParse(text)) return left(`it is not a URL: ${formatValue(url)}`)
  const { origin, hostname, username, password, pathname } = new URL(text)
  if (username || password || /[?#]/.test(text)) return left('it must contain only a host and a path')
  const changedPart = characterProblem(text, REMOVED) ?? dotSegmentProblem(text)
  if (changedPart !== undefined) return left(changedPart)
  const endpoint = parseEndpoint(origin)
  if (isLeft(endpoint)) return left(`it must begin with ${endpoint.left}`)
  const isAllowed = !isLeft(allowed) && origin === allowed.right
  const isLocal = isLoopback(origin)
  if (!isAllowed && !isLocal && !isServiceOrigin(universeDomain, origin))
    return left(`its host ${formatValue(hostname)} is not a service host of ${universeDomain}`)
  const path = decodePath(pathname)
  const label = serviceLabelOf(hostname, path, universeDomain)
  const entry = findService(label)
  if (isLeft(entry)) return left(`${label} is not a supported service: ${entry.left}`)
  const parsed = entry.right === undefined ? parsePath(path) : parseServicePath(label, entry.right, path)
  if (isLeft(parsed)) return parsed
  const { name, service } = parsed.right
  const validName = parseName(name, (service?.protocol ?? LONGRUNNING).nameProblem)
  if (isLeft(validName)) return validName
  const authOption = isLocal && !isAllowed && { auth: false as const }
  const isShared = hostname === `www.${universeDomain}` && entry.right !== undefined
  const ownEndpoint = isShared ? `https://${entry.right?.hostLabel ?? label}.${universeDomain}` : origin
  return right({ ...parsed.right, endpoint: ownEndpoint, universeDomain, ...authOption })
}

/**
 * Returns the label of the service at a URL. If the host is the shared host `www.googleapis.com` or no service host, such
 * as a loopback address, the first segment names the service. Otherwise, the host names it.
 */
function serviceLabelOf(hostname: string, path: string, universeDomain: string): string {
  const label = hostLabel(hostname, universeDomain) ?? ''
  const isServiceHost = label !== '' && label !== 'www'
  return (!isServiceHost && serviceAtRoot(path.slice(0, path.indexOf('/')))) || label
}

/** The characters that `URL` removes from a text or replaces, and that are not allowed in a name. */
const REMOVED = /[\\\p{Cc}\p{Cf}\p{Cs}\p{Z}\s]/u

/** Returns a problem if a URL has a segment `.` or `..`. `URL` resolves these segments, but they must be rejected. */
function dotSegmentProblem(url: string): string | undefined {
  const segment = /\/((?:\.|%2e){1,2})(?:\/|$)/i.exec(url)?.[1]
  return segment && `it has a segment "${decodeURIComponent(segment)}"`
}

/** Decodes the segments of a path. */
function decodePath(path: string): string {
  return path.slice(1).replace(/[^/]+/g, (segment) => {
    try {
      const decoded = decodeURIComponent(segment)
      return decoded.includes('/') ? segment : decoded
    } catch {
      return segment
    }
  })
}

type ParsedPath = Either<string, Pick<LocatedOperation, 'name' | 'apiVersion' | 'service'>>

/** Parses a path of a known service. The version may be unknown. The path of a full resource name has no version. */
function parseServicePath(label: string, entry: ServiceEntry, path: string): ParsedPath {
  const candidates = entry.versions.map((version) => versionOptions(label, entry, version))
  const match = candidates.find(({ apiVersion }) => path.startsWith(`${apiVersion}/`))
  if (match !== undefined) return right({ ...match, name: path.slice(match.apiVersion.length + 1) })
  const anyVersion = entry.root === undefined ? 'v\\d[a-z\\d]*' : '[a-z][a-z\\d]*'
  const [prefix = '', version] = new RegExp(`^${basePath(entry, `(${anyVersion})`)}/`).exec(path) ?? []
  if (version !== undefined)
    return right({ ...versionOptions(label, entry, version), name: path.slice(prefix.length) })
  const folders = candidates.map(({ apiVersion }) => apiVersion.slice(0, apiVersion.lastIndexOf('/') + 1))
  const isUnknownVersion = folders.some((folder) => folder !== '' && path.startsWith(folder))
  return isUnknownVersion || /^v\d\w*\//.test(path)
    ? left(`its path must begin with ${formatChoices(candidates.map(({ apiVersion }) => apiVersion))}`)
    : right({ ...versionOptions(label, entry, entry.versions[0]), name: path })
}

/** Parses a path of an unknown service, which begins with a version. */
function parsePath(path: string): ParsedPath {
  const slash = path.indexOf('/')
  const apiVersion = parseApiVersion(path.slice(0, slash))
  return isLeft(apiVersion) || !/^v\d/.test(apiVersion.right)
    ? left('its path must begin with a version such as "v3"')
    : right({ name: path.slice(slash + 1), apiVersion: apiVersion.right })
}
