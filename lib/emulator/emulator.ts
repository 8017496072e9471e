/// <reference lib="esnext.disposable" preserve="true" />
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { fromEvent, type Observable, Subject, takeUntil } from 'rxjs'
import { InvalidOption } from '../messages/invalid-option.js'
import { parseBatch } from './http/batch-request.js'
import { batchResponse } from './http/batch-response.js'
import type { EmulatorEvent, SeenRequest } from './http/events.js'
import { joinedHeaders, readFormat } from './http/format.js'
import { receive, send } from './http/http-io.js'
import { applyNetworkFault } from './http/network-faults.js'
import type { ImmediateResponse } from './http/responses.js'
import { route } from './http/router.js'
import { faultResponse } from './operations/operation-response.js'
import type { Operations } from './operations/operation-store.js'
import type { Fault } from './script/frame.js'
import { isBatchPath } from './services/service-router.js'
import { createEmulatorState, type EmulatorStateOptions } from './state.js'

/** Options of an emulator. */
export interface EmulatorOptions extends EmulatorStateOptions {
  /**
   * The port on 127.0.0.1, from 0 to 65535. 0 selects a free port.
   *
   * @defaultValue 0
   */
  readonly port?: number
  /**
   * Returns the fault that replaces the response to a request, or undefined.
   *
   * A request with a fault does not count as a poll. For a batch, the function is called only with the outer request.
   * See {@link randomFaults}.
   *
   * @defaultValue no faults
   */
  readonly fault?: (request: SeenRequest) => Fault | undefined
  /**
   * Whether to serve `POST /batch`. If false, `/batch` is an unknown path.
   *
   * @defaultValue true
   */
  readonly batch?: boolean
}

/** A running emulator. */
export interface Emulator extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string
  /** All requests so far, in the order of arrival. New requests are appended to the array. */
  readonly requests: readonly SeenRequest[]
  /** Emits the events of the emulator; hot. Completes when the emulator is closed. */
  readonly events: Observable<EmulatorEvent>
  /** The number of open sockets. */
  readonly sockets: number
  readonly operations: Operations
  /** Closes all sockets. Resolves when all are closed and the port is free. Idempotent. */
  close(): Promise<void>
}

/**
 * Starts an emulator of Resource Manager and its long-running operations: an HTTP/1.1 server on 127.0.0.1.
 *
 * The emulator serves each method of v1, v2 and v3 that starts an operation, the methods that read or change the resources
 * of these methods, their IAM policies, and `POST /batch`. Every other method of Resource Manager gets a 501. Operations with
 * a parent also have list, cancel, delete and wait. Only `operations.add` creates operations with a parent. The option
 * `services` adds other services.
 *
 * The state of an operation depends only on the clock and the number of polls. Only `:wait` uses a timer.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { port = 0, fault, batch: servesBatches = true } = options
  if (!(Number.isInteger(port) && port >= 0 && port <= 65535))
    throw new InvalidOption('port', 'a whole number from 0 to 65535', port)
  const state = createEmulatorState(options)
  const events = new Subject<EmulatorEvent>()
  const requests: SeenRequest[] = []
  const socketNumbers = new Map<Socket, number>()
  const unanswered = new Set<SeenRequest>()
  // The sockets that the emulator closes. The requests on these sockets end with Dropped instead of Aborted.
  const droppedSockets = new WeakSet<Socket>()
  let connectionCount = 0
  let closing: Promise<void> | undefined

  // Timeouts are disabled, so only a client, a fault or close() can cause a Closed event.
  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 }, handle)

  server.on('connection', (socket) => {
    connectionCount += 1
    const socketNumber = connectionCount
    socketNumbers.set(socket, socketNumber)
    socket.once('close', () => {
      // Dropped and Aborted are emitted here, because a response emits 'close' only after its socket.
      for (const request of unanswered) {
        if (request.socket !== socketNumber) continue
        unanswered.delete(request)
        events.next({ _tag: droppedSockets.has(socket) ? 'Dropped' : 'Aborted', request })
      }
      socketNumbers.delete(socket)
      events.next({ _tag: 'Closed', socket: socketNumber })
    })
    events.next({ _tag: 'Connected', socket: socketNumber })
  })

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const socket = socketNumbers.get(incoming.socket)
    const received = await receive(incoming).catch(() => undefined)
    if (socket === undefined || received === undefined || !socketNumbers.has(incoming.socket)) return
    const at = state.elapsed()
    const headers = joinedHeaders(incoming.headers)
    const isBatch = servesBatches && received.method === 'POST' && isBatchPath(state, received.path)
    const batch = isBatch ? parseBatch({ ...received, headers }) : undefined
    const parts = batch && 'parts' in batch ? batch.parts : undefined
    const partsField = parts && { parts: parts.flatMap((part) => ('reason' in part ? [] : [part])) }
    const request = { id: requests.length + 1, socket, at, ...received, headers, ...partsField }
    requests.push(request)
    unanswered.add(request)
    events.next({ _tag: 'Request', request })
    const scripted =
      faultResponse(fault, request) ??
      (batch ? batchResponse(state, batch, readFormat(request.query)) : route(state, request))
    if (scripted._tag !== 'PendingResponse') respond(scripted)
    else scripted.response.pipe(takeUntil(fromEvent(incoming.socket, 'close'))).subscribe(respond)

    function respond(response: ImmediateResponse): void {
      if (response._tag === 'NoResponse') return
      outgoing.once('finish', () => {
        if (unanswered.delete(request))
          events.next({ _tag: 'Answered', request, httpStatus: response.httpStatus })
      })
      if (response._tag === 'HttpResponse') send(response, state.elapsed() - at, incoming, outgoing)
      else applyNetworkFault(response, incoming.socket, outgoing, () => droppedSockets.add(incoming.socket))
    }
  }

  async function closeAll(): Promise<void> {
    // The server may close before its last socket closes, so this function waits for the server and all
    // sockets.
    const closings = [new Promise<void>((ended) => void server.close(() => ended()))]
    for (const socket of socketNumbers.keys()) {
      closings.push(new Promise<void>((ended) => void socket.once('close', () => ended())))
      droppedSockets.add(socket)
      socket.destroy()
    }
    await Promise.all(closings)
    events.complete()
  }

  function close(): Promise<void> {
    closing ??= closeAll()
    return closing
  }

  await once(server.listen(port, '127.0.0.1'), 'listening')
  const address = server.address()
  const boundPort = typeof address === 'object' && address !== null ? address.port : port
  return {
    endpoint: `http://127.0.0.1:${boundPort}`,
    requests,
    events: events.asObservable(),
    get sockets() {
      return socketNumbers.size
    },
    operations: state.operations,
    close,
    [Symbol.asyncDispose]: close,
  }
}
