import { once } from 'node:events'
import { expect } from 'chai'
import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis'
import { firstValueFrom, lastValueFrom, toArray } from 'rxjs'
import { FleetConnection } from '../../lib/bullmq/connection.js'
import {
  openConnection,
  type RedisConnection,
  SET_OPTIONS,
  validateConnection,
} from '../../lib/bullmq/redis-options.js'
import { constant } from '../../lib/index.js'
import { type Fleet, fleetOn } from './fleet.js'
import { type RedisServer, startRedis } from './redis.js'
import { onRedis, withRedisServer } from './redis-suite.js'

const NAME = 'operations/cp.1'

/** An option that must not be called, because the fleet replaces it. */
function fail(): never {
  throw new Error('a defect of the caller')
}

/** A value for each option that the fleet sets. With these values, BullMQ would not work. */
const CONTRADICTING = {
  autoResendUnfulfilledCommands: false,
  blockingTimeout: 1,
  blockingTimeoutGrace: 0,
  clusterNodeRetryStrategy: fail,
  clusterRetryStrategy: fail,
  commandTimeout: 1,
  disconnectTimeout: 60_000,
  enableAutoPipelining: true,
  enableOfflineQueue: false,
  himportFieldsets: [{ name: 'a', fields: ['b'] }],
  lazyConnect: true,
  maxRetriesPerRequest: 0,
  monitor: true,
  reconnectOnError: fail,
  replyMapping: 'resp3',
  retryStrategy: fail,
  scaleReads: 'slave',
  scripts: { hset: { lua: 'return 1', numberOfKeys: 0 }, hgetall: { lua: 'return 1', numberOfKeys: 0 } },
  sentinelReconnectStrategy: fail,
  sentinelRetryStrategy: () => null,
  socketTimeout: 1,
  stringNumbers: true,
} as const satisfies RedisOptions & ClusterOptions

/** Options that the fleet passes on to ioredis, with unusual values. */
const UNUSUAL: RedisOptions = {
  autoPipeliningIgnoredCommands: ['hset'],
  autoResubscribe: false,
  clientInfoTag: 'tag',
  commandQueue: false,
  connectionName: 'my-connection',
  enableReadyCheck: false,
  maxLoadingRetryTime: 1,
  noDelay: false,
  offlineQueue: false,
  protocol: 2,
  showFriendlyErrorStack: true,
}

function hostAndPort(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(url)
  return { host: hostname, port: Number(port) }
}

onRedis('bullmq/redis-options, on Redis', (url) => {
  let fleet: Fleet
  beforeEach(async () => {
    fleet = await fleetOn(url())
  })
  afterEach(() => fleet[Symbol.asyncDispose]())

  /** Polls an operation six times in six seconds, which is longer than the timeouts in `connection`. */
  const expectPolls = async (connection: RedisConnection): Promise<void> => {
    fleet.emulator.operations.add(NAME, [{}, { polls: 6, done: true }])
    fleet.worker({ connection, schedule: constant({ interval: 1_200 }) })
    const tracker = fleet.tracker({ connection })
    const emissions = await lastValueFrom(tracker.watch(NAME).pipe(toArray()))
    expect(emissions).to.have.length(6)
    expect(emissions[5]).to.have.nested.property('right._tag', 'Succeeded')
    expect(await tracker.stats()).to.deep.include({ completed: 1, failed: 0, workers: 1 })
    expect(await lastValueFrom(tracker.list())).to.have.nested.property('result.right.attempt', 6)
    expect(await tracker.forget(NAME)).to.equal(true)
  }

  it('should poll and watch if the options contradict BullMQ', async () => {
    await expectPolls({ ...hostAndPort(url()), ...CONTRADICTING })
  })

  it('should poll and watch if the options of a client contradict BullMQ', async () => {
    const client = new Redis({ ...hostAndPort(url()), ...CONTRADICTING })
    await expectPolls(client)
    expect(client.status).to.equal('wait')
  })

  it('should poll and watch if the options in a URL contradict BullMQ', async () => {
    const query = 'commandTimeout=1&stringNumbers=1&lazyConnect=1&monitor=1&enableOfflineQueue=&db=0'
    await expectPolls(`${url()}?${query}`)
  })

  it('should convert the numbers in the query of a URL, which ioredis reads as text', async () => {
    const connection = new FleetConnection(`${url()}?connectTimeout=9000&family=4&connectionName=12`, 1)
    await connection.opened
    const { client } = connection
    expect(client.options).to.include({ connectTimeout: 9_000, family: 4, connectionName: '12' })
    await once(client, 'ready')
    client.disconnect()
  })

  it('should poll and watch with unusual values of the options that are passed on', async () => {
    await expectPolls({ ...hostAndPort(url()), ...UNUSUAL })
  })

  it('should use the database in the path and in the query of a URL', async () => {
    for (const [path, db] of [
      ['/3', 3],
      ['?db=2', 2],
      ['/1?db=2', 1],
      ['/', 0],
    ] as const) {
      const connection = new FleetConnection(`${url()}${path}`, 1)
      expect(await connection.run(5_000, () => connection.client.client('INFO'))).to.match(
        new RegExp(` db=${db} `),
      )
      connection.destroy()
    }
  })
})

describe('bullmq/redis-options', () => {
  const connections: Readonly<Record<string, () => RedisConnection>> = {
    options: () => ({ ...CONTRADICTING, host: '127.0.0.1', port: 1 }),
    'a client': () => new Redis({ ...CONTRADICTING, host: '127.0.0.1', port: 1 }),
    'a URL': () => 'redis://127.0.0.1:1?commandTimeout=1&stringNumbers=1&retryStrategy=x&monitor=1',
  }
  for (const [description, connection] of Object.entries(connections))
    it(`should set the options of the fleet in ${description}`, async () => {
      for (const retries of [1, null]) {
        const fleetConnection = new FleetConnection(connection(), retries)
        await fleetConnection.opened
        const { client } = fleetConnection
        expect(client.options).to.deep.include({
          ...withoutUnset(SET_OPTIONS),
          maxRetriesPerRequest: retries,
        })
        for (const name of ['blockingTimeout', 'commandTimeout', 'himportFieldsets', 'scripts'])
          expect(client.options).to.have.property(name, undefined)
        client.disconnect()
      }
    })

  it('should set the options of the fleet in a cluster and its nodes', () => {
    const { stringNumbers, commandTimeout, retryStrategy: _, enableOfflineQueue: __, ...rest } = CONTRADICTING
    const redisOptions = { stringNumbers, commandTimeout, scripts: CONTRADICTING.scripts }
    const cluster = new Cluster([{ host: '127.0.0.1', port: 1 }], {
      ...rest,
      lazyConnect: true,
      redisOptions,
    })
    const opened = openConnection(Redis, cluster, 1) as Cluster
    opened.on('error', () => undefined).disconnect()
    const { options } = opened
    expect(options).to.deep.include(withoutUnset(SET_OPTIONS))
    expect(options.redisOptions).to.deep.include({ ...withoutUnset(SET_OPTIONS), maxRetriesPerRequest: 1 })
    for (const each of [options, options.redisOptions]) expect(each).to.have.property('scripts', undefined)
    expect(options.redisOptions).to.have.property('commandTimeout', undefined)
  })

  const rejectedOptions: Readonly<Record<string, readonly [name: string, RedisConnection]>> = {
    'readOnly in options': ['readOnly', { readOnly: true }],
    'readOnly in a URL': ['readOnly', 'redis://x?readOnly=true'],
    'readOnly of a client': ['readOnly', new Redis({ lazyConnect: true, readOnly: true })],
    'the role of a replica in options': ['role', { role: 'slave' }],
    'the role of a replica in a URL': ['role', 'redis://x?role=slave'],
    'the role of a replica of a client': ['role', new Redis({ lazyConnect: true, role: 'slave' })],
    'url in options': ['url', { url: 'redis://:S3CRET@x' } as RedisOptions],
  }
  for (const [description, [name, connection]] of Object.entries(rejectedOptions))
    it(`should reject ${description}`, () => {
      expect(() => validateConnection(connection))
        .to.throw(RangeError, `connection must be without ${name}, because `)
        .and.not.match(/S3CRET/)
    })

  it('should accept the default values of options that are otherwise rejected', () => {
    for (const connection of [
      { readOnly: false, role: 'master', keyPrefix: '' } as const,
      'redis://x?keyPrefix=',
    ])
      expect(() => validateConnection(connection)).to.not.throw()
  })

  for (const db of ['abc', '-1', '1.5', '1x', '0x1', '1e3', '1/2', '/1', '%31', '1%20', '9007199254740993'])
    for (const scheme of ['redis', 'rediss', 'valkey', 'valkeys'])
      it(`should reject ${scheme}://HOST/${db} with an error that contains only the URL without the password`, () => {
        expect(() => validateConnection(`${scheme}://u:S3CRET@host:1/${db}`))
          .to.throw(RangeError, `got "${scheme}://…@host:1/${db.replace(/%.*$/, '%…')}"`)
          .and.not.match(/S3CRET/)
      })

  for (const query of ['db=abc', 'db=', 'db=-1', 'db=1&db=x', 'path=/tmp/x.sock&db=x'])
    it(`should reject a URL with the query ${query}`, () => {
      expect(() => validateConnection(`redis://:S3CRET@host?${query}`))
        .to.throw(RangeError, /^connection must be for a database whose number is 0 or more/)
        .and.not.match(/S3CRET/)
    })

  for (const [name, value, expected] of [
    ['Connector', 'x', 'without Connector, because a URL cannot contain it'],
    ['connectTimeout', 'S3CRET', 'a URL whose parameter connectTimeout is a whole number'],
    ['dnsLookup', 'x', 'without dnsLookup, because a URL cannot contain it'],
    ['keepAlive', '-1', 'a URL whose parameter keepAlive is a whole number'],
    ['natMap', '{}', 'without natMap, because a URL cannot contain it'],
    ['sentinels', '[]', 'without sentinels, because a URL cannot contain it'],
  ])
    it(`should reject a URL with the query ${name}=${value}`, () => {
      expect(() => validateConnection(`redis://host?${name}=${value}`))
        .to.throw(RangeError, `connection must be ${expected}`)
        .and.not.match(/S3CRET/)
    })

  for (const url of ['redis:///tmp/redis.sock', 'redis://u:12/S3CRET@host', 'redis://u:12/S3CRET?x@host'])
    it(`should reject ${url}, whose path is not the number of a database`, () => {
      expect(() => validateConnection(url))
        .to.throw(RangeError, /^connection must be for a database/)
        .and.not.match(/S3CRET/)
    })

  for (const db of ['abc', -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '', '1x', 2 ** 53, {}])
    it(`should reject the database ${JSON.stringify(db)} in options`, () => {
      const connection = { path: '/x.sock', password: 'S3CRET', db } as RedisOptions
      expect(() => validateConnection(connection))
        .to.throw(RangeError, /^connection must be for a database/)
        .and.not.match(/S3CRET/)
    })

  it('should reject the database of a client that is not a number', () => {
    expect(() => validateConnection(new Redis('redis://x/abc', { lazyConnect: true }))).to.throw(
      RangeError,
      /^connection must be for a database .*, got NaN$/,
    )
  })

  it('should reject a database of a cluster', () => {
    const cluster = new Cluster(['redis://x'], { lazyConnect: true, redisOptions: { db: 1 } })
    expect(() => validateConnection(cluster)).to.throw(
      RangeError,
      'for database 0, because a cluster has no other, got 1',
    )
  })

  for (const connection of [
    { db: 0 },
    { db: 15 },
    {},
    { db: null },
    { db: '2' },
    'redis://x/',
    'redis://x/007',
  ])
    it(`should accept the database of ${JSON.stringify(connection)}`, () => {
      expect(() => validateConnection(connection as RedisConnection)).to.not.throw()
    })
})

withRedisServer('bullmq/redis-options, with a database that Redis does not have', () => {
  let server: RedisServer
  let fleet: Fleet
  const socketPath = (): string => `/tmp/rx-longrunning-${process.pid}.sock`
  before(async () => {
    server = await startRedis({ redisArguments: ['--databases', '3', '--unixsocket', socketPath()] })
    fleet = await fleetOn(server.url)
    fleet.emulator.operations.add(NAME, [{ done: true }])
  })
  after(async () => {
    await fleet[Symbol.asyncDispose]()
    await server.stop()
  })

  const connections: Readonly<Record<string, () => readonly [connection: RedisConnection, address: string]>> =
    {
      'in a URL': () => [`${server.url}/3`, `${server.url}/3`],
      'in a query': () => [`${server.url}?db=99`, `${server.url}/99`],
      'in options': () => [{ ...hostAndPort(server.url), db: 3 }, `${server.url}/3`],
      'in options without a ready check': () => [
        { ...hostAndPort(server.url), db: 3, enableReadyCheck: false },
        `${server.url}/3`,
      ],
      'in options for RESP2': () => [{ ...hostAndPort(server.url), db: 3, protocol: 2 }, `${server.url}/3`],
      'of a client': () => [new Redis(`${server.url}/3`, { lazyConnect: true }), `${server.url}/3`],
      'of a Unix socket': () => [{ path: socketPath(), db: 3 }, `${socketPath()}?db=3`],
    }
  for (const [description, connectionTo] of Object.entries(connections))
    it(`should report an error that contains the database, and use no other: ${description}`, async () => {
      const [connection, address] = connectionTo()
      const worker = fleet.worker({ connection })
      const tracker = fleet.tracker({ connection, redisTimeout: 1_000 })
      const [tracked, error] = await Promise.all([tracker.track(NAME), firstValueFrom(worker.errors)])
      const problem = `Redis at ${address} returned an error: ERR DB index is out of range`
      expect(error).to.deep.include({ name: 'RedisUnavailable', message: problem, code: 'ERR' })
      expect(tracked).to.have.nested.property(
        'left.message',
        `${NAME} could not be tracked: ${problem} (waited 1 s).`,
      )
      expect(await lastValueFrom(tracker.watch(NAME))).to.have.nested.property('left._tag', 'Unreachable')
      await Promise.all([worker.close(), tracker.close()])
      expect(await fleet.redis.keys('*')).to.deep.equal([])
      expect(fleet.emulator.requests).to.deep.equal([])
    }).timeout(20_000)

  it('should recover when Redis permits the database', async () => {
    const user = ['ACL', 'SETUSER', 'me', 'on', '>S3CRET', '~*', '&*', '+@all', '-select'] as const
    await fleet.redis.call(...user)
    const connection = `${server.url.replace('//', '//me:S3CRET@')}/2`
    const tracker = fleet.tracker({ connection, redisTimeout: 1_000 })
    const result = await tracker.track(NAME)
    expect(result)
      .to.have.nested.property('left.message')
      .that.matches(/\/2 returned an error: NOPERM .*select/)
    expect(result)
      .to.have.nested.property('left.message')
      .that.does.not.match(/S3CRET/)
    await fleet.redis.call('ACL', 'SETUSER', 'me', '+select')
    const trackerWithDefaultTimeout = fleet.tracker({ connection })
    expect(await trackerWithDefaultTimeout.track(NAME)).to.have.property('_tag', 'Right')
    expect(await fleet.redis.keys('*')).to.deep.equal([])
    expect(await trackerWithDefaultTimeout.forget(NAME)).to.equal(true)
  })
})

withRedisServer('bullmq, with a retryStrategy that gives up', () => {
  const strategies: Readonly<Record<string, RedisOptions['retryStrategy']>> = {
    'returns null': () => null,
    'returns undefined': () => undefined,
    'returns NaN': () => Number.NaN,
    'returns Infinity': () => Number.POSITIVE_INFINITY,
    throws: fail,
    'is null': null,
  }
  for (const [description, retryStrategy] of Object.entries(strategies))
    it(`should report errors, and recover when Redis restarts, if the retryStrategy ${description}`, async () => {
      const server = await startRedis()
      const fleet = await fleetOn(server.url)
      try {
        const connection = { ...hostAndPort(server.url), retryStrategy }
        fleet.emulator.operations.add(NAME, [{}, { polls: 30, done: true }])
        fleet.emulator.operations.add('operations/cp.2', [{ done: true }])
        const worker = fleet.worker({ connection, lockDuration: 500 })
        const tracker = fleet.tracker({ connection, redisTimeout: 1_000 })
        const watched = lastValueFrom(tracker.watch(NAME))
        await firstValueFrom(tracker.watch(NAME))
        const errors = Promise.all([firstValueFrom(worker.errors), firstValueFrom(tracker.errors)])
        await server.kill()
        for (const error of await errors) {
          expect(error).to.have.property('name', 'RedisUnavailable')
          expect(error.message).to.include(`Redis at ${server.url} `)
        }
        expect(await tracker.track('operations/cp.2')).to.have.nested.property('left._tag', 'Unreachable')
        expect(await tracker.stats().catch((error: unknown) => error)).to.have.property(
          'name',
          'RedisUnavailable',
        )
        await server.start()
        const newTracker = fleet.tracker({ connection })
        for (const each of [tracker, newTracker]) {
          const result = await lastValueFrom(each.watch('operations/cp.2'))
          expect(result).to.have.nested.property('right._tag', 'Succeeded')
        }
        expect(await watched).to.have.nested.property('right._tag', 'Succeeded')
      } finally {
        await fleet[Symbol.asyncDispose]()
        await server.stop()
      }
    }).timeout(40_000)

  it('should recover if Redis starts after the worker and the tracker', async () => {
    const server = await startRedis()
    const fleet = await fleetOn(server.url)
    try {
      await server.kill()
      const connection = { ...hostAndPort(server.url), retryStrategy: () => null }
      fleet.emulator.operations.add(NAME, [{ done: true }])
      const worker = fleet.worker({ connection })
      const tracker = fleet.tracker({ connection })
      expect(await firstValueFrom(worker.errors)).to.deep.include({
        name: 'RedisUnavailable',
        code: 'ECONNREFUSED',
      })
      const trackerWithShortTimeout = fleet.tracker({ connection, redisTimeout: 100 })
      expect(await trackerWithShortTimeout.track(NAME)).to.have.nested.property('left._tag', 'Unreachable')
      await server.start()
      expect(await lastValueFrom(tracker.watch(NAME))).to.have.nested.property('right._tag', 'Succeeded')
    } finally {
      await fleet[Symbol.asyncDispose]()
      await server.stop()
    }
  }).timeout(40_000)
})

/** Returns the options whose value is not undefined. */
function withoutUnset(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
