// Measures how long each call takes if Redis is unreachable from the start.
import { lastValueFrom } from 'rxjs'
import { loadOurs } from '../ours.ts'
import { loadBullmq } from './load.ts'

const { OperationsClient } = await loadOurs()
const { createTracker, createWorker } = await loadBullmq()
const [connection = ''] = process.argv.slice(2)
// No request is sent to this endpoint.
const endpoint = 'http://127.0.0.1:1'
const tracker = createTracker({ connection, endpoint })
const worker = createWorker({ connection, client: new OperationsClient({ endpoint }) })
/** Calls a function. Resolves with the duration in milliseconds, and the result. */
async function timed<A>(call: () => Promise<A>): Promise<readonly [number, A]> {
  const startedAt = performance.now()
  const result = await call()
  return [performance.now() - startedAt, result]
}
const [trackDuration, tracked] = await timed(() => tracker.track('operations/x'))
const [watchDuration, watched] = await timed(() => lastValueFrom(tracker.watch('operations/x')))
const [closeDuration] = await timed(() => Promise.all([tracker.close(), worker.close()]))
console.log(
  JSON.stringify({ trackDuration, watchDuration, closeDuration, tracked, watched, closedAt: Date.now() }),
)
