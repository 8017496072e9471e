// Runs a worker until SIGTERM, and counts errors of locks. The first argument contains the options as JSON. With
// `instant`, the transport responds immediately and counts the polls. An https endpoint receives a credential.
import { of } from 'rxjs'
import { credential } from '../cost/credential.ts'
import { loadOurs } from '../ours.ts'
import type { WorkerFigure } from './fleet.ts'
import { loadBullmq } from './load.ts'

const { endpoint, interval, instant, batch, ...options } = JSON.parse(process.argv[2] ?? '{}')
const { constant, OperationsClient } = await loadOurs()
const { createWorker } = await loadBullmq()
let polls = 0
const body = { name: 'operations/x', metadata: { percent: 1 } }
/** Responds immediately with a running operation. */
function instantTransport() {
  polls += 1
  return of({ _tag: 'Right', right: { httpStatus: 200, body } } as const)
}
const client = new OperationsClient({
  endpoint,
  rateLimit: false,
  batch,
  ...(endpoint.startsWith('https:') && { auth: credential() }),
  ...(instant && { transport: instantTransport }),
})
const worker = createWorker({ ...options, client, schedule: constant({ interval }) })
let lockErrors = 0
worker.errors.subscribe(({ message }) => {
  if (/lock/i.test(message)) lockErrors += 1
})
process.once('SIGTERM', async () => {
  await worker.close()
  client.close()
  process.disconnect?.()
})
/** Returns the CPU time of this process in microseconds. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}
process.on('message', (figure: WorkerFigure) =>
  process.send?.(figure === 'cpu' ? cpuTime() : figure === 'polls' ? polls : lockErrors),
)
process.send?.('started')
