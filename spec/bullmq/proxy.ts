import { connect, type Socket } from 'node:net'
import { withTcpServer } from '../loopback.js'

/** A TCP proxy in front of Redis. */
export interface Proxy {
  /** Drops all data of the open sockets without closing them, as a firewall may do. New sockets work. */
  readonly freezeSockets: () => void
  /** Connects new sockets to another Redis server. Open sockets stay connected to the previous server. */
  readonly redirect: (url: string) => void
}

/** Starts a proxy in front of Redis, runs `body`, and closes the proxy. */
export function proxied<A>(url: string, body: (url: string, proxy: Proxy) => Promise<A>): Promise<A> {
  let target = new URL(url)
  const sockets = new Set<Socket>()
  const frozen = new Set<Socket>()
  return withTcpServer(
    (socket) => {
      const redis = connect(Number(target.port), target.hostname).on('error', () => undefined)
      redis.on('data', (data) => frozen.has(socket) || socket.write(data)).on('close', () => socket.destroy())
      socket.on('data', (data) => frozen.has(socket) || redis.write(data)).on('close', () => redis.destroy())
      sockets.add(socket)
    },
    (origin) =>
      body(origin.replace('http', 'redis'), {
        freezeSockets: () => {
          for (const socket of sockets) frozen.add(socket)
        },
        redirect: (newUrl) => {
          target = new URL(newUrl)
        },
      }),
  )
}
