interface FakeTimer {
  /** The time when the timer fires, in milliseconds. */
  due: number
  readonly callback: () => void
  /** The period of an interval in milliseconds. Undefined for a timeout. */
  readonly interval: number | undefined
}

/** The control of fake timers: `Date` and the timers are replaced, but `performance` is not. */
export interface FakeClock {
  /** Advances the clock, and runs the timers that become due. */
  tick(milliseconds: number): void
  /** Restores `Date` and the timers. */
  uninstall(): void
}

/**
 * Replaces `Date` and the timers, as Sinon and Vitest do with the option `toFake`. The mock timers of Node.js 20 cannot
 * be used here, because they repeat an interval that its own callback has cleared.
 */
export function installFakeTimers(startTime: number): FakeClock {
  const originals = { Date, setTimeout, clearTimeout, setInterval, clearInterval }
  const timers = new Set<FakeTimer>()
  let time = startTime
  class FakeDate extends Date {
    static override now(): number {
      return time
    }
  }
  const add = (callback: () => void, delay: number, interval?: number): FakeTimer => {
    const timer = { due: time + delay, callback, interval }
    timers.add(timer)
    return timer
  }
  const clear = (timer: FakeTimer): void => {
    timers.delete(timer)
  }
  Object.assign(globalThis, {
    Date: FakeDate,
    setTimeout: (callback: () => void, delay = 0) => add(callback, delay),
    setInterval: (callback: () => void, delay = 0) => add(callback, delay, Math.max(1, delay)),
    clearTimeout: clear,
    clearInterval: clear,
  })
  return {
    tick: (milliseconds) => {
      const end = time + milliseconds
      for (;;) {
        const [next] = [...timers].sort((a, b) => a.due - b.due)
        if (next === undefined || next.due > end) break
        time = Math.max(time, next.due)
        if (next.interval === undefined) timers.delete(next)
        else next.due += next.interval
        next.callback()
      }
      time = end
    },
    uninstall: () => void Object.assign(globalThis, originals),
  }
}
