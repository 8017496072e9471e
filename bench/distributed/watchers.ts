import type { OperationTracker } from '../../lib/bullmq/index.ts'

/** The watches of one tracker. */
export interface Watchers {
  /** Resolves when every watch has ended, or after a number of milliseconds. */
  readonly settled: (timeout: number) => Promise<Tally>
  /** Milliseconds from the response that a worker received to the emission of a watch. */
  readonly latencies: readonly number[]
}

/** The number of watches by their final results. */
export interface Tally {
  readonly watches: number
  /** Watches that emitted exactly one final result. */
  readonly once: number
  readonly lost: number
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
  let resolveAll = (): void => undefined
  const all = new Promise<void>((resolve) => {
    resolveAll = resolve
  })
  const since = Date.now()
  const onEnd = (): void => {
    active -= 1
    if (active === 0) resolveAll()
  }
  for (const name of names)
    tracker.watch({ name, endpoint, apiVersion: 'v3', since }).subscribe({
      next: (emission) => {
        if (emission._tag === 'Right' && !emission.right.done)
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
      await Promise.race([all, new Promise((resolve) => (timer = setTimeout(resolve, timeout)))])
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
