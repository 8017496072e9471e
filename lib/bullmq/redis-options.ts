import { Cluster, Redis, type RedisOptions } from 'ioredis'
import { InvalidOption } from '../messages/invalid-option.js'

/**
 * Where Redis or Valkey is: a URL such as `redis://127.0.0.1:6379`, the options of ioredis, or a client of it, which is
 * duplicated and stays the caller's. A cluster is given as a client.
 */
export type RedisConnection = string | RedisOptions | Redis | Cluster

/** Throws {@link InvalidOption}, which does not show what was given: it may hold a password. */
export function checkConnection(connection: RedisConnection): void {
  const isText = typeof connection === 'string'
  const hidden = (): string => (isText ? 'another text' : typeof connection)
  const refuse = (wanted: string, shown = hidden): never => {
    throw new InvalidOption('connection', wanted, connection, shown)
  }
  if (isText ? !isRedisUrl(connection) : typeof connection !== 'object' || connection === null)
    refuse('a URL such as "redis://127.0.0.1:6379", options of ioredis or a client of it')
  const isPrefixed = isText
    ? new URL(connection).searchParams.has('keyPrefix')
    : Boolean(optionsOf(connection).keyPrefix)
  if (isPrefixed) refuse('without keyPrefix, for BullMQ takes none: prefix is an option', () => 'one with it')
}

function isRedisUrl(given: string): boolean {
  if (!URL.canParse(given)) return false
  const { href, username, password } = new URL(given)
  return /^(?:rediss?|valkeys?):\/\//.test(href) && isEncoded(username) && isEncoded(password)
}

/** A percent sign that begins no character has ioredis throw what shows the password. */
function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

function optionsOf(given: RedisOptions | Redis | Cluster): RedisOptions {
  if (given instanceof Cluster) return { ...given.options.redisOptions, keyPrefix: given.options.keyPrefix }
  return given instanceof Redis ? given.options : given
}

/** Milliseconds of silence after a command that end a socket; BullMQ's commands block for up to 10 000. */
const SOCKET_TIMEOUT = 12_000

/** After a failover the old primary may keep its sockets, and refuses each write; another socket may lead to the new one. */
function reconnectOnError({ message }: Error): boolean {
  return message.startsWith('READONLY ')
}

/** A client of it; `retries` of each command while Redis is away, where null lets it wait for as long as that takes. */
export function openConnection(given: RedisConnection, maxRetriesPerRequest: number | null): Redis | Cluster {
  // A timer of ioredis may keep the process for this long after the end.
  const options = { maxRetriesPerRequest, disconnectTimeout: 200, socketTimeout: SOCKET_TIMEOUT }
  if (given instanceof Cluster) return given.duplicate([], { redisOptions: options })
  if (given instanceof Redis)
    return given.duplicate({
      ...options,
      reconnectOnError: given.options.reconnectOnError ?? reconnectOnError,
    })
  const defaults = { retryStrategy, reconnectOnError }
  // It is read as it was checked: ioredis would take a space before it for a part of a name.
  if (typeof given === 'string')
    return new Redis(new URL(given).href.replace(/^valkey/, 'redis'), { ...defaults, ...options })
  // BullMQ reads replies as they are by default.
  const { replyMapping: _, ...rest } = given
  return new Redis({ ...defaults, ...rest, ...options })
}

/** Redis may be away for a moment only, and then all wait for it. */
function retryStrategy(times: number): number {
  return Math.min(times * 100, 1_000)
}
