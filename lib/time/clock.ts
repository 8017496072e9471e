import { asyncScheduler, Observable } from 'rxjs'

/**
 * The largest difference between `asyncScheduler.now()` and `Date.now()` in real time, in milliseconds. If the difference
 * is larger, `asyncScheduler.now()` is the virtual time of a TestScheduler.
 */
const MAX_CLOCK_DIFFERENCE = 60_000

/** The globals at the time when this module was loaded. */
const initial = /* @__PURE__ */ globals()

function globals() {
  const isDateFake = !Function.prototype.toString.call(Date).includes('[native code]')
  return { Date, setInterval, performanceNow: performance.now, isDateFake }
}

/**
 * Returns whether fake timers replace `Date` and the timers of RxJS. Returns false if only `Date` is fake, because a
 * fake `Date` without fake timers may stand still.
 */
function hasFakeTimers(): boolean {
  const isDateReplaced = Date !== initial.Date
  // If `Date` was fake when this module was loaded, another `Date` is the restored one.
  return initial.isDateFake ? !isDateReplaced : isDateReplaced && setInterval !== initial.setInterval
}

function isVirtualTime(): boolean {
  return Math.abs(wallClock() - Date.now()) > MAX_CLOCK_DIFFERENCE
}

/** Returns whether {@link now} follows a clock of a test: virtual time or fake timers. */
export function isTestTime(): boolean {
  return isVirtualTime() || hasFakeTimers()
}

/**
 * Returns the current time in milliseconds since 1970, or the virtual time of a TestScheduler.
 *
 * Real time is monotonic, like timers: changes to the system clock do not affect waits. Some fake timers replace `Date`,
 * but not `performance`. Then the function returns the time of the fake `Date`.
 */
export function now(): number {
  if (isVirtualTime() || (hasFakeTimers() && performance.now === initial.performanceNow)) return wallClock()
  timeOrigin ??= performance.timeOrigin
  return Math.round(timeOrigin + performance.now())
}

// Cached, because reading timeOrigin takes longer than reading the clock.
let timeOrigin: number | undefined

/** Returns the time of the system clock in milliseconds since 1970, or the virtual time of a TestScheduler. */
export function wallClock(): number {
  return asyncScheduler.now()
}

/**
 * Returns {@link wallClock} minus {@link now}, in milliseconds. The two clocks differ after the system clock was set, or
 * after the machine slept. A difference of less than one second is returned as 0. Most poll states then store no offset.
 */
export function clockOffset(): number {
  const offset = wallClock() - now()
  return Math.abs(offset) < 1_000 ? 0 : offset
}

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
        // A single timer measures a short wait, so its action does not read the clock again.
        const remaining = wait > MAX_TIMER_DELAY ? due - now() : 0
        if (remaining > 0) this.schedule(undefined, Math.min(remaining, MAX_TIMER_DELAY))
        else subscriber.add(next().subscribe(subscriber))
      },
      Math.min(Math.max(0, wait), MAX_TIMER_DELAY),
    )
  })
}
