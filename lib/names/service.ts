import { formatChoices, formatValue } from '../messages/format-value.js'
import { InvalidOption } from '../messages/invalid-option.js'
import { normalize, textDistance } from '../messages/similar-text.js'
import { type Either, isLeft, left, right } from '../model/either.js'
import { LONGRUNNING } from '../wire/longrunning.js'
import { matchesTemplate } from '../wire/name-template.js'
import { namedProtocol } from '../wire/named-protocol.js'
import type { OperationProtocol } from '../wire/protocol.js'
import { PROTOCOLS, type ProtocolName } from '../wire/protocols.js'
import { GOOGLE_UNIVERSE } from './endpoint.js'
import { SERVICES, UNSUPPORTED_SERVICES } from './service-catalog.js'
import { resolveUniverseDomain } from './universe.js'

/** The name of a known service. The type accepts any string, but {@link service} throws if the name is unknown. */
export type ServiceName = keyof typeof SERVICES | (string & {})

/** A method that a service may have besides `get`. */
export type OperationVerb = 'list' | 'cancel' | 'delete' | 'wait'

/** The form of a host: without a location, with the location before the service, or with the location after it. */
export type EndpointType = 'global' | 'locational' | 'regional'

/** Options of {@link service}. */
export interface ServiceOptions {
  /**
   * A region, a zone, or a multi-region such as `eu`. It changes the host only if the service has a host for each
   * location, as Vertex AI does. Other services have the location in the name of the operation.
   */
  readonly location?: string | undefined
  /**
   * The API version, such as `v1`. A version that is not in the catalog has the names and methods of the default.
   * @defaultValue the default of the service, usually the newest stable version
   */
  readonly version?: string | undefined
  /**
   * The universe domain, which is the domain of the cloud.
   * @defaultValue the environment variable `GOOGLE_CLOUD_UNIVERSE_DOMAIN`, or `googleapis.com`
   */
  readonly universeDomain?: string | undefined
  /**
   * The form of the host: `run.googleapis.com`, `LOCATION-run.googleapis.com` or `run.LOCATION.rep.googleapis.com`. The
   * last two require a `location`, and do not exist for every service.
   * @defaultValue the form that the service uses
   */
  readonly endpointType?: EndpointType | undefined
  /** Whether to use the host for client certificates, which exists only in `googleapis.com`. @defaultValue false */
  readonly mtls?: boolean | undefined
}

/** The options of a client for a service. */
export interface ServiceClientOptions {
  readonly endpoint: string
  readonly apiVersion: string
  readonly service: Service
  readonly universeDomain: string
  /** The location of the operations, for a service that has one host for all locations and needs the location. */
  readonly headers?: Readonly<Record<string, string>>
}

/** One version of a service. */
export interface Service {
  /** The first label of its host, such as `run`. */
  readonly name: string
  /** The product name, such as `Cloud Run`. */
  readonly title?: string
  /**
   * The documented patterns of its operation names: `*` matches one segment, `**` one or more. A `**` at the end is
   * unverified: the documentation does not specify these segments. Names that match no pattern are requested, too.
   */
  readonly templates: readonly string[]
  readonly verbs: readonly OperationVerb[]
  /** The path of its batch requests, such as `batch`. */
  readonly batchPath: string | undefined
  /** How its operations are named, requested and decoded. */
  readonly protocol: OperationProtocol
  /** The documented quota of read requests per minute, if known. It is the default of the rate limit. */
  readonly readQuota?: number
  /** The documented wait between polls in milliseconds, if known. It is the default of the shortest wait. */
  readonly pollInterval?: number
}

/**
 * Returns the protocol in the options of a client. The default is the protocol of the service, or google.longrunning.
 * Throws {@link InvalidOption}.
 */
export function protocolOption({ protocol, service }: ProtocolOptions): OperationProtocol {
  const { templates, verbs }: Partial<Service> = Object(service)
  if (service !== undefined && !(Array.isArray(templates) && Array.isArray(verbs)))
    throw new InvalidOption('service', "the service returned by service('NAME')", service)
  if (protocol !== undefined && typeof Object(protocol).decodeStarted !== 'function')
    throw new InvalidOption('protocol', 'the protocol returned by defineProtocol()', protocol)
  return protocol ?? service?.protocol ?? LONGRUNNING
}

/** The options that select a protocol. */
interface ProtocolOptions {
  readonly service?: Service | undefined
  readonly protocol?: OperationProtocol | undefined
}

/** Returns a service whose operations have another protocol, so its documented names and methods do not apply. */
export function withProtocol(service: Service, protocol: OperationProtocol): Service {
  const verbs = (['list', 'cancel', 'delete', 'wait'] as const).filter((verb) => protocol[verb] !== undefined)
  return { ...service, templates: [], verbs, protocol }
}

/** An entry of the service catalog. Absent members have defaults. */
export interface ServiceEntry extends VersionEntry {
  readonly title?: string
  /** The first label of the host, if it differs from the name of the service. */
  readonly hostLabel?: string
  /** The API versions. The first version is the default. */
  readonly versions: readonly [string, ...string[]]
  /** The versions that have other names or verbs. */
  readonly except?: Readonly<Record<string, VersionEntry>>
  /** The path between the host and the version. */
  readonly root?: string
  /** The path between the version and the name. */
  readonly prefix?: string
  /** The form of the host if there is a location; `global` by default. */
  readonly host?: EndpointType
  /** The form of the host for the multi-regions `us` and `eu`; the value of `host` by default. */
  readonly multiRegionHost?: EndpointType
  readonly needsLocation?: boolean
  /** Whether a header of each request must contain the location. */
  readonly needsRoutingHeader?: boolean
  /** The documented quota of read requests per minute and project or user; the source is in the catalog. */
  readonly readQuota?: number
  /** The documented wait between polls, in milliseconds; the source is in the catalog. */
  readonly pollInterval?: number
  /** The name of the protocol; `google.longrunning` by default. */
  readonly protocol?: ProtocolName
  /** By default `batch`, followed by the path if there is a root; null if the service has none. */
  readonly batchPath?: string | null
}

/** The members that can differ between versions. */
interface VersionEntry {
  /** The patterns of operation names; `projects/x/locations/x/operations/x` by default, with `*` instead of `x`. */
  readonly names?: readonly string[]
  /** The paths of names that are not requested by their own path, by pattern. The first wildcard replaces `$1`. */
  readonly paths?: Readonly<Record<string, string>>
  /** The protocols of names that have another protocol, by pattern. */
  readonly protocols?: Readonly<Record<string, ProtocolName>>
  /** The methods besides `get`; `list`, `cancel` and `delete` by default. */
  readonly verbs?: readonly OperationVerb[]
  /** The path between the host and the name; by default the root, the version and the prefix. */
  readonly path?: string
}

/**
 * Returns the client options for a Google service. `name` is its host, or the first label of the host, such as `run`.
 *
 * Throws `InvalidOption` if the service is unknown, if the library cannot decode its operations, or if an option is not
 * valid for the service.
 *
 * Poll an operation at the host that started it: the global host does not find a regional operation.
 *
 * Source: the service configurations in https://github.com/googleapis/googleapis.
 */
export function service(name: ServiceName, options: ServiceOptions = {}): ServiceClientOptions {
  const { location, endpointType, mtls = false } = options
  const universeDomain = resolveUniverseDomain(options.universeDomain)
  const label = serviceLabel(name, universeDomain)
  const entry = knownService(name, label)
  const version = resolveVersion(entry, options.version)
  if (location !== undefined && !(typeof location === 'string' && LOCATION_PATTERN.test(location)))
    throw new InvalidOption('location', 'a region, zone or multi-region such as "europe-west1"', location)
  if (typeof mtls !== 'boolean') throw new InvalidOption('mtls', 'true or false', mtls)
  if (mtls && universeDomain !== GOOGLE_UNIVERSE)
    throw new InvalidOption('mtls', `false outside ${GOOGLE_UNIVERSE}`, mtls)
  const type = resolveEndpointType(label, entry, { location, endpointType })
  return {
    endpoint: `https://${hostOf(entry.hostLabel ?? label, type, { ...options, universeDomain })}`,
    ...versionOptions(label, entry, version),
    universeDomain,
    // Source: https://google.aip.dev/client-libraries/4222.
    ...(entry.needsRoutingHeader &&
      location !== undefined && { headers: { 'x-goog-request-params': `location=${location}` } }),
  }
}

/**
 * Returns the catalog entry of a service by the first label of its host, or undefined if the service is unknown.
 *
 * If the library cannot decode the operations of the service, the Left states how to poll them.
 */
export function findService(label: string): Either<string, ServiceEntry | undefined> {
  if (Object.hasOwn(UNSUPPORTED_SERVICES, label))
    return left(UNSUPPORTED_SERVICES[label as keyof typeof UNSUPPORTED_SERVICES])
  return right(Object.hasOwn(CATALOG, label) ? CATALOG[label] : undefined)
}
const CATALOG: Readonly<Record<string, ServiceEntry>> = SERVICES

/** Returns the label of the service whose paths begin with a segment, such as `compute`. */
export function serviceAtRoot(segment: string): string | undefined {
  return Object.keys(CATALOG).find((label) => CATALOG[label]?.root === segment)
}

/** Returns the client options for one version of a service. `apiVersion` is the path between the host and a name. */
export function versionOptions(
  name: string,
  entry: ServiceEntry,
  version: string,
): Pick<ServiceClientOptions, 'apiVersion' | 'service'> {
  return { apiVersion: pathOf(entry, version), service: serviceOf(name, entry, version) }
}

/** Returns the path between the host and a name. */
function pathOf(entry: ServiceEntry, version: string): string {
  return { ...entry, ...entry.except?.[version] }.path ?? basePath(entry, version)
}

/** Returns the path between the host and a name for a version that has no path of its own. */
export function basePath({ root, prefix }: ServiceEntry, version: string): string {
  return [root, version, prefix].filter((part) => part !== undefined).join('/')
}

/** Returns the {@link Service} for one version of a catalog entry. An unknown version has the members of the default. */
export function serviceOf(name: string, entry: ServiceEntry, version: string): Service {
  const { title, batchPath = entry.root === undefined ? 'batch' : `batch/${pathOf(entry, version)}` } = entry
  const { names, verbs, readQuota, pollInterval } = { ...entry, ...entry.except?.[version] }
  return {
    name,
    ...(title !== undefined && { title }),
    templates: names ?? DEFAULT_NAMES,
    verbs: verbs ?? ['list', 'cancel', 'delete'],
    batchPath: batchPath ?? undefined,
    protocol: protocolOf(entry, version),
    ...(readQuota !== undefined && { readQuota }),
    ...(pollInterval !== undefined && { pollInterval }),
  }
}

const DEFAULT_NAMES: readonly string[] = ['projects/*/locations/*/operations/*']

/** The protocols of versions. Equal services must have the same protocol, because watches with it share their polls. */
const protocolCache = /* @__PURE__ */ new WeakMap<VersionEntry, OperationProtocol>()

function protocolOf(entry: ServiceEntry, version: string): OperationProtocol {
  const key = entry.except?.[version] ?? entry
  const { names = DEFAULT_NAMES, paths = {}, protocols = {} } = { ...entry, ...key }
  const rules = [
    ...Object.entries(paths).map(([template, path]) => ({ template, path })),
    ...Object.entries(protocols).map(([template, name]) => ({ template, protocol: PROTOCOLS[name] })),
  ]
  const protocol =
    protocolCache.get(key) ?? namedProtocol(PROTOCOLS[entry.protocol ?? 'google.longrunning'], names, rules)
  protocolCache.set(key, protocol)
  return protocol
}

/**
 * Returns the host of a service.
 *
 * Source: https://docs.cloud.google.com/docs/security/compliance/endpoints for the endpoint types;
 * https://google.aip.dev/auth/4114 for the label `mtls`.
 */
export function hostOf(
  name: string,
  type: EndpointType,
  { location, universeDomain, mtls }: ServiceOptions,
): string {
  const domain = mtls ? `mtls.${universeDomain}` : universeDomain
  if (type === 'locational') return `${location}-${name}.${domain}`
  return type === 'regional' ? `${name}.${location}.rep.${domain}` : `${name}.${domain}`
}

/**
 * Returns a hint that contains the documented names of a service, if none of `names` matches them. Returns undefined if
 * one matches, or if the service has no documented names.
 */
export function undocumentedNameHint(
  { title, name: label, templates }: Service,
  names: readonly string[],
): string | undefined {
  return templates.length === 0 || names.some((name) => matchesTemplate(name, templates))
    ? undefined
    : `${title ?? label} operations are named ${formatChoices(templates)}`
}

const LOCATION_PATTERN = /^(?=.{1,40}$)[a-z][a-z\d]*(?:-[a-z\d]+)*$/

function serviceLabel(name: unknown, universeDomain: string): string {
  if (typeof name !== 'string') throw new InvalidOption('service', 'a name such as "run"', name)
  const domain = [universeDomain, GOOGLE_UNIVERSE].find((domain) => name.endsWith(`.${domain}`))
  return domain === undefined ? name : name.slice(0, -domain.length - 1)
}

function knownService(name: string, label: string): ServiceEntry {
  const entry = findService(label)
  if (isLeft(entry)) throw new InvalidOption('service', `a supported service (${entry.left})`, name)
  if (entry.right !== undefined) return entry.right
  const similar = similarServices(label.slice(0, 80))
  const hint = similar.length > 0 ? `did you mean ${formatChoices(similar)}?` : `a service is ${NAME_HINT}`
  const message = `unknown service ${formatValue(name)}; ${hint}`
  throw new InvalidOption('service', NAME_HINT, name, formatValue, message)
}

/** Returns at most three service names that are similar to a text, or whose titles are. The most similar is first. */
export function similarServices(text: string): readonly string[] {
  const query = normalize(text)
  return Object.entries(CATALOG)
    .map(([name, { title = '' }]) => ({
      name,
      distance: Math.min(textDistance(query, name), textDistance(query, normalize(title))),
    }))
    .filter(({ distance }) => distance < Infinity)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name)
}

const NAME_HINT = 'the first label of a host, such as "run"'

function resolveVersion({ versions }: ServiceEntry, version: string | undefined): string {
  if (version === undefined) return versions[0]
  if (typeof version === 'string' && VERSION_PATTERN.test(version)) return version
  throw new InvalidOption('version', `letters and digits, such as "${versions[0]}"`, version)
}

const VERSION_PATTERN = /^[a-z][a-z\d]*$/

function resolveEndpointType(
  label: string,
  { host = 'global', multiRegionHost = host, needsLocation = false }: ServiceEntry,
  { location, endpointType }: Pick<ServiceOptions, 'location' | 'endpointType'>,
): EndpointType {
  if (endpointType !== undefined && !['global', 'locational', 'regional'].includes(endpointType))
    throw new InvalidOption('endpointType', '"global", "locational" or "regional"', endpointType)
  const isGlobal = location === undefined || location === 'global'
  if (endpointType !== undefined && endpointType !== 'global' && isGlobal)
    throw new InvalidOption('location', `a location for a ${endpointType} endpoint`, location)
  if (endpointType !== undefined) return endpointType
  if (needsLocation && location === undefined)
    throw new InvalidOption('location', `set for ${label}, which has a host for each location`, location)
  if (isGlobal) return 'global'
  return location === 'us' || location === 'eu' ? multiRegionHost : host
}
