import { readFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { firstValueFrom, lastValueFrom, toArray } from 'rxjs'
import { constant, OperationsClient, type Transport } from '../../lib/index.js'
import { axiosTransport, type ClientCertificate } from '../../lib/transport/axios-transport.js'
import { root } from '../documents.js'
import { NAME } from '../virtual.js'

const RUNNING = JSON.stringify({ name: NAME })

/**
 * The code of a worker thread with a server that closes a socket after 100 ms without a request. It does not send the
 * header `Keep-Alive`, because Node.js does not reuse a socket with a short time limit.
 */
const IDLE_CLOSING_SERVER = `
  const { createServer } = require('node:http')
  const { parentPort, workerData } = require('node:worker_threads')
  const close = {
    'a FIN': (socket) => socket.end(),
    'a RST': (socket) => socket.resetAndDestroy(),
    'a FIN and then a RST': (socket) => socket.end() && setTimeout(() => socket.resetAndDestroy(), 50),
  }[workerData.ending]
  const server = createServer({ keepAliveTimeout: 0 }, ({ socket }, response) => {
    clearTimeout(socket.idleTimer)
    response.on('finish', () => { socket.idleTimer = setTimeout(close, 100, socket) })
    response.end(workerData.body)
  })
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))
`

/** Calls `body` with the endpoint of a server that runs {@link IDLE_CLOSING_SERVER}. */
async function withIdleClosingServer(ending: string, body: (endpoint: string) => Promise<void>) {
  const worker = new Worker(IDLE_CLOSING_SERVER, { eval: true, workerData: { ending, body: RUNNING } })
  try {
    const port = await new Promise((resolve) => worker.once('message', resolve))
    await body(`http://127.0.0.1:${port}`)
  } finally {
    await worker.terminate()
  }
}

/** Blocks the event loop, so that the client does not notice that the server closes a socket. */
function blockEventLoop(milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

/** A running server, and the sockets that it has accepted. */
interface TestServer {
  readonly origin: string
  /** The server side of all connections, in order. */
  readonly sockets: readonly Socket[]
  /** The TCP sockets below `sockets`, which are different for https. */
  readonly tcpSockets: readonly Socket[]
}

const TLS = ['server.key', 'server.pem'].map((file) =>
  readFileSync(new URL(`spec/certificates/${file}`, root)),
)
const [key, cert] = TLS

/** Calls `body` with an HTTP or HTTPS server that keeps idle sockets open. */
async function withServer(
  scheme: string,
  listener: RequestListener,
  body: (server: TestServer) => Promise<void>,
): Promise<void> {
  const sockets: Socket[] = []
  const tcpSockets: Socket[] = []
  const options = { keepAliveTimeout: 0, key, cert }
  const server: Server =
    scheme === 'https' ? createTlsServer(options, listener) : createServer(options, listener)
  server.on(scheme === 'https' ? 'secureConnection' : 'connection', (socket) => sockets.push(socket))
  server.on('connection', (socket) => tcpSockets.push(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await body({
      origin: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
      sockets,
      tcpSockets,
    })
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

/** Calls `body` with a function that sends a GET request, and then closes the sockets. */
async function withTransport(
  origin: string,
  body: (send: (newConnection?: true) => ReturnType<typeof sendAndWaitForIdle>) => Promise<void>,
  requestTimeout = 20_000,
): Promise<void> {
  // The agent for https receives all members of the certificate.
  const clientCertificate = { rejectUnauthorized: false } as unknown as ClientCertificate
  const { transport, close } = axiosTransport({
    requestTimeout,
    maxResponseBytes: 1_000,
    clientCertificate,
  })
  try {
    await body((newConnection) => sendAndWaitForIdle(transport, origin, newConnection))
  } finally {
    close()
  }
}

/** Resolves with the result of a request when its socket is idle again. */
async function sendAndWaitForIdle(transport: Transport, url: string, newConnection?: true) {
  const request = { method: 'GET', url, headers: {}, ...(newConnection && { newConnection }) } as const
  const result = await firstValueFrom(transport(request))
  await waitForIdleSockets()
  return result
}

/** Waits until the agent has put the sockets of finished requests into its pool. */
function waitForIdleSockets(): Promise<void> {
  return setTimeout(20)
}

const respond: RequestListener = (_, response) => response.end(RUNNING)

describe('transport/sockets', () => {
  for (const [ending, count] of [
    ['a FIN', 10],
    ['a RST', 3],
    ['a FIN and then a RST', 3],
  ] as const)
    it(`should succeed in ${count} of ${count} gets if the server closes the idle socket with ${ending} while the event loop is blocked`, () =>
      withIdleClosingServer(ending, async (endpoint) => {
        await using client = new OperationsClient({ endpoint })
        await firstValueFrom(client.get(NAME))
        const results: string[] = []
        for (let n = 0; n < count; n++) {
          blockEventLoop(400)
          const result = await firstValueFrom(client.get(NAME))
          results.push(isLeft(result) ? result.left.message : result.right._tag)
        }
        expect(results).to.deep.equal(new Array(count).fill('Running'))
      }))

  it('should continue a watch if the server closes the idle socket while the event loop is blocked', () =>
    withIdleClosingServer('a FIN', async (endpoint) => {
      await using client = new OperationsClient({ endpoint })
      const attempts: number[] = []
      await new Promise<void>((resolve, reject) => {
        const watch = client.watch(NAME, { schedule: constant({ interval: 10 }), maxRetryTime: 0 })
        const subscription = watch.subscribe((emission) => {
          if (isLeft(emission)) return reject(new Error(emission.left.message))
          attempts.push(emission.right.attempt)
          if (attempts.length < 5) return blockEventLoop(400)
          subscription.unsubscribe()
          resolve()
        })
      })
      expect(attempts).to.deep.equal([1, 2, 3, 4, 5])
    }))

  const endings: Readonly<Record<string, (server: TestServer) => void>> = {
    'end()': ({ sockets }) => sockets[0]?.end(),
    'destroy()': ({ sockets }) => sockets[0]?.destroy(),
    'resetAndDestroy()': ({ tcpSockets }) => tcpSockets[0]?.resetAndDestroy(),
  }
  for (const scheme of ['http', 'https']) {
    for (const [ending, close] of Object.entries(endings))
      it(`should mark the failure of an idle ${scheme} socket as stale if the server closes it with ${ending}`, () =>
        withServer(scheme, respond, (server) =>
          withTransport(server.origin, async (send) => {
            await send()
            close(server)
            expect(await send()).to.have.deep.property('left', {
              _tag: 'ConnectionFailed',
              code: 'ECONNRESET',
              stale: true,
            })
          }),
        ))

    it(`should open a connection for a replay if the pool contains a second stale ${scheme} socket`, () =>
      withServer(scheme, respond, ({ origin, sockets }) =>
        withTransport(origin, async (send) => {
          await Promise.all([send(), send(), send()])
          expect(sockets).to.have.length(3)
          for (const socket of sockets) socket.destroy()
          expect(await send()).to.have.nested.property('left.stale', true)
          expect(await send(true)).to.have.nested.property('right.httpStatus', 200)
          expect(sockets).to.have.length(4)
          expect(await send()).to.have.nested.property('right.httpStatus', 200)
          expect(sockets, 'the new socket is reused').to.have.length(4)
        }),
      ))

    for (const [description, firstBytes] of [
      ['the first byte of the response', 'H'],
      ['a part of the response head', 'HTTP/1.1 200 OK\r\nContent-Type: a'],
      ['an informational response', 'HTTP/1.1 102 Processing\r\n\r\n'],
      ['a part of the body', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{'],
    ] as const)
      it(`should not mark a reused ${scheme} socket as stale after ${description}`, () => {
        let requestCount = 0
        const listener: RequestListener = ({ socket }, response) => {
          if (requestCount++ === 0) response.end(RUNNING)
          else socket.write(firstBytes, () => socket.destroy())
        }
        return withServer(scheme, listener, ({ origin, sockets }) =>
          withTransport(origin, async (send) => {
            await send()
            const result = await send()
            expect(result).to.have.nested.property('left._tag', 'ConnectionFailed')
            expect(result).to.not.have.nested.property('left.stale')
            expect(sockets).to.have.length(1)
          }),
        )
      })

    it(`should not mark a new ${scheme} connection as stale`, () =>
      withServer(
        scheme,
        ({ socket }) => socket.destroy(),
        ({ origin }) =>
          withTransport(origin, async (send) => {
            expect(await send()).to.deep.equal({
              _tag: 'Left',
              left: { _tag: 'ConnectionFailed', code: 'ECONNRESET' },
            })
          }),
      ))
  }

  it('should not mark a reused socket as stale if the request times out', () => {
    let requestCount = 0
    const listener: RequestListener = (_, response) => requestCount++ === 0 && response.end(RUNNING)
    return withServer('http', listener, ({ origin }) =>
      withTransport(
        origin,
        async (send) => {
          await send()
          expect(await send()).to.deep.equal({
            _tag: 'Left',
            left: { _tag: 'RequestTimedOut', requestTimeout: 1_000 },
          })
        },
        1_000,
      ),
    )
  })

  it('should succeed in concurrent requests on stale sockets', () =>
    withServer('http', respond, async ({ origin, sockets }) => {
      await using client = new OperationsClient({ endpoint: origin, rateLimit: false })
      const getAll = () => Promise.all(Array.from({ length: 8 }, () => firstValueFrom(client.get(NAME))))
      await getAll()
      await waitForIdleSockets()
      expect(sockets).to.have.length(8)
      for (const socket of sockets) socket.destroy()
      expect((await getAll()).filter(isLeft)).to.deep.equal([])
    }))

  it('should succeed if the server closes each connection up to 4 ms after a response', () => {
    const listener: RequestListener = ({ socket }, response) =>
      response.end(RUNNING, () => setTimeout(Math.random() * 4).then(() => socket.destroy()))
    return withServer('http', listener, async ({ origin }) => {
      await using client = new OperationsClient({ endpoint: origin, rateLimit: false })
      for (let n = 0; n < 200; n++) {
        const result = await firstValueFrom(client.get(NAME))
        expect(isLeft(result) && result.left.message).to.equal(false)
        if (n % 3 === 0) await setTimeout(Math.random() * 4)
      }
    })
  })

  const aborts: readonly (readonly [string, (client: OperationsClient, unsubscribe: () => void) => void])[] =
    [
      ['the subscriber unsubscribes', (_, unsubscribe) => unsubscribe()],
      ['the client is closed', (client) => client.close()],
    ]
  for (const [description, abort] of aborts)
    it(`should not replay a request on a reused socket if ${description}`, () => {
      let requestCount = 0
      let onSecondRequest: (() => void) | undefined
      const listener: RequestListener = (_, response) => {
        if (requestCount++ === 0) response.end(RUNNING)
        else onSecondRequest?.()
      }
      return withServer('http', listener, async ({ origin, sockets }) => {
        await using client = new OperationsClient({ endpoint: origin })
        await firstValueFrom(client.get(NAME))
        await waitForIdleSockets()
        await new Promise<void>((resolve) => {
          const subscription = client.get(NAME).subscribe()
          onSecondRequest = () => {
            abort(client, () => subscription.unsubscribe())
            resolve()
          }
        })
        await setTimeout(100)
        expect(requestCount).to.equal(2)
        expect(sockets).to.have.length(1)
      })
    })

  it('should not replay a delete after a stale socket', () =>
    withServer('http', respond, async ({ origin, sockets }) => {
      await using client = new OperationsClient({ endpoint: origin })
      await firstValueFrom(client.get(NAME))
      await waitForIdleSockets()
      for (const socket of sockets) socket.destroy()
      const results = await lastValueFrom(client.delete(NAME, { maxRetryTime: 0 }).pipe(toArray()))
      expect(results).to.have.nested.property('[0].left.last.stale', true)
      expect(sockets).to.have.length(1)
    }))
})
