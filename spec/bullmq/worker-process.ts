// Runs a worker until SIGTERM. The first argument contains its options.
import { createWorker } from '../../lib/bullmq/index.js'
import { constant, OperationsClient } from '../../lib/index.js'

const { endpoint, interval, slept = 0, ...options } = JSON.parse(process.argv[2] ?? '{}')
// Simulates the clock of a machine that was asleep for a number of milliseconds.
const realNow = performance.now.bind(performance)
performance.now = () => realNow() - slept
const client = new OperationsClient({ endpoint, rateLimit: false })
const worker = createWorker({ ...options, client, schedule: constant({ interval }) })
worker.errors.subscribe((error) => console.log(error.message))
process.once('SIGTERM', async () => {
  await worker.close()
  client.close()
})
console.log('started')
