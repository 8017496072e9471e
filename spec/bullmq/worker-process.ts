// A worker in a process of its own: with the options of its first argument, until SIGTERM.
import { createWorker } from '../../lib/bullmq/index.js'
import { constant, OperationsClient } from '../../lib/index.js'

const { endpoint, interval, slept = 0, ...options } = JSON.parse(process.argv[2] ?? '{}')
// The clock of a machine that has slept for so many milliseconds.
const awake = performance.now.bind(performance)
performance.now = () => awake() - slept
const client = new OperationsClient({ endpoint, rateLimit: false })
const worker = createWorker({ ...options, client, schedule: constant({ interval }) })
worker.errors.subscribe((error) => console.log(error.message))
process.once('SIGTERM', async () => {
  await worker.close()
  client.close()
})
console.log('started')
