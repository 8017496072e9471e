import { connect, type Socket } from 'node:net'
import { servedRaw } from '../loopback.js'

/** What can happen on a way to Redis. */
export interface Way {
  /** Its sockets die without a word, as behind a firewall that forgets them; new ones live. */
  readonly die: () => void
  /** New sockets lead to another Redis; those that are open stay where they are. */
  readonly leadTo: (url: string) => void
}

/** A way to Redis, for as long as a body runs. */
export function proxied<A>(url: string, body: (url: string, way: Way) => Promise<A>): Promise<A> {
  let target = new URL(url)
  const sockets = new Set<Socket>()
  const dead = new Set<Socket>()
  return servedRaw(
    (socket) => {
      const redis = connect(Number(target.port), target.hostname).on('error', () => undefined)
      redis.on('data', (data) => dead.has(socket) || socket.write(data)).on('close', () => socket.destroy())
      socket.on('data', (data) => dead.has(socket) || redis.write(data)).on('close', () => redis.destroy())
      sockets.add(socket)
    },
    (origin) =>
      body(origin.replace('http', 'redis'), {
        die: () => {
          for (const socket of sockets) dead.add(socket)
        },
        leadTo: (other) => {
          target = new URL(other)
        },
      }),
  )
}
