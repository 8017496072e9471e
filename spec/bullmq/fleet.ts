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
  /** Creates a worker that polls every 50 ms, unless `options` contain another schedule. */
  worker(options?: Partial<WorkerOptions>): OperationWorker
  /** Creates a tracker that checks jobs about every 200 ms, unless `options` contain another interval. */
  tracker(options?: Partial<TrackerOptions>): OperationTracker
  /** A client that reads and changes Redis directly. */
  readonly redis: Redis
}

/** Starts an emulator, and returns a fleet that uses the Redis server at `connection` with its own key prefix. */
export async function fleetOn(connection: string, emulatorOptions: EmulatorOptions = {}): Promise<Fleet> {
  const emulator = await startEmulator(emulatorOptions)
  const shared = { connection, prefix: `{lro-${randomUUID()}}` }
  const redis = new Redis(connection, { lazyConnect: true })
  redis.on('error', () => undefined)
  const client = new OperationsClient({ endpoint: emulator.endpoint, rateLimit: false })
  const members: (OperationWorker | OperationTracker)[] = []
  /** Adds a worker or tracker to the members that the disposal closes. */
  const register = <A extends OperationWorker | OperationTracker>(member: A): A => {
    members.push(member)
    return member
  }
  return {
    emulator,
    shared,
    redis,
    worker: (workerOptions) =>
      register(
        createWorker({
          ...shared,
          client,
          schedule: constant({ interval: 50 }),
          rateLimit: { requests: 1_000, per: 1_000 },
          ...workerOptions,
        }),
      ),
    tracker: (trackerOptions) =>
      register(
        createTracker({ ...shared, endpoint: emulator.endpoint, checkInterval: 200, ...trackerOptions }),
      ),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(members.map((member) => member.close()))
      // The status `wait` means that the spec has not used this client. Redis may then be unreachable.
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
