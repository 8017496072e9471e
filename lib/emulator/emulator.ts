/// <reference lib="esnext.disposable" preserve="true" />
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { inspect } from 'node:util'
import { type Observable, Subject } from 'rxjs'
import { type BatchPart, readBatch } from './http/batch-request.js'
import { batchResponse } from './http/batch-response.js'
import type { EmulatorEvent, SeenRequest } from './http/events.js'
import { formatOf, seenHeaders } from './http/format.js'
import { receive, send } from './http/http-io.js'
import { applyNetworkFault } from './http/network-faults.js'
import type { ImmediateResponse } from './http/responses.js'
import { route } from './http/router.js'
import { faultResponse } from './operations/operation-response.js'
import type { Operations } from './operations/operation-store.js'
import type { Fault } from './script/frame.js'
import { createEmulatorState, type EmulatorStateOptions } from './state.js'

/** How the emulator behaves. */
export interface EmulatorOptions extends EmulatorStateOptions {
  /**
   * The port on 127.0.0.1, from 0 to 65535; 0 takes a free one.
   *
   * @defaultValue 0
   */
  readonly port?: number
  /**
   * What a request gets in place of its own answer, asked for each; undefined lets it through.
   *
   * The operation does not see a request that gets a fault: it counts no poll. Of a batch the outer
   * request is asked for, and none of its parts. See {@link sometimes}.
   *
   * @defaultValue none
   */
  readonly fault?: (request: SeenRequest) => Fault | undefined
  /**
   * Is `POST /batch` served? Without it that is a path which no API has.
   *
   * @defaultValue true
   */
  readonly batch?: boolean
}

/** A running emulator. */
export interface Emulator extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string
  /** All requests that have arrived, in order; it grows. */
  readonly requests: readonly SeenRequest[]
  /** Hot; completes when the emulator is closed. */
  readonly events: Observable<EmulatorEvent>
  /** How many sockets are open now. */
  readonly sockets: number
  readonly operations: Operations
  /** Ends every socket; resolves when all are closed and the port is free. Idempotent. */
  close(): Promise<void>
}

/**
 * Starts an emulator of Resource Manager's long-running operations, an HTTP/1.1 server on 127.0.0.1.
 *
 * It serves each method of v1, v2 and v3 that starts one, what these methods leave behind, and `POST /batch`. Operations
 * whose names have a parent, which only `operations.add` makes, have list, cancel, delete and wait too.
 *
 *
 * What an operation is when it is polled follows from the clock and the polls so far; only a `:wait` has a timer.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { port = 0, fault, batch: batches = true } = options
  if (!(Number.isInteger(port) && port >= 0 && port <= 65535)) {
    throw new RangeError(`port must be a whole number from 0 to 65535, given ${inspect(port)}`)
  }
  const world = createEmulatorState(options)
  const events = new Subject<EmulatorEvent>()
  const requests: SeenRequest[] = []
  const sockets = new Map<Socket, number>()
  const unanswered = new Set<SeenRequest>()
  // Those that the emulator itself ends: of their requests it is told so.
  const dropped = new WeakSet<Socket>()
  let connected = 0
  let closing: Promise<void> | undefined

  // Idle sockets stay open until somebody closes them, so that Closed always has a cause.
  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 }, exchange)

  server.on('connection', (socket) => {
    connected += 1
    const number = connected
    sockets.set(socket, number)
    socket.once('close', () => {
      // Told here and not on the response, whose own event comes after the socket's.
      for (const request of unanswered) {
        if (request.socket !== number) continue
        unanswered.delete(request)
        events.next({ _tag: dropped.has(socket) ? 'Dropped' : 'Aborted', request })
      }
      sockets.delete(socket)
      events.next({ _tag: 'Closed', socket: number })
    })
    events.next({ _tag: 'Connected', socket: number })
  })

  async function exchange(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const socket = sockets.get(incoming.socket)
    const received = await receive(incoming).catch(() => undefined)
    if (socket === undefined || received === undefined || !sockets.has(incoming.socket)) return
    const at = world.elapsed()
    const headers = seenHeaders(incoming.headers)
    const isBatch = batches && received.method === 'POST' && received.path === '/batch'
    const batch = isBatch ? readBatch({ ...received, headers }) : undefined
    const parts =
      batch?._tag === 'Batch'
        ? { parts: batch.parts.filter((part): part is BatchPart => !('reason' in part)) }
        : {}
    const request = { id: requests.length + 1, socket, at, ...received, headers, ...parts }
    requests.push(request)
    unanswered.add(request)
    events.next({ _tag: 'Request', request })
    const reaction =
      faultResponse(fault, request) ??
      (batch ? batchResponse(world, batch, formatOf(request.query)) : route(world, request))
    if (reaction._tag !== 'Held') {
      settle(reaction)
      return
    }
    const held = reaction.response.subscribe(settle)
    const letGo = (): void => held.unsubscribe()
    incoming.socket.once('close', letGo)
    held.add(() => incoming.socket.off('close', letGo))

    function settle(settled: ImmediateResponse): void {
      if (settled._tag === 'Stall') return
      outgoing.once('finish', () => {
        if (unanswered.delete(request))
          events.next({ _tag: 'Answered', request, httpStatus: settled.httpStatus })
      })
      if (settled._tag === 'Breakdown') {
        applyNetworkFault(settled, incoming.socket, outgoing, () => dropped.add(incoming.socket))
        return
      }
      send(settled, world.elapsed() - at, incoming, outgoing)
    }
  }

  function close(): Promise<void> {
    closing ??= new Promise((resolve) => {
      const open = [...sockets.keys()]
      // The server reports its end before the last sockets report theirs: wait for both.
      const ends = open.map(
        (socket) => new Promise<void>((ended) => void socket.once('close', () => ended())),
      )
      const ended = new Promise<void>((ended) => void server.close(() => ended()))
      for (const socket of open) {
        dropped.add(socket)
        socket.destroy()
      }
      resolve(Promise.all([ended, ...ends]).then(() => events.complete()))
    })
    return closing
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })
  const address = server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port
  return {
    endpoint: `http://127.0.0.1:${bound}`,
    requests,
    events: events.asObservable(),
    get sockets() {
      return sockets.size
    },
    operations: world.operations,
    close,
    [Symbol.asyncDispose]: close,
  }
}
