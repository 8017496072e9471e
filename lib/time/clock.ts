import { asyncScheduler, EMPTY, Observable } from 'rxjs'

/** If `asyncScheduler.now()` differs from `Date.now()` by more milliseconds, it is the time of a TestScheduler. */
const MAX_CLOCK_DIFFERENCE = 60_000

/**
 * Returns the current time in milliseconds since 1970, or the virtual time of a TestScheduler.
 *
 * Real time is monotonic, like timers: changes to the system clock do not affect waits.
 */
export function now(): number {
  const schedulerTime = asyncScheduler.now()
  if (Math.abs(schedulerTime - Date.now()) > MAX_CLOCK_DIFFERENCE) return schedulerTime
  timeOrigin ??= performance.timeOrigin
  return Math.round(timeOrigin + performance.now())
}

// Cached, because reading timeOrigin takes longer than reading the clock.
let timeOrigin: number | undefined

/** The longest delay of a JavaScript timer, in milliseconds; a timer with a longer delay fires immediately. */
export const MAX_TIMER_DELAY: number = 2 ** 31 - 1

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
    // One scheduler action without operators, because 100,000 such Observables may exist at the same time.
    return asyncScheduler.schedule(
      function () {
        const remaining = wait > MAX_TIMER_DELAY ? due - now() : 0
        if (remaining > 0) this.schedule(undefined, Math.min(remaining, MAX_TIMER_DELAY))
        else subscriber.add(next().subscribe(subscriber))
      },
      Math.min(Math.max(0, wait), MAX_TIMER_DELAY),
    )
  })
}

/** Completes at `due`, on the clock of {@link now}. */
export function sleepUntil(due: number): Observable<never> {
  return sleepThen(due, () => EMPTY)
}
