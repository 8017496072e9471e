import { Cluster, Redis, type RedisOptions } from 'ioredis'
import { describeType } from '../messages/format-value.js'
import { InvalidOption } from '../messages/invalid-option.js'

/**
 * How to connect to Redis or Valkey: a URL such as `redis://127.0.0.1:6379`, ioredis options, or an ioredis
 * client. For a cluster, pass a client. The library uses a duplicate of the client, and the caller must close
 * the original.
 */
export type RedisConnection = string | RedisOptions | Redis | Cluster

/**
 * The time without a reply after which a socket is closed, in milliseconds. BullMQ commands may block for 10,000 ms.
 */
const SOCKET_TIMEOUT = 12_000

/** Validates a connection. Throws {@link InvalidOption} without the value, because the value may contain a password. */
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

/** Opens a client. `retries` limits the retries of each command while Redis is unavailable. `null` means no limit. */
export function openConnection(connection: RedisConnection, retries: number | null): Redis | Cluster {
  // ioredis keeps the process alive for `disconnectTimeout` after the connection is closed.
  const options = { maxRetriesPerRequest: retries, disconnectTimeout: 200, socketTimeout: SOCKET_TIMEOUT }
  if (connection instanceof Cluster) return connection.duplicate([], { redisOptions: options })
  if (connection instanceof Redis) {
    const { reconnectOnError } = connection.options
    return connection.duplicate({ ...options, reconnectOnError: reconnectOnError ?? isReadOnly })
  }
  const defaults = { retryStrategy, reconnectOnError: isReadOnly }
  // The URL is normalized, as in `isRedisUrl`. ioredis itself would read a leading space as part of a host
  // name.
  if (typeof connection === 'string')
    return new Redis(new URL(connection).href.replace(/^valkey/, 'redis'), { ...defaults, ...options })
  // `replyMapping` is removed, because BullMQ expects replies in their default form.
  const { replyMapping: _, ...rest } = connection
  return new Redis({ ...defaults, ...rest, ...options })
}

function isRedisUrl(text: string): boolean {
  try {
    const { href, username, password } = new URL(text)
    // Throws if the percent-encoding is invalid. ioredis would also throw, but with an error that contains
    // the password.
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

/**
 * Returns whether Redis rejected a write because the server is read-only. ioredis then reconnects: after a
 * failover, the old primary may keep its sockets and reject writes, but a new socket may reach the new
 * primary.
 */
function isReadOnly({ message }: Error): boolean {
  return message.startsWith('READONLY ')
}

/**
 * Returns the milliseconds before a reconnection: at most 1,000, because all commands wait for the
 * connection.
 */
function retryStrategy(times: number): number {
  return Math.min(times * 100, 1_000)
}
