import { InvalidOption } from '../messages/invalid-option.js'
import { GOOGLE_UNIVERSE } from './endpoint.js'
import { OTHER_OPERATIONS, SERVICES } from './service-catalog.js'
import { resolveUniverseDomain } from './universe.js'

/** The services that are known; any other string is accepted by the type, and refused when called. */
export type ServiceName = keyof typeof SERVICES | (string & {})

/** Options of {@link service}. */
export interface ServiceOptions {
  /**
   * A region, a zone, or a multi-region such as `eu`. It changes the host of those services alone that have one for
   * each location, such as Vertex AI; elsewhere the location stands in the name of the operation.
   */
  readonly location?: string | undefined
  /** Such as `v1`. @defaultValue the newest stable one, or the one that people use */
  readonly version?: string | undefined
  /** The domain of the cloud. @defaultValue the environment variable `GOOGLE_CLOUD_UNIVERSE_DOMAIN`, or `googleapis.com` */
  readonly universeDomain?: string | undefined
  /**
   * The kind of host: `run.googleapis.com`, `LOCATION-run.googleapis.com` or `run.LOCATION.rep.googleapis.com`. The
   * last two need a `location`, and not every service has them.
   * @defaultValue that of the service
   */
  readonly endpointType?: EndpointType | undefined
  /** Whether to ask the host that takes client certificates, in `googleapis.com` alone. @defaultValue false */
  readonly mtls?: boolean | undefined
}

/** Client options that point at a service. */
export interface ServiceClientOptions {
  readonly endpoint: string
  readonly apiVersion: string
  readonly service: Service
  readonly universeDomain: string
}

/**
 * The client options for a service of Google, by the first label of its host, such as `run`, or its whole host.
 *
 * Throws `InvalidOption` where the service is not known, and names those that may have been meant; where its
 * operations are not those of google.longrunning, as in Compute Engine; and where an option does not fit it.
 *
 * Poll an operation at the host that started it: a regional one is not known at the global host.
 *
 * Source: the service configurations in https://github.com/googleapis/googleapis.
 */
export function service(name: ServiceName, options: ServiceOptions = {}): ServiceClientOptions {
  const { location, universeDomain, endpointType, mtls = false } = options
  const universe = resolveUniverseDomain(universeDomain)
  const label = serviceLabel(name, universe)
  const facts = factsOf(label, name)
  const version = versionOf(facts, options.version)
  if (location !== undefined && !(typeof location === 'string' && LOCATION.test(location)))
    throw new InvalidOption('location', 'a region, zone or multi-region such as "europe-west1"', location)
  if (typeof mtls !== 'boolean') throw new InvalidOption('mtls', 'true or false', mtls)
  if (mtls && universe !== GOOGLE_UNIVERSE)
    throw new InvalidOption('mtls', `false outside ${GOOGLE_UNIVERSE}`, mtls)
  const type = endpointTypeOf(label, facts, { location, endpointType })
  return {
    endpoint: `https://${hostOf({ name: label, type, location, universeDomain: universe, mtls })}`,
    apiVersion: [facts.root, version, facts.prefix].filter((part) => part !== undefined).join('/'),
    service: serviceOf(label, facts, version),
    universeDomain: universe,
  }
}

const LOCATION = /^(?=.{1,40}$)[a-z][a-z\d]*(?:-[a-z\d]+)*$/

function serviceLabel(given: unknown, universe: string): string {
  if (typeof given !== 'string') throw new InvalidOption('service', 'a name such as "run"', given)
  const domain = [universe, GOOGLE_UNIVERSE].find((domain) => given.endsWith(`.${domain}`))
  return domain === undefined ? given : given.slice(0, -domain.length - 1)
}

function factsOf(label: string, given: string): ServiceFacts {
  const services: Readonly<Record<string, ServiceFacts>> = SERVICES
  const facts = Object.hasOwn(services, label) ? services[label] : undefined
  if (facts !== undefined) return facts
  const others: Readonly<Record<string, string>> = OTHER_OPERATIONS
  if (Object.hasOwn(others, label))
    throw new InvalidOption('service', `one with google.longrunning operations (${others[label]})`, given)
  const meant = suggestions(label.slice(0, 80), services).map((name) => `"${name}"`)
  const hint = meant.length > 0 ? `; was ${meant.join(' or ')} meant?` : ''
  throw new InvalidOption('service', `the first label of a service's host, such as "run"${hint}`, given)
}

function versionOf({ versions }: ServiceFacts, given: string | undefined): string {
  const [newest = ''] = versions
  if (given === undefined) return newest
  if (versions.includes(given)) return given
  throw new InvalidOption('version', versions.map((version) => `"${version}"`).join(' or '), given)
}

function endpointTypeOf(
  label: string,
  { host = 'global', multiRegionHost = host, needsLocation = false }: ServiceFacts,
  { location, endpointType }: Pick<ServiceOptions, 'location' | 'endpointType'>,
): EndpointType {
  if (endpointType !== undefined && !['global', 'locational', 'regional'].includes(endpointType))
    throw new InvalidOption('endpointType', '"global", "locational" or "regional"', endpointType)
  const isPlaced = location !== undefined && location !== 'global'
  if ((endpointType === 'locational' || endpointType === 'regional') && !isPlaced)
    throw new InvalidOption('location', `that of the ${endpointType} endpoint`, location)
  if (endpointType !== undefined) return endpointType
  if (needsLocation && location === undefined)
    throw new InvalidOption('location', `given for ${label}, whose hosts have one each`, location)
  if (!isPlaced) return 'global'
  return location === 'us' || location === 'eu' ? multiRegionHost : host
}

/** What a service may serve besides `get`. */
export type OperationVerb = 'list' | 'cancel' | 'delete' | 'wait'

/** Where a host has its location: nowhere, before its name, or after it. */
export type EndpointType = 'global' | 'locational' | 'regional'

/** What a client knows of the service that it asks. */
export interface Service {
  /** The first label of its host, such as `run`. */
  readonly name: string
  /** What people call it, such as `Cloud Run`. */
  readonly title?: string
  /** What its names look like: `*` is one segment, `**` is one or more. */
  readonly templates: readonly string[]
  readonly verbs: readonly OperationVerb[]
  /** Where several requests may go as one, such as `batch`. */
  readonly batchPath: string | undefined
}

/** The facts of a service, as the table states them; what most services have in common is left out. */
export interface ServiceFacts extends VersionFacts {
  readonly title?: string
  /** The first is the default. */
  readonly versions: readonly string[]
  /** The versions that differ, and in what. */
  readonly except?: Readonly<Record<string, VersionFacts>>
  /** What comes after the version. */
  readonly prefix?: string
  /** What comes before it. */
  readonly root?: string
  /** The host where a location is given; by default `global`. */
  readonly host?: EndpointType
  /** The same for the multi-regions `us` and `eu`; by default as `host`. */
  readonly multiRegionHost?: EndpointType
  readonly needsLocation?: boolean
  /** By default `batch`; null where there is none. */
  readonly batchPath?: string | null
}

/** What may differ from version to version. */
interface VersionFacts {
  /** By default the operations of a project in a location, as `serviceOf` spells it. */
  readonly names?: readonly string[]
  /** By default `list`, `cancel` and `delete`. */
  readonly verbs?: readonly OperationVerb[]
}

/** One version of a service, from its facts. */
export function serviceOf(name: string, facts: ServiceFacts, version: string): Service {
  const { title, batchPath = 'batch' } = facts
  const { names, verbs } = { ...facts, ...facts.except?.[version] }
  return {
    name,
    ...(title !== undefined && { title }),
    templates: names ?? ['projects/*/locations/*/operations/*'],
    verbs: verbs ?? ['list', 'cancel', 'delete'],
    batchPath: batchPath ?? undefined,
  }
}

/** The parts of a host. */
export interface HostParts {
  readonly name: string
  readonly type: EndpointType
  readonly location: string | undefined
  readonly universeDomain: string
  readonly mtls: boolean
}

/**
 * The host of a service.
 *
 * Source: https://docs.cloud.google.com/docs/security/compliance/endpoints for the types;
 * https://google.aip.dev/auth/4114 for mTLS, whose label comes last before the domain.
 */
export function hostOf({ name, type, location, universeDomain, mtls }: HostParts): string {
  const domain = mtls ? `mtls.${universeDomain}` : universeDomain
  if (type === 'locational') return `${location}-${name}.${domain}`
  return type === 'regional' ? `${name}.${location}.rep.${domain}` : `${name}.${domain}`
}

/** Why a name is none of the service's, in words that show how its names look; undefined where it fits. */
export function templateProblem(
  name: string,
  { title, name: label, templates }: Service,
): string | undefined {
  return templates.some((template) => matchesTemplate(name, template))
    ? undefined
    : `${title ?? label} names its operations ${templates.map((template) => `"${template}"`).join(' or ')}`
}

function matchesTemplate(name: string, template: string): boolean {
  const segments = template.split('/').map((segment) => SEGMENTS[segment] ?? segment.replace(/\W/g, '\\$&'))
  return new RegExp(`^${segments.join('/')}$`).test(name)
}

const SEGMENTS: Readonly<Record<string, string>> = { '*': '[^/]+', '**': '[^/]+(?:/[^/]+)*' }

/** The services that may have been meant by a name that is none, likeliest first; at most three. */
export function suggestions(
  given: string,
  services: Readonly<Record<string, { readonly title?: string }>>,
): readonly string[] {
  const wanted = plain(given)
  return Object.entries(services)
    .map(([name, { title = '' }]) => ({
      name,
      far: Math.min(isFar(wanted, name), isFar(wanted, plain(title))),
    }))
    .filter(({ far }) => far < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ name }) => name)
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z\d]/g, '')
}

/** How far two words are apart: few edits, else one being part of the other, else Infinity. */
function isFar(one: string, other: string): number {
  const edits = distance(one, other)
  if (edits < Math.min(3, one.length / 2, other.length / 2)) return edits
  const [short, long] = one.length < other.length ? [one, other] : [other, one]
  return short.length > 2 && long.includes(short) ? 2 + long.length - short.length : Number.POSITIVE_INFINITY
}

/** How many letters must be put in, taken out or changed (Levenshtein). */
function distance(one: string, other: string): number {
  const start = Array.from({ length: other.length + 1 }, (_, column) => column)
  const end = [...one].reduce((above, letter, row) => {
    const line = [row + 1]
    for (const [column, wanted] of [...other].entries()) {
      const kept = (above[column] ?? 0) + (letter === wanted ? 0 : 1)
      line.push(Math.min(kept, (above[column + 1] ?? 0) + 1, (line[column] ?? 0) + 1))
    }
    return line
  }, start)
  return end[other.length] ?? 0
}
