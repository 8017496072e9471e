import { describeType } from './messages/format-value.js'
import { checkNames, InvalidOption, inRange } from './messages/invalid-option.js'
import { isRemoteHttp } from './names/endpoint.js'
import { resolveApi } from './names/parse-target.js'
import { protocolOption, type Service, serviceOf, withProtocol } from './names/service.js'
import { SERVICES } from './names/service-catalog.js'
import { resolveUniverseDomain } from './names/universe.js'
import { apiKeyAuth } from './transport/api-key.js'
import { type AxiosOption, checkAxios } from './transport/axios-option.js'
import type { ClientCertificate } from './transport/axios-transport.js'
import { type BatchOptions, batchOptions } from './transport/batching.js'
import type { Auth } from './transport/credentials.js'
import { proxyFor, proxyOption } from './transport/proxy.js'
import { checkRateLimit, type RateLimitOptions } from './transport/rate-limiter.js'
import type { Transport } from './transport/transport.js'
import type { ClientSettings } from './watch/client-core.js'
import { scheduleOf } from './watch/watch-options.js'
import type { OperationProtocol } from './wire/protocol.js'
import { checkRequestOptions, type RequestOptions } from './wire/request-options.js'

/** Options of {@link OperationsClient}. */
export interface ClientOptions extends RequestOptions {
  /**
   * The service, as returned by {@link service}: its name templates and its methods. If `endpoint` is set without
   * `service`, the service is unknown, and every name and method is accepted.
   * @defaultValue Cloud Resource Manager, if there is no `endpoint`
   */
  readonly service?: Service | undefined
  /**
   * How operations are named, requested and decoded, as returned by `defineProtocol`. With `service`, only the
   * host, the version and the quota of the service apply.
   * @defaultValue the protocol of the service, or google.longrunning
   */
  readonly protocol?: OperationProtocol | undefined
  /**
   * The scheme, host and port of the service. Plain http requires a loopback host or `auth: false`.
   *
   * If the option is not set, the environment variable `CLOUDRESOURCEMANAGER_EMULATOR_HOST` (host:port) selects an
   * emulator. The emulator receives no credentials. The variable `GOOGLE_API_USE_MTLS_ENDPOINT` (`always`, `auto` or
   * `never`) selects the host for mutual TLS. With `auto`, the default, this host is selected if `clientCertificate` is
   * set.
   * @defaultValue `https://cloudresourcemanager.googleapis.com`
   */
  readonly endpoint?: string | undefined
  /**
   * The API version in the path, such as `v1`. If the service has a path prefix, the value includes the prefix, as in
   * `storage/v1`.
   * @defaultValue `v3`
   */
  readonly apiVersion?: string | undefined
  /**
   * The credentials: a GoogleAuth or AuthClient of google-auth-library, or your own implementation. With `false`, no
   * credentials are sent.
   * @defaultValue Application Default Credentials, loaded before the first request; no credentials for plain http
   */
  readonly auth?: Auth | false | undefined
  /**
   * An API key instead of `auth`, such as a key of the Gemini API: 1 to 500 characters of printable ASCII without spaces.
   * It is sent as the header `x-goog-api-key`, and only to `endpoint`. A resume token for another endpoint does not
   * receive the key. Application Default Credentials are not loaded.
   */
  readonly apiKey?: string | undefined
  /**
   * The OAuth scopes of Application Default Credentials.
   * @defaultValue `['https://www.googleapis.com/auth/cloud-platform']`
   */
  readonly scopes?: readonly string[] | undefined
  /**
   * The time limit for a complete response, in milliseconds, from 1 to 2,147,483,647. The limit also applies to
   * each call that obtains a credential.
   * @defaultValue 30_000
   */
  readonly requestTimeout?: number | undefined
  /**
   * The maximum size of a response body before and after decompression, in bytes, from 1 to 512 MiB. If a body is
   * larger, the watch ends with `MalformedResponse`.
   * @defaultValue 16 MiB
   */
  readonly maxResponseBytes?: number | undefined
  /**
   * The domain of the cloud. If the credentials are for another universe, the watch ends with `CredentialsError`.
   * @defaultValue the environment variable `GOOGLE_CLOUD_UNIVERSE_DOMAIN`, or `googleapis.com`
   */
  readonly universeDomain?: string | undefined
  /**
   * Limits the requests of this client, in total for all its watches. Requests above the limit wait, and are sent in
   * the order in which they were due. If a 429 response contains a lower quota, the rate is lowered for some minutes.
   * `false` disables the limit.
   * @defaultValue the documented read quota of the service in requests per second, if known, otherwise
   * `{ requests: 10, per: 1000 }`
   */
  readonly rateLimit?: RateLimitOptions | false | undefined
  /**
   * Combines polls that are due at nearly the same time into one batch request. Each poll in a batch counts toward
   * the rate limit. If the server does not support batches, each poll is a separate request.
   * @defaultValue false
   */
  readonly batch?: boolean | BatchOptions | undefined
  /** The client certificate for mutual TLS. By default no certificate is sent. */
  readonly clientCertificate?: ClientCertificate | undefined
  /**
   * The URL of an HTTP proxy for polls and token requests, such as `http://user:password@proxy.example:3128`. With `false`,
   * all requests are sent directly. Hosts in the environment variable `NO_PROXY`, loopback addresses and metadata servers
   * never use the proxy. Your own `auth` uses its own settings.
   * @defaultValue the environment variable `HTTPS_PROXY` (only https endpoints), or `HTTP_PROXY`; upper or lower case
   */
  readonly proxy?: string | false | undefined
  /**
   * Sends the requests instead of the network, for tests in virtual time. `requestTimeout`, `maxResponseBytes` and
   * `proxy` do not apply. Credentials are added only if `auth` or `apiKey` is set.
   * @defaultValue axios with its own agents
   */
  readonly transport?: Transport | undefined
  /**
   * Sends the requests through this axios instance of any version, or with this configuration. Its interceptors, its
   * adapter, its headers and its agents apply, and its interceptors can read the access token. The client sets the URL,
   * `Authorization`, the signal, the size limits and `validateStatus`, and disables redirects. `timeout` and `proxy` have no
   * effect. With agents, the options `proxy` and `clientCertificate` are not permitted. `close()` does not destroy these agents.
   * @defaultValue axios without interceptors, with its own agents
   */
  readonly axios?: AxiosOption | undefined
  /** The source of jitter: returns a number that is at least 0 and less than 1. @defaultValue `Math.random` */
  readonly random?: (() => number) | undefined
}

const CLOUD_SCOPE = 'https://www.googleapis.com/auth/cloud-platform'
const MEBIBYTE = 2 ** 20

/** The documented quota of Resource Manager, for services whose quota is unknown. */
const DEFAULT_READ_QUOTA = 600

/** Returns the quota of a service as a limit for each second, because a burst must not use the quota of a minute. */
function defaultRateLimit(service: Partial<Service> | null | undefined): RateLimitOptions {
  return { requests: (service?.readQuota ?? DEFAULT_READ_QUOTA) / 60, per: 1_000 }
}

function resourceManager(): Service {
  return serviceOf('cloudresourcemanager', SERVICES.cloudresourcemanager, 'v3')
}
const RESOURCE_MANAGER = /* @__PURE__ */ resourceManager()

/** The names of {@link ClientOptions}. */
const OPTION_NAMES: readonly string[] =
  /* @__PURE__ */ `service protocol endpoint apiVersion auth apiKey scopes requestTimeout maxResponseBytes universeDomain rateLimit batch
  clientCertificate proxy transport axios random xgafv quotaProject quotaUser fields headers`.split(/\s+/)

/** Validates the options of a client and applies the defaults. Throws {@link InvalidOption}. */
export function clientSettings(options: ClientOptions): ClientSettings {
  checkNames(options, OPTION_NAMES)
  const { apiKey, transport, clientCertificate, random = Math.random, scopes = [CLOUD_SCOPE] } = options
  const isResourceManager = options.endpoint === undefined && options.protocol === undefined
  const serviceOrDefault = options.service ?? (isResourceManager ? RESOURCE_MANAGER : undefined)
  const protocol = protocolOption({ service: serviceOrDefault, protocol: options.protocol })
  const service =
    serviceOrDefault && options.protocol ? withProtocol(serviceOrDefault, protocol) : serviceOrDefault
  const {
    requestTimeout = 30_000,
    maxResponseBytes = 16 * MEBIBYTE,
    rateLimit = defaultRateLimit(service),
  } = options
  const { xgafv, quotaProject, quotaUser, fields, headers } = options
  const universeDomain = resolveUniverseDomain(options.universeDomain)
  const { api, isEmulator } = resolveApi(options, universeDomain, clientCertificate !== undefined)
  inRange('requestTimeout', requestTimeout, 'milliseconds', { from: 1, to: 2 ** 31 - 1 })
  inRange('maxResponseBytes', maxResponseBytes, 'bytes', { from: 1, to: 512 * MEBIBYTE })
  for (const [option, value] of Object.entries({ random, transport }))
    if (value !== undefined && typeof value !== 'function')
      throw new InvalidOption(option, 'a function', value)
  if (!Array.isArray(scopes) || scopes.some((scope) => typeof scope !== 'string'))
    throw new InvalidOption('scopes', 'a list of OAuth scopes', scopes)
  checkCertificate(clientCertificate)
  checkAxios(options)
  checkRateLimit(rateLimit)
  const batch = batchOptions(options.batch)
  const proxy = proxyOption(options.proxy)
  // Throws an error if the environment variable is invalid.
  if (transport === undefined) proxyFor(api.endpoint, proxy)
  if (apiKey !== undefined && options.auth !== undefined)
    throw new InvalidOption('apiKey', 'undefined if auth is set', apiKey, describeType)
  const auth = apiKey === undefined ? options.auth : apiKeyAuth(apiKey, api.endpoint)
  if (auth !== undefined && auth !== false && typeof auth?.getRequestHeaders !== 'function')
    throw new InvalidOption('auth', 'false or an object with getRequestHeaders', auth, describeType)
  if (isRemoteHttp(api.endpoint) && !(isEmulator || auth === false))
    throw new InvalidOption('endpoint', 'https, or a loopback host, unless auth is false', api.endpoint)
  checkRequestOptions(options, protocol)
  return {
    api,
    universeDomain,
    service,
    configuredService: options.service && service,
    protocol,
    schedule: scheduleOf(service?.pollInterval),
    request: { xgafv, quotaProject, quotaUser, fields, headers: { ...headers } },
    isAnonymous: isEmulator || auth === false || (auth === undefined && api.endpoint.startsWith('http:')),
    auth: auth || undefined,
    scopes,
    requestTimeout,
    maxResponseBytes,
    rateLimit,
    clientCertificate,
    proxy,
    batch,
    transport,
    axios: options.axios,
    random,
  }
}

function checkCertificate(certificate: ClientCertificate | undefined): void {
  if (certificate === undefined) return
  const { cert, key, passphrase = '' } = Object(certificate) as Partial<ClientCertificate>
  const isPem = (text: unknown): boolean => typeof text === 'string' && text.includes('-----BEGIN ')
  if (!isPem(cert) || !isPem(key) || typeof passphrase !== 'string')
    throw new InvalidOption('clientCertificate', 'a cert and a key, both PEM', certificate, describeType)
}
