import type { Agent, AgentOptions, ClientRequest, RequestOptions } from 'node:http'
import type { Agent as HttpsAgent } from 'node:https'
import type { Duplex } from 'node:stream'
import { proxyFailureText } from '../messages/error-message.js'
import type { Exchange } from './exchange.js'
import { type ProxyConnect, type ProxyOption, type ProxyServer, proxyFor } from './proxy.js'
import { publisher } from './publisher.js'

/** Agents for http and https, which open tunnels through a proxy. */
export interface Agents {
  readonly httpAgent: Agent
  readonly httpsAgent: HttpsAgent
  /** Destroys all sockets, including those of tunnels that are not open yet. */
  readonly destroy: () => void
}

/** The options of a connection. `tunnel` is the record of the request that needs the connection. */
type ConnectOptions = RequestOptions & { readonly tunnel?: Exchange; readonly socket?: Duplex }
type OnSocket = (error: Error | null, socket?: Duplex) => void

const publishConnect = /* @__PURE__ */ publisher<ProxyConnect>('rx-longrunning:proxy:connect')

/**
 * Imports the modules of Node.js and creates agents, which send requests to a proxy only through a tunnel. Requests for
 * http need a tunnel too, because the proxy would otherwise receive their headers.
 *
 * `timeout` is the time limit for a response to CONNECT, in milliseconds, because a request of another adapter has no signal.
 * `certificate` is the client certificate for servers. It is not sent to proxies.
 */
export async function createAgents(
  proxy: ProxyOption,
  timeout: number,
  options: AgentOptions,
  certificate?: object,
): Promise<Agents> {
  const [http, https] = await Promise.all([import('node:http'), import('node:https')])
  const httpAgent = new http.Agent(options)
  const httpsAgent = new https.Agent({ ...options, ...certificate })
  const pending = new Set<ClientRequest>()
  for (const [scheme, agent] of Object.entries<Agent>({ http: httpAgent, https: httpsAgent })) {
    const connect = agent.createConnection.bind(agent) as (options: ConnectOptions) => Duplex
    const createConnection = (options: ConnectOptions, onSocket: OnSocket): Duplex | undefined => {
      const target = `${options.host?.includes(':') ? `[${options.host}]` : options.host}:${options.port}`
      const server = proxyFor(`${scheme}://${target}`, proxy)
      if (server === undefined) return connect(options)
      const { request } = server.origin.startsWith('https:') ? https : http
      const connectRequest = openTunnel(request, server, target, { ...options, timeout }, (error, socket) => {
        pending.delete(connectRequest)
        if (socket === undefined || scheme === 'http') return onSocket(error, socket)
        try {
          onSocket(null, connect({ ...options, socket }))
        } catch (thrown) {
          // TLS throws an error if the client certificate cannot be used.
          socket.destroy()
          onSocket(thrown as Error)
        }
      })
      pending.add(connectRequest)
      return undefined
    }
    agent.createConnection = createConnection as Agent['createConnection']
  }
  const destroy = (): void => {
    for (const owner of [httpAgent, httpsAgent, ...pending]) owner.destroy()
  }
  return { httpAgent, httpsAgent, destroy }
}

/**
 * Sends a CONNECT request on a new connection, and publishes its result. It contains no header of the request that needs
 * the tunnel. Calls back with the socket of the tunnel, or with an error whose message names the proxy.
 */
function openTunnel(
  send: (options: RequestOptions) => ClientRequest,
  { origin, authorization }: ProxyServer,
  target: string,
  { timeout, tunnel: facts }: ConnectOptions,
  onTunnel: OnSocket,
): ClientRequest {
  const { hostname, port } = new URL(origin)
  const host = hostname.replace(/^\[|\]$/g, '')
  const headers = { host: target, connection: 'keep-alive' }
  const limits = { timeout, signal: facts?.signal }
  const request = send({ ...limits, agent: false, method: 'CONNECT', host, port, path: target, headers })
  // The header is not an option, because NODE_DEBUG prints the options.
  const header = authorization()
  if (header !== undefined) request.setHeader('proxy-authorization', header)
  const startedAt = performance.now()
  if (facts) facts.proxy = origin
  const settle = (result: Pick<ProxyConnect, 'proxyStatus' | 'code'>, socket?: Duplex): void => {
    const { proxyStatus, code = 'ERR_PROXY_TUNNEL' } = result
    if (facts) Object.assign(facts, socket ? { proxy: undefined } : { proxyStatus })
    const took = performance.now() - startedAt
    publishConnect(() => ({ proxy: origin, host: target, took, ...result }))
    if (socket) onTunnel(null, socket)
    else onTunnel(Object.assign(new Error(proxyFailureText(origin, code, proxyStatus)), { code }))
  }
  return request
    .once('timeout', () => request.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })))
    .once('error', ({ code = 'UNKNOWN' }: NodeJS.ErrnoException) => settle({ code }))
    .once('connect', ({ statusCode: proxyStatus = 0 }, socket) => {
      const isOpen = proxyStatus >= 200 && proxyStatus < 300
      if (!isOpen) socket.destroy()
      settle({ proxyStatus }, isOpen ? socket : undefined)
    })
    .end()
}
