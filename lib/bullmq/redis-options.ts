import type { Cluster, ClusterOptions, Redis, RedisOptions } from 'ioredis'
import { describeType, formatValue } from '../messages/format-value.js'
import { InvalidOption } from '../messages/invalid-option.js'

/**
 * How to connect to Redis or Valkey: a URL such as `redis://127.0.0.1:6379`, ioredis options, or an ioredis
 * client. For a cluster, pass a client. The library uses a duplicate of the client, and the caller must close
 * the original.
 */
export type RedisConnection = string | RedisOptions | Redis | Cluster

/**
 * The options of ioredis that the fleet sets itself. `docs/OPTIONS.md` contains the reasons. The fleet also sets
 * `maxRetriesPerRequest`. Options that are neither set nor rejected are passed on.
 */
export const SET_OPTIONS: RedisOptions & ClusterOptions = {
  autoResendUnfulfilledCommands: true,
  blockingTimeout: undefined,
  clusterNodeRetryStrategy: null,
  clusterRetryStrategy: retryStrategy,
  commandTimeout: undefined,
  disconnectTimeout: 200,
  enableAutoPipelining: false,
  enableOfflineQueue: true,
  himportFieldsets: undefined,
  lazyConnect: false,
  monitor: false,
  // After a failover, the old primary may keep its sockets and reject writes. A new socket may reach the new primary.
  reconnectOnError: ({ message }) => message.startsWith('READONLY '),
  replyMapping: 'legacy',
  retryStrategy,
  scaleReads: 'master',
  scripts: undefined,
  sentinelReconnectStrategy: undefined,
  sentinelRetryStrategy: retryStrategy,
  // BullMQ commands may block for 10,000 ms.
  socketTimeout: 12_000,
  stringNumbers: false,
}

/** Matches the options in a URL whose text must be converted to a number, because ioredis does not convert it. */
const NUMBER_OPTIONS = /^(?:connectTimeout|family|keepAlive|maxLoadingRetryTime|protocol)$/
/** Matches the options that a URL cannot contain, because their values are objects, lists or functions. */
const OBJECT_OPTIONS = /^(?:Connector|dnsLookup|natMap|sentinels)$/

/** The options that are rejected unless they have their default value, and the reasons. */
export const REJECTED_OPTIONS: Readonly<Record<string, string>> = {
  keyPrefix: 'BullMQ does not support it: use the option prefix',
  readOnly: 'a fleet writes to Redis',
  role: 'a fleet writes to Redis',
  url: 'ioredis does not have it: pass the URL itself',
}

/** Validates a connection. Throws {@link InvalidOption} without the value, because the value may contain a password. */
export function validateConnection(connection: RedisConnection): void {
  const isString = typeof connection === 'string'
  const reject = (expected: string, given: unknown = connection, format = describeType): never => {
    throw new InvalidOption('connection', expected, given, format)
  }
  if (isString ? !isRedisUrl(connection) : typeof connection !== 'object' || connection === null)
    reject('a URL such as "redis://127.0.0.1:6379", an ioredis client or its options')
  const options = writtenOptions(connection)
  for (const [name, text] of Object.entries(isString ? options : {})) {
    if (NUMBER_OPTIONS.test(name) && !/^\d+$/.test(`${text}`))
      reject(`a URL whose parameter ${name} is a whole number`, text)
    if (OBJECT_OPTIONS.test(name)) reject(`without ${name}, because a URL cannot contain it`, text)
  }
  // `master` is the default of `role`.
  for (const [name, reason] of Object.entries(REJECTED_OPTIONS))
    if (options[name] && options[name] !== 'master') reject(`without ${name}, because ${reason}`)
  const db = options.db ?? 0
  if (!/^\d+$/.test(`${db}`) || !Number.isSafeInteger(Number(db)))
    reject('for a database whose number is 0 or more', isString ? new URL(connection).href : db, formatValue)
  if (isClient(connection) && isCluster(connection) && Number(db) > 0)
    reject('for database 0, because a cluster has no other', db, formatValue)
}

/**
 * Opens a client of the class `NewRedis`, or a duplicate of the caller's client. `retries` limits the retries of each
 * command while Redis is unavailable. `null` means no limit.
 */
export function openConnection(
  NewRedis: typeof Redis,
  connection: RedisConnection,
  retries: number | null,
): Redis | Cluster {
  const options = { ...SET_OPTIONS, maxRetriesPerRequest: retries, replyMapping: 'legacy' as const }
  if (isClient(connection))
    return isCluster(connection)
      ? connection.duplicate([], { ...SET_OPTIONS, redisOptions: options })
      : connection.duplicate(options)
  if (typeof connection !== 'string') return new NewRedis({ ...connection, ...options })
  // The URL is normalized, as in `isRedisUrl`. ioredis itself would read a leading space as part of a host
  // name.
  const url = new URL(connection)
  const numberParameters = [...url.searchParams].filter(([name]) => NUMBER_OPTIONS.test(name))
  const numbers = Object.fromEntries(numberParameters.map(([name, text]) => [name, Number(text)]))
  const client = new NewRedis(url.href.replace(/^valkey/, 'redis'), { lazyConnect: true })
  // The options of the fleet have priority over the options in a URL only if the client is duplicated.
  return client.duplicate({ ...numbers, ...options })
}

/** Returns whether a connection is a client. An instance check would need an import of ioredis. */
function isClient(connection: RedisConnection): connection is Redis | Cluster {
  return typeof connection !== 'string' && 'isCluster' in connection
}

/** Returns whether a client is connected to a cluster. */
export function isCluster(client: Redis | Cluster): client is Cluster {
  return client.isCluster
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

/** Returns the options as the caller wrote them, because ioredis reads the database `1x` in a URL as 1. */
function writtenOptions(connection: RedisConnection): Readonly<Record<string, unknown>> {
  if (typeof connection !== 'string') {
    const options = isClient(connection) ? connection.options : connection
    return 'redisOptions' in options ? { ...options, ...options.redisOptions } : { ...options }
  }
  const { pathname, searchParams } = new URL(connection)
  return { ...Object.fromEntries(searchParams), ...(pathname.length > 1 && { db: pathname.slice(1) }) }
}

/**
 * Returns the delay before an attempt to reconnect, in milliseconds. The delay is at most 1,000, because all commands
 * wait for the connection.
 */
function retryStrategy(attempt: number): number {
  return Math.min(attempt * 100, 1_000)
}
