import { isTestTime, NEVER, now } from './clock.js'

/** The interval of the timer that detects that the process was frozen, in milliseconds. */
const INTERVAL = 250
/**
 * The largest delay of a timer in a running process, in milliseconds. If a delay is larger, the process was frozen, or
 * its event loop was blocked.
 */
const MAX_DELAY = 1_000

let requestsInFlight = 0
let timer: ReturnType<typeof setInterval> | undefined
/** The time when the timer is due, or {@link NEVER} if no request is in flight. */
let tickDue = NEVER
/** The result of {@link frozenTime} at the latest tick of the timer, in milliseconds. */
let frozenTotal = 0

/** Starts to measure {@link frozenTime} for a request. Returns the frozen time before the request. */
export function beginRequest(): number {
  if (requestsInFlight++ === 0 && !isTestTime()) {
    tickDue = now() + INTERVAL
    timer = setInterval(frozenTime, INTERVAL)
    timer.unref?.()
  }
  return frozenTime()
}

/** Ends the measurement for a request. */
export function endRequest(): void {
  if (--requestsInFlight > 0) return
  clearInterval(timer)
  tickDue = NEVER
}

/** Returns the total time for which this process was frozen while any request was in flight, in milliseconds. */
export function frozenTime(): number {
  // Callers also call this function between two ticks: after a freeze, a response may be read before the timer fires.
  const time = now()
  if (time < tickDue || isTestTime()) return frozenTotal
  if (wasFrozen(tickDue, time)) frozenTotal += time - tickDue
  tickDue = time + INTERVAL
  return frozenTotal
}

/** Returns whether an action that was due at `due` is so late at `time`, by default now, that the process must have been frozen. */
export function wasFrozen(due: number, time: number = now()): boolean {
  return time - due > MAX_DELAY
}
