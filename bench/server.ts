// The process of the server: every operation runs for ever; it is asked singly or in batches.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answering } from './child.ts'
import { quantile } from './quantile.ts'

/** What the parent asks of the server. */
export type ToServer =
  | { readonly _tag: 'Endpoint' }
  /** From now on polls are counted, and their lateness where a name is due so long after it was answered. */
  | { readonly _tag: 'Count'; readonly interval: number }
  | { readonly _tag: 'Counted' }

/** What was asked since `Count`; times are in milliseconds. */
export interface Counted {
  /** Operations that were asked for, in a batch or singly. */
  readonly polls: number
  readonly batches: number
  /** Different operations. */
  readonly names: number
  /** From when a poll was due, its name's last answer and the interval after it, until it came. */
  readonly lateness: { readonly median: number; readonly p99: number; readonly worst: number }
  /** From one poll of a name to the next. */
  readonly gap: { readonly median: number; readonly worst: number }
}

const TYPE = 'type.googleapis.com/google.cloud.resourcemanager.v3.CreateProjectMetadata'
const METADATA = `{"@type":"${TYPE}","createTime":"2026-01-01T00:00:00Z","gettable":false,"ready":false}`
const JSON_HEAD = 'Content-Type: application/json; charset=UTF-8'

const answeredAt: number[] = []
const cameAt: number[] = []
let interval: number | undefined
let polls = 0
let batches = 0
let asked = new Set<number>()
let lateness: number[] = []
let gaps: number[] = []

function operation(path: string, came: number): string {
  const name = path.slice(path.indexOf('operations/')).split('?', 1)[0] ?? ''
  const number = Number(name.slice(name.indexOf('.') + 1))
  if (interval !== undefined) {
    polls += 1
    asked.add(number)
    const [before, last] = [cameAt[number], answeredAt[number]]
    if (before !== undefined) gaps.push(came - before)
    if (last !== undefined) lateness.push(came - last - interval)
    cameAt[number] = came
  }
  answeredAt[number] = performance.now()
  return `{"name":"${name}","metadata":${METADATA}}`
}

/** The parts in their order; what they are asked with, beside their path, does not matter here. */
function batch(body: string, came: number): string {
  let id = ''
  let said = ''
  for (const [, contentId, path] of body.matchAll(/^Content-ID: *<?([^>\s]*)>?|^GET (\S+)/gim)) {
    if (path === undefined) {
      id = contentId ?? ''
      continue
    }
    const json = operation(path, came)
    const head = `HTTP/1.1 200 OK\r\n${JSON_HEAD}\r\nContent-Length: ${json.length}`
    const ids = `Content-Type: application/http\r\nContent-ID: <response-${id}>`
    said += `--batch_x\r\n${ids}\r\n\r\n${head}\r\n\r\n${json}\r\n`
  }
  return `${said}--batch_x--\r\n`
}

const server = createServer((incoming, outgoing) => {
  const came = performance.now()
  if (incoming.method === 'GET') {
    outgoing.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' })
    outgoing.end(operation(incoming.url ?? '', came))
    return
  }
  let body = ''
  incoming.setEncoding('utf8')
  incoming.on('data', (text: string) => {
    body += text
  })
  incoming.on('end', () => {
    batches += 1
    outgoing.writeHead(200, { 'content-type': 'multipart/mixed; boundary=batch_x' }).end(batch(body, came))
  })
})
// Clients rest between their rounds, and none is to find its connections closed.
server.keepAliveTimeout = 3_600_000
await new Promise<void>(
  (resolve) => void server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, resolve),
)
const { port } = server.address() as AddressInfo

function counted(): Counted {
  return {
    polls,
    batches,
    names: asked.size,
    lateness: {
      median: quantile(lateness, 0.5),
      p99: quantile(lateness, 0.99),
      worst: quantile(lateness, 1),
    },
    gap: { median: quantile(gaps, 0.5), worst: quantile(gaps, 1) },
  }
}

answering<ToServer>((question) => {
  if (question._tag === 'Endpoint') return `http://127.0.0.1:${port}`
  if (question._tag === 'Counted') return counted()
  interval = question.interval
  polls = 0
  batches = 0
  asked = new Set()
  lateness = []
  gaps = []
  cameAt.length = 0
  return true
})
