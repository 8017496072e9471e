import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http'

/** The function of `node:http` and `node:https` that sends requests. */
export interface HttpModule {
  readonly request: (
    options: RequestOptions,
    onResponse: (response: IncomingMessage) => void,
  ) => ClientRequest
}

/**
 * Returns a module that detects stale sockets: reused sockets that fail before the first byte of a response. The server
 * has probably closed such a socket while it was idle. Before the request emits its error, `record.isStale` is set. With
 * `newConnection`, the idle sockets are destroyed first, so that the request opens a connection.
 *
 * Source: https://nodejs.org/api/http.html#requestreusedsocket.
 */
export function withStaleCheck(
  http: HttpModule,
  newConnection: boolean | undefined,
  record: { isStale: boolean },
): HttpModule {
  return {
    request: (options, onResponse) => {
      if (newConnection && typeof options.agent === 'object') destroyIdleSockets(options.agent)
      const request = http.request(options, onResponse)
      request.once('socket', (socket) => {
        // `bytesRead` counts all responses on this socket.
        const { bytesRead: bytesBefore } = socket
        request.prependOnceListener('error', () => {
          record.isStale = request.reusedSocket && socket.bytesRead === bytesBefore
        })
      })
      return request
    },
  }
}

function destroyIdleSockets({ freeSockets }: Agent): void {
  for (const socket of Object.values(freeSockets).flat()) socket?.destroy()
}
