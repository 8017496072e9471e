import { asyncScheduler, concat, defer, EMPTY, ignoreElements, NEVER, type Observable, timer } from 'rxjs'

/** How far two readings of one clock may lie apart; virtual time is decades away. */
const SAME_CLOCK = 60_000

/**
 * Now, in milliseconds since 1970, or in virtual time under a TestScheduler.
 *
 * In real time it goes on as timers do: a wall clock that is set back or forth would tear waits and patience apart.
 */
export const now = (): number => {
  const scheduled = asyncScheduler.now()
  return Math.abs(scheduled - Date.now()) > SAME_CLOCK
    ? scheduled
    : Math.round(performance.timeOrigin + performance.now())
}

/** The longest wait of one timer of JavaScript; a longer one would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1

/** Completes at a time of {@link now}, never for Infinity; long waits are chained. */
export const sleepUntil = (due: number): Observable<never> =>
  defer(() => {
    const wait = due - now()
    if (wait <= 0) return timer(0).pipe(ignoreElements())
    if (wait === Number.POSITIVE_INFINITY) return NEVER
    const first = timer(Math.min(wait, LONGEST_TIMER)).pipe(ignoreElements())
    return concat(first, wait > LONGEST_TIMER ? sleepUntil(due) : EMPTY)
  })
