import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { filter, firstValueFrom } from 'rxjs'
import {
  createTracker,
  createWorker,
  type OperationTracker,
  type OperationWorker,
  type TrackerOptions,
  type WorkerOptions,
} from '../../lib/bullmq/index.js'
import { type Emulator, type EmulatorOptions, startEmulator } from '../../lib/emulator/index.js'
import { constant, OperationsClient } from '../../lib/index.js'

/** An emulator, and workers and trackers that meet on a queue of their own; all are closed at the end. */
export interface Fleet extends AsyncDisposable {
  readonly emulator: Emulator
  readonly shared: { readonly connection: string; readonly prefix: string }
  worker(options?: Partial<WorkerOptions>): OperationWorker
  tracker(options?: Partial<TrackerOptions>): OperationTracker
  /** To look into Redis. */
  readonly redis: Redis
}

export async function fleetOn(connection: string, options: EmulatorOptions = {}): Promise<Fleet> {
  const emulator = await startEmulator(options)
  const shared = { connection, prefix: `{lro-${randomUUID()}}` }
  const redis = new Redis(connection, { lazyConnect: true })
  redis.on('error', () => undefined)
  const client = new OperationsClient({ endpoint: emulator.endpoint, rateLimit: false })
  const open: { close(): Promise<void> }[] = []
  const known = <A extends { close(): Promise<void> }>(one: A): A => {
    open.push(one)
    return one
  }
  return {
    emulator,
    shared,
    redis,
    worker: (more) =>
      known(
        createWorker({
          ...shared,
          client,
          schedule: constant({ interval: 50 }),
          rateLimit: { requests: 1_000, per: 1_000 },
          ...more,
        }),
      ),
    tracker: (more) =>
      known(createTracker({ ...shared, endpoint: emulator.endpoint, checkInterval: 200, ...more })),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(open.map((one) => one.close()))
      if (redis.status !== 'wait') {
        const keys = await redis.keys(`${shared.prefix}*`)
        if (keys.length > 0) await redis.del(keys)
      }
      redis.disconnect()
      client.close()
      await emulator.close()
    },
  }
}

/** When the emulator has answered so many polls, from now on. */
export async function polled({ events }: Emulator, times = 1): Promise<void> {
  await firstValueFrom(
    events.pipe(
      filter((event, _) => event._tag === 'Answered'),
      filter((_, at) => at === times - 1),
    ),
  )
}
