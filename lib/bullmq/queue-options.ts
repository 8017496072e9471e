import type { Queue } from 'bullmq'
import { InvalidOption } from '../index.js'
import type { FleetConnection } from './connection.js'
import { checkConnection, type RedisConnection } from './redis-options.js'

/** Which queue on which Redis: equal for the workers and the trackers of one fleet. */
export interface QueueOptions {
  /** A URL of Redis or Valkey, options of ioredis, or an ioredis client. */
  readonly connection: RedisConnection
  /**
   * The queue of BullMQ. Its limiter is its quota, so each service that counts its own needs its own.
   * @defaultValue the host that is asked, such as `cloudresourcemanager.googleapis.com`
   */
  readonly queue?: string | undefined
  /**
   * What the keys in Redis begin with. The braces let a cluster keep all of a queue in one place.
   * @defaultValue `{lro}`
   */
  readonly prefix?: string | undefined
}

/** Events are a stream, in which last words stand whole until as many events have followed; whoever misses some looks at the job. */
export const STREAMS = { events: { maxLen: 1_000 } }

/** BullMQ says it to Redis once, when the queue is made; a Redis that has lost all would keep ten times as many. */
export function trimEvents({ client }: FleetConnection, queue: Queue): void {
  const { maxLen } = STREAMS.events
  client.on('ready', () => {
    client.hset(queue.toKey('meta'), 'opts.maxLenEvents', maxLen).catch(() => undefined)
  })
}

/** Checks the options of a queue; throws {@link InvalidOption}. */
export function queueOf(
  { connection, queue, prefix = '{lro}' }: QueueOptions,
  endpoint: string,
): { readonly name: string; readonly prefix: string } {
  checkConnection(connection)
  const name = queue ?? new URL(endpoint).host.replaceAll(':', '-')
  if (typeof name !== 'string' || name === '' || name.includes(':'))
    throw new InvalidOption('queue', 'a name without colons', queue)
  if (typeof prefix !== 'string' || prefix === '') throw new InvalidOption('prefix', 'a text', prefix)
  return { name, prefix }
}
