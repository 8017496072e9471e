import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http'

/** The function of `node:http` and `node:https` that sends requests. */
export interface HttpModule {
  readonly request: (
    options: RequestOptions,
    onResponse: (response: IncomingMessage) => void,
  ) => ClientRequest
}

/**
 * Sets `record.isStale` before the error of a request, if a reused socket fails before the first byte of the response.
 * The server has probably closed such a socket while it was idle. With `newConnection`, no idle socket is reused.
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
        // The count includes earlier responses on this socket.
        const { bytesRead } = socket
        request.prependOnceListener('error', () => {
          record.isStale = request.reusedSocket && socket.bytesRead === bytesRead
        })
      })
      return request
    },
  }
}

/** Destroys the idle sockets of an agent. Its next request opens a connection. */
function destroyIdleSockets({ freeSockets }: Agent): void {
  for (const socket of Object.values(freeSockets).flat()) socket?.destroy()
}
