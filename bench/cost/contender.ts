/** How many polls are under way at any time, each of a name of its own. */
export const CONCURRENCY = 100

/** The names that all contenders ask for. */
export const NAMES: readonly string[] = Array.from({ length: CONCURRENCY }, (_, n) => `operations/cp.${n}`)

/** The credential that all of them send. */
export const TOKEN = 'ya29.BENCH'

/** Polls that go on until they are stopped. */
interface Going {
  /** Resolves once nothing is in flight. */
  readonly stop: () => Promise<void>
}

/** Polls all names over and over, each as soon as it was answered, and tells of each answer. */
export type Contender = (answered: () => void) => Going

/** Each name is asked for again once it was answered. */
export function back(ask: (name: string) => Promise<unknown>): Contender {
  return (answered) => {
    let isGoing = true
    const all = Promise.all(
      NAMES.map(async (name) => {
        while (isGoing) {
          await ask(name)
          answered()
        }
      }),
    )
    return {
      stop: async () => {
        isGoing = false
        await all
      },
    }
  }
}
