import { distinct, map, type Observable, Subject, tap } from 'rxjs'
import type { OperationTracker, TrackerWatchOptions } from '../bullmq/index.js'
import type { ClientOptions } from '../index.js'
import type { Target } from './clients.js'
import { loadBullmq } from './redis-arguments.js'
import type { ProcessIo } from './surroundings.js'
import type { CliEmission } from './word.js'

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
