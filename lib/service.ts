import { resolveUniverseDomain } from './environment.js'
import { GOOGLE_UNIVERSE } from './model/endpoint.js'
import { InvalidOption } from './model/invalid-option.js'
import {
  type EndpointType,
  hostOf,
  type Service,
  type ServiceFacts,
  serviceOf,
  suggestions,
} from './model/service.js'
import { OTHER_OPERATIONS, SERVICES } from './model/service-table.js'

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
  /** @defaultValue what the environment variable `GOOGLE_CLOUD_UNIVERSE_DOMAIN` names, or `googleapis.com` */
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
