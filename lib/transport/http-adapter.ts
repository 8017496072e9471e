import type { Agent, ClientRequest, IncomingMessage } from 'node:http'
import { KEPT_HEADERS } from '../wire/multipart.js'
import type { Exchange } from './exchange.js'

/** The configuration of axios after all interceptors. */
export type AxiosConfig = import('axios').InternalAxiosRequestConfig
type AxiosResponse = import('axios').AxiosResponse

/** The configuration of a request. Other members of an axios configuration have no effect. */
export interface HttpConfig extends Pick<AxiosConfig, 'method' | 'data' | 'httpAgent' | 'httpsAgent'> {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** The maximum size of the body of the response in bytes, before and after decompression. */
  readonly maxContentLength: number
  /** Whether to destroy the idle sockets first, so that the request opens a connection. */
  readonly newConnection?: boolean | undefined
}

/** An adapter of axios that records the facts about a request in an {@link Exchange}. */
export type HttpAdapter = (config: HttpConfig, exchange: Exchange) => Promise<AxiosResponse>

/**
 * Creates an axios adapter over `node:http` and `node:https`, which takes a third of the CPU time of the adapter of axios.
 * It follows no redirects. It has no time limit, because the transport has one.
 */
export async function createHttpAdapter(): Promise<HttpAdapter> {
  const [{ AxiosError }, { default: http }, { default: https }, { default: zlib }] = await Promise.all([
    import('axios'),
    import('node:http'),
    import('node:https'),
    import('node:zlib'),
  ])
  return (config, exchange) =>
    new Promise((resolve, reject) => {
      const { protocol, hostname, port, pathname, search } = new URL(config.url)
      const [module, agent] = protocol === 'https:' ? [https, config.httpsAgent] : [http, config.httpAgent]
      if (config.newConnection) destroyIdleSockets(agent)
      const options = {
        agent,
        method: config.method,
        host: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
        port,
        path: pathname + search,
        headers: { ...config.headers, 'accept-encoding': 'gzip, deflate, br' },
        // An agent passes all options to `createConnection`.
        tunnel: exchange,
      }
      const axiosConfig = config as AxiosConfig
      const fail = (error: Error): void => reject(AxiosError.from(error, undefined, axiosConfig, request))
      // The function is read for each request, because instrumentation and test libraries replace it.
      const request = module.request(options, (response) => {
        const { statusCode: status = 0, statusMessage: statusText = '', headers } = response
        exchange.httpStatus = status
        exchange.headers = selectHeaders(headers)
        readBody(zlib, response, config.maxContentLength, (error, body) => {
          if (error) return fail(error)
          // A byte order mark is not part of the text.
          const data = String(body).replace(/^\ufeff/, '')
          resolve({
            data,
            status,
            statusText,
            headers: headers as AxiosResponse['headers'],
            config: axiosConfig,
            request,
          })
        })
      })
      exchange.request = request
      recordStaleSocket(request, exchange)
      request.on('error', fail).end(config.data)
    })
}

/** Returns the headers that a transport returns. */
export function selectHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const selected: Record<string, string> = {}
  for (const name of KEPT_HEADERS) {
    const value = headers[name]
    if (typeof value === 'string') selected[name] = value
  }
  return selected
}

/**
 * Detects a stale socket: a reused socket that fails before the first byte of a response. The server has probably closed
 * the socket while it was idle.
 *
 * Source: https://nodejs.org/api/http.html#requestreusedsocket.
 */
function recordStaleSocket(request: ClientRequest, exchange: Exchange): void {
  request.once('socket', (socket) => {
    // `bytesRead` counts all responses on this socket.
    const { bytesRead: bytesBefore } = socket
    request.prependOnceListener('error', () => {
      exchange.isStale = request.reusedSocket && socket.bytesRead === bytesBefore
    })
  })
}

function destroyIdleSockets({ freeSockets }: Agent): void {
  for (const socket of Object.values(freeSockets).flat()) socket?.destroy()
}

type Zlib = typeof import('node:zlib')
type OnBody = (error: Error | null, body?: Buffer) => void

/** The code of the error for a body that is too large, in this adapter and in zlib. */
export const TOO_LARGE = 'ERR_BUFFER_TOO_LARGE'

/**
 * Reads and decompresses the body of a response. Also limits the size before decompression, because a server can send
 * compressed blocks without data endlessly.
 */
function readBody(zlib: Zlib, response: IncomingMessage, maxBytes: number, onBody: OnBody): void {
  const chunks: Buffer[] = []
  let size = 0
  response
    .on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > maxBytes) response.destroy(Object.assign(new Error(), { code: TOO_LARGE }))
      else chunks.push(chunk)
    })
    .on('error', onBody)
    .on('end', () => {
      const [chunk = Buffer.alloc(0), ...otherChunks] = chunks
      const body = otherChunks.length === 0 ? chunk : Buffer.concat(chunks)
      const encoding = response.headers['content-encoding']?.toLowerCase()
      const decompress = encoding === undefined || size === 0 ? undefined : decompressor(zlib, encoding, body)
      if (decompress) decompress(body, { maxOutputLength: maxBytes }, onBody)
      else onBody(null, body)
    })
}

function decompressor(zlib: Zlib, encoding: string, body: Buffer): typeof zlib.unzip | undefined {
  if (encoding === 'gzip' || encoding === 'x-gzip') return zlib.unzip
  // Some servers send deflate without the header of zlib, whose first byte ends with 8.
  if (encoding === 'deflate') return (Number(body[0]) & 0xf) === 8 ? zlib.unzip : zlib.inflateRaw
  if (encoding === 'br') return zlib.brotliDecompress
  // Since Node.js 22.15.
  return encoding === 'zstd' && 'zstdDecompress' in zlib
    ? (zlib.zstdDecompress as typeof zlib.unzip)
    : undefined
}
