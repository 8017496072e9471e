// The process of many watches: starts them, and says what they hold or how they keep time.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { isLeft } from 'fp-ts/lib/Either.js'
import { lastValueFrom, Subject } from 'rxjs'
import { answering } from '../child.ts'
import { loadOurs } from '../ours.ts'

/** How names are watched: each by itself, or all by one `watchAll`. */
export type Kind = 'watch' | 'watchAll'

/** What is asked of the process, in this order. */
export type ToClient =
  /** Starts all, at once or spread over so many milliseconds, and waits until each has its first snapshot. */
  | { readonly _tag: 'Start'; readonly over: number; readonly interval: number }
  | { readonly _tag: 'Hold' }
  | { readonly _tag: 'Keep'; readonly milliseconds: number }

/** Milliseconds from the first start to the first snapshot of the last. */
export interface Begun {
  readonly took: number
}

/** Bytes a name, since before the first was started. */
export interface Held {
  readonly heap: number
  readonly resident: number
}

/** How the process kept time; milliseconds, and shares of the time. */
export interface Kept {
  readonly delayP99: number
  readonly delayWorst: number
  readonly utilization: number
  /** CPU microseconds for a snapshot. */
  readonly micros: number
}

const { gc } = globalThis
if (gc === undefined) throw new Error('run with --expose-gc')
const [, , kind, size, endpoint = ''] = process.argv
const names = Array.from({ length: Number(size) }, (_, n) => `operations/cp.${n}`)

const { OperationsClient, constant } = await loadOurs()
const client = new OperationsClient({ endpoint, auth: false, rateLimit: false, batch: true })

let snapshots = 0
let all = (): void => undefined
function told(isRunning: boolean): void {
  if (!isRunning) throw new Error('a watch has ended')
  snapshots += 1
  if (snapshots === names.length) all()
}

async function settled(): Promise<NodeJS.MemoryUsage> {
  for (let n = 0; n < 4; n += 1) {
    await pause(250)
    gc()
  }
  return process.memoryUsage()
}

// What the first request loads is no part of what a watch weighs.
await lastValueFrom(client.get('operations/cp.0'))
const before = await settled()

function starter(interval: number): (name: string) => void {
  const schedule = constant({ interval })
  if (kind === 'watch') {
    const observer = { next: (word: { readonly _tag: string }) => told(word._tag === 'Right') }
    return (name) => void client.watch(name, { schedule }).subscribe(observer)
  }
  const started = new Subject<string>()
  client.watchAll(started, { schedule }).subscribe(({ snapshot }) => told(!isLeft(snapshot)))
  return (name) => started.next(name)
}

async function start(over: number, interval: number): Promise<Begun> {
  const begin = starter(interval)
  const done = new Promise<void>((resolve) => {
    all = resolve
  })
  const began = performance.now()
  for (let n = 0; n < names.length; ) {
    const due = over === 0 ? names.length : ((performance.now() - began) / over) * names.length
    for (; n < Math.min(due, names.length); n += 1) begin(names[n] ?? '')
    if (n < names.length) await pause(5)
  }
  await done
  return { took: performance.now() - began }
}

async function hold(): Promise<Held> {
  const { heapUsed, rss } = await settled()
  return { heap: (heapUsed - before.heapUsed) / names.length, resident: (rss - before.rss) / names.length }
}

async function keep(milliseconds: number): Promise<Kept> {
  const delay = monitorEventLoopDelay({ resolution: 10 })
  const from = snapshots
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
    micros: (user + system) / (snapshots - from),
  }
}

answering<ToClient>((question) => {
  if (question._tag === 'Start') return start(question.over, question.interval)
  return question._tag === 'Hold' ? hold() : keep(question.milliseconds)
})
