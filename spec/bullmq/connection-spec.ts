import { setTimeout } from 'node:timers/promises'
import { inspect } from 'node:util'
import { expect } from 'chai'
import { Cluster, Redis } from 'ioredis'
import { codeOf, FleetConnection, RedisUnavailable, withTimeout } from '../../lib/bullmq/connection.js'
import { queueOf } from '../../lib/bullmq/queue-options.js'
import { checkConnection, type RedisConnection } from '../../lib/bullmq/redis-options.js'
import { servedRaw } from '../loopback.js'
import { proxied } from './proxy.js'
import { onRedis } from './redis.js'

function placeOf(given: RedisConnection): string {
  const connection = new FleetConnection(given, 1)
  connection.end()
  return connection.address
}

onRedis('bullmq/connection, on Redis', (url) => {
  it('should not take it for Redis that is away when this process was held up', async () => {
    const connection = new FleetConnection(url(), 1)
    await connection.run(5_000, () => connection.client.ping())
    const answers = Promise.all([1, 2, 3].map(() => connection.run(100, () => connection.client.ping())))
    const until = performance.now() + 400
    while (performance.now() < until);
    expect(await answers).to.deep.equal(['PONG', 'PONG', 'PONG'])
    connection.end()
  })

  it('should wait for its turn as long as Redis answers others', async () => {
    const connection = new FleetConnection(url(), 1)
    const slow = connection.run(200, async () => {
      for (let turn = 0; turn < 10; turn++) await connection.run(200, () => setTimeout(50))
      return 'after half a second'
    })
    expect(await slow).to.equal('after half a second')
    connection.end()
  })

  it('should ask again where the connection breaks, and not where Redis refuses', async () => {
    const connection = new FleetConnection(url(), 1)
    let times = 0
    const broken = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
    const answer = connection.run(5_000, () =>
      times++ < 2 ? Promise.reject(broken) : connection.client.ping(),
    )
    expect(await answer).to.equal('PONG')
    const refused = connection.run(5_000, () => connection.client.call('NONSENSE')).catch((error) => error)
    expect(await refused).to.have.property('code', 'ERR')
    connection.end()
  })

  it('should not ask once it was given up, when Redis comes after that', async () => {
    const { hostname, port } = new URL(url())
    const connection = new FleetConnection({ host: hostname, port: Number(port), lazyConnect: true }, 1)
    const asked: string[] = []
    const given = connection.run(50, async () => asked.push('late')).catch((error: unknown) => error)
    expect(await given).to.be.instanceOf(RedisUnavailable)
    await connection.client.connect()
    await connection.run(5_000, async () => asked.push('in time'))
    expect(asked).to.deep.equal(['in time'])
    connection.end()
  })

  it('should give up a socket that is dead without a word, and take another', () =>
    proxied(url(), async (way, { die }) => {
      const connection = new FleetConnection(way, 1)
      const ping = () => connection.client.ping()
      expect(await connection.run(5_000, ping)).to.equal('PONG')
      die()
      expect(await connection.run(300, ping).catch((error: unknown) => error)).to.be.instanceOf(
        RedisUnavailable,
      )
      expect(await connection.run(5_000, ping)).to.equal('PONG')
      connection.end()
    }))
})

describe('bullmq/connection', () => {
  for (const given of ['redis://x', 'rediss://u:p@x:1/2', 'valkey://x', {}, { host: 'x' }])
    it(`should take ${JSON.stringify(given)}`, () => {
      expect(() => checkConnection(given)).to.not.throw()
    })

  for (const given of [
    'http://:S3CRET@x',
    ':S3CRET@x',
    'redis:u:S3CRET@x:99999',
    'redis://:S3CRET%@x',
    'redis',
    6379,
    null,
    undefined,
  ])
    it(`should refuse ${JSON.stringify(given)}, and not show it`, () => {
      expect(() => checkConnection(given as RedisConnection))
        .to.throw(RangeError, /^connection must be a URL/)
        .and.not.match(/S3CRET/)
    })

  it('should read a URL as it was checked, spaces and all', () => {
    for (const given of ['\nredis://:S3CRET@127.0.0.1:1', ' redis://:S3CRET@127.0.0.1:1\t']) {
      checkConnection(given)
      expect(placeOf(given)).to.equal('redis://127.0.0.1:1')
    }
  })

  for (const given of [
    { keyPrefix: 'p' },
    'redis://127.0.0.1?keyPrefix=p',
    new Redis({ lazyConnect: true, keyPrefix: 'p' }),
    new Cluster([{ host: '127.0.0.1', port: 1 }], { lazyConnect: true, keyPrefix: 'p' }),
  ])
    it(`should refuse the keyPrefix of ${given.constructor.name}, which BullMQ does not take`, () => {
      expect(() => checkConnection(given)).to.throw(RangeError, /^connection must be without keyPrefix/)
    })

  it('should name a queue after any host, which BullMQ takes without colons alone', () => {
    const nameOf = (endpoint: string) => queueOf({ connection: 'redis://x' }, endpoint).name
    expect(nameOf('https://run.googleapis.com')).to.equal('run.googleapis.com')
    expect(nameOf('http://127.0.0.1:8080')).to.equal('127.0.0.1-8080')
    expect(nameOf('http://[::1]:8080')).to.equal('[--1]-8080')
  })

  it('should say where it leads without user and password', () => {
    expect(placeOf('redis://user:S3CRET@127.0.0.1:1/2')).to.equal('redis://127.0.0.1:1')
    expect(placeOf('valkeys://:S3CRET@127.0.0.1:1')).to.equal('rediss://127.0.0.1:1')
    expect(placeOf({ path: '/nowhere', password: 'S3CRET' })).to.equal('/nowhere')
    expect(placeOf(new Cluster([{ host: '127.0.0.1', port: 1 }], { lazyConnect: true }))).to.equal(
      'a cluster',
    )
  })

  it('should leave a client that was given to whoever gave it', () => {
    const client = new Redis({ lazyConnect: true, maxRetriesPerRequest: 7 })
    const connection = new FleetConnection(client, null)
    expect(connection.client).to.not.equal(client)
    expect(connection.client).to.have.nested.property('options.maxRetriesPerRequest', null)
    connection.end()
    expect(client.status).to.equal('wait')
  })

  it('should answer in time where something listens that says nothing', () =>
    servedRaw(
      () => undefined,
      async (origin) => {
        const connection = new FleetConnection(origin.replace('http', 'redis'), 1)
        const refused = await connection.run(200, async () => 1).catch((error: unknown) => error)
        expect(refused)
          .to.be.instanceOf(RedisUnavailable)
          .with.property('message')
          .that.matches(/within 0\.2 s \(ETIMEDOUT\)$/)
        connection.end()
      },
    ))

  it('should give up what waits when it is ended, so that nothing keeps the process', async () => {
    const connection = new FleetConnection('redis://127.0.0.1:1', 1)
    const refused = connection.run(60_000, async () => 1).catch((error: unknown) => error)
    connection.end()
    expect(await refused)
      .to.have.property('message')
      .that.matches(/is not asked any more: it was closed$/)
    const began = performance.now()
    expect(await connection.run(60_000, async () => 1).catch((error: unknown) => error))
      .to.have.property('message')
      .that.matches(/it was closed$/)
    expect(performance.now() - began).to.be.below(1_000)
  })

  it('should tell of an error of Redis its text alone, for it holds the command', () => {
    const connection = new FleetConnection({ lazyConnect: true }, 1)
    const reply = Object.assign(new Error('WRONGPASS invalid username-password pair'), {
      command: { name: 'auth', args: ['S3CRET'] },
    })
    const told = connection.toRedisError(reply)
    expect(told.code).to.equal('WRONGPASS')
    expect(inspect(told, { depth: 9, showHidden: true })).to.not.include('S3CRET')
    expect(connection.toRedisError('odd')).to.have.property('code', 'UNKNOWN')
    expect(codeOf(new Error('odd'))).to.equal('UNKNOWN')
  })

  it('should wait for what is to be done no longer than so long, and for what fails not at all', async () => {
    const began = performance.now()
    await withTimeout(50, new Promise(() => undefined))
    await withTimeout(10_000, Promise.reject(new Error()))
    expect(performance.now() - began).to.be.within(45, 2_000)
  })
})
