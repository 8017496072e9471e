import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'

/**
 * Calls `body` with the origin of an HTTP server on a loopback address. Then closes the server and its
 * sockets.
 */
export async function withHttpServer<A>(
  listener: RequestListener,
  body: (origin: string) => Promise<A>,
): Promise<A> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

/**
 * Calls `body` with the origin of a TCP server on a loopback address. Then closes the server and its sockets.
 */
export async function withTcpServer<A>(
  onConnection: (socket: Socket) => void,
  body: (origin: string) => Promise<A>,
): Promise<A> {
  const sockets = new Set<Socket>()
  const server = createTcpServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).resume()
    onConnection(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
}
