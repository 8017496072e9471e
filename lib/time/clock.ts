import { asyncScheduler, EMPTY, Observable } from 'rxjs'

/** If `asyncScheduler.now()` differs from `Date.now()` by more than this, in milliseconds, it is virtual time. */
const MAX_CLOCK_DIFFERENCE = 60_000

/**
 * Returns the current time in milliseconds since 1970, or the virtual time of a TestScheduler.
 *
 * Real time is monotonic, like timers: changes to the system clock do not affect waits.
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
export const NEVER: number = Infinity

/**
 * Waits until `due`, on the clock of {@link now}, then subscribes to the Observable that `next` returns.
 * `next` must not throw. Long waits use several timers.
 */
export function sleepThen<A>(due: number, next: () => Observable<A>): Observable<A> {
  return new Observable((subscriber) => {
    const wait = due - now()
    if (wait === NEVER) return undefined
    // One scheduler action without operators, because 100,000 of these may exist at the same time.
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

/** Completes at `due`, on the clock of {@link now}. */
export function sleepUntil(due: number): Observable<never> {
  return sleepThen(due, () => EMPTY)
}
