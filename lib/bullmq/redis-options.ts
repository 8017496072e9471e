import { Cluster, Redis, type RedisOptions } from 'ioredis'
import { describeType } from '../messages/format-value.js'
import { InvalidOption } from '../messages/invalid-option.js'

/**
 * How to connect to Redis or Valkey: a URL such as `redis://127.0.0.1:6379`, options of ioredis, or a client
 * of ioredis. A client is duplicated, and the caller closes it. For a cluster, pass a client.
 */
export type RedisConnection = string | RedisOptions | Redis | Cluster

/** A socket is closed after this many milliseconds without a reply. Commands of BullMQ block for up to 10,000. */
const SOCKET_TIMEOUT = 12_000

/** Validates a connection; throws {@link InvalidOption} without the value, because it may hold a password. */
export function validateConnection(connection: RedisConnection): void {
  const isString = typeof connection === 'string'
  const reject = (expected: string): never => {
    throw new InvalidOption('connection', expected, connection, describeType)
  }
  if (isString ? !isRedisUrl(connection) : typeof connection !== 'object' || connection === null)
    reject('a URL such as "redis://127.0.0.1:6379", an ioredis client or its options')
  if (isString ? new URL(connection).searchParams.has('keyPrefix') : keyPrefixOf(connection))
    reject('without keyPrefix, which BullMQ does not support: use the option prefix')
}

/** Opens a client. `retries` limits the retries of each command while Redis is unavailable; null means no limit. */
export function openConnection(connection: RedisConnection, retries: number | null): Redis | Cluster {
  // A timer of ioredis keeps the process alive for this long after the connection is closed.
  const options = { maxRetriesPerRequest: retries, disconnectTimeout: 200, socketTimeout: SOCKET_TIMEOUT }
  if (connection instanceof Cluster) return connection.duplicate([], { redisOptions: options })
  if (connection instanceof Redis) {
    const { reconnectOnError } = connection.options
    return connection.duplicate({ ...options, reconnectOnError: reconnectOnError ?? isReadOnly })
  }
  const defaults = { retryStrategy, reconnectOnError: isReadOnly }
  // The URL is normalized as in the validation: ioredis would treat a leading space as part of a host name.
  if (typeof connection === 'string')
    return new Redis(new URL(connection).href.replace(/^valkey/, 'redis'), { ...defaults, ...options })
  // BullMQ expects replies in their default form.
  const { replyMapping: _, ...rest } = connection
  return new Redis({ ...defaults, ...rest, ...options })
}

function isRedisUrl(text: string): boolean {
  try {
    const { href, username, password } = new URL(text)
    // For an invalid percent-encoding, ioredis would throw an error that shows the password.
    decodeURIComponent(`${username}:${password}`)
    return /^(?:rediss?|valkeys?):\/\//.test(href)
  } catch {
    return false
  }
}

function keyPrefixOf(connection: RedisOptions | Redis | Cluster): string | undefined {
  const isClient = connection instanceof Redis || connection instanceof Cluster
  return (isClient ? connection.options : connection).keyPrefix
}

/** After a failover the old primary may keep its sockets and reject writes; a new socket may reach the new primary. */
function isReadOnly({ message }: Error): boolean {
  return message.startsWith('READONLY ')
}

/** Reconnects within one second, because all commands wait for the connection. */
function retryStrategy(times: number): number {
  return Math.min(times * 100, 1_000)
}
