import { Agent, type ClientRequest, type IncomingHttpHeaders, request } from 'node:http'
import { buffer } from 'node:stream/consumers'

/** An HTTP response before decoding. */
export interface Received {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly rawHeaders: readonly string[]
  readonly bytes: Buffer
  /** The bytes as UTF-8. */
  readonly text: string
}

/** Options of a request. */
export interface RequestOptions {
  readonly body?: string | object
  readonly headers?: Readonly<Record<string, string>>
  readonly agent?: Agent
}

/** Sends a request. Does not parse the target, because a URL parser would change the target. */
export function startRequest(
  endpoint: string,
  method: string,
  target: string,
  options: RequestOptions = {},
): ClientRequest {
  const { hostname, port } = new URL(endpoint)
  const { body, headers = {}, agent = new Agent() } = options
  const sent = request({ hostname, port, method, path: target, headers, agent })
  sent.end(typeof body === 'object' ? JSON.stringify(body) : body)
  return sent
}

/** Sends a request and reads its response. */
export function sendRequest(
  endpoint: string,
  method: string,
  target: string,
  options?: RequestOptions,
): Promise<Received> {
  return new Promise((resolve, reject) => {
    const sent = startRequest(endpoint, method, target, options)
    sent.once('error', reject)
    sent.once('response', (response) => {
      buffer(response).then((bytes) => {
        const { statusCode: status = 0, headers, rawHeaders } = response
        resolve({ status, headers, rawHeaders, bytes, text: bytes.toString('utf8') })
      }, reject)
    })
  })
}
