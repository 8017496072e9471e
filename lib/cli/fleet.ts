import { distinct, type Observable, Subject, tap } from 'rxjs'
import type { OperationTracker, TrackerWatchOptions } from '../bullmq/index.js'
import type { OperationsClient, Watch } from '../index.js'
import type { Emission } from '../polling/emission.js'
import type { OptionValues } from './arguments.js'
import type { Target } from './clients.js'
import { errorCode, type ProcessIo } from './process-io.js'
import { UsageError } from './usage-error.js'

/** The options that select Redis and the queue of the workers. */
export const REDIS_ARGUMENTS = {
  redis: { type: 'string' },
  queue: { type: 'string' },
  prefix: { type: 'string' },
} as const

/** The values of {@link REDIS_ARGUMENTS}. */
export type RedisArguments = OptionValues<typeof REDIS_ARGUMENTS>

/** The help text of {@link REDIS_ARGUMENTS}. */
export const REDIS_HELP = `\
Queue of the workers, which requires the packages bullmq and ioredis:
  --redis URL             Redis or Valkey, such as redis://127.0.0.1:6379; by default, or for -, the URL in
                          REDIS_URL, which keeps the password out of the process list
  --queue NAME            the BullMQ queue; by default the host of the service
  --prefix TEXT           the prefix of all keys in Redis; by default {lro}`

/** The trackers of the program. Each service has one, which is created for the first operation of the service. */
export interface Trackers {
  /** Returns the tracker for the service of a target. */
  trackerOf(target: Target): OperationTracker
  /** Watches an operation with the tracker of its service. */
  watch(target: Target, options: TrackerWatchOptions): Watch
  /**
   * Emits the messages of Redis errors, and a message if a queue has no worker; hot.
   *
   * A message is not repeated before the next snapshot, because each failed reconnection causes the same message.
   */
  readonly problems: Observable<string>
  close(): Promise<void>
}

/** Creates the trackers; throws `UsageError` if the Redis URL is missing or BullMQ is not installed. */
export async function createTrackers(values: RedisArguments, io: ProcessIo): Promise<Trackers> {
  const { redis, queue, prefix } = values
  const { createTracker, connection } = await loadBullmq(redis, io)
  const trackers = new Map<OperationsClient, OperationTracker>()
  const messages = new Subject<string>()
  const snapshots = new Subject<Emission>()
  const trackerOf = ({ client, endpoint, apiVersion, service, universeDomain }: Target): OperationTracker => {
    const existing = trackers.get(client)
    if (existing !== undefined) return existing
    const names = { endpoint, apiVersion, service, universeDomain }
    const tracker = createTracker({ connection, queue, prefix, ...names })
    tracker.errors.subscribe(({ message }) => messages.next(message))
    const noWorker = `no worker serves the queue ${queue ?? `of ${endpoint}`}`
    // If Redis fails, the watch reports the error.
    tracker.stats().then(
      ({ workers }) => workers === 0 && messages.next(noWorker),
      () => undefined,
    )
    trackers.set(client, tracker)
    return tracker
  }
  return {
    trackerOf,
    watch: (target, options) =>
      trackerOf(target)
        .watch(target.name, options)
        .pipe(tap((emission) => emission._tag === 'Right' && snapshots.next(emission))),
    // Each value of `snapshots` clears the messages that `distinct` has stored.
    problems: messages.pipe(distinct(undefined, snapshots)),
    close: async () => {
      await Promise.all([...trackers.values()].map((tracker) => tracker.close()))
    },
  }
}

/**
 * Returns the exports of the BullMQ entry point and `connection`, the Redis URL. Throws {@link UsageError} if BullMQ or
 * the URL is missing.
 */
export async function loadBullmq(
  redisOption: string | undefined,
  { env }: Pick<ProcessIo, 'env'>,
): Promise<typeof import('../bullmq/index.js') & { readonly connection: string }> {
  const connection = redisOption === undefined || redisOption === '-' ? env.REDIS_URL : redisOption
  if (!connection)
    throw new UsageError(
      redisOption === '-' ? 'REDIS_URL is not set' : '--redis URL or REDIS_URL is required',
    )
  try {
    await import('../bullmq/packages.js')
    return { ...(await import('../bullmq/index.js')), connection }
  } catch (thrown) {
    const isMissing = /'(?:bullmq|ioredis)'/.test(`${thrown}`)
    if (!isMissing || !/MODULE_NOT_FOUND$/.test(`${errorCode(thrown)}`)) throw thrown
    throw new UsageError('bullmq is not installed; run npm install bullmq ioredis')
  }
}
