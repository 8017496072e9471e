import type { ClientRequest } from 'node:http'

/**
 * One request and its response. Its facts are recorded before it has a result, because it may time out, and reading the
 * body of the response may fail. Unsubscribing aborts the request.
 */
export class Exchange {
  /** Whether the request must not use an existing connection. */
  newConnection: boolean | undefined
  /** Whether it has a result or is aborted. */
  isEnded = false
  request: ClientRequest | undefined
  /** All headers that were sent through an axios instance of the caller, which may have added some. */
  sentHeaders: Readonly<Record<string, string>> | undefined
  httpStatus: number | undefined
  headers: Readonly<Record<string, string>> = {}
  /** Whether a reused socket failed before the first byte of the response. */
  isStale = false
  /** The origin of the proxy. Undefined if the connection is direct, or if the tunnel is open. */
  proxy: string | undefined
  /** The HTTP status with which the proxy rejected the tunnel. */
  proxyStatus: number | undefined
  #abortController: AbortController | undefined

  /** Aborts the request. It is created when it is read, because a request on an open connection needs no signal. */
  get signal(): AbortSignal {
    this.#abortController ??= new AbortController()
    return this.#abortController.signal
  }

  unsubscribe(): void {
    // After the result, the socket is in the pool of the agent.
    if (!this.isEnded) {
      this.isEnded = true
      this.#abortController?.abort()
      this.request?.destroy()
    }
    // The agent refers to the first exchange of a socket while the socket is open.
    this.request = undefined
  }
}
