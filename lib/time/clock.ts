import { asyncScheduler, EMPTY, Observable } from 'rxjs'

/** If `asyncScheduler.now()` differs from `Date.now()` by more milliseconds, it is the time of a TestScheduler. */
const MAX_CLOCK_DIFFERENCE = 60_000

/** The globals when this module was loaded. Fake timers replace them. */
const loaded = /* @__PURE__ */ globals()

function globals() {
  return { Date, setInterval, performanceNow: performance.now, isFake: !isNative(Date) }
}

function isNative(value: unknown): boolean {
  return /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(value))
}

/** Returns whether timers run in real time: neither in virtual time nor with fake timers. */
export function isRealTime(): boolean {
  return !isVirtualTime(asyncScheduler.now()) && !loaded.isFake && setInterval === loaded.setInterval
}

function isVirtualTime(schedulerTime: number): boolean {
  return Math.abs(schedulerTime - Date.now()) > MAX_CLOCK_DIFFERENCE
}

/**
 * Returns whether fake timers control `Date` and the timers of RxJS, but not `performance.now`. Both conditions are
 * necessary: with real timers, a fake `Date` may stand still.
 */
function isFakeDateTheClock(): boolean {
  if (performance.now !== loaded.performanceNow) return false
  const isDateReplaced = Date !== loaded.Date
  return loaded.isFake ? !isDateReplaced : isDateReplaced && setInterval !== loaded.setInterval
}

/**
 * Returns the current time in milliseconds since 1970, or the virtual time of a TestScheduler.
 *
 * Real time is monotonic, like timers: changes to the system clock do not affect waits.
 */
export function now(): number {
  const schedulerTime = wallClock()
  if (isVirtualTime(schedulerTime) || isFakeDateTheClock()) return schedulerTime
  timeOrigin ??= performance.timeOrigin
  return Math.round(timeOrigin + performance.now())
}

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
