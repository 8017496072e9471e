// 2,000 watches at once against an emulator that fails a third of all requests; six rounds, figures printed.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent } from 'node:http'
import { cpus } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { queryObjects } from 'node:v8'
import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import { OAuth2Client } from 'google-auth-library'
import { lastValueFrom } from 'rxjs'
import { constant, type Operation, type OperationError, OperationsClient } from '../../lib/index.js'
import { expected, nameOf, type Round, tokenOf } from './round.js'

const WATCHES = 2_000
const ROUNDS = 6
const schedule = constant({ interval: 250 })

const { gc } = globalThis
if (gc === undefined) throw new Error('run with --expose-gc, as `npm run soak` does')

const server = fork(new URL('./server.ts', import.meta.url), { execArgv: ['--import', 'tsx'] })
async function asked<A>(message: Round | 'report'): Promise<A> {
  const answer = once(server, 'message')
  server.send(message)
  return (await answer)[0] as A
}
interface Report {
  readonly sockets: number
  readonly requests: number
  readonly faulty: number
  readonly unauthorized: number
}

function isRight(watch: number, word: Either<OperationError, Operation>): boolean {
  const { error, response } = expected(watch)
  if (!isLeft(word))
    return word.right.done && JSON.stringify(word.right.response) === JSON.stringify(response)
  const { left } = word
  return (
    left._tag === 'OperationFailed' &&
    left.status.code === error?.code &&
    left.status.message === error.message
  )
}

/** A credential whose token holds until it is refused: then it has another, a moment later. */
function credential(): OAuth2Client {
  const auth = new OAuth2Client()
  auth.refreshHandler = async () => {
    await pause(5)
    const now = Date.now()
    return { access_token: tokenOf(now), expiry_date: now + 3_600_000 }
  }
  return auth
}

/** The agents of Node's http and https that are still in the heap. */
function agents(): number {
  return queryObjects(Agent, { format: 'count' })
}

/** The resources that keep a process alive, by kind. */
function resources(kind: string): number {
  return process.getActiveResourcesInfo().filter((info) => info === kind).length
}

/** Sockets close a moment after they are destroyed: waits for the server to have seen it. */
async function settled(): Promise<Report> {
  for (;;) {
    const report = await asked<Report>('report')
    if (report.sockets === 0) return report
    await pause(20)
  }
}

async function play(round: number): Promise<number> {
  const { endpoint } = await asked<{ endpoint: string }>({ round, watches: WATCHES })
  const client = new OperationsClient({
    endpoint,
    auth: credential(),
    rateLimit: false,
    requestTimeout: 2_000,
    maxResponseBytes: 65_536,
  })
  const words = await Promise.all(
    Array.from({ length: WATCHES }, (_, watch) =>
      lastValueFrom(client.watch(nameOf(round, watch), { schedule })),
    ),
  )
  client.close()
  return words.filter((word, watch) => isRight(watch, word)).length
}

function standing() {
  return {
    agents: agents(),
    sockets: resources('TCPSocketWrap'),
    timers: resources('Timeout'),
  }
}
// What is imported on first use, and its agents, stay.
await import('axios')
await import('node:https')
const before = standing()
console.log(`${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}`)
console.log('round  right        requests  faulty  401s  agents  sockets  timers  heap MB  seconds')
const heaps: number[] = []
let good = true
let earlier: Report = { sockets: 0, requests: 0, faulty: 0, unauthorized: 0 }
console.log(`at the start: ${before.agents} agents, ${before.sockets} sockets, ${before.timers} timers`)
for (let round = 1; round <= ROUNDS; round++) {
  const began = performance.now()
  const right = await play(round)
  const took = performance.now() - began
  const report = await settled()
  // What is held weakly is let go of between two collections, not within one.
  for (let n = 0; n < 8; n++) {
    gc()
    await pause(20)
  }
  const heap = process.memoryUsage().heapUsed / 2 ** 20
  const after = standing()
  heaps.push(heap)
  good &&= right === WATCHES && JSON.stringify(after) === JSON.stringify(before)
  const requests = report.requests - earlier.requests
  const faulty = ((report.faulty - earlier.faulty) / requests) * 100
  const unauthorized = report.unauthorized - earlier.unauthorized
  console.log(
    [
      `${round}`.padStart(5),
      `${right} of ${WATCHES}`.padEnd(12),
      `${requests}`.padStart(8),
      `${faulty.toFixed(1)} %`.padStart(7),
      `${unauthorized}`.padStart(5),
      `${after.agents}`.padStart(7),
      `${after.sockets}`.padStart(8),
      `${after.timers}`.padStart(7),
      heap.toFixed(2).padStart(8),
      (took / 1000).toFixed(1).padStart(8),
    ].join(' '),
  )
  earlier = report
}
const drift = ((heaps[5] as number) / (heaps[2] as number) - 1) * 100
console.log(`heap after the sixth round against the third: ${drift >= 0 ? '+' : ''}${drift.toFixed(2)} %`)
server.disconnect()
if (!good || drift > 2) {
  console.error('the soak did not hold')
  process.exitCode = 1
}
