// 2,000 watches at once against an emulator that fails a third of all requests; six rounds, figures printed.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cpus } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import type { Either } from 'fp-ts/lib/Either.js'
import { isLeft } from 'fp-ts/lib/Either.js'
import { lastValueFrom } from 'rxjs'
import { constant, type Operation, type OperationError, OperationsClient } from '../../lib/index.js'
import { expected, nameOf, type Round } from './round.js'

const WATCHES = 2_000
const ROUNDS = 6
const schedule = constant({ interval: 250 })

const { gc } = globalThis
if (gc === undefined) throw new Error('run with --expose-gc, as `npm run soak` does')

const server = fork(new URL('./server.ts', import.meta.url), { execArgv: ['--import', 'tsx'] })
const asked = async <A>(message: Round | 'report'): Promise<A> => {
  const answer = once(server, 'message')
  server.send(message)
  return (await answer)[0] as A
}
interface Report {
  readonly sockets: number
  readonly requests: number
  readonly faulty: number
}

const isRight = (watch: number, word: Either<OperationError, Operation>): boolean => {
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

/** The resources that keep a process alive, by kind. */
const resources = (kind: string): number =>
  process.getActiveResourcesInfo().filter((info) => info === kind).length

/** Sockets close a moment after they are destroyed: waits for the server to have seen it. */
const settled = async (): Promise<Report> => {
  for (;;) {
    const report = await asked<Report>('report')
    if (report.sockets === 0) return report
    await pause(20)
  }
}

const play = async (round: number): Promise<number> => {
  const { endpoint } = await asked<{ endpoint: string }>({ round, watches: WATCHES })
  const client = new OperationsClient({ endpoint, requestTimeout: 2_000, maxResponseBytes: 65_536 })
  const words = await Promise.all(
    Array.from({ length: WATCHES }, (_, watch) =>
      lastValueFrom(client.watch(nameOf(round, watch), { schedule })),
    ),
  )
  client.close()
  return words.filter((word, watch) => isRight(watch, word)).length
}

const before = { sockets: resources('TCPSocketWrap'), timers: resources('Timeout') }
console.log(`${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}`)
console.log('round  right        requests  faulty  sockets  timers  heap MB  seconds')
const heaps: number[] = []
let good = true
let earlier: Report = { sockets: 0, requests: 0, faulty: 0 }
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
  const after = { sockets: resources('TCPSocketWrap'), timers: resources('Timeout') }
  heaps.push(heap)
  good &&= right === WATCHES && after.sockets === before.sockets && after.timers === before.timers
  const requests = report.requests - earlier.requests
  const faulty = ((report.faulty - earlier.faulty) / requests) * 100
  console.log(
    [
      `${round}`.padStart(5),
      `${right} of ${WATCHES}`.padEnd(12),
      `${requests}`.padStart(8),
      `${faulty.toFixed(1)} %`.padStart(7),
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
