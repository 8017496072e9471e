import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { firstValueFrom, ReplaySubject, skip } from 'rxjs'
import { read } from './documents.js'

/** A certificate of `operations.example.test`, 2001:db8::1 and the loopback address. It is its own authority. */
export const CERTIFICATE: string = read('spec/certificates/proxy.pem')
const KEY = read('spec/certificates/proxy.key')

/** A CONNECT request. */
export interface Connect {
  /** The host and port, such as `operations.example.test:443`. */
  readonly target: string
  readonly headers: IncomingHttpHeaders
  readonly socket: Duplex
  /** Opens the tunnel to a port of this machine. */
  readonly open: (port: number) => void
}

/** A running proxy on a loopback address. */
export interface HttpProxy {
  /** The scheme, host and port. */
  readonly origin: string
  /** The URL with a user and a password. */
  readonly url: string
  readonly connects: readonly Connect[]
  /** The requests that are not CONNECT requests. They reveal their headers to the proxy. */
  readonly exposed: readonly string[]
  /** The open sockets of clients. */
  readonly sockets: ReadonlySet<Socket>
  /** Resolves when the proxy has received `count` CONNECT requests. */
  readonly received: (count: number) => Promise<Connect>
  /** Resolves when the clients have closed all sockets. */
  readonly idle: () => Promise<void>
}

/** The password of {@link HttpProxy.url}, decoded. */
export const PROXY_PASSWORD = 'S3CRET/p@ss'

/** Calls `body` with a proxy that passes CONNECT requests to `onConnect`. Then closes the proxy and its sockets. */
export async function withProxy(
  onConnect: (connect: Connect) => void,
  body: (proxy: HttpProxy) => Promise<void>,
  scheme: 'http' | 'https' = 'http',
): Promise<void> {
  const connects: Connect[] = []
  const received = new ReplaySubject<Connect>()
  const exposed: string[] = []
  const server = scheme === 'https' ? createTlsServer({ key: KEY, cert: CERTIFICATE }) : createServer()
  server.on('request', ({ url = '' }, response) => {
    exposed.push(url)
    response.end()
  })
  server.on('connect', ({ url = '', headers }, socket) => {
    // The sockets of an HTTP server may be half open, and a socket that is not read does not emit `end`.
    socket
      .on('error', () => undefined)
      .on('end', () => socket.end())
      .resume()
    const record = { target: url, headers, socket, open: (port: number) => openTunnel(socket, port) }
    connects.push(record)
    received.next(record)
    onConnect(record)
  })
  const sockets = trackedSockets(server)
  const port = await listen(server)
  const origin = `${scheme}://127.0.0.1:${port}`
  try {
    await body({
      origin,
      url: origin.replace('://', `://me:${encodeURIComponent(PROXY_PASSWORD)}@`),
      connects,
      exposed,
      sockets,
      received: (count) => firstValueFrom(received.pipe(skip(count - 1))),
      idle: async () => {
        for (const socket of sockets) if (!socket.closed) await once(socket, 'close')
      },
    })
  } finally {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
}

function openTunnel(client: Duplex, port: number): void {
  const server = connect({ port, host: '127.0.0.1' })
  server.on('error', () => client.destroy()).on('close', () => client.destroy())
  client.on('close', () => server.destroy())
  client.write('HTTP/1.1 200 Connection established\r\n\r\n')
  client.pipe(server).pipe(client)
}

/** Returns the open sockets of a server. */
export function trackedSockets(server: Server): Set<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined)
  })
  return sockets
}

/** Starts to listen on a loopback address, and returns the port. */
export async function listen(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}
