// Polls the operations in Redis or Valkey until SIGTERM. Start any number of these workers, on any machine.
import { OperationsClient } from 'rx-longrunning'
import { createWorker } from 'rx-longrunning/bullmq'
import { distinct, interval } from 'rxjs'

const connection = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379'

// The rate limit applies to all workers together.
const client = new OperationsClient({ rateLimit: false })
const worker = createWorker({ connection, client, rateLimit: { requests: 10, per: 1_000 } })

// An outage causes many equal errors. Each message is logged at most once a minute.
worker.errors
  .pipe(distinct(({ message }) => message, interval(60_000)))
  .subscribe(({ message }) => console.error(message))

process.once('SIGTERM', async () => {
  await worker.close()
  client.close()
})
