import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import { filter, firstValueFrom, fromEvent, skip } from 'rxjs'
import { run } from '../../lib/cli/program.js'
import { type Emulator, startEmulator } from '../../lib/emulator/index.js'
import { freePort, startRedis } from '../bullmq/redis.js'
import { onRedis, withRedisServer } from '../bullmq/redis-suite.js'
import { FakeIo } from './fake.js'
import { type Lro, records, startLro } from './lro.js'

const NAME = 'operations/cp.1'

onRedis('cli, fleet', (url) => {
  let emulator: Emulator
  let queue: string
  const workers: Lro[] = []
  beforeEach(async () => {
    emulator = await startEmulator()
    queue = randomUUID()
  })
  afterEach(async () => {
    for (const { child } of workers.splice(0)) child.kill('SIGKILL')
    await emulator.close()
    const redis = new Redis(url())
    const keys = await redis.keys(`{lro}:*${queue}:*`)
    if (keys.length > 0) await redis.del(keys)
    redis.disconnect()
  })

  const fleetOptions = (redis = url()) => [
    '--redis',
    redis,
    '--queue',
    queue,
    '--endpoint',
    emulator.endpoint,
  ]
  const runLro = async (...argv: readonly string[]) => {
    const io = new FakeIo({ env: { REDIS_URL: url() } })
    const code = await run(argv, io)
    return { code, stdout: io.stdout.written, stderr: io.stderr.written }
  }

  it('should track, poll and watch an operation, and stop a worker on SIGTERM', async () => {
    emulator.operations.add(NAME, [
      { metadata: { percent: 1 } },
      { polls: 2, done: true, response: { a: 1 } },
    ])
    expect(await runLro('track', NAME, ...fleetOptions('-'))).to.deep.equal({
      code: 0,
      stdout: `${NAME}: tracked\n`,
      stderr: '',
    })
    expect(emulator.requests).to.deep.equal([])
    const worker = startLro(['worker', ...fleetOptions()])
    workers.push(worker)
    const watched = await runLro('watch', NAME, '--json', ...fleetOptions())
    expect(watched.code).to.equal(0)
    expect(records(watched).at(-1)).to.deep.include({ _tag: 'Succeeded', response: { a: 1 } })
    const signaledAt = performance.now()
    worker.child.kill('SIGTERM')
    const { code, stdout, stderr } = await worker.result
    expect({ code, stdout, stderr }).to.deep.equal({
      code: 143,
      stdout: `polling operations of ${emulator.endpoint}\n`,
      stderr: '',
    })
    expect(performance.now() - signaledAt).to.be.below(2_000)
    expect((await runLro('watch', NAME, '--quiet', ...fleetOptions())).code).to.equal(0)
    expect(emulator.operations.polls(NAME)).to.equal(2)
  }).timeout(40_000)

  it('should print that the queue has no worker with this prefix, unless --quiet is set', async () => {
    const worker = startLro(['worker', ...fleetOptions()])
    workers.push(worker)
    const polled = firstValueFrom(emulator.events.pipe(filter(({ _tag }) => _tag === 'Answered')))
    await runLro('track', NAME, ...fleetOptions())
    await polled
    const watchFor = (...options: readonly string[]) =>
      runLro('watch', NAME, '--timeout', '500ms', ...fleetOptions(), ...options)
    const note = `no worker serves the queue ${queue}; waiting\n`
    const withPrefix = await watchFor('--prefix', '{lro}:other')
    expect(withPrefix.code).to.equal(124)
    expect(withPrefix.stderr.startsWith(note), withPrefix.stderr).to.equal(true)
    expect(withPrefix.stderr).to.include(" --prefix '{lro}:other' ")
    expect((await watchFor('--prefix', '{lro}:other', '--quiet')).stderr).to.equal('')
    expect((await watchFor()).stderr).to.not.include('no worker')
  }).timeout(40_000)

  it('should use --universe-domain instead of the environment variable', async () => {
    const { GOOGLE_CLOUD_UNIVERSE_DOMAIN: previousDomain } = process.env
    process.env.GOOGLE_CLOUD_UNIVERSE_DOMAIN = 'no domain'
    try {
      const { code, stderr } = await runLro(
        'track',
        NAME,
        '--universe-domain',
        'example.com',
        ...fleetOptions(),
      )
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
    } finally {
      if (previousDomain === undefined) delete process.env.GOOGLE_CLOUD_UNIVERSE_DOMAIN
      else process.env.GOOGLE_CLOUD_UNIVERSE_DOMAIN = previousDomain
    }
  })

  it('should print a resume token for each valid name and an error for each invalid name as JSON', async () => {
    const { code, stdout } = await runLro('track', NAME, 'x', '--json', ...fleetOptions())
    expect(code).to.equal(2)
    expect(
      records({ stdout })
        .map(({ _tag }) => _tag)
        .sort(),
    ).to.deep.equal(['InvalidName', 'Tracked'])
  })

  it('should, on SIGTERM, print the command to resume without the password', async () => {
    emulator.operations.add(NAME, [{}])
    const io = new FakeIo()
    const watching = run(['watch', NAME, ...fleetOptions(url().replace('//', '//default:@'))], io)
    const worker = startLro(['worker', ...fleetOptions()])
    workers.push(worker)
    await firstValueFrom(emulator.events.pipe(filter(({ _tag }) => _tag === 'Answered')))
    io.emit('SIGTERM')
    expect(await watching).to.equal(143)
    expect(io.stderr.written).to.match(
      /to resume, with the URL of Redis in REDIS_URL: lro watch .*--redis=- operations\/cp\.1\n$/,
    )
  }).timeout(40_000)
})

withRedisServer('cli, fleet: Redis fails and recovers', () => {
  it('should print each failure of Redis once, without the password, and print nothing if --quiet is set', async () => {
    const server = await startRedis({
      redisArguments: ['--user', 'me', 'on', '>S3CRET', '~*', '&*', '+@all'],
    })
    const emulator = await startEmulator()
    const redis = server.url.replace('//', '//me:S3CRET@')
    const options = ['--redis', redis, '--endpoint', emulator.endpoint]
    const worker = startLro(['worker', '--endpoint', emulator.endpoint], { REDIS_URL: redis })
    let workerText = ''
    worker.child.stderr.on('data', (chunk) => (workerText += chunk))
    // This client emits an error for each attempt to connect.
    const probe = new Redis(redis).on('error', () => undefined)
    const [normal, quiet] = [new FakeIo(), new FakeIo()]
    const watching = [
      run(['watch', '-', ...options], normal),
      run(['watch', '-', ...options, '--quiet'], quiet),
    ]
    const refusedLine = `Redis at ${server.url} is unreachable: ECONNREFUSED; waiting`
    const redisLines = () => normal.stderr.written.split('\n').filter((line) => line.startsWith('Redis'))
    const refusedCount = () => redisLines().filter((line) => line === refusedLine).length
    const failRedisDuringWatch = async (name: string): Promise<void> => {
      emulator.operations.add(name, [{}])
      for (const { stdin } of [normal, quiet]) stdin.write(`${name}\n`)
      await normal.stdout.until((written) => written.includes(`${name}: running`))
      const previousCount = refusedCount()
      await server.kill()
      await normal.stderr.until(() => refusedCount() > previousCount)
      // Each further attempt has the same error, which must not be printed again.
      await firstValueFrom(fromEvent(probe, 'error').pipe(skip(3)))
    }
    try {
      await failRedisDuringWatch(NAME)
      await server.start()
      while (!workerText.includes('again')) await once(worker.child.stderr, 'data')
      await failRedisDuringWatch('operations/cp.2')
      normal.emit('SIGTERM')
      quiet.emit('SIGTERM')
      expect(await Promise.all(watching)).to.deep.equal([143, 143])
      expect(refusedCount()).to.equal(2)
      // Some errors differ from ECONNREFUSED, because the socket may be reset first.
      for (const line of redisLines())
        expect(line).to.match(/^Redis at redis:\/\/[\d.:]+ (?:is|returned) [^@]*; waiting$/)
      expect(quiet.stderr.written).to.equal('')
      expect(
        workerText.replaceAll(/(?: is| returned) [^\n]*; waiting/g, ' fails; waiting').split('\n'),
      ).to.deep.equal([
        `Redis at ${server.url} fails; waiting`,
        workerText.match(/^Redis is available again, after \d+\.\d s$/m)?.[0],
        `Redis at ${server.url} fails; waiting`,
        '',
      ])
    } finally {
      probe.disconnect()
      worker.child.kill('SIGKILL')
      await worker.result
      await emulator.close()
      await server.stop()
    }
  }).timeout(40_000)
})

withRedisServer('cli, fleet: Redis does not have the database', () => {
  for (const verb of ['track', 'watch'])
    it(`should print an error that contains the database, and exit with 3: ${verb}`, async () => {
      const server = await startRedis()
      try {
        const io = new FakeIo()
        expect(await run([verb, NAME, '--redis', `${server.url}/99`], io)).to.equal(3)
        expect(io.stdout.written).to.include(
          `${NAME} could not be tracked: Redis at ${server.url}/99 returned an error: ERR DB index is out of range`,
        )
      } finally {
        await server.stop()
      }
    })

  it('should print an error that contains the database if a worker runs', async () => {
    const server = await startRedis()
    const worker = startLro(['worker', '--redis', `${server.url}/99`, '--anonymous'])
    try {
      const [line] = await once(worker.child.stderr, 'data')
      expect(String(line)).to.include(
        `Redis at ${server.url}/99 returned an error: ERR DB index is out of range`,
      )
    } finally {
      worker.child.kill('SIGKILL')
      await worker.result
      await server.stop()
    }
  }).timeout(40_000)
})

describe('cli, fleet: the URL of Redis has an invalid database', () => {
  for (const verb of ['track', 'watch', 'worker'])
    for (const [path, shownUrl] of [
      ['/abc', '…@127.0.0.1:1/abc'],
      ['/-1', '…@127.0.0.1:1/-1'],
      ['?db=x', '…@127.0.0.1:1?…'],
    ] as const)
      it(`should print an error without the password, and exit with 2: ${verb} ${path}`, async () => {
        const io = new FakeIo()
        const operands = verb === 'worker' ? [] : [NAME]
        const redis = `redis://:S3CRET@127.0.0.1:1${path}`
        expect(await run([verb, ...operands, '--redis', redis], io)).to.equal(2)
        expect(io.stderr.written).to.equal(
          `lro ${verb}: --redis must be for a database whose number is 0 or more, got "redis://${shownUrl}"; see lro ${verb} --help\n`,
        )
      })
})

describe('cli, fleet: Redis is unreachable', () => {
  it('should print the error and exit with 3', async () => {
    const io = new FakeIo()
    const redis = `redis://:S3CRET@127.0.0.1:${await freePort()}`
    expect(await run(['track', NAME, '--redis', redis], io)).to.equal(3)
    expect(io.stdout.written).to.match(
      /could not be tracked: Redis at redis:\/\/127\.0\.0\.1:\d+ is unreachable: ECONNREFUSED/,
    )
    expect(io.stdout.written).to.not.include('S3CRET')
  })
})

describe('cli, fleet: bullmq is not installed', () => {
  it('should print the packages to install, and still run verbs that need no fleet', async () => {
    const resolve = `export const resolve = (name, context, next) => {
      if (name !== 'bullmq') return next(name, context)
      throw Object.assign(new Error("Cannot find package 'bullmq' imported from x"), { code: 'ERR_MODULE_NOT_FOUND' })
    }`
    const hooks = `import { register } from 'node:module'; register(${JSON.stringify(moduleOf(resolve))})`
    const env = { NODE_OPTIONS: `--import ${moduleOf(hooks)}` }
    const { code, stderr } = await startLro(['worker', '--redis', 'redis://x'], env).result
    expect({ code, stderr }).to.deep.equal({
      code: 2,
      stderr: 'lro worker: bullmq is not installed; run npm install bullmq ioredis; see lro worker --help\n',
    })
    expect((await startLro(['explain', '60s'], env).result).code).to.equal(0)
  }).timeout(40_000)
})

function moduleOf(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`
}
