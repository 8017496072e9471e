// The server process. Every operation is always running. It accepts single and batched polls. It is also the metadata
// server that issues the access tokens for cold starts. Operations named `private` require such a token.
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { respond } from './child.ts'
import { TOKEN } from './cost/contender.ts'
import { quantile } from './quantile.ts'
import { metadata } from './start/metadata.ts'

export type ServerRequest =
  | { readonly _tag: 'Endpoint' }
  /** Resets the counts. A poll is due `interval` milliseconds after the previous response for its operation. */
  | { readonly _tag: 'StartCounting'; readonly interval: number }
  | { readonly _tag: 'Counts' }

/** The polls since `StartCounting`. Times are in milliseconds. */
export interface Counts {
  /** Single and batched polls. */
  readonly polls: number
  readonly batches: number
  readonly connections: number
  /** The number of different operations. */
  readonly names: number
  /** The time from the due time of a poll to its arrival. */
  readonly lateness: { readonly median: number; readonly p99: number; readonly worst: number }
  /** The time between successive polls of an operation. */
  readonly gap: { readonly median: number; readonly worst: number }
}

const TYPE = 'type.googleapis.com/google.cloud.resourcemanager.v3.CreateProjectMetadata'
const METADATA = `{"@type":"${TYPE}","createTime":"2026-01-01T00:00:00Z","gettable":false,"ready":false}`
const JSON_HEAD = 'Content-Type: application/json; charset=UTF-8'

const respondedAt: number[] = []
const polledAt: number[] = []
let interval: number | undefined
let polls = 0
let batches = 0
let connections = 0
let names = new Set<number>()
let lateness: number[] = []
let gaps: number[] = []

function operation(path: string, receivedAt: number): string {
  const name = path.slice(path.indexOf('operations/')).split('?', 1)[0] ?? ''
  const number = Number(name.slice(name.indexOf('.') + 1))
  if (interval !== undefined) {
    polls += 1
    names.add(number)
    const [previousPoll, previousResponse] = [polledAt[number], respondedAt[number]]
    if (previousPoll !== undefined) gaps.push(receivedAt - previousPoll)
    if (previousResponse !== undefined) lateness.push(receivedAt - previousResponse - interval)
    polledAt[number] = receivedAt
  }
  respondedAt[number] = performance.now()
  return `{"name":"${name}","metadata":${METADATA}}`
}

/** Returns the responses to the parts of a batch, in order. Only the content ID and the path of a part are read. */
function batch(body: string, receivedAt: number): string {
  let id = ''
  let parts = ''
  for (const [, contentId, path] of body.matchAll(/^Content-ID: *<?([^>\s]*)>?|^GET (\S+)/gim)) {
    if (path === undefined) {
      id = contentId ?? ''
      continue
    }
    const json = operation(path, receivedAt)
    const head = `HTTP/1.1 200 OK\r\n${JSON_HEAD}\r\nContent-Length: ${json.length}`
    const ids = `Content-Type: application/http\r\nContent-ID: <response-${id}>`
    parts += `--batch_x\r\n${ids}\r\n\r\n${head}\r\n\r\n${json}\r\n`
  }
  return `${parts}--batch_x--\r\n`
}

const handle: RequestListener = (request, response) => {
  const receivedAt = performance.now()
  const { url = '' } = request
  if (url.startsWith('/computeMetadata/')) {
    response.writeHead(200, { 'metadata-flavor': 'Google', 'content-type': 'application/json' })
    response.end(metadata(url))
    return
  }
  if (url.includes('/private') && request.headers.authorization !== `Bearer ${TOKEN}`) {
    response.writeHead(401).end()
    return
  }
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' })
    response.end(operation(url, receivedAt))
    return
  }
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (text: string) => {
    body += text
  })
  request.on('end', () => {
    batches += 1
    response.writeHead(200, { 'content-type': 'multipart/mixed; boundary=batch_x' })
    response.end(batch(body, receivedAt))
  })
}

const [, , scheme] = process.argv
const certificate = (file: string): Buffer =>
  readFileSync(new URL(`../../spec/certificates/${file}`, import.meta.url))
const server =
  scheme === 'https'
    ? createHttpsServer({ key: certificate('server.key'), cert: certificate('server.pem') }, handle)
    : createServer(handle)
server.on(scheme === 'https' ? 'secureConnection' : 'connection', () => {
  connections += 1
})
// Connections of clients are idle between rounds and must stay open.
server.keepAliveTimeout = 3_600_000
await new Promise<void>(
  (resolve) => void server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, resolve),
)
const { port } = server.address() as AddressInfo

function counts(): Counts {
  return {
    polls,
    batches,
    connections,
    names: names.size,
    lateness: {
      median: quantile(lateness, 0.5),
      p99: quantile(lateness, 0.99),
      worst: quantile(lateness, 1),
    },
    gap: { median: quantile(gaps, 0.5), worst: quantile(gaps, 1) },
  }
}

respond<ServerRequest>((request) => {
  if (request._tag === 'Endpoint') return `${scheme}://127.0.0.1:${port}`
  if (request._tag === 'Counts') return counts()
  interval = request.interval
  polls = 0
  batches = 0
  connections = 0
  names = new Set()
  lateness = []
  gaps = []
  polledAt.length = 0
  return true
})
