import type { OperationTracker } from '../bullmq/index.js'
import type { ClientOptions } from '../index.js'
import type { Target } from './clients.js'
import { redisDoor } from './redis-arguments.js'
import type { Surroundings } from './surroundings.js'

/** The trackers of a program: one for each service that its names lead to, made when the first of them comes. */
export interface Trackers {
  of(target: Target): OperationTracker
  close(): Promise<void>
}

/** Throws `UsageError` where there is no Redis to be tracked by. */
export const trackersOf = async (
  given: { readonly redis?: string | undefined; readonly queue?: string | undefined },
  { universeDomain }: Pick<ClientOptions, 'universeDomain'>,
  around: Surroundings,
): Promise<Trackers> => {
  const { createTracker, connection } = await redisDoor(given.redis, around)
  const { queue } = given
  const trackers = new Map<string, OperationTracker>()
  return {
    of: ({ endpoint, apiVersion, service }) => {
      const key = `${endpoint} ${apiVersion}`
      const present = trackers.get(key)
      const place = { endpoint, apiVersion, service, universeDomain }
      const tracker = present ?? createTracker({ connection, queue, ...place })
      trackers.set(key, tracker)
      return tracker
    },
    close: async () => {
      await Promise.all([...trackers.values()].map((tracker) => tracker.close()))
    },
  }
}
