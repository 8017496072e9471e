import { cpus } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { startServer } from '../server-process.ts'
import { formatNumber, table } from '../table.ts'
import { namesOf, requestFigure, sum, trackAll, withFleet } from './fleet.ts'

/** The requests of a poll, and their descriptions. */
export const REQUESTS = {
  none: 'none',
  single: 'https',
  batched: 'https, in batches',
} as const

/** The number of workers, and how they poll. */
interface Load {
  readonly workers: number
  readonly requests: keyof typeof REQUESTS
}

export const LOADS: readonly Load[] = [
  { workers: 1, requests: 'none' },
  { workers: 2, requests: 'none' },
  { workers: 3, requests: 'none' },
  { workers: 1, requests: 'single' },
  { workers: 3, requests: 'single' },
  { workers: 1, requests: 'batched' },
]

/** The measurements of a load. CPU times are in microseconds, and shares are shares of one core. */
export interface Throughput extends Load {
  /** Polls a second. */
  readonly rate: number
  readonly workerMicros: number
  readonly redisMicros: number
  /** The mean share of each worker. */
  readonly workerShare: number
  readonly redisShare: number
  /** The share of all cores that are not idle. */
  readonly busy: number
}

/** Polls operations that are always due. The size is the number of operations, and the duration in seconds. */
export async function measureThroughput(
  load: Load,
  [count, seconds]: readonly [number, number],
): Promise<Throughput> {
  const server = await startServer('https')
  try {
    return await withFleet(async ({ redisClient, tracker, worker }) => {
      await trackAll(tracker(server.endpoint), namesOf(count))
      const options = {
        endpoint: server.endpoint,
        interval: 1,
        instant: load.requests === 'none',
        batch: load.requests === 'batched',
        rateLimit: { requests: 1_000_000, per: 1_000 },
      }
      const workers = await Promise.all(Array.from({ length: load.workers }, () => worker(options)))
      const total = async (figure: 'polls' | 'cpu'): Promise<number> =>
        sum(await Promise.all(workers.map((child) => requestFigure(child, figure))))
      const read = async () => ({
        at: performance.now(),
        polls: load.requests === 'none' ? await total('polls') : (await server.counts()).polls,
        workerMicros: await total('cpu'),
        redisMicros: redisCpuTime(await redisClient.info('cpu')),
        machine: machineTime(),
      })
      // The measurement begins after the workers have loaded their code and reached their concurrency.
      await setTimeout(1_500)
      await server.startCounting(0)
      const before = await read()
      await setTimeout(seconds * 1_000)
      const after = await read()
      const polls = after.polls - before.polls
      const micros = 1_000 * (after.at - before.at)
      const workerMicros = after.workerMicros - before.workerMicros
      const redisMicros = after.redisMicros - before.redisMicros
      return {
        ...load,
        rate: polls / (micros / 1e6),
        workerMicros: workerMicros / polls,
        redisMicros: redisMicros / polls,
        workerShare: workerMicros / micros / load.workers,
        redisShare: redisMicros / micros,
        busy: (after.machine.busy - before.machine.busy) / (after.machine.all - before.machine.all),
      }
    })
  } finally {
    server.kill()
  }
}

/** Returns the CPU time of Redis in microseconds. */
function redisCpuTime(info: string): number {
  return sum(
    [...info.matchAll(/^used_cpu_(?:user|sys):([\d.]+)/gm)].map(([, seconds]) => Number(seconds) * 1e6),
  )
}

/** Returns the time of all cores, and the part in which they were not idle. */
function machineTime(): { readonly all: number; readonly busy: number } {
  const times = cpus().map((core) => core.times)
  const all = sum(times.flatMap((time) => Object.values(time)))
  return { all, busy: all - sum(times.map(({ idle }) => idle)) }
}

/** The share from which a thread or the machine is the bottleneck. */
const FULL = 0.85

/** Returns the resource that limits the rate. */
function bottleneck({ workers, workerShare, redisShare, busy }: Throughput): string {
  if (workerShare >= FULL) return workers === 1 ? 'the thread of the worker' : 'the threads of the workers'
  if (redisShare >= FULL) return 'the thread of Redis'
  return busy >= FULL ? `the ${cpus().length} cores` : 'no thread and no core'
}

export function throughputText(throughputs: readonly Throughput[]): string {
  const percent = (share: number): string => formatNumber(100 * share, 0)
  const rows = throughputs.map((row) => [
    `${row.workers}`,
    REQUESTS[row.requests],
    formatNumber(row.rate, 0),
    formatNumber(row.workerMicros, 0),
    formatNumber(row.redisMicros, 0),
    percent(row.workerShare),
    percent(row.redisShare),
    percent(row.busy),
    bottleneck(row),
  ])
  const bottlenecks = throughputs
    .filter(({ workers, requests }) => requests === 'none' && workers !== 2)
    .map(
      (row) =>
        `With ${row.workers} ${row.workers === 1 ? 'worker' : 'workers'}, the bottleneck is ${bottleneck(row)}.`,
    )
  return `Operations that are always due are polled, with a concurrency of 100. If there are no requests, a transport responds immediately. The server of
the https requests uses the same ${cpus().length} cores, so the rate of these rows is too low, but the CPU times are correct. CPU times are microseconds
for one poll, of all workers and of Redis. The bottleneck is a thread that uses at least ${percent(FULL)} % of a core, or the machine if its cores are busy for
${percent(FULL)} % of the time.

${table([
  [
    'workers',
    'requests',
    'polls a second',
    'CPU of workers',
    'CPU of Redis',
    'each worker, % of a core',
    'Redis, % of a core',
    'all cores busy, %',
    'bottleneck',
  ],
  ...rows,
])}

${bottlenecks.join(' ')}`
}
