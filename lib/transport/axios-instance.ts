import { type AxiosOption, isInstance } from './axios-option.js'
import { type AxiosConfig, type HttpAdapter, selectHeaders } from './http-adapter.js'

type Axios = import('axios').Axios
type AxiosAdapter = import('axios').AxiosAdapter

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
  const instance = isInstance(axios) ? (axios as Axios) : new Axios(axios)
  // Asynchronous, because an instance of axios 0 can throw the error of an interceptor.
  return async ({ headers: clientHeaders, httpAgent, httpsAgent, ...request }, exchange) => {
    const settings = { ...FIXED_SETTINGS, ...request, signal: exchange.signal }
    const send: AxiosAdapter = async (config) => {
      // axios checks only the signal of `config`, which an interceptor can replace.
      settings.signal.throwIfAborted()
      // A copy, because an interceptor can set a member of its headers to a number.
      const headers = new AxiosHeaders(config.headers)
      for (const name of CREDENTIAL_HEADERS) headers.set(name, clientHeaders[name] ?? false, true)
      // Without members that are false, which axios 0 would send as text.
      exchange.sentHeaders = headers.toJSON(true) as Record<string, string>
      Object.assign(config, settings, { data: config.data, headers: new AxiosHeaders(exchange.sentHeaders) })
      config.httpAgent ??= httpAgent
      config.httpsAgent ??= httpsAgent
      const { adapter: ownAdapter } = instance.defaults
      // The default of axios begins with the adapter for browsers.
      if (ownAdapter === undefined || String(ownAdapter).startsWith('xhr,'))
        return adapter({ ...config, headers: exchange.sentHeaders as never }, exchange)
      const response = await getAdapter(ownAdapter, config)(config)
      exchange.httpStatus = response.status
      const received = [...new AxiosHeaders(response.headers as AxiosConfig['headers'])]
      exchange.headers = selectHeaders(
        Object.fromEntries(received.map(([name, value]) => [name.toLowerCase(), value])),
      )
      return response
    }
    return instance.request({ ...settings, headers: clientHeaders, adapter: send } as object)
  }
}
