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

/** An emulator with workers and trackers that share a new queue. Disposing the fleet closes all of them. */
export interface Fleet extends AsyncDisposable {
  readonly emulator: Emulator
  /** The options that all workers and trackers of the fleet share. */
  readonly shared: { readonly connection: string; readonly prefix: string }
  worker(options?: Partial<WorkerOptions>): OperationWorker
  tracker(options?: Partial<TrackerOptions>): OperationTracker
  /** A client that reads and changes Redis directly. */
  readonly redis: Redis
}

/** Starts an emulator, and returns a fleet on the Redis server at `connection`. */
export async function fleetOn(connection: string, emulatorOptions: EmulatorOptions = {}): Promise<Fleet> {
  const emulator = await startEmulator(emulatorOptions)
  const shared = { connection, prefix: `{lro-${randomUUID()}}` }
  const redis = new Redis(connection, { lazyConnect: true })
  redis.on('error', () => undefined)
  const client = new OperationsClient({ endpoint: emulator.endpoint, rateLimit: false })
  const members: (OperationWorker | OperationTracker)[] = []
  const register = <A extends OperationWorker | OperationTracker>(member: A): A => {
    members.push(member)
    return member
  }
  return {
    emulator,
    shared,
    redis,
    worker: (more) =>
      register(
        createWorker({
          ...shared,
          client,
          schedule: constant({ interval: 50 }),
          rateLimit: { requests: 1_000, per: 1_000 },
          ...more,
        }),
      ),
    tracker: (more) =>
      register(createTracker({ ...shared, endpoint: emulator.endpoint, checkInterval: 200, ...more })),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(members.map((member) => member.close()))
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

/** Resolves when the emulator has responded to `count` polls after this call. */
export async function furtherPolls({ events }: Emulator, count = 1): Promise<void> {
  await firstValueFrom(
    events.pipe(
      filter((event) => event._tag === 'Answered'),
      filter((_, index) => index === count - 1),
    ),
  )
}
