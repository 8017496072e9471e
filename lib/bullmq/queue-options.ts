import { InvalidOption } from '../index.js'
import type { FleetConnection } from './connection.js'
import { type RedisConnection, validateConnection } from './redis-options.js'

/** The queue and the connection to Redis. All workers and trackers of a fleet use the same queue and the same Redis. */
export interface QueueOptions {
  /** A URL of Redis or Valkey, options of ioredis, or an ioredis client. */
  readonly connection: RedisConnection
  /**
   * The name of the BullMQ queue. Use one queue for each service, because a queue has one rate limit.
   * @defaultValue the host of the endpoint, such as `cloudresourcemanager.googleapis.com`
   */
  readonly queue?: string | undefined
  /**
   * The prefix of all keys in Redis. The braces keep the keys of a queue in one slot of a cluster.
   * @defaultValue `{lro}`
   */
  readonly prefix?: string | undefined
}

/** The name of a queue and the prefix of its keys. Together they identify the queue in Redis. */
export interface QueueKey {
  readonly name: string
  readonly prefix: string
}

/**
 * The option `streams` of BullMQ. It limits the length of the event stream, because events contain complete
 * final results. If an event is removed before a tracker reads it, the tracker finds the result when it
 * checks the job.
 */
export const STREAMS = { events: { maxLen: 1_000 } }

/**
 * Sets the maximum length of the event stream each time that Redis becomes ready. A `Queue` of BullMQ sets this length
 * only once. If Redis later loses its data, the default length of BullMQ applies, which is 10 times longer.
 */
export function trimEvents({ client }: FleetConnection, { name, prefix }: QueueKey): void {
  client.on('ready', () => {
    client.hset(`${prefix}:${name}:meta`, 'opts.maxLenEvents', STREAMS.events.maxLen).catch(() => undefined)
  })
}

/** Validates the options of a queue. Throws {@link InvalidOption}. */
export function validateQueue(options: QueueOptions, endpoint: string): QueueKey {
  const { connection, queue, prefix = '{lro}' } = options
  validateConnection(connection)
  const name = queue ?? new URL(endpoint).host.replaceAll(':', '-')
  if (typeof name !== 'string' || name === '' || name.includes(':'))
    throw new InvalidOption('queue', 'a name without colons', queue)
  if (typeof prefix !== 'string' || prefix === '')
    throw new InvalidOption('prefix', 'a string that is not empty', prefix)
  return { name, prefix }
}
