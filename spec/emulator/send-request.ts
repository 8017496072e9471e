import { Agent, type ClientRequest, type IncomingHttpHeaders, request } from 'node:http'
import { buffer } from 'node:stream/consumers'

/** An HTTP answer as it came over the wire. */
export interface Got {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly rawHeaders: readonly string[]
  readonly bytes: Buffer
  /** The bytes as UTF-8. */
  readonly text: string
}

/** What to send. */
export interface Ask {
  readonly body?: string | object
  readonly headers?: Readonly<Record<string, string>>
  readonly agent?: Agent
}

/** Sends a request whose target is exactly `target`, which no URL parser has touched. */
export function begin(endpoint: string, method: string, target: string, ask: Ask = {}): ClientRequest {
  const { hostname, port } = new URL(endpoint)
  const { body, headers = {}, agent = new Agent() } = ask
  const sent = request({ hostname, port, method, path: target, headers, agent })
  sent.end(typeof body === 'object' ? JSON.stringify(body) : body)
  return sent
}

/** Sends a request and reads its answer. */
export function ask(endpoint: string, method: string, target: string, options?: Ask): Promise<Got> {
  return new Promise((resolve, reject) => {
    const sent = begin(endpoint, method, target, options)
    sent.once('error', reject)
    sent.once('response', (response) => {
      buffer(response).then((bytes) => {
        const { statusCode: status = 0, headers, rawHeaders } = response
        resolve({ status, headers, rawHeaders, bytes, text: bytes.toString('utf8') })
      }, reject)
    })
  })
}
