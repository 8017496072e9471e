import { Observable } from 'rxjs'

/** Where a program writes: what is needed of `process.stdout`. */
export interface Output {
  /** Set where it is a terminal. */
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
  write(text: string): unknown
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown
  off(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown
}

/** The signals that stop a program. */
export type StopSignal = 'SIGINT' | 'SIGTERM'

/** All that a program knows of the world around it; `process` itself is one. */
export interface ProcessIo {
  readonly stdin: NodeJS.ReadableStream
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  on(signal: StopSignal, listener: () => void): unknown
  off(signal: StopSignal, listener: () => void): unknown
}

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
