import { isTestTime, NEVER, now } from './clock.js'

/** The interval of the timer that detects that the process was frozen, in milliseconds. */
const INTERVAL = 250
/** If a timer fires later, in milliseconds, the process was frozen, or its event loop was blocked. */
const MAX_DELAY = 1_000

let requestsInFlight = 0
let timer: ReturnType<typeof setInterval> | undefined
/** The time of the next tick, or {@link NEVER} if no request is in flight. */
let nextTick = NEVER
let frozenTotal = 0

/** Starts to measure {@link frozenTime} for a request. Returns its present value. */
export function beginRequest(): number {
  if (requestsInFlight++ === 0 && !isTestTime()) {
    nextTick = now() + INTERVAL
    timer = setInterval(frozenTime, INTERVAL)
    timer.unref?.()
  }
  return frozenTime()
}

/** Ends the measurement for a request. */
export function endRequest(): void {
  if (--requestsInFlight > 0) return
  clearInterval(timer)
  nextTick = NEVER
}

/** Returns for how many milliseconds this process was frozen while a request was in flight. */
export function frozenTime(): number {
  // Calculates the delay itself, because after a freeze a response may be read before the timer fires.
  if (nextTick === NEVER || isTestTime()) return frozenTotal
  if (wasFrozen(nextTick)) frozenTotal += now() - nextTick
  nextTick = now() + INTERVAL
  return frozenTotal
}

/** Returns whether an action that was due at `due` runs so late that the process must have been frozen. */
export function wasFrozen(due: number): boolean {
  return now() - due > MAX_DELAY
}
