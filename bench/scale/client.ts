// The process of many watches. It starts them and measures their memory and timing.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { isLeft } from 'fp-ts/lib/Either.js'
import { lastValueFrom, Subject } from 'rxjs'
import { respond } from '../child.ts'
import { loadOurs } from '../ours.ts'

/** How the names are watched: with one `watch` each, or all with one `watchAll`. */
export type Kind = 'watch' | 'watchAll'

/** The requests to the process, in this order. */
export type ClientRequest =
  /** Starts all watches over a period in milliseconds, and waits for the first snapshot of each. */
  | { readonly _tag: 'Start'; readonly over: number; readonly interval: number }
  | { readonly _tag: 'Memory' }
  | { readonly _tag: 'Timing'; readonly milliseconds: number }

export interface Started {
  /** The time from the first start until every name has a snapshot, in milliseconds. */
  readonly took: number
}

/** The growth of memory since before the first start, in bytes per name. */
export interface Memory {
  readonly heap: number
  readonly resident: number
}

/** Event loop delays in milliseconds, and CPU use. */
export interface Timing {
  readonly delayP99: number
  readonly delayWorst: number
  readonly utilization: number
  /** CPU microseconds for a snapshot. */
  readonly micros: number
}

const { gc } = globalThis
if (gc === undefined) throw new Error('run with --expose-gc')
const collectGarbage = gc
const [, , kind, size, endpoint = ''] = process.argv
const names = Array.from({ length: Number(size) }, (_, n) => `operations/cp.${n}`)

const { OperationsClient, constant } = await loadOurs()
const client = new OperationsClient({ endpoint, auth: false, rateLimit: false, batch: true })

let snapshots = 0
let onAllStarted = (): void => undefined
function countSnapshot(isRunning: boolean): void {
  if (!isRunning) throw new Error('a watch has ended')
  snapshots += 1
  if (snapshots === names.length) onAllStarted()
}

async function settledMemory(): Promise<NodeJS.MemoryUsage> {
  for (let n = 0; n < 4; n += 1) {
    await pause(250)
    collectGarbage()
  }
  return process.memoryUsage()
}

// The first request loads modules. Their memory does not belong to a watch.
await lastValueFrom(client.get('operations/cp.0'))
const before = await settledMemory()

function starterFor(interval: number): (name: string) => void {
  const schedule = constant({ interval })
  if (kind === 'watch') {
    const observer = { next: ({ _tag }: { readonly _tag: string }) => countSnapshot(_tag === 'Right') }
    return (name) => void client.watch(name, { schedule }).subscribe(observer)
  }
  const started = new Subject<string>()
  client.watchAll(started, { schedule }).subscribe(({ snapshot }) => countSnapshot(!isLeft(snapshot)))
  return (name) => started.next(name)
}

async function startAll(over: number, interval: number): Promise<Started> {
  const start = starterFor(interval)
  const allStarted = new Promise<void>((resolve) => {
    onAllStarted = resolve
  })
  const startedAt = performance.now()
  for (let n = 0; n < names.length; ) {
    const due = over === 0 ? names.length : ((performance.now() - startedAt) / over) * names.length
    for (; n < Math.min(due, names.length); n += 1) start(names[n] ?? '')
    if (n < names.length) await pause(5)
  }
  await allStarted
  return { took: performance.now() - startedAt }
}

async function measureMemory(): Promise<Memory> {
  const { heapUsed, rss } = await settledMemory()
  return { heap: (heapUsed - before.heapUsed) / names.length, resident: (rss - before.rss) / names.length }
}

async function measureTiming(milliseconds: number): Promise<Timing> {
  const delay = monitorEventLoopDelay({ resolution: 10 })
  const snapshotsBefore = snapshots
  const cpu = process.cpuUsage()
  const loop = performance.eventLoopUtilization()
  delay.enable()
  await pause(milliseconds)
  delay.disable()
  const { user, system } = process.cpuUsage(cpu)
  return {
    delayP99: delay.percentile(99) / 1e6,
    delayWorst: delay.max / 1e6,
    utilization: performance.eventLoopUtilization(loop).utilization,
    micros: (user + system) / (snapshots - snapshotsBefore),
  }
}

respond<ClientRequest>((request) => {
  if (request._tag === 'Start') return startAll(request.over, request.interval)
  return request._tag === 'Memory' ? measureMemory() : measureTiming(request.milliseconds)
})
