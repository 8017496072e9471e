// Redis is away from the start: how long each answer takes, and that the process ends by itself.
import { lastValueFrom } from 'rxjs'
import { loadOurs } from '../ours.ts'

const { OperationsClient } = await loadOurs()
const { createTracker, createWorker }: typeof import('../../lib/bullmq/index.ts') = await import(
  new URL('../../../dist/bullmq/index.js', import.meta.url).href
)
const [connection = ''] = process.argv.slice(2)
const endpoint = 'http://127.0.0.1:1'
const tracker = createTracker({ connection, endpoint })
const worker = createWorker({ connection, client: new OperationsClient({ endpoint }) })
async function timed<A>(doing: () => Promise<A>): Promise<readonly [number, A]> {
  const began = performance.now()
  const answer = await doing()
  return [performance.now() - began, answer]
}
const [track, tracked] = await timed(() => tracker.track('operations/x'))
const [watch, watched] = await timed(() => lastValueFrom(tracker.watch('operations/x')))
const [close] = await timed(() => Promise.all([tracker.close(), worker.close()]))
console.log(JSON.stringify({ track, watch, close, tracked, watched, ended: Date.now() }))
