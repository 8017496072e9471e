/** The number of concurrent polls, each for its own operation. */
export const CONCURRENCY = 100

/** The operation names that all contenders poll. */
export const NAMES: readonly string[] = Array.from({ length: CONCURRENCY }, (_, n) => `operations/cp.${n}`)

/** The credential that all contenders send. */
export const TOKEN = 'ya29.BENCH'

interface Polling {
  /** Stops polling. Resolves when no request is in flight. */
  readonly stop: () => Promise<void>
}

/** Polls all names repeatedly, and calls back on each response. */
export type Contender = (onResponse: () => void) => Polling

/**
 * Returns a contender that calls `poll` again for a name after each response and a timer without a delay. The poll loop
 * of a watch starts such a timer too, so all contenders have equal waits.
 */
export function pollAgain(poll: (name: string) => Promise<unknown>): Contender {
  return (onResponse) => {
    let isStopped = false
    const all = Promise.all(
      NAMES.map(async (name) => {
        while (!isStopped) {
          await poll(name)
          onResponse()
          await new Promise((resolve) => setTimeout(resolve, 0))
        }
      }),
    )
    return {
      stop: async () => {
        isStopped = true
        await all
      },
    }
  }
}
