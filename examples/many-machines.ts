// A fleet on Redis or Valkey: any process hands operations over and watches them, workers poll them, and any may die.
import { either as E } from 'fp-ts'
import { OperationsClient } from 'rx-longrunning'
import { createTracker, createWorker } from 'rx-longrunning/bullmq'
import { lastValueFrom, tap } from 'rxjs'

const [name = 'operations/cp.1'] = process.argv.slice(2)
const connection = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379'

// In each of your workers: the limiter is the quota of the whole fleet.
await using client = new OperationsClient({ rateLimit: false })
await using worker = createWorker({ connection, client, rateLimit: { requests: 10, per: 1_000 } })
worker.errors.subscribe((error) => console.error(error.message))

// In any process, with or without credentials for Google:
await using tracker = createTracker({ connection })
await tracker.track(name)
const last = await lastValueFrom(
  tracker.watch(name).pipe(tap((word) => console.log(E.isRight(word) ? word.right._tag : word.left.message))),
)
console.log(E.isRight(last) ? 'settled, and kept for an hour' : 'ended')
