import { connect, type Socket } from 'node:net'
import { servedRaw } from '../loopback.js'

/** A way to Redis whose sockets can die without a word, as behind a firewall that forgets them; new ones live. */
export const proxied = <A>(url: string, body: (url: string, die: () => void) => Promise<A>): Promise<A> => {
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  const dead = new Set<Socket>()
  return servedRaw(
    (socket) => {
      const redis = connect(Number(port), hostname).on('error', () => undefined)
      redis.on('data', (data) => dead.has(socket) || socket.write(data))
      socket.on('data', (data) => dead.has(socket) || redis.write(data)).on('close', () => redis.destroy())
      sockets.add(socket)
    },
    (origin) =>
      body(origin.replace('http', 'redis'), () => {
        for (const socket of sockets) dead.add(socket)
      }),
  )
}
