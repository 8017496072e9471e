import { REJECTED_OPTIONS, SET_OPTIONS } from '../../lib/bullmq/redis-options.js'
import { read } from '../documents.js'

/** The options of ioredis that the fleet passes on. A new option must be added here, or get a rule in lib. */
const FORWARDED: readonly string[] = `Connector autoPipeliningIgnoredCommands autoResubscribe
  blockingTimeoutGrace clientInfoTag commandQueue connectTimeout connectionName db disableClientInfo dnsLookup
  enableReadyCheck enableTLSForSentinelMode failoverDetector family host keepAlive maxLoadingRetryTime
  maxRedirections name natMap noDelay offlineQueue password path port preferredSlaves protocol redisOptions resolveSrv
  retryDelayOnClusterDown retryDelayOnFailover retryDelayOnMoved retryDelayOnTryAgain sentinelCommandTimeout
  sentinelMaxConnections sentinelPassword sentinelTLS sentinelUsername sentinels shardedSubscribers
  showFriendlyErrorStack slotsRefreshInterval slotsRefreshTimeout tls updateSentinels useSRVRecords username`.split(
  /\s+/,
)

/** Why the fleet sets an option itself. */
const REASONS: Readonly<Record<string, string>> = {
  autoResendUnfulfilledCommands: 'otherwise an interrupted command never ends',
  blockingTimeout: 'BullMQ sends commands that block for up to 10 s',
  clusterNodeRetryStrategy: 'the cluster itself connects to its nodes again',
  clusterRetryStrategy: 'a fleet always connects again',
  commandTimeout: 'BullMQ sends commands that block for up to 10 s; see `redisTimeout`',
  disconnectTimeout: 'the process must end soon after the connection is closed',
  enableAutoPipelining: 'a pipeline delays commands',
  enableOfflineQueue: 'BullMQ sends commands before the connection is ready',
  himportFieldsets: 'the fleet sends no HIMPORT commands',
  lazyConnect: 'the fleet waits until the connection is ready',
  maxRetriesPerRequest: 'workers wait for Redis without a limit, and trackers for `redisTimeout`',
  monitor: 'a client in monitor mode accepts no commands',
  reconnectOnError: 'a fleet connects again only after a READONLY error, which follows a failover',
  replyMapping: 'BullMQ expects replies in their default form',
  retryStrategy: 'a fleet always connects again',
  scaleReads: 'a replica may not have the latest state of a job',
  scripts: 'a script could replace a command that BullMQ sends',
  sentinelReconnectStrategy: 'the default connects again after a minute',
  sentinelRetryStrategy: 'a fleet always connects again',
  socketTimeout: 'the time is longer than blocking commands take',
  stringNumbers: 'BullMQ expects numbers',
}

/** The values of SET_OPTIONS that JSON cannot show, and the value that depends on the connection. */
const VALUES: Readonly<Record<string, string>> = {
  clusterRetryStrategy: 'a wait of at most 1 s',
  maxRetriesPerRequest: '`null` or `1`',
  reconnectOnError: 'READONLY errors',
  retryStrategy: 'a wait of at most 1 s',
  sentinelRetryStrategy: 'a wait of at most 1 s',
}

/** Returns the rule for each option of ioredis: its name, what the fleet does, and why. */
export function optionRules(): readonly (readonly [
  name: string,
  rule: string,
  reason: string | undefined,
])[] {
  const set = { ...SET_OPTIONS, maxRetriesPerRequest: 1 }
  return [
    ...FORWARDED.map((name) => [name, 'passed on', '—'] as const),
    ...Object.entries(set).map(
      ([name, value]) => [name, setRule(VALUES[name] ?? JSON.stringify(value)), REASONS[name]] as const,
    ),
    ...Object.entries(REJECTED_OPTIONS).map(([name, reason]) => [name, 'rejected', reason] as const),
  ].sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
}

function setRule(value: string | undefined): string {
  if (value === undefined) return 'removed'
  return `set to ${value.includes(' ') ? value : `\`${value}\``}`
}

/** The declarations of the options of ioredis: the file, and the beginning of the declaration. */
const DECLARATIONS: readonly (readonly [file: string, start: string])[] = [
  ['redis/RedisOptions.d.ts', 'export interface CommonRedisOptions '],
  ['cluster/ClusterOptions.d.ts', 'export interface ClusterOptions '],
  ['connectors/SentinelConnector/index.d.ts', 'export interface SentinelConnectionOptions '],
  ['connectors/StandaloneConnector.d.ts', 'export type StandaloneConnectionOptions '],
  ['utils/Commander.d.ts', 'export interface CommanderOptions '],
]

/** Returns the names of all options that the installed version of ioredis declares. */
export function declaredOptions(): readonly string[] {
  const names = DECLARATIONS.flatMap(([file, start]) => {
    const text = read(`node_modules/ioredis/built/${file}`)
    const at = text.indexOf(start)
    if (at === -1) throw new Error(`${file} no longer contains: ${start}`)
    const body = text.slice(at, text.indexOf('\n}', at))
    const picked = [...text.matchAll(/^type \w+ = Pick<\w+, (.+)>;$/gm)].flatMap(([, list = '']) =>
      [...list.matchAll(/"(\w+)"/g)].map(([, name = '']) => name),
    )
    return [...picked, ...[...body.matchAll(/^ {4}(\w+)\??:/gm)].map(([, name = '']) => name)]
  })
  return [...new Set(names)]
}
