import { Observable } from 'rxjs'

/** What is needed of an AbortSignal. */
export interface AbortSignalLike {
  readonly aborted: boolean
  readonly reason?: unknown
  /** Calls the listener once it is aborted. */
  addEventListener(type: 'abort', listener: () => void): void
  /** Forgets the listener. */
  removeEventListener(type: 'abort', listener: () => void): void
}

/** Emits once a signal is aborted, at once where it is already. */
export function whenAborted(signal: AbortSignalLike): Observable<void> {
  return new Observable((subscriber) => {
    const abort = (): void => subscriber.next()
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort)
    return () => signal.removeEventListener('abort', abort)
  })
}
