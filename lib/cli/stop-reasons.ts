import { lastValueFrom, Observable, take, takeUntil, tap } from 'rxjs'
import type { ProcessIo, StopSignal } from './process-io.js'

/** The reason to stop early: a signal, or `closed` if standard output is closed. */
export type StopReason = StopSignal | 'closed'

const SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM']

/**
 * Emits the first reason to stop, and then completes.
 *
 * Only the first signal is handled. A second signal has no listener, so Node.js ends the process immediately.
 */
export function stopReasons(io: ProcessIo): Observable<StopReason> {
  const reasons = new Observable<StopReason>((subscriber) => {
    const listeners = SIGNALS.map((signal) => [signal, () => subscriber.next(signal)] as const)
    const onError = (): void => subscriber.next('closed')
    for (const [signal, listener] of listeners) io.on(signal, listener)
    io.stdout.on('error', onError)
    return () => {
      for (const [signal, listener] of listeners) io.off(signal, listener)
      io.stdout.off('error', onError)
    }
  })
  return reasons.pipe(take(1))
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
