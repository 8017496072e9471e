import { Observable, takeUntil } from 'rxjs'

/** The part of an AbortSignal that this package uses. */
export interface AbortSignalLike {
  readonly aborted: boolean
  readonly reason?: unknown
  /** Adds a listener that is called when the signal is aborted. */
  addEventListener(type: 'abort', listener: () => void): void
  /** Removes a listener. */
  removeEventListener(type: 'abort', listener: () => void): void
}

/** Emits when a signal is aborted, or on subscription if it is already aborted. */
export function whenAborted(signal: AbortSignalLike): Observable<void> {
  return new Observable((subscriber) => {
    const abort = (): void => subscriber.next()
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort)
    return () => signal.removeEventListener('abort', abort)
  })
}

/** Mirrors a source, and completes without emitting when the signal is aborted. */
export function untilAborted<A>(source: Observable<A>, signal: AbortSignalLike | undefined): Observable<A> {
  return signal === undefined ? source : source.pipe(takeUntil(whenAborted(signal)))
}
