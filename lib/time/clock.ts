import { asyncScheduler, EMPTY, Observable } from 'rxjs'

/** The largest difference between two readings of one clock; virtual time differs by decades. */
const MAX_CLOCK_DIFFERENCE = 60_000

/**
 * Returns the current time in milliseconds since 1970, or the virtual time of a TestScheduler.
 *
 * Real time is monotonic, as timers are: if the system clock is set back or forward, waits do not change.
 */
export function now(): number {
  const scheduled = asyncScheduler.now()
  if (Math.abs(scheduled - Date.now()) > MAX_CLOCK_DIFFERENCE) return scheduled
  origin ??= performance.timeOrigin
  return Math.round(origin + performance.now())
}

// Cached, because reading timeOrigin takes longer than reading the clock.
let origin: number | undefined

/** The longest delay of a JavaScript timer, in milliseconds; a timer with a longer delay fires immediately. */
export const MAX_TIMER: number = 2 ** 31 - 1

/** The time of an action that never runs. */
export const NEVER: number = Number.POSITIVE_INFINITY

/** Subscribes to the result of `next`, which must not throw, at a time of {@link now}. Chains timers for long waits. */
export function sleepThen<A>(due: number, next: () => Observable<A>): Observable<A> {
  return new Observable((subscriber) => {
    const wait = due - now()
    if (wait === NEVER) return undefined
    // One scheduler action without operators, because there can be 100,000 of these at once.
    return asyncScheduler.schedule(
      function () {
        const remaining = wait > MAX_TIMER ? due - now() : 0
        if (remaining > 0) this.schedule(undefined, Math.min(remaining, MAX_TIMER))
        else subscriber.add(next().subscribe(subscriber))
      },
      Math.min(Math.max(0, wait), MAX_TIMER),
    )
  })
}

/** Completes at a time of {@link now}. */
export function sleepUntil(due: number): Observable<never> {
  return sleepThen(due, () => EMPTY)
}
