import type { OperationTracker } from '../../lib/bullmq/index.ts'

/** The watches of one tracker. */
export interface Watchers {
  /** Resolves with the tally when every watch has ended, or after `timeout` milliseconds. */
  readonly settled: (timeout: number) => Promise<Tally>
  /** Milliseconds from the response that a worker received to the emission of a watch. */
  readonly latencies: readonly number[]
}

/** The number of watches by the number and the kind of their final results. */
export interface Tally {
  readonly watches: number
  /** Watches that emitted exactly one final result. */
  readonly once: number
  /** Watches that emitted no final result. */
  readonly lost: number
  /** Watches that emitted more than one final result. */
  readonly doubled: number
  /** Final results other than a success, and watches that errored. */
  readonly other: number
}

/** Watches every name, and counts the final results. */
export function watchEach(tracker: OperationTracker, names: readonly string[], endpoint: string): Watchers {
  const finalResults = new Map<string, number>()
  const latencies: number[] = []
  let other = 0
  let active = names.length
  let resolveAllEnded = (): void => undefined
  const allEnded = new Promise<void>((resolve) => {
    resolveAllEnded = resolve
  })
  const since = Date.now()
  const onEnd = (): void => {
    active -= 1
    if (active === 0) resolveAllEnded()
  }
  for (const name of names)
    tracker.watch({ name, endpoint, apiVersion: 'v3', since }).subscribe({
      next: (emission) => {
        if (emission._tag === 'Right' && !emission.right.done)
          // `since + elapsed` is the time at which the worker received the response.
          latencies.push(Date.now() - since - emission.right.elapsed)
        else {
          finalResults.set(name, (finalResults.get(name) ?? 0) + 1)
          if (emission._tag === 'Left') other += 1
        }
      },
      error: () => {
        other += 1
        onEnd()
      },
      complete: onEnd,
    })
  return {
    latencies,
    settled: async (timeout) => {
      let timer: NodeJS.Timeout | undefined
      await Promise.race([allEnded, new Promise((resolve) => (timer = setTimeout(resolve, timeout)))])
      clearTimeout(timer)
      const counts = names.map((name) => finalResults.get(name) ?? 0)
      return {
        watches: names.length,
        once: counts.filter((count) => count === 1).length,
        lost: counts.filter((count) => count === 0).length,
        doubled: counts.filter((count) => count > 1).length,
        other,
      }
    },
  }
}
