import { map, Observable, takeUntil } from 'rxjs'

/** The part of an AbortSignal that this package uses. */
export interface AbortSignalLike {
  readonly aborted: boolean
  readonly reason?: unknown
  /** Adds a listener that is called when the signal is aborted. */
  addEventListener(type: 'abort', listener: () => void): void
  /** Removes a listener. */
  removeEventListener(type: 'abort', listener: () => void): void
}

/** The only listener that this package adds to a signal. Its elements are callbacks, one for each subscription. */
class AbortListener extends Set<() => void> {
  readonly onAbort = (): void => {
    for (const callback of [...this]) callback()
  }
}

// One listener for each signal, because Node.js prints a warning if a signal has more than ten listeners.
const listenerOfSignal = /* @__PURE__ */ new WeakMap<AbortSignalLike, AbortListener>()

/** Emits when a signal is aborted, or on subscription if it is already aborted. */
function whenAborted(signal: AbortSignalLike): Observable<void> {
  return new Observable((subscriber) => {
    const emitAbort = (): void => subscriber.next()
    if (signal.aborted) emitAbort()
    const listener = listenerOfSignal.get(signal) ?? new AbortListener()
    listenerOfSignal.set(signal, listener)
    if (listener.size === 0) signal.addEventListener('abort', listener.onAbort)
    listener.add(emitAbort)
    return () => {
      listener.delete(emitAbort)
      if (listener.size === 0) signal.removeEventListener('abort', listener.onAbort)
    }
  })
}

/** Mirrors a source, and completes without emitting when the signal is aborted. */
export function untilAborted<A>(source: Observable<A>, signal: AbortSignalLike | undefined): Observable<A> {
  return signal === undefined ? source : source.pipe(takeUntil(whenAborted(signal)))
}

/** Mirrors a source, and emits the `reason` of the signal as an error when the signal is aborted. */
export function throwWhenAborted<A>(
  source: Observable<A>,
  signal: AbortSignalLike | undefined,
): Observable<A> {
  if (signal === undefined) return source
  const abortError = whenAborted(signal).pipe(
    map(() => {
      throw signal.reason ?? new Error('aborted')
    }),
  )
  return source.pipe(takeUntil(abortError))
}
