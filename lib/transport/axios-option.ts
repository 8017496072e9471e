import { describeType } from '../messages/format-value.js'
import { InvalidOption } from '../messages/invalid-option.js'
import { isPlainObject } from '../model/json.js'
import { type AxiosConfig, type HttpAdapter, selectHeaders } from './http-adapter.js'

type Axios = import('axios').Axios
type AxiosAdapter = import('axios').AxiosAdapter

/** An axios instance of any version. */
export interface AxiosInstanceLike {
  request(config: never): PromiseLike<unknown>
  readonly interceptors: object
  readonly defaults: object
}

/** The option `axios`: an instance, or the configuration of an instance. */
export type AxiosOption = AxiosInstanceLike | object

/** Options that conflict with members of the option `axios`. */
interface ConflictingOptions {
  readonly transport?: unknown
  readonly proxy?: unknown
  readonly clientCertificate?: unknown
}

/** Validates the option `axios`. Throws {@link InvalidOption}, without the value, because it may contain a secret. */
export function checkAxios(
  axios: unknown,
  { transport, proxy, clientCertificate }: ConflictingOptions,
): void {
  if (axios === undefined) return
  const reject = (expected: string): never => {
    throw new InvalidOption('axios', expected, axios, describeType)
  }
  if (!isInstance(axios) && !isPlainObject(axios)) reject('an axios instance, or a plain object')
  if (transport !== undefined) reject('undefined if transport is set')
  const config: Partial<AxiosConfig> = Object(isInstance(axios) ? axios.defaults : axios)
  if (config.proxy) reject('an object without proxy, because the option proxy of the client replaces it')
  const hasAgents = config.httpAgent !== undefined || config.httpsAgent !== undefined
  if (hasAgents && (proxy !== undefined || clientCertificate !== undefined))
    reject('an object without agents if proxy or clientCertificate is set')
}

function isInstance(axios: unknown): axios is Axios {
  const { request, interceptors, defaults } = Object(axios)
  return typeof request === 'function' && interceptors !== undefined && defaults !== undefined
}

/** The headers with credentials, which interceptors cannot change. */
const CREDENTIAL_HEADERS = ['authorization', 'x-goog-api-key']

/** The settings that neither an instance nor an interceptor can change, in addition to those of each request. */
const FIXED_SETTINGS = {
  baseURL: '',
  params: {},
  auth: undefined,
  maxRedirects: 0,
  proxy: false,
  timeout: 0,
  decompress: true,
  responseType: 'text',
  validateStatus: () => true,
} as const

/**
 * Returns an adapter that sends requests through an axios instance. Its interceptors run first. Then its own adapter sends
 * the request, or `adapter` if it has none. The settings of the client apply after the interceptors.
 */
export async function throughInstance(axios: AxiosOption, adapter: HttpAdapter): Promise<HttpAdapter> {
  const { Axios, AxiosHeaders, getAdapter } = await import('axios')
  // `axios.create` would add the values of `axios.defaults`, such as a header for another API.
  const instance = isInstance(axios) ? axios : new Axios(axios as object)
  return ({ headers: clientHeaders, httpAgent, httpsAgent, newConnection, ...request }, exchange) => {
    const settings = { ...FIXED_SETTINGS, ...request, signal: exchange.signal }
    const send: AxiosAdapter = (config) => {
      const headers = AxiosHeaders.from(config.headers)
      for (const name of CREDENTIAL_HEADERS) headers.set(name, clientHeaders[name] ?? false, true)
      const sentHeaders = headers.toJSON() as Record<string, string>
      exchange.sentHeaders = sentHeaders
      const { data } = config
      Object.assign(config, settings, { data, headers })
      config.httpAgent ??= httpAgent
      config.httpsAgent ??= httpsAgent
      const ownAdapter = ownAdapterOf(instance)
      if (ownAdapter === undefined)
        return adapter({ ...config, ...request, data, headers: sentHeaders, newConnection }, exchange)
      return getAdapter(ownAdapter)(config).then((response) => {
        exchange.httpStatus = response.status
        exchange.headers = selectHeaders(
          Object.fromEntries(new AxiosHeaders(response.headers as AxiosConfig['headers'])),
        )
        return response
      })
    }
    return instance.request({ ...settings, headers: clientHeaders, adapter: send } as object)
  }
}

/** Returns the adapter of an instance, which may be set at any time. Returns undefined if it is the default of axios. */
function ownAdapterOf({ defaults: { adapter } }: Axios): typeof adapter {
  // The default begins with the adapter for browsers.
  return Array.isArray(adapter) && adapter[0] === 'xhr' ? undefined : adapter
}
