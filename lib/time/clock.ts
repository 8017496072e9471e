import { asyncScheduler, Observable } from 'rxjs'

/** If `asyncScheduler.now()` differs from `Date.now()` by more milliseconds, it is the time of a TestScheduler. */
const MAX_CLOCK_DIFFERENCE = 60_000

/** The globals when this module was loaded. */
const loaded = /* @__PURE__ */ globals()

function globals() {
  const isDateFake = !Function.prototype.toString.call(Date).includes('[native code]')
  return { Date, setInterval, performanceNow: performance.now, isDateFake }
}

/** Returns whether fake timers replace `Date` and the timers of RxJS. If only `Date` is fake, its time may be constant. */
function hasFakeTimers(): boolean {
  const isReplaced = Date !== loaded.Date
  return loaded.isDateFake ? !isReplaced : isReplaced && setInterval !== loaded.setInterval
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
 * Real time is monotonic, like timers: changes to the system clock do not affect waits. Fake timers may replace `Date`,
 * but not `performance`. The time is then the fake time.
 */
export function now(): number {
  if (isVirtualTime() || (hasFakeTimers() && performance.now === loaded.performanceNow)) return wallClock()
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
 * Returns {@link wallClock} minus {@link now}, in milliseconds. The two differ after the system clock was set, or after
 * the machine slept. A difference of less than one second is returned as 0, because most processes then have no offset.
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
        const remaining = wait > MAX_TIMER_DELAY ? due - now() : 0
        if (remaining > 0) this.schedule(undefined, Math.min(remaining, MAX_TIMER_DELAY))
        else subscriber.add(next().subscribe(subscriber))
      },
      Math.min(Math.max(0, wait), MAX_TIMER_DELAY),
    )
  })
}
