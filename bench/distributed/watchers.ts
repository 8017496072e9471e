import type { OperationTracker } from '../../lib/bullmq/index.ts'

/** What the watches of one tracker have said. */
export interface Watchers {
  /** Resolves when every watch has completed, or time is up. */
  readonly settled: (milliseconds: number) => Promise<Tally>
  /** Milliseconds from when a worker had an answer until a watch said it. */
  readonly latencies: readonly number[]
}

export interface Tally {
  readonly watches: number
  /** Those that have said a last word, and succeeded, once. */
  readonly once: number
  readonly lost: number
  readonly doubled: number
  readonly other: number
}

/** Watches every name, and counts what is said. */
export function watchEach(tracker: OperationTracker, names: readonly string[], endpoint: string): Watchers {
  const lasts = new Map<string, number>()
  const latencies: number[] = []
  let other = 0
  let open = names.length
  let done = (): void => undefined
  const all = new Promise<void>((resolve) => {
    done = resolve
  })
  const since = Date.now()
  const ended = (): void => {
    open -= 1
    if (open === 0) done()
  }
  for (const name of names)
    tracker.watch({ name, endpoint, apiVersion: 'v3', since }).subscribe({
      next: (word) => {
        if (word._tag === 'Right' && !word.right.done) latencies.push(Date.now() - since - word.right.elapsed)
        else {
          lasts.set(name, (lasts.get(name) ?? 0) + 1)
          if (word._tag === 'Left') other += 1
        }
      },
      error: () => {
        other += 1
        ended()
      },
      complete: ended,
    })
  return {
    latencies,
    settled: async (milliseconds) => {
      let timer: NodeJS.Timeout | undefined
      await Promise.race([all, new Promise((resolve) => (timer = setTimeout(resolve, milliseconds)))])
      clearTimeout(timer)
      const counts = names.map((name) => lasts.get(name) ?? 0)
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
