import { setTimeout } from 'node:timers/promises'
import { inspect } from 'node:util'
import { expect } from 'chai'
import { Cluster, Redis } from 'ioredis'
import { codeOf, FleetConnection, RedisUnavailable, withTimeout } from '../../lib/bullmq/connection.js'
import { validateQueue } from '../../lib/bullmq/queue-options.js'
import { type RedisConnection, validateConnection } from '../../lib/bullmq/redis-options.js'
import { withTcpServer } from '../loopback.js'
import { proxied } from './proxy.js'
import { onRedis } from './redis-suite.js'

async function addressOf(redisConnection: RedisConnection): Promise<string> {
  const connection = new FleetConnection(redisConnection, 1)
  await connection.opened
  connection.destroy()
  return connection.address
}

onRedis('bullmq/connection, on Redis', (url) => {
  it('should not time out if the event loop was blocked', async () => {
    const connection = new FleetConnection(url(), 1)
    await connection.run(5_000, () => connection.client.ping())
    const replies = Promise.all([1, 2, 3].map(() => connection.run(100, () => connection.client.ping())))
    const blockedUntil = performance.now() + 400
    while (performance.now() < blockedUntil);
    expect(await replies).to.deep.equal(['PONG', 'PONG', 'PONG'])
    connection.destroy()
  })

  it('should not time out early if the timeout is longer than the longest timer of Node.js', async () => {
    const connection = new FleetConnection(url(), 1)
    expect(await connection.run(2 ** 32, () => connection.client.ping())).to.equal('PONG')
    connection.destroy()
  })

  it('should not time out if other commands receive responses', async () => {
    const connection = new FleetConnection(url(), 1)
    const slowCommand = connection.run(200, async () => {
      for (let command = 0; command < 10; command++) await connection.run(200, () => setTimeout(50))
      return 'after half a second'
    })
    expect(await slowCommand).to.equal('after half a second')
    connection.destroy()
  })

  it('should retry if the connection fails, but not if Redis rejects the command', async () => {
    const connection = new FleetConnection(url(), 1)
    let attempts = 0
    const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
    const reply = connection.run(5_000, () =>
      attempts++ < 2 ? Promise.reject(reset) : connection.client.ping(),
    )
    expect(await reply).to.equal('PONG')
    const rejected = connection.run(5_000, () => connection.client.call('NONSENSE')).catch((error) => error)
    expect(await rejected).to.have.property('code', 'ERR')
    connection.destroy()
  })

  it('should never send a command that times out before Redis is ready', () =>
    proxied('redis://127.0.0.1:1', async (proxyUrl, { redirect }) => {
      const connection = new FleetConnection(proxyUrl, 1)
      const sent: string[] = []
      const late = connection.run(50, async () => sent.push('late')).catch((error: unknown) => error)
      expect(await late).to.be.instanceOf(RedisUnavailable)
      redirect(url())
      await connection.run(5_000, async () => sent.push('in time'))
      expect(sent).to.deep.equal(['in time'])
      connection.destroy()
    }))

  it('should replace a socket that is dead but not closed', () =>
    proxied(url(), async (proxyUrl, { freezeSockets }) => {
      const connection = new FleetConnection(proxyUrl, 1)
      const ping = () => connection.client.ping()
      expect(await connection.run(5_000, ping)).to.equal('PONG')
      freezeSockets()
      expect(await connection.run(300, ping).catch((error: unknown) => error)).to.be.instanceOf(
        RedisUnavailable,
      )
      expect(await connection.run(5_000, ping)).to.equal('PONG')
      connection.destroy()
    }))
})

describe('bullmq/connection', () => {
  for (const connection of ['redis://x', 'rediss://u:p@x:1/2', 'valkey://x', {}, { host: 'x' }])
    it(`should accept ${JSON.stringify(connection)}`, () => {
      expect(() => validateConnection(connection)).to.not.throw()
    })

  for (const connection of [
    'http://:S3CRET@x',
    ':S3CRET@x',
    'redis:u:S3CRET@x:99999',
    'redis://:S3CRET%@x',
    'redis',
    6379,
    null,
    undefined,
  ])
    it(`should reject ${JSON.stringify(connection)} with an error that contains no password`, () => {
      expect(() => validateConnection(connection as RedisConnection))
        .to.throw(RangeError, /^connection must be a URL/)
        .and.not.match(/S3CRET/)
    })

  it('should ignore white space around a URL', async () => {
    for (const connection of ['\nredis://:S3CRET@127.0.0.1:1', ' redis://:S3CRET@127.0.0.1:1\t']) {
      validateConnection(connection)
      expect(await addressOf(connection)).to.equal('redis://127.0.0.1:1')
    }
  })

  for (const [type, connection] of [
    ['options', { keyPrefix: 'p' }],
    ['a URL', 'redis://127.0.0.1?keyPrefix=p'],
    ['a client', new Redis({ lazyConnect: true, keyPrefix: 'p' })],
    ['a cluster', new Cluster([{ host: '127.0.0.1', port: 1 }], { lazyConnect: true, keyPrefix: 'p' })],
  ] as const)
    it(`should reject a keyPrefix in ${type}`, () => {
      expect(() => validateConnection(connection)).to.throw(
        RangeError,
        /^connection must be without keyPrefix/,
      )
    })

  it('should replace the colons of a host in a queue name, because BullMQ rejects colons', () => {
    const nameOf = (endpoint: string) => validateQueue({ connection: 'redis://x' }, endpoint).name
    expect(nameOf('https://run.googleapis.com')).to.equal('run.googleapis.com')
    expect(nameOf('http://127.0.0.1:8080')).to.equal('127.0.0.1-8080')
    expect(nameOf('http://[::1]:8080')).to.equal('[--1]-8080')
  })

  it('should have an address without user and password', async () => {
    expect(await addressOf('redis://user:S3CRET@127.0.0.1:1/0')).to.equal('redis://127.0.0.1:1')
    expect(await addressOf('redis://user:S3CRET@127.0.0.1:1/2')).to.equal('redis://127.0.0.1:1/2')
    expect(await addressOf('valkeys://:S3CRET@127.0.0.1:1')).to.equal('rediss://127.0.0.1:1')
    expect(await addressOf({ path: '/nowhere', password: 'S3CRET' })).to.equal('/nowhere')
    expect(await addressOf(new Cluster([{ host: '127.0.0.1', port: 1 }], { lazyConnect: true }))).to.equal(
      'a cluster',
    )
  })

  it('should duplicate a client without changing the original', async () => {
    const client = new Redis({ lazyConnect: true, maxRetriesPerRequest: 7 })
    const connection = new FleetConnection(client, null)
    await connection.opened
    expect(connection.client).to.not.equal(client)
    expect(connection.client).to.have.nested.property('options.maxRetriesPerRequest', null)
    connection.destroy()
    expect(client.status).to.equal('wait')
  })

  it('should reject a command after the timeout if the server sends nothing', () =>
    withTcpServer(
      () => undefined,
      async (origin) => {
        const connection = new FleetConnection(origin.replace('http', 'redis'), 1)
        const error = await connection.run(200, async () => 1).catch((thrown: unknown) => thrown)
        expect(error)
          .to.be.instanceOf(RedisUnavailable)
          .with.property('message')
          .that.matches(/is unreachable: ETIMEDOUT \(waited 0\.2 s\)$/)
        connection.destroy()
      },
    ))

  it('should reject pending and later commands when the connection is destroyed', async () => {
    const connection = new FleetConnection('redis://127.0.0.1:1', 1)
    const pending = connection.run(60_000, async () => 1).catch((error: unknown) => error)
    connection.destroy()
    expect(await pending)
      .to.have.property('message')
      .that.matches(/is unreachable: the connection was closed$/)
    const startedAt = performance.now()
    expect(await connection.run(60_000, async () => 1).catch((error: unknown) => error))
      .to.have.property('message')
      .that.matches(/the connection was closed$/)
    expect(performance.now() - startedAt).to.be.below(1_000)
  })

  it('should keep only the code and message of a Redis error, because the error also contains the command', () => {
    const connection = new FleetConnection('redis://127.0.0.1:1', 1)
    const reply = Object.assign(new Error('WRONGPASS invalid username-password pair'), {
      command: { name: 'auth', args: ['S3CRET'] },
    })
    const error = connection.toRedisError(reply)
    expect(error.code).to.equal('WRONGPASS')
    expect(inspect(error, { depth: 9, showHidden: true })).to.not.include('S3CRET')
    expect(connection.toRedisError('odd')).to.have.property('code', 'UNKNOWN')
    expect(codeOf(new Error('odd'))).to.equal('UNKNOWN')
    connection.destroy()
  })

  it('should not contain the password if the server returns the arguments of an unknown command', () =>
    withTcpServer(
      (socket) => {
        socket.on('data', (data) => {
          for (const [, name = ''] of String(data).matchAll(/\$\d+\r\n(HELLO|AUTH|CLIENT|INFO)\r\n/gi))
            socket.write(`-ERR unknown command '${name}', with args beginning with: 'S3CRET' \r\n`)
        })
      },
      async (origin) => {
        const connection = new FleetConnection(origin.replace('http://', 'redis://:S3CRET@'), 1)
        const error = await connection.run(500, async () => 1).catch((thrown: unknown) => thrown)
        connection.destroy()
        expect(error).to.have.property(
          'message',
          `Redis at ${origin.replace('http', 'redis')} returned an error: ERR unknown command 'auth' (waited 0.5 s)`,
        )
        expect(inspect(error, { depth: 9, showHidden: true })).to.not.include('S3CRET')
      },
    ))

  it('should wait for a promise until the timeout at most, and stop immediately if the promise rejects', async () => {
    const startedAt = performance.now()
    await withTimeout(50, new Promise(() => undefined))
    await withTimeout(10_000, Promise.reject(new Error()))
    expect(performance.now() - startedAt).to.be.within(45, 2_000)
  })
})
