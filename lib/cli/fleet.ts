import { distinct, map, type Observable, Subject, tap } from 'rxjs'
import type { OperationTracker, TrackerWatchOptions } from '../bullmq/index.js'
import type { ClientOptions } from '../index.js'
import { UsageError } from './arguments.js'
import type { Target } from './clients.js'
import type { CliEmission } from './output/result-text.js'
import type { ProcessIo } from './process-io.js'

/** The trackers of a program: one for each service that its names lead to, made when the first of them comes. */
export interface Trackers {
  of(target: Target): OperationTracker
  /** Watches an operation by the tracker of its service. */
  watch(target: Target, options: TrackerWatchOptions): Observable<CliEmission>
  /** Trouble with Redis, each that is new since it last told of an operation: to connect again and again fails alike. Hot. */
  readonly troubles: Observable<string>
  close(): Promise<void>
}

/** Throws `UsageError` where there is no Redis to be tracked by. */
export async function createTrackers(
  given: { readonly redis?: string | undefined; readonly queue?: string | undefined },
  { universeDomain }: Pick<ClientOptions, 'universeDomain'>,
  around: ProcessIo,
): Promise<Trackers> {
  const { createTracker, connection } = await loadBullmq(given.redis, around)
  const { queue } = given
  const trackers = new Map<string, OperationTracker>()
  const errors = new Subject<Error>()
  const snapshots = new Subject<CliEmission>()
  const of = ({ endpoint, apiVersion, service }: Target): OperationTracker => {
    const key = `${endpoint} ${apiVersion}`
    const present = trackers.get(key)
    if (present !== undefined) return present
    const tracker = createTracker({ connection, queue, endpoint, apiVersion, service, universeDomain })
    tracker.errors.subscribe((error) => errors.next(error))
    trackers.set(key, tracker)
    return tracker
  }
  return {
    of,
    watch: (target, options) =>
      of(target)
        .watch(target.name, options)
        .pipe(tap((word) => word._tag === 'Right' && snapshots.next(word))),
    troubles: errors.pipe(
      map(({ message }) => message),
      distinct(undefined, snapshots),
    ),
    close: async () => {
      await Promise.all([...trackers.values()].map((tracker) => tracker.close()))
    },
  }
}

/** The options that say where a fleet of workers meets. */
export const REDIS_ARGUMENTS = {
  redis: { type: 'string' },
  queue: { type: 'string' },
} as const

/** Their part of a help text. */
export const REDIS_HELP = `\
Where the fleet meets; it needs bullmq and ioredis installed beside rx-longrunning:
  --redis URL             Redis or Valkey, such as redis://127.0.0.1:6379; - takes it from REDIS_URL, so that
                          a password is in no list of processes
  --queue NAME            the queue of BullMQ; by default the host that is asked`

/** The door, and the URL that was given for it; throws {@link UsageError} where one of them is not there. */
export async function loadBullmq(
  given: string | undefined,
  { env }: Pick<ProcessIo, 'env'>,
): Promise<typeof import('../bullmq/index.js') & { readonly connection: string }> {
  const connection = given === '-' ? env.REDIS_URL : given
  if (!connection) throw new UsageError(given === '-' ? 'REDIS_URL is not set' : 'give the --redis URL')
  try {
    return { ...(await import('../bullmq/index.js')), connection }
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown
    throw new UsageError('bullmq is not installed; to have it: npm install bullmq ioredis')
  }
}

function isMissing(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    'code' in thrown &&
    (thrown.code === 'ERR_MODULE_NOT_FOUND' || thrown.code === 'MODULE_NOT_FOUND') &&
    /'(?:bullmq|ioredis)'/.test(thrown.message)
  )
}
