import { describeType } from '../messages/format-value.js'
import { InvalidOption } from '../messages/invalid-option.js'
import { isPlainObject } from '../model/json.js'

/** An axios instance of any version. */
export interface AxiosInstanceLike {
  /** Sends a request. */
  request(config: never): PromiseLike<unknown>
  readonly interceptors: object
  readonly defaults: object
}

/** The option `axios`: an instance, or the configuration of an instance. */
export type AxiosOption = AxiosInstanceLike | object

/** Validates the option `axios`. Throws {@link InvalidOption}, without the value, because it may contain a secret. */
export function checkAxios(
  options: Partial<Record<'axios' | 'transport' | 'proxy' | 'clientCertificate', unknown>>,
): void {
  const { axios, transport, proxy, clientCertificate } = options
  if (axios === undefined) return
  const config: Partial<Record<string, unknown>> = Object(isInstance(axios) ? axios.defaults : axios)
  const hasAgents = config.httpAgent !== undefined || config.httpsAgent !== undefined
  const hasConflict = hasAgents && (proxy !== undefined || clientCertificate !== undefined)
  const rules = [
    [isInstance(axios) || isPlainObject(axios), 'an axios instance, or a plain object'],
    [transport === undefined, 'undefined if transport is set'],
    [!config.proxy, 'an object without proxy, because the option proxy of the client replaces it'],
    [!hasConflict, 'an object without agents if proxy or clientCertificate is set'],
  ] as const
  for (const [isValid, expected] of rules)
    if (!isValid) throw new InvalidOption('axios', expected, axios, describeType)
}

/** Returns whether a value is an axios instance. */
export function isInstance(axios: unknown): axios is AxiosInstanceLike {
  const { request, interceptors, defaults } = Object(axios)
  return typeof request === 'function' && interceptors !== undefined && defaults !== undefined
}
