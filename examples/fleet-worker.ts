// Polls the operations in Redis or Valkey until SIGTERM. Start any number of these workers, on any machine.
import { OperationsClient } from 'rx-longrunning'
import { createWorker } from 'rx-longrunning/bullmq'

const connection = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379'

// The rate limit applies to all workers together.
const client = new OperationsClient({ rateLimit: false })
const worker = createWorker({ connection, client, rateLimit: { requests: 10, per: 1_000 } })
worker.errors.subscribe((error) => console.error(error.message))

process.once('SIGTERM', async () => {
  await worker.close()
  client.close()
})
