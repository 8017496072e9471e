import { connect, type Socket } from 'node:net'
import { withTcpServer } from '../loopback.js'

/** A TCP proxy in front of Redis. */
export interface Proxy {
  /** Drops all data of the open sockets without closing them, as a firewall may do. New sockets work. */
  readonly freezeSockets: () => void
  /** Connects new sockets to another Redis server. Open sockets stay connected to the previous server. */
  readonly redirect: (url: string) => void
  /** Closes the next socket when it opens. */
  readonly rejectNext: () => void
}

/**
 * Starts a proxy in front of the Redis at `url`, calls `body` with the URL of the proxy, and closes the proxy.
 * `roundTrip` is the delay that the proxy adds to the response of each command, in milliseconds.
 */
export function proxied<A>(
  url: string,
  body: (proxyUrl: string, proxy: Proxy) => Promise<A>,
  roundTrip = 0,
): Promise<A> {
  let target = new URL(url)
  const sockets = new Set<Socket>()
  const frozenSockets = new Set<Socket>()
  let rejectsNext = false
  // Timers of the same duration fire in the order of their start, so the order of the data stays the same.
  const forwardLater = (write: () => void): void => {
    if (roundTrip > 0) setTimeout(write, roundTrip / 2)
    else write()
  }
  return withTcpServer(
    (socket) => {
      if (rejectsNext) {
        rejectsNext = false
        socket.destroy()
        return
      }
      const redis = connect(Number(target.port), target.hostname).on('error', () => undefined)
      redis
        .on('data', (data) => frozenSockets.has(socket) || forwardLater(() => socket.write(data)))
        .on('close', () => socket.destroy())
      socket
        .on('data', (data) => frozenSockets.has(socket) || forwardLater(() => redis.write(data)))
        .on('close', () => redis.destroy())
      sockets.add(socket)
    },
    (origin) =>
      body(origin.replace('http', 'redis'), {
        freezeSockets: () => {
          for (const socket of sockets) frozenSockets.add(socket)
        },
        redirect: (newUrl) => {
          target = new URL(newUrl)
        },
        rejectNext: () => {
          rejectsNext = true
        },
      }),
  )
}
