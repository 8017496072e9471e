// A worker in a process of its own, until SIGTERM; with `instant` it asks no server, and counts its polls.
import { of } from 'rxjs'
import { loadOurs } from '../ours.ts'

const { endpoint, interval, instant, ...options } = JSON.parse(process.argv[2] ?? '{}')
const { constant, OperationsClient } = await loadOurs()
const { createWorker }: typeof import('../../lib/bullmq/index.ts') = await import(
  new URL('../../../dist/bullmq/index.js', import.meta.url).href
)
let polls = 0
const body = { name: 'operations/x', metadata: { percent: 1 } }
function transport() {
  polls += 1
  return of({ _tag: 'Right', right: { httpStatus: 200, body } } as const)
}
const client = new OperationsClient({ endpoint, rateLimit: false, ...(instant && { transport }) })
const worker = createWorker({ ...options, client, schedule: constant({ interval }) })
process.once('SIGTERM', async () => {
  await worker.close()
  client.close()
  process.disconnect?.()
})
process.on('message', () => process.send?.(polls))
process.send?.('started')
