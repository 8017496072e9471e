// Runs six rounds of 2,000 concurrent watches against an emulator that lets a third of all requests fail.
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
import { expectedOutcome, nameOf, type Round, tokenOf } from './round.js'

const WATCHES = 2_000
const ROUNDS = 6
const schedule = constant({ interval: 250 })

const { gc } = globalThis
if (gc === undefined) throw new Error('run with --expose-gc, as `npm run soak` does')

const server = fork(new URL('./server.ts', import.meta.url), { execArgv: ['--import', 'tsx'] })
async function request<A>(message: Round | 'report'): Promise<A> {
  const reply = once(server, 'message')
  server.send(message)
  return (await reply)[0] as A
}
interface Report {
  readonly sockets: number
  readonly requests: number
  readonly faultyRequests: number
  readonly unauthorizedRequests: number
}

function isExpected(watch: number, result: Either<OperationError, Operation>): boolean {
  const { error, response } = expectedOutcome(watch)
  if (!isLeft(result))
    return result.right.done && JSON.stringify(result.right.response) === JSON.stringify(response)
  const { left } = result
  return (
    left._tag === 'OperationFailed' &&
    left.status.code === error?.code &&
    left.status.message === error.message
  )
}

/** Creates credentials that obtain a new token after the server rejects the current token. */
function createCredentials(): OAuth2Client {
  const auth = new OAuth2Client()
  auth.refreshHandler = async () => {
    await pause(5)
    const now = Date.now()
    return { access_token: tokenOf(now), expiry_date: now + 3_600_000 }
  }
  return auth
}

/** Counts the HTTP agents in the heap. */
function countAgents(): number {
  return queryObjects(Agent, { format: 'count' })
}

/** Counts the active resources of a kind. Active resources keep the process alive. */
function countResources(kind: string): number {
  return process.getActiveResourcesInfo().filter((info) => info === kind).length
}

/**
 * Resolves with a report of the server when it has no open socket. A destroyed socket closes a little later.
 */
async function reportWithoutSockets(): Promise<Report> {
  for (;;) {
    const report = await request<Report>('report')
    if (report.sockets === 0) return report
    await pause(20)
  }
}

/** Resolves with the number of watches that ended with the expected outcome. */
async function runRound(round: number): Promise<number> {
  const { endpoint } = await request<{ endpoint: string }>({ round, watches: WATCHES })
  const client = new OperationsClient({
    endpoint,
    auth: createCredentials(),
    rateLimit: false,
    requestTimeout: 2_000,
    maxResponseBytes: 65_536,
  })
  const results = await Promise.all(
    Array.from({ length: WATCHES }, (_, watch) =>
      lastValueFrom(client.watch(nameOf(round, watch), { schedule })),
    ),
  )
  client.close()
  return results.filter((result, watch) => isExpected(watch, result)).length
}

function countAll() {
  return {
    agents: countAgents(),
    sockets: countResources('TCPSocketWrap'),
    timers: countResources('Timeout'),
  }
}
// Loads the lazy imports before the first count, because their agents exist until the process exits.
await import('axios')
await import('node:https')
const countsBefore = countAll()
console.log(`${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}`)
console.log('round  expected     requests  faulty  401s  agents  sockets  timers  heap MB  seconds')
const heapsMegabytes: number[] = []
let isPassing = true
let previous: Report = { sockets: 0, requests: 0, faultyRequests: 0, unauthorizedRequests: 0 }
console.log(
  `at the start: ${countsBefore.agents} agents, ${countsBefore.sockets} sockets, ${countsBefore.timers} timers`,
)
for (let round = 1; round <= ROUNDS; round++) {
  const startedAt = performance.now()
  const expectedOutcomes = await runRound(round)
  const duration = performance.now() - startedAt
  const report = await reportWithoutSockets()
  // One garbage collection is not enough, because it does not release objects that were in a WeakRef.
  for (let collection = 0; collection < 8; collection++) {
    gc()
    await pause(20)
  }
  const heapMegabytes = process.memoryUsage().heapUsed / 2 ** 20
  const countsAfter = countAll()
  heapsMegabytes.push(heapMegabytes)
  isPassing &&= expectedOutcomes === WATCHES && JSON.stringify(countsAfter) === JSON.stringify(countsBefore)
  const requests = report.requests - previous.requests
  const faultyPercent = ((report.faultyRequests - previous.faultyRequests) / requests) * 100
  const unauthorized = report.unauthorizedRequests - previous.unauthorizedRequests
  console.log(
    [
      `${round}`.padStart(5),
      `${expectedOutcomes} of ${WATCHES}`.padEnd(12),
      `${requests}`.padStart(8),
      `${faultyPercent.toFixed(1)} %`.padStart(7),
      `${unauthorized}`.padStart(5),
      `${countsAfter.agents}`.padStart(7),
      `${countsAfter.sockets}`.padStart(8),
      `${countsAfter.timers}`.padStart(7),
      heapMegabytes.toFixed(2).padStart(8),
      (duration / 1000).toFixed(1).padStart(8),
    ].join(' '),
  )
  previous = report
}
const driftPercent = ((heapsMegabytes[5] as number) / (heapsMegabytes[2] as number) - 1) * 100
console.log(
  `change of the heap from the third to the sixth round: ${driftPercent >= 0 ? '+' : ''}${driftPercent.toFixed(2)} %`,
)
server.disconnect()
if (!isPassing || driftPercent > 2) {
  console.error('the soak test failed')
  process.exitCode = 1
}
