import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import type { OperationTracker } from '../../lib/bullmq/index.ts'
import type { Emulator } from '../../lib/emulator/index.ts'
import type { RedisServer } from '../../spec/bullmq/redis.ts'
import { TRUST } from '../server-process.ts'
import { loadBullmq, loadEmulator, loadRedis } from './load.ts'

/** A Redis, an emulator, and any number of worker processes. */
export interface Fleet {
  readonly redis: RedisServer
  /** A client that reads Redis directly. */
  readonly redisClient: Redis
  readonly emulator: Emulator
  /** Creates a tracker. The default endpoint is the emulator. */
  readonly tracker: (endpoint?: string) => OperationTracker
  /** Starts a worker process. `options.interval` is the wait between two polls of an operation, in milliseconds. */
  readonly worker: (options: Readonly<Record<string, unknown>>) => Promise<ChildProcess>
  /** Counts the stored jobs, and how often a job was moved from a worker whose lock had expired. */
  readonly stalls: () => Promise<{ readonly jobs: number; readonly stalls: number }>
}

/** Starts a fleet, and stops all of it after `body`. With `appendonly`, the data of Redis survive a kill. */
export async function withFleet<A>(
  body: (fleet: Fleet) => Promise<A>,
  { appendonly }: { readonly appendonly: boolean } = { appendonly: false },
): Promise<A> {
  const { startEmulator } = await loadEmulator()
  const { createTracker } = await loadBullmq()
  const { startRedis } = await loadRedis()
  const redis = await startRedis({ appendonly })
  const redisClient = new Redis(redis.url, { maxRetriesPerRequest: null, retryStrategy: () => 50 })
  redisClient.on('error', () => undefined)
  const emulator = await startEmulator()
  const { endpoint } = emulator
  const trackers: OperationTracker[] = []
  const workers = new Set<ChildProcess>()
  try {
    return await body({
      redis,
      redisClient,
      emulator,
      tracker: (trackerEndpoint = endpoint) => {
        const tracker = createTracker({ connection: redis.url, endpoint: trackerEndpoint })
        trackers.push(tracker)
        return tracker
      },
      worker: async (options) => {
        const workerOptions = {
          connection: redis.url,
          endpoint,
          rateLimit: { requests: 100_000, per: 1_000 },
          ...options,
        }
        const env = { ...process.env, ...TRUST }
        const program = fileURLToPath(new URL('worker.js', import.meta.url))
        const child = fork(program, [JSON.stringify(workerOptions)], { execArgv: [], env })
        workers.add(child)
        child.once('exit', () => workers.delete(child))
        await once(child, 'message')
        return child
      },
      stalls: async () => {
        const queue = new URL(endpoint).host.replace(':', '-')
        const keys = await redisClient.keys(`{lro}:${queue}:*`)
        // The keys of jobs end with a job ID, which has 43 characters. The field `stc` is the stall count of BullMQ.
        const jobs = keys.filter((key) => /:[\w-]{43}$/.test(key))
        const counts = await Promise.all(jobs.map((key) => redisClient.hget(key, 'stc')))
        return { jobs: jobs.length, stalls: counts.reduce((sum, count) => sum + Number(count ?? 0), 0) }
      },
    })
  } finally {
    for (const worker of workers) worker.kill('SIGKILL')
    await Promise.all(trackers.map((tracker) => tracker.close()))
    await emulator.close()
    redisClient.disconnect()
    await redis.stop()
  }
}

/** Returns the names of a number of operations. */
export function namesOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `operations/cp.${index}`)
}

/** Tracks all operations, 500 at a time. More commands at a time could exceed the timeout of the tracker. */
export async function trackAll(tracker: OperationTracker, names: readonly string[]): Promise<void> {
  for (let start = 0; start < names.length; start += 500)
    await Promise.all(names.slice(start, start + 500).map((name) => tracker.track(name)))
}

/** The figures of a worker process: counts, and the CPU time since its start in microseconds. */
export type WorkerFigure = 'polls' | 'lock errors' | 'cpu'

/** Requests a figure from a worker process. */
export async function requestFigure(child: ChildProcess, figure: WorkerFigure): Promise<number> {
  const reply = once(child, 'message')
  child.send(figure)
  return Number((await reply)[0])
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
