import { asyncScheduler, EMPTY, Observable } from 'rxjs'

/** How far two readings of one clock may lie apart; virtual time is decades away. */
const SAME_CLOCK = 60_000

/**
 * Now, in milliseconds since 1970, or in virtual time under a TestScheduler.
 *
 * In real time it goes on as timers do: a wall clock that is set back or forth would tear waits and maxRetryTime apart.
 */
export function now(): number {
  const scheduled = asyncScheduler.now()
  if (Math.abs(scheduled - Date.now()) > SAME_CLOCK) return scheduled
  origin ??= performance.timeOrigin
  return Math.round(origin + performance.now())
}

// To read it takes longer than to read the clock.
let origin: number | undefined

/** The longest wait of one timer of JavaScript; a longer one would fire at once. */
export const MAX_TIMER: number = 2 ** 31 - 1

/** Goes over to what is next, which must not throw, at a time of {@link now}, never for Infinity; long waits are chained. */
export function sleepThen<A>(due: number, next: () => Observable<A>): Observable<A> {
  return new Observable((subscriber) => {
    const wait = due - now()
    if (wait === Number.POSITIVE_INFINITY) return undefined
    // One action and no operators: there may be a hundred thousand of these at once.
    return asyncScheduler.schedule(
      function () {
        const more = wait > MAX_TIMER ? due - now() : 0
        if (more > 0) this.schedule(undefined, Math.min(more, MAX_TIMER))
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
