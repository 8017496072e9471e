// Runs six rounds of 2,000 concurrent watches against an emulator that lets a third of all requests fail.
//
// A busy machine can delay responses so much that watches exhaust their retry time. Such a round is reported
// as overload and repeated with half as many watches. The rounds after a slow round are also half as large.
// Every other wrong result is an error. The exit code is 0 if six rounds passed, 1 after an error, and 2 if
// overload prevented six rounds.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent } from 'node:http'
import { cpus } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { queryObjects } from 'node:v8'
import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import { OAuth2Client } from 'google-auth-library'
import { takeUntil, timer } from 'rxjs'
import { constant, type Operation, type OperationError, OperationsClient } from '../../lib/index.js'
import { expectedOutcome, nameOf, type Round, tokenOf } from './round.js'

/** The number of watches in the first round, and the minimum after slow or overloaded rounds. */
const MAX_WATCHES = 2_000
const MIN_WATCHES = 125
/** The number of rounds that must pass. */
const ROUNDS = 6
/** The maximum growth of the heap from rounds 2 and 3 to rounds 5 and 6, in percent. */
const MAX_HEAP_GROWTH = 2
/** The time limits of a round and of all rounds, in milliseconds. */
const ROUND_LIMIT = 120_000
const TIME_LIMIT = 9 * 60_000
/**
 * The duration in milliseconds above which a round is slow. The rounds after a slow round have half as many
 * watches.
 */
const SLOW_ROUND = 60_000
/** The timeout of one request, in milliseconds. */
const REQUEST_TIMEOUT = 2_000
/** The delay of an event loop in milliseconds that means overload, because requests then time out. */
const OVERLOAD_DELAY = REQUEST_TIMEOUT / 4
const schedule = constant({ interval: 250 })

const { gc } = globalThis
if (gc === undefined) throw new Error('run with --expose-gc, as `npm run soak` does')

const server = fork(new URL('./server.ts', import.meta.url), { execArgv: ['--import', 'tsx'] })
/** Sends a message to the server process. Resolves with its reply. */
async function requestFromServer<A>(message: Round | 'report'): Promise<A> {
  const reply = once(server, 'message')
  server.send(message)
  return (await reply)[0] as A
}
/** The counts of the server since its start, and its present number of open sockets. */
interface Report {
  readonly sockets: number
  readonly requestCount: number
  readonly faultCount: number
  readonly unauthorizedCount: number
  /** The longest delay of the event loop of the server in the round, in milliseconds. */
  readonly maxDelay: number
}

/** Returns the kind of a wrong result, or undefined if the result is expected. */
function kindOfWrongResult(
  watch: number,
  result: Either<OperationError, Operation> | undefined,
): string | undefined {
  if (result === undefined) return NOT_FINISHED
  if (isExpected(watch, result)) return undefined
  if (!isLeft(result)) return `${result.right._tag} with another response`
  const { left } = result
  if (left._tag === 'OperationFailed') return 'OperationFailed with another status'
  return left._tag === 'Unreachable' ? `Unreachable after ${left.last._tag}` : left._tag
}
const NOT_FINISHED = `not finished within ${ROUND_LIMIT / 1_000} s`
/** Returns whether overload can cause a wrong result, because responses arrive after the time limit of their requests. */
function isOverloadKind(kind: string): boolean {
  return kind === NOT_FINISHED || kind.startsWith('Unreachable')
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

/** Creates credentials that obtain a new token after the server rejects the present one. */
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
 * Resolves with the report of the server when the server has no open socket, or after 10 s. The server notices only
 * later that the client has destroyed a socket.
 */
async function reportWithoutSockets(): Promise<Report> {
  for (let n = 0; ; n++) {
    const report = await requestFromServer<Report>('report')
    // 500 pauses of 20 ms take 10 s.
    if (report.sockets === 0 || n === 500) return report
    await pause(20)
  }
}

/** Runs one round. Resolves with the number of wrong results of each kind. */
async function runRound(round: number, watches: number): Promise<ReadonlyMap<string, number>> {
  const { endpoint } = await requestFromServer<{ endpoint: string }>({ round, watches })
  const client = new OperationsClient({
    endpoint,
    auth: createCredentials(),
    rateLimit: false,
    requestTimeout: REQUEST_TIMEOUT,
    maxResponseBytes: 65_536,
  })
  const roundEnd = timer(ROUND_LIMIT)
  const results = await Promise.all(
    Array.from({ length: watches }, async (_, watch) => {
      let result: Either<OperationError, Operation> | undefined
      const emissions = client.watch(nameOf(round, watch), { schedule }).pipe(takeUntil(roundEnd))
      await emissions.forEach((emission) => {
        result = isLeft(emission) || emission.right.done ? emission : undefined
      })
      return result
    }),
  )
  client.close()
  const kinds = new Map<string, number>()
  for (const [watch, result] of results.entries()) {
    const kind = kindOfWrongResult(watch, result)
    if (kind !== undefined) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  }
  return kinds
}

/** Counts the resources that must not grow from round to round. */
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
console.log(
  `at the start: ${countsBefore.agents} agents, ${countsBefore.sockets} sockets, ${countsBefore.timers} timers`,
)
console.log('round  expected     requests  faulty  401s  agents  sockets  timers  heap MB  delay ms  seconds')
const startedAt = performance.now()
const loopDelay = monitorEventLoopDelay({ resolution: 20 })
const heapSizes: number[] = []
let failedRounds = 0
let watches = MAX_WATCHES
let previousReport: Report = {
  sockets: 0,
  requestCount: 0,
  faultCount: 0,
  unauthorizedCount: 0,
  maxDelay: 0,
}
for (
  let round = 1;
  heapSizes.length < ROUNDS && performance.now() - startedAt < TIME_LIMIT - ROUND_LIMIT;
  round++
) {
  const roundStartedAt = performance.now()
  loopDelay.reset()
  loopDelay.enable()
  const kinds = await runRound(round, watches)
  const duration = performance.now() - roundStartedAt
  loopDelay.disable()
  const report = await reportWithoutSockets()
  // One garbage collection is not enough, because it does not release objects that were in a WeakRef.
  for (let collection = 0; collection < 8; collection++) {
    gc()
    await pause(20)
  }
  const heapMegabytes = process.memoryUsage().heapUsed / 2 ** 20
  const countsAfter = countAll()
  const wrongCount = [...kinds.values()].reduce((sum, count) => sum + count, 0)
  // `loopDelay.max` is in nanoseconds.
  const maxDelay = Math.max(loopDelay.max / 1e6, report.maxDelay)
  const isOverloaded = wrongCount > 0 && maxDelay >= OVERLOAD_DELAY && [...kinds.keys()].every(isOverloadKind)
  const hasLeaks = JSON.stringify(countsAfter) !== JSON.stringify(countsBefore) || report.sockets > 0
  const requestCount = report.requestCount - previousReport.requestCount
  const faultPercentage = ((report.faultCount - previousReport.faultCount) / requestCount) * 100
  const unauthorizedCount = report.unauthorizedCount - previousReport.unauthorizedCount
  console.log(
    [
      `${round}`.padStart(5),
      `${watches - wrongCount} of ${watches}`.padEnd(12),
      `${requestCount}`.padStart(8),
      `${faultPercentage.toFixed(1)} %`.padStart(7),
      `${unauthorizedCount}`.padStart(5),
      `${countsAfter.agents}`.padStart(7),
      `${countsAfter.sockets}`.padStart(8),
      `${countsAfter.timers}`.padStart(7),
      heapMegabytes.toFixed(2).padStart(8),
      maxDelay.toFixed(0).padStart(9),
      (duration / 1000).toFixed(1).padStart(8),
    ].join(' '),
  )
  for (const [kind, count] of kinds)
    console.log(`       ${count} ${kind}${isOverloaded ? ' (overload)' : ''}`)
  if (hasLeaks) console.log('       agents, sockets or timers are left')
  if (hasLeaks || (wrongCount > 0 && !isOverloaded)) failedRounds++
  if (!isOverloaded) heapSizes.push(heapMegabytes)
  if (isOverloaded || duration > SLOW_ROUND) watches = Math.max(MIN_WATCHES, watches / 2)
  previousReport = report
}
server.disconnect()
const isComplete = heapSizes.length === ROUNDS
// Compares the smaller heap of each pair of rounds, because the garbage of a round may remain until the next round.
const heapGrowth = (Math.min(...heapSizes.slice(4)) / Math.min(...heapSizes.slice(1, 3)) - 1) * 100
if (isComplete)
  console.log(
    `change of the heap from rounds 2 and 3 to rounds 5 and 6: ${heapGrowth >= 0 ? '+' : ''}${heapGrowth.toFixed(2)} %`,
  )
if (failedRounds > 0 || (isComplete && heapGrowth > MAX_HEAP_GROWTH)) {
  console.error('the soak test failed')
  process.exitCode = 1
} else if (!isComplete) {
  console.error(
    `the machine is overloaded: only ${heapSizes.length} of ${ROUNDS} rounds passed in the time limit`,
  )
  process.exitCode = 2
}
