import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { OperationTracker } from '../../lib/bullmq/index.ts'
import type { Emulator } from '../../lib/emulator/index.ts'
import { type RedisServer, startRedis } from './redis.ts'

const DIST: URL = new URL('../../../dist/', import.meta.url)

/** A Redis, an emulator, and any number of worker processes; `interval` is in milliseconds. */
export interface Fleet {
  readonly redis: RedisServer
  readonly emulator: Emulator
  readonly tracker: (redisTimeout?: number) => OperationTracker
  readonly worker: (options: Readonly<Record<string, unknown>>) => Promise<ChildProcess>
  /** How often the jobs that are kept have stalled, and how many are kept. */
  readonly stalls: () => Promise<{ readonly jobs: number; readonly stalls: number }>
}

/** A fleet for as long as a body runs. */
export async function withFleet<A>(body: (fleet: Fleet) => Promise<A>, appendonly = false): Promise<A> {
  const { startEmulator }: typeof import('../../lib/emulator/index.ts') = await import(
    new URL('emulator/index.js', DIST).href
  )
  const { createTracker }: typeof import('../../lib/bullmq/index.ts') = await import(
    new URL('bullmq/index.js', DIST).href
  )
  const redis = await startRedis(appendonly)
  const emulator = await startEmulator()
  const { endpoint } = emulator
  const trackers: OperationTracker[] = []
  const workers = new Set<ChildProcess>()
  try {
    return await body({
      redis,
      emulator,
      tracker: () => {
        const tracker = createTracker({ connection: redis.url, endpoint })
        trackers.push(tracker)
        return tracker
      },
      worker: async (options) => {
        const given = {
          connection: redis.url,
          endpoint,
          rateLimit: { requests: 100_000, per: 1_000 },
          ...options,
        }
        const child = fork(fileURLToPath(new URL('worker.js', import.meta.url)), [JSON.stringify(given)])
        workers.add(child)
        child.once('exit', () => workers.delete(child))
        await once(child, 'message')
        return child
      },
      stalls: async () => {
        const queue = new URL(endpoint).host.replace(':', '-')
        const keys = await redis.client.keys(`{lro}:${queue}:*`)
        const jobs = keys.filter((key) => /:[\w-]{43}$/.test(key))
        const counts = await Promise.all(jobs.map((key) => redis.client.hget(key, 'stc')))
        return { jobs: jobs.length, stalls: counts.reduce((sum, count) => sum + Number(count ?? 0), 0) }
      },
    })
  } finally {
    for (const worker of workers) worker.kill('SIGKILL')
    await Promise.all(trackers.map((tracker) => tracker.close()))
    await emulator.close()
    await redis.stop()
  }
}

export function namesOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `operations/cp.${at}`)
}
