import { Observable } from 'rxjs'
import type { ProcessIo, StopSignal } from './surroundings.js'

/** Why to stop before the end: a signal, or what is written goes nowhere any more. */
export type StopReason = StopSignal | 'closed'

const SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM']
/**
 * Emits the first reason to stop, and completes.
 *
 * Signals are caught once: a second one finds nobody listening, so that it kills the process at once.
 */
export function stopSignals(around: ProcessIo): Observable<StopReason> {
  return new Observable((subscriber) => {
    const stop = (reason: StopReason): void => {
      subscriber.next(reason)
      subscriber.complete()
    }
    const listeners = SIGNALS.map((signal) => [signal, () => stop(signal)] as const)
    const failed = (): void => stop('closed')
    for (const [signal, listener] of listeners) around.on(signal, listener)
    around.stdout.on('error', failed)
    return () => {
      for (const [signal, listener] of listeners) around.off(signal, listener)
      around.stdout.off('error', failed)
    }
  })
}
