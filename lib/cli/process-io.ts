import { setImmediate } from 'node:timers/promises'
import { lastValueFrom, Observable, takeUntil, tap } from 'rxjs'

/** The part of `process.stdout` that the program uses. */
export interface Output {
  /** True if the output is a terminal. */
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
  /** The number of bytes that are not yet written; undefined if all texts are written immediately. */
  readonly writableLength?: number
  /** Writes a text. Calls `onEnd` when this text and all earlier texts have been written or have failed. */
  write(text: string, onEnd?: () => void): unknown
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown
  off(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown
}

/** The signals that stop the program. */
type StopSignal = 'SIGINT' | 'SIGTERM'

/** The streams, environment variables and signals of the program; `process` implements it. */
export interface ProcessIo {
  readonly stdin: NodeJS.ReadableStream
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  on(signal: StopSignal, listener: () => void): unknown
  off(signal: StopSignal, listener: () => void): unknown
}

/** The reason to stop early: a signal, or `closed` if standard output is closed. */
export type StopReason = StopSignal | 'closed'

const SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM']

/**
 * Emits the first reason to stop, and then completes.
 *
 * Only the first signal is handled. A second signal has no listener, so Node.js ends the process immediately.
 */
export function stopReasons(io: ProcessIo): Observable<StopReason> {
  return new Observable((subscriber) => {
    const stop = (reason: StopReason): void => {
      subscriber.next(reason)
      subscriber.complete()
    }
    const listeners = SIGNALS.map((signal) => [signal, () => stop(signal)] as const)
    const onError = (): void => stop('closed')
    for (const [signal, listener] of listeners) io.on(signal, listener)
    io.stdout.on('error', onError)
    return () => {
      for (const [signal, listener] of listeners) io.off(signal, listener)
      io.stdout.off('error', onError)
    }
  })
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

/**
 * Resolves when an output has written all texts or has failed, because `process.exit` discards unwritten texts.
 *
 * Waits for a slow reader without a time limit. If the reader closes the pipe, the writes fail and the wait ends.
 */
export async function flush(output: Output): Promise<void> {
  // Node.js emits the error of a write only after `write` has returned. The wait lets the error listeners run first.
  await setImmediate()
  if (output.writableLength) await new Promise<void>((resolve) => output.write('', () => resolve()))
}

/** Returns the code of a Node.js error, such as `ENOENT`. */
export function errorCode(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : undefined
}
