// Runs a worker until SIGTERM, and prints its errors. The first argument contains the options of the worker as JSON.
import { createWorker } from '../../lib/bullmq/index.js'
import { constant, OperationsClient } from '../../lib/index.js'

const { endpoint, interval, sleptMilliseconds = 0, ...options } = JSON.parse(process.argv[2] ?? '{}')
// Simulates a machine that was asleep: performance.now() does not count the time of sleep.
const realNow = performance.now.bind(performance)
performance.now = () => realNow() - sleptMilliseconds
const client = new OperationsClient({ endpoint, rateLimit: false })
const worker = createWorker({ ...options, client, schedule: constant({ interval }) })
worker.errors.subscribe((error) => console.log(error.message))
process.once('SIGTERM', async () => {
  await worker.close()
  client.close()
})
console.log('started')
