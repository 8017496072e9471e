import { isLeft } from 'fp-ts/lib/Either.js'
import { of } from 'rxjs'
import { GOOGLE_UNIVERSE, isExposed, parseEndpoint } from './model/endpoint.js'
import { InvalidOption, inRange } from './model/invalid-option.js'
import { checkRequestOptions, type RequestOptions } from './model/request-options.js'
import { type Place, parseApiVersion } from './model/resume-token.js'
import { kindOf } from './model/shown.js'
import { applicationDefault } from './transport/application-default.js'
import { axiosTransport } from './transport/axios-transport.js'
import { type Auth, withCredentials } from './transport/credentials.js'
import type { Transport } from './transport/transport.js'

/** How a client asks. */
export interface ClientOptions extends RequestOptions {
  /**
   * The service: scheme, host and port. Plain http is for this machine, or for `auth: false`. Where it is not given, the
   * environment variable `CLOUDRESOURCEMANAGER_EMULATOR_HOST` (host:port) may name an emulator, which is sent no credentials.
   * @defaultValue `https://cloudresourcemanager.googleapis.com`
   */
  readonly endpoint?: string | undefined
  /**
   * The version in the path, such as `v1`.
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
   * The domain of the cloud, where it is not Google's own.
   * @defaultValue `googleapis.com`
   */
  readonly universeDomain?: string | undefined
  /**
   * The network, for tests in virtual time: `requestTimeout` and `maxResponseBytes` are then its own affair, and
   * credentials are added only where `auth` is given too.
   */
  readonly transport?: Transport | undefined
  /** The source of jitter, from 0 up to 1. @defaultValue `Math.random` */
  readonly random?: (() => number) | undefined
}

/** Client options that were checked, with their defaults. */
export interface ClientSettings {
  readonly place: Place
  readonly universeDomain: string
  readonly request: RequestOptions
  /** Whether requests carry no credentials. */
  readonly isAnonymous: boolean
  readonly random: () => number
  /** Makes the network of a client; nothing is opened before it is used. */
  readonly connect: () => Connection
}

/** A transport, and how to let go of it. */
export interface Connection {
  readonly transport: Transport
  readonly close: () => void
}

const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform'
const MEBIBYTE = 2 ** 20

/** Checks the options of a client; throws {@link InvalidOption} where one is out of its range. */
export const clientSettings = (options: ClientOptions): ClientSettings => {
  const { universeDomain = GOOGLE_UNIVERSE, apiVersion = 'v3', random = Math.random } = options
  const { requestTimeout = 30_000, maxResponseBytes = 16 * MEBIBYTE, scopes = [CLOUD_PLATFORM] } = options
  if (typeof universeDomain !== 'string' || !/^[a-z\d-]+(?:\.[a-z\d-]+)+$/.test(universeDomain))
    throw new InvalidOption('universeDomain', 'a domain such as "googleapis.com"', universeDomain)
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
  const { xgafv, quotaProject, quotaUser, fields, headers } = options
  const { auth, transport } = options
  if (auth !== undefined && auth !== false && typeof auth?.getRequestHeaders !== 'function')
    throw new InvalidOption('auth', 'false or an object with getRequestHeaders', auth, kindOf)

  const { endpoint, isEmulator } = endpointOf(options, universeDomain)
  const isAnonymous = isEmulator || auth === false || (auth === undefined && endpoint.startsWith('http:'))
  if (isExposed(endpoint) && !(isEmulator || auth === false))
    throw new InvalidOption('endpoint', 'https, or on this machine, unless auth is false', endpoint)
  return {
    place: { endpoint, apiVersion },
    universeDomain,
    request: { xgafv, quotaProject, quotaUser, fields, headers: { ...headers } },
    isAnonymous,
    random,
    connect: () => {
      if (transport !== undefined && (!auth || isAnonymous)) return { transport, close: () => undefined }
      const network = transport
        ? { transport, close: () => undefined }
        : axiosTransport({ requestTimeout, maxResponseBytes })
      if (isAnonymous) return network
      const own = auth
        ? { auth: of(auth), close: () => undefined }
        : applicationDefault(scopes, requestTimeout)
      return {
        transport: withCredentials({ auth: own.auth, origin: endpoint, requestTimeout })(network.transport),
        close: () => {
          network.close()
          own.close()
        },
      }
    },
  }
}

const EMULATOR = 'CLOUDRESOURCEMANAGER_EMULATOR_HOST'

const endpointOf = (
  { endpoint }: ClientOptions,
  universeDomain: string,
): { readonly endpoint: string; readonly isEmulator: boolean } => {
  const host = endpoint === undefined ? process.env[EMULATOR] : undefined
  const given = host ? `http://${host}` : (endpoint ?? `https://cloudresourcemanager.${universeDomain}`)
  const read = parseEndpoint(given)
  if (isLeft(read))
    throw host
      ? new InvalidOption(EMULATOR, 'host:port', host)
      : new InvalidOption('endpoint', read.left, given)
  return { endpoint: read.right, isEmulator: Boolean(host) }
}
