import { formatValue } from '../messages/format-value.js'
import { InvalidOption } from '../messages/invalid-option.js'
import { type Either, isLeft, left, right } from '../model/either.js'
import { isJsonObject } from '../model/json.js'
import type { ApiEndpoint, ResumeToken } from '../model/resume-token.js'
import { wallClock } from '../time/clock.js'
import type { OperationProtocol } from '../wire/protocol.js'
import { isLoopback, isServiceOrigin, parseEndpoint } from './endpoint.js'
import { parseName } from './operation-name.js'
import { protocolOption, type Service } from './service.js'
import { resolveUniverseDomain, usesMutualTls } from './universe.js'

/** Options of {@link resumeToken}: the endpoint and the service of the operation, as in {@link ClientOptions}. */
export interface ResumeTokenOptions {
  /**
   * Scheme, host and port of the service.
   * @defaultValue `https://cloudresourcemanager.googleapis.com`
   */
  readonly endpoint?: string | undefined
  /**
   * The version in the path of requests, such as `v1`.
   * @defaultValue `v3`
   */
  readonly apiVersion?: string | undefined
  /**
   * The universe domain, which is the domain of the cloud.
   * @defaultValue the environment variable `GOOGLE_CLOUD_UNIVERSE_DOMAIN`, or `googleapis.com`
   */
  readonly universeDomain?: string | undefined
  /** The service, as returned by {@link service}. Its protocol decides which names are valid. */
  readonly service?: Service | undefined
  /**
   * The protocol, as returned by `defineProtocol`. It decides which names are valid.
   * @defaultValue the protocol of the service, or google.longrunning
   */
  readonly protocol?: OperationProtocol | undefined
  /**
   * When the operation started, in milliseconds since 1970.
   * @defaultValue now
   */
  readonly since?: number | undefined
}

/**
 * Returns the resume token of an operation without sending a request. Another process can watch the operation with the
 * token. Throws `InvalidOption` if the name or an option is invalid.
 *
 * @example
 * {@includeCode ../../examples/resume-elsewhere.ts}
 */
export function resumeToken(name: string, options: ResumeTokenOptions = {}): ResumeToken {
  const { since = wallClock() } = options
  if (isLeft(parseName(name, protocolOption(options).nameProblem)))
    throw new InvalidOption('name', 'the name of an operation', name)
  if (!Number.isFinite(since)) throw new InvalidOption('since', 'milliseconds since 1970', since)
  const { api } = resolveApi(options, resolveUniverseDomain(options.universeDomain))
  return { name, ...api, since }
}

const EMULATOR_VARIABLE = 'CLOUDRESOURCEMANAGER_EMULATOR_HOST'

/**
 * Returns the endpoint, the API version, and whether the endpoint is an emulator. Without an option, the endpoint is the
 * emulator in `CLOUDRESOURCEMANAGER_EMULATOR_HOST` or, if this variable is not set, Resource Manager. Throws `InvalidOption`.
 */
export function resolveApi(
  { endpoint: endpointOption, apiVersion = 'v3' }: ResumeTokenOptions,
  universeDomain: string,
  hasCertificate = false,
): { readonly api: ApiEndpoint; readonly isEmulator: boolean } {
  const version = parseApiVersion(apiVersion)
  if (isLeft(version)) throw new InvalidOption('apiVersion', version.left, apiVersion)
  const emulatorHost = endpointOption === undefined ? process.env[EMULATOR_VARIABLE] : undefined
  const isMutualTls = endpointOption === undefined && usesMutualTls(hasCertificate, universeDomain)
  const defaultUrl = `https://cloudresourcemanager.${isMutualTls ? 'mtls.' : ''}${universeDomain}`
  const url = emulatorHost ? `http://${emulatorHost}` : (endpointOption ?? defaultUrl)
  const endpoint = parseEndpoint(url)
  if (!isLeft(endpoint))
    return { api: { endpoint: endpoint.right, apiVersion }, isEmulator: Boolean(emulatorHost) }
  throw emulatorHost
    ? new InvalidOption(EMULATOR_VARIABLE, 'host:port', emulatorHost)
    : new InvalidOption('endpoint', endpoint.left, url)
}

/** Parses an API version, such as `v3` or `v1beta1`. The Left describes a valid version. */
export function parseApiVersion(value: unknown): Either<string, string> {
  return typeof value === 'string' && /^[a-z][a-z\d]*(?:\/[a-z][a-z\d]*)*$/.test(value)
    ? right(value)
    : left('a version such as "v3"')
}

/**
 * Parses a name or a token. A name gets the endpoint and version in `api`. The Left states why the value is not valid.
 *
 * The caller must check the endpoint of a token with {@link isAllowedEndpoint}. Without
 * `nameProblem`, any path is a valid name: the name in a stored target was already validated.
 */
export function parseTarget(
  value: unknown,
  api: ApiEndpoint,
  nameProblem: OperationProtocol['nameProblem'] = () => undefined,
): Either<string, ResumeToken> {
  const name = parseName(isJsonObject(value) ? value.name : value, nameProblem)
  if (!isJsonObject(value)) return isLeft(name) ? name : right({ name: name.right, ...api })
  const endpoint = parseEndpoint(value.endpoint)
  const apiVersion = parseApiVersion(value.apiVersion)
  const since = value.since ?? undefined
  if (isLeft(name)) return left(`the token's name is invalid: ${name.left}`)
  if (isLeft(endpoint))
    return left(`the token's endpoint must be ${endpoint.left}, got ${formatValue(value.endpoint)}`)
  if (isLeft(apiVersion))
    return left(`the token's apiVersion must be ${apiVersion.left}, got ${formatValue(value.apiVersion)}`)
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
 * Returns whether requests may be sent to the endpoint of a token. Allowed are `ownEndpoint`, https hosts of
 * services in the universe domain, and loopback addresses.
 *
 * A token may come from a queue or a URL, so it must not cause credentials to be sent to any other host.
 */
export function isAllowedEndpoint(
  { endpoint }: ResumeToken,
  ownEndpoint: string,
  universeDomain: string,
): boolean {
  return endpoint === ownEndpoint || isServiceOrigin(universeDomain, endpoint) || isLoopback(endpoint)
}
