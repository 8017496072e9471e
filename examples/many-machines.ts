// Polls operations with workers on Redis or Valkey. Any process can track and watch them.
import { either as E } from 'fp-ts'
import { OperationsClient } from 'rx-longrunning'
import { createTracker, createWorker } from 'rx-longrunning/bullmq'
import { lastValueFrom, tap } from 'rxjs'

const [name = 'operations/cp.1'] = process.argv.slice(2)
const connection = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379'

// In each worker process. The rate limit applies to all workers together.
await using client = new OperationsClient({ rateLimit: false })
await using worker = createWorker({ connection, client, rateLimit: { requests: 10, per: 1_000 } })
worker.errors.subscribe((error) => console.error(error.message))

// In any process, with or without Google credentials.
await using tracker = createTracker({ connection })
await tracker.track(name)
const result = await lastValueFrom(
  tracker
    .watch(name)
    .pipe(tap((emission) => console.log(E.isRight(emission) ? emission.right._tag : emission.left.message))),
)
console.log(E.isRight(result) ? 'final result stored for one hour' : 'no success')
