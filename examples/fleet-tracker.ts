// Adds an operation to Redis or Valkey, and waits until a worker has polled its final result.
import { either as E } from 'fp-ts'
import { createTracker } from 'rx-longrunning/bullmq'
import { lastValueFrom, tap } from 'rxjs'

const [name = 'operations/cp.1'] = process.argv.slice(2)
const tracker = createTracker({ connection: process.env.REDIS_URL ?? 'redis://127.0.0.1:6379' })

const tracked = await tracker.track(name)
if (E.isLeft(tracked)) {
  console.error('not tracked:', tracked.left.message)
  process.exitCode = 1
} else {
  const result = await lastValueFrom(
    tracker
      .watch(name)
      .pipe(
        tap((emission) => console.log(E.isRight(emission) ? emission.right._tag : emission.left.message)),
      ),
  )
  console.log(E.isRight(result) ? 'final result stored for one hour' : 'no success')
}
await tracker.close()
