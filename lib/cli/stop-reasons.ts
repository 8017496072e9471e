import { fromEvent, lastValueFrom, map, merge, type Observable, take, takeUntil, tap } from 'rxjs'
import type { ProcessIo } from './process-io.js'

/** The reason to stop early: a signal, or `closed` if standard output is closed. */
export type StopReason = 'SIGINT' | 'SIGTERM' | 'closed'

/**
 * Emits the first reason to stop, and then completes.
 *
 * Only the first signal is handled. A second signal has no listener, so Node.js ends the process immediately.
 */
export function stopReasons(io: ProcessIo): Observable<StopReason> {
  return merge(
    fromEvent(io, 'SIGINT').pipe(map(() => 'SIGINT' as const)),
    fromEvent(io, 'SIGTERM').pipe(map(() => 'SIGTERM' as const)),
    fromEvent(io.stdout, 'error').pipe(map(() => 'closed' as const)),
  ).pipe(take(1))
}

/** Subscribes to a source until it completes or `stops` emits, and resolves with the reason to stop, if any. */
export async function runUntilStopped(
  source: Observable<unknown>,
  stops: Observable<StopReason>,
): Promise<StopReason | undefined> {
  let stop: StopReason | undefined
  const stopped = stops.pipe(tap((reason) => (stop = reason)))
  await lastValueFrom(source.pipe(takeUntil(stopped)), { defaultValue: undefined })
  return stop
}
