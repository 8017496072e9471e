import { of } from 'rxjs'
import { describeType } from './messages/format-value.js'
import { InvalidOption, inRange } from './messages/invalid-option.js'
import { isLeft } from './model/either.js'
import { isExposed, parseEndpoint } from './names/endpoint.js'
import { type ApiEndpoint, parseApiVersion } from './names/resume-token.js'
import { type Service, serviceOf } from './names/service.js'
import { SERVICES } from './names/service-catalog.js'
import { resolveUniverseDomain, usesMutualTls } from './names/universe.js'
import { now } from './time/clock.js'
import { axiosTransport } from './transport/axios-transport.js'
import { type BatchOptions, batchOptions, withBatch } from './transport/batching.js'
import { type Auth, withCredentials } from './transport/credentials.js'
import { defaultCredentials } from './transport/default-credentials.js'
import { checkRateLimit, RateLimiter, type RateLimitOptions, type Stats } from './transport/rate-limiter.js'
import type { Transport } from './transport/transport.js'
import { checkRequestOptions, type RequestOptions } from './wire/request-options.js'

/** How a client asks. */
export interface ClientOptions extends RequestOptions {
  /**
   * What is known of the service, as {@link service} gives it: the names that it has, and the methods. Without it and
   * without an `endpoint` that is Cloud Resource Manager; with an `endpoint` alone, every name is asked for, and every
   * method.
   */
  readonly service?: Service | undefined
  /**
   * The service: scheme, host and port. Plain http is for this machine, or for `auth: false`. Where it is not given, the
   * environment variable `CLOUDRESOURCEMANAGER_EMULATOR_HOST` (host:port) may name an emulator, which is sent no
   * credentials, and `GOOGLE_API_USE_MTLS_ENDPOINT` (`always`, `auto` or `never`) says whether the host for mutual TLS is
   * asked: by default where there is a `clientCertificate`.
   * @defaultValue `https://cloudresourcemanager.googleapis.com`
   */
  readonly endpoint?: string | undefined
  /**
   * The version in the path, such as `v1`, with what few services have about it, such as `storage/v1`.
   * @defaultValue `v3`
   */
  readonly apiVersion?: string | undefined
  /**
   * The credentials: any GoogleAuth or AuthClient of google-auth-library, or your own; `false` sends none. Where it is not
   * given, Application Default Credentials are loaded on first use; a plain http endpoint is then sent none.
   */
  readonly auth?: Auth | false | undefined
  /**
   * The OAuth scopes of Application Default Credentials.
   * @defaultValue `['https://www.googleapis.com/auth/cloud-platform']`
   */
  readonly scopes?: readonly string[] | undefined
  /**
   * Milliseconds, from 1 to 2 147 483 647, for the whole of an answer, and as much for its credentials.
   * @defaultValue 30 000
   */
  readonly requestTimeout?: number | undefined
  /**
   * The largest body in bytes, from 1 to 512 MiB, before and after decompression; one over it is a `MalformedResponse`.
   * @defaultValue 16 MiB
   */
  readonly maxResponseBytes?: number | undefined
  /**
   * The domain of the cloud, where it is not Google's own. Where it is not given, the environment variable
   * `GOOGLE_CLOUD_UNIVERSE_DOMAIN` may name one. Credentials of another universe are a `CredentialsError`.
   * @defaultValue `googleapis.com`
   */
  readonly universeDomain?: string | undefined
  /**
   * How many requests this client may send, all its watches together; `false` sets no limit. Those that are too many wait
   * their turn, the first that was due first. A 429 that says what its quota is lowers the rate for some minutes.
   * @defaultValue `{ requests: 10, per: 1000 }`, the documented read quota of Resource Manager
   */
  readonly rateLimit?: RateLimitOptions | false | undefined
  /**
   * Whether to gather polls that are due within a moment into one request to the service's batch path. Each still counts for
   * the budget; a service without batches is asked singly.
   * @defaultValue false
   */
  readonly batch?: boolean | BatchOptions | undefined
  /** The certificate that this client shows to the server, for mutual TLS. */
  readonly clientCertificate?: ClientCertificate | undefined
  /**
   * The network, for tests in virtual time: `requestTimeout` and `maxResponseBytes` are then its own affair, and
   * credentials are added only where `auth` is given too.
   */
  readonly transport?: Transport | undefined
  /** The source of jitter, from 0 up to 1. @defaultValue `Math.random` */
  readonly random?: (() => number) | undefined
}

/** A certificate and its private key, both PEM. */
export interface ClientCertificate {
  /** The certificate chain. */
  readonly cert: string
  /** The private key. */
  readonly key: string
  /** The passphrase of an encrypted key. */
  readonly passphrase?: string | undefined
}

/** Client options that were checked, with their defaults. */
export interface ClientSettings {
  readonly api: ApiEndpoint
  readonly universeDomain: string
  /** What is known of the service, if anything is. */
  readonly service: Service | undefined
  readonly request: RequestOptions
  /** Whether requests carry no credentials. */
  readonly isAnonymous: boolean
  readonly random: () => number
  /** Makes the network of a client; nothing is opened before it is used. */
  readonly connect: () => ClientConnection
}

/** A transport, and how to let go of it. */
export interface ClientConnection {
  readonly transport: Transport
  readonly stats: () => Stats
  readonly close: () => void
}

const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform'
const MEBIBYTE = 2 ** 20

/** Checks the options of a client; throws {@link InvalidOption} where one is out of its range. */
export function clientSettings(options: ClientOptions): ClientSettings {
  const { random = Math.random } = options
  const universeDomain = resolveUniverseDomain(options.universeDomain)
  const { apiVersion = 'v3', clientCertificate, rateLimit = DEFAULT_RATE_LIMIT, batch = false } = options
  const { requestTimeout = 30_000, maxResponseBytes = 16 * MEBIBYTE, scopes = [CLOUD_PLATFORM] } = options
  const version = parseApiVersion(apiVersion)
  if (isLeft(version)) throw new InvalidOption('apiVersion', version.left, apiVersion)
  inRange('requestTimeout', requestTimeout, 'milliseconds', { from: 1, to: 2 ** 31 - 1 })
  inRange('maxResponseBytes', maxResponseBytes, 'bytes', { from: 1, to: 512 * MEBIBYTE })
  for (const [option, value] of Object.entries({ random, transport: options.transport }))
    if (value !== undefined && typeof value !== 'function')
      throw new InvalidOption(option, 'a function', value)
  if (!Array.isArray(scopes) || scopes.some((scope) => typeof scope !== 'string'))
    throw new InvalidOption('scopes', 'a list of OAuth scopes', scopes)
  checkRequestOptions(options)
  checkCertificate(clientCertificate)
  checkRateLimit(rateLimit)
  const gathering = batchOptions(batch)
  if (options.service !== undefined && !isService(options.service))
    throw new InvalidOption('service', "what service('NAME').service gives", options.service)
  const { xgafv, quotaProject, quotaUser, fields, headers } = options
  const { auth, transport } = options
  if (auth !== undefined && auth !== false && typeof auth?.getRequestHeaders !== 'function')
    throw new InvalidOption('auth', 'false or an object with getRequestHeaders', auth, describeType)

  const { endpoint, isEmulator } = defaultEndpoint(options, universeDomain)
  const isAnonymous = isEmulator || auth === false || (auth === undefined && endpoint.startsWith('http:'))
  if (isExposed(endpoint) && !(isEmulator || auth === false))
    throw new InvalidOption('endpoint', 'https, or on this machine, unless auth is false', endpoint)
  const known = options.service ?? (options.endpoint === undefined ? RESOURCE_MANAGER : undefined)
  const limits = { batchPath: known === undefined ? 'batch' : known.batchPath, maxResponseBytes }
  return {
    api: { endpoint, apiVersion },
    universeDomain,
    service: known,
    request: { xgafv, quotaProject, quotaUser, fields, headers: { ...headers } },
    isAnonymous,
    random,
    connect: () => {
      const given = transport && { transport, close: () => undefined }
      const network = given ?? axiosTransport({ requestTimeout, maxResponseBytes, clientCertificate })
      const isBare = isAnonymous || (transport !== undefined && !auth)
      const own = auth
        ? { auth: of(auth), close: () => undefined }
        : defaultCredentials(scopes, requestTimeout)
      const credentials = withCredentials({
        auth: own.auth,
        origin: endpoint,
        universeDomain,
        requestTimeout,
      })
      const limited = new RateLimiter(rateLimit, now)
      const single = isBare ? network.transport : credentials(network.transport)
      return {
        transport: limited.wrap(gathering ? withBatch({ ...gathering, ...limits })(single) : single),
        stats: () => limited.stats(),
        close: () => {
          network.close()
          own.close()
        },
      }
    },
  }
}

/** Source: https://cloud.google.com/resource-manager/docs/limits. */
const DEFAULT_RATE_LIMIT: RateLimitOptions = { requests: 10, per: 1_000 }

function isService(service: Partial<Service> | null): boolean {
  return Array.isArray(service?.templates) && Array.isArray(service.verbs)
}

function checkCertificate(certificate: ClientCertificate | undefined): void {
  if (certificate === undefined) return
  const { cert, key, passphrase = '' } = Object(certificate) as Partial<ClientCertificate>
  const isPem = (text: unknown): boolean => typeof text === 'string' && text.includes('-----BEGIN ')
  if (!isPem(cert) || !isPem(key) || typeof passphrase !== 'string')
    throw new InvalidOption('clientCertificate', 'a cert and a key, both PEM', certificate, describeType)
}

function resourceManager(): Service {
  return serviceOf('cloudresourcemanager', SERVICES.cloudresourcemanager, 'v3')
}
const RESOURCE_MANAGER = /* @__PURE__ */ resourceManager()

const EMULATOR = 'CLOUDRESOURCEMANAGER_EMULATOR_HOST'

function defaultEndpoint(
  { endpoint, clientCertificate }: ClientOptions,
  universeDomain: string,
): { readonly endpoint: string; readonly isEmulator: boolean } {
  const host = endpoint === undefined ? process.env[EMULATOR] : undefined
  const isMutual = endpoint === undefined && usesMutualTls(clientCertificate !== undefined, universeDomain)
  const byDefault = `https://cloudresourcemanager.${isMutual ? 'mtls.' : ''}${universeDomain}`
  const given = host ? `http://${host}` : (endpoint ?? byDefault)
  const read = parseEndpoint(given)
  if (isLeft(read))
    throw host
      ? new InvalidOption(EMULATOR, 'host:port', host)
      : new InvalidOption('endpoint', read.left, given)
  return { endpoint: read.right, isEmulator: Boolean(host) }
}
