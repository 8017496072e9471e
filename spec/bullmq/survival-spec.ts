import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { filter, firstValueFrom, fromEvent, lastValueFrom, merge, take, tap, toArray } from 'rxjs'
import type { OperationTracker } from '../../lib/bullmq/index.js'
import { type Fleet, fleetOn, furtherPolls } from './fleet.js'
import { type RedisServer, startRedis } from './redis.js'
import { withRedisServer } from './redis-suite.js'

/** The program of a worker process: the source if it exists, or the compiled file. */
const SOURCE = fileURLToPath(new URL('worker-process.ts', import.meta.url))
const PROGRAM = existsSync(SOURCE) ? ['--import', 'tsx', SOURCE] : [SOURCE.replace(/\.ts$/, '.js')]

withRedisServer('bullmq, when processes crash', () => {
  let server: RedisServer
  let fleet: Fleet
  const processes = new Set<ChildProcess>()
  /** Starts a Redis server, and a fleet that uses it. */
  const start = async (options = {}): Promise<void> => {
    server = await startRedis(options)
    fleet = await fleetOn(server.url)
  }
  afterEach(async () => {
    for (const child of processes) child.kill('SIGKILL')
    processes.clear()
    await fleet[Symbol.asyncDispose]()
    await server.stop()
  })

  const namesOf = (count: number) => Array.from({ length: count }, (_, index) => `operations/cp.${index}`)
  const tagsOf = async (tracker: OperationTracker, name: string): Promise<readonly string[]> => {
    const emissions = await lastValueFrom(tracker.watch(name).pipe(toArray()))
    return emissions.map((emission) => (emission._tag === 'Left' ? emission.left._tag : emission.right._tag))
  }
  /** Adds operations that end at poll 12, and watches them. Each promise has the tags of one watch. */
  const watchAll = (tracker: OperationTracker, count: number): Promise<readonly string[]>[] =>
    namesOf(count).map((name) => {
      fleet.emulator.operations.add(name, [{}, { polls: 12, done: true, response: { name } }])
      return tagsOf(tracker, name)
    })
  /** Checks that each watch emitted any number of snapshots, and then one success. */
  const expectAllSucceeded = async (watches: readonly Promise<readonly string[]>[]): Promise<void> => {
    for (const tags of await Promise.all(watches)) {
      expect(tags.at(-1)).to.equal('Succeeded')
      expect(tags.slice(0, -1)).to.satisfy((earlierTags: readonly string[]) =>
        earlierTags.every((tag) => tag === 'Running'),
      )
    }
  }
  /** Starts a worker in its own process. Resolves when the worker has started. */
  const startProcess = async (
    workerOptions: { lockDuration?: number; sleptMilliseconds?: number } = {},
  ): Promise<ChildProcess> => {
    const { endpoint } = fleet.emulator
    const options = {
      ...fleet.shared,
      endpoint,
      interval: 100,
      ...workerOptions,
      rateLimit: { requests: 1_000, per: 1_000 },
    }
    const child = spawn(process.execPath, [...PROGRAM, JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    processes.add(child)
    await once(child.stdout as NodeJS.ReadableStream, 'data')
    return child
  }
  /** Returns the key of the queue with a suffix, such as `events`. */
  const keyOf = (suffix: string): string =>
    `${fleet.shared.prefix}:${new URL(fleet.emulator.endpoint).host.replace(':', '-')}:${suffix}`
  /** Returns the number of events of a kind in the event stream of the queue. */
  const countEvents = async (event: string): Promise<number> => {
    const entries = await fleet.redis.xrange(keyOf('events'), '-', '+')
    return entries.filter(([, [, name]]) => name === event).length
  }

  // Cited in docs/COMPARISON.md as: killed-workers
  it('should emit each final result once when workers are killed', async () => {
    await start()
    const [first, second] = await Promise.all([
      startProcess({ lockDuration: 1_000 }),
      startProcess({ lockDuration: 1_000 }),
      startProcess({ lockDuration: 1_000 }),
    ])
    const watches = watchAll(fleet.tracker(), 40)
    await furtherPolls(fleet.emulator, 120)
    first.kill('SIGKILL')
    await furtherPolls(fleet.emulator, 120)
    second.kill('SIGKILL')
    await expectAllSucceeded(watches)
    expect(await countEvents('completed')).to.equal(40)
    expect(await countEvents('failed')).to.equal(0)
  }).timeout(40_000)

  it('should lose and stall no job when a deploy ends a worker, and the process of the worker should end within 2 s', async () => {
    await start()
    const [first] = await Promise.all([startProcess(), startProcess()])
    const watches = watchAll(fleet.tracker(), 40)
    await furtherPolls(fleet.emulator, 120)
    const startedAt = performance.now()
    first.kill('SIGTERM')
    const [code] = await once(first, 'exit')
    expect(performance.now() - startedAt).to.be.below(2_000)
    expect(code).to.equal(0)
    await expectAllSucceeded(watches)
    expect(await countEvents('failed')).to.equal(0)
    expect(await countEvents('stalled')).to.equal(0)
  }).timeout(40_000)

  it('should complete a job once if another worker takes the job of a suspended worker', async () => {
    await start()
    fleet.emulator.operations.add('operations/cp.1', [{ done: true }])
    const suspended = await startProcess({ lockDuration: 500 })
    const requested = firstValueFrom(
      fleet.emulator.events.pipe(
        filter(({ _tag }) => _tag === 'Request'),
        // The suspended worker receives the response when it continues.
        tap(() => suspended.kill('SIGSTOP')),
      ),
    )
    const tags = tagsOf(fleet.tracker(), 'operations/cp.1')
    await requested
    await startProcess({ lockDuration: 500 })
    expect(await tags).to.deep.equal(['Succeeded'])
    const output = once(suspended.stdout as NodeJS.ReadableStream, 'data')
    suspended.kill('SIGCONT')
    expect(String(await output)).to.match(/lock/)
    expect(await countEvents('completed')).to.equal(1)
    expect(await countEvents('failed')).to.equal(0)
  }).timeout(40_000)

  it('should emit every final result when Redis is killed and restarts empty', async () => {
    await start()
    fleet.worker()
    const [first, second] = [fleet.tracker(), fleet.tracker()]
    const watches = watchAll(first, 40)
    watches.push(...namesOf(5).map((name) => tagsOf(second, name)))
    await furtherPolls(fleet.emulator, 200)
    await server.kill()
    await server.start()
    await expectAllSucceeded(watches)
  }).timeout(40_000)

  it('should continue to poll after Redis is killed and restarts with its data, although no tracker is open', async () => {
    await start({ appendonly: true })
    const tracker = fleet.tracker()
    for (const name of namesOf(40)) {
      fleet.emulator.operations.add(name, [{}, { polls: 40, done: true }])
      await tracker.track(name)
    }
    fleet.worker({ lockDuration: 1_000 })
    await furtherPolls(fleet.emulator, 200)
    await tracker.close()
    await server.kill()
    await server.start()
    const laterTracker = fleet.tracker()
    while ((await laterTracker.stats()).completed < 40);
    expect((await laterTracker.stats()).failed).to.equal(0)
  }).timeout(40_000)

  it('should track an operation when Redis restarts during the call', async () => {
    await start()
    const tracker = fleet.tracker()
    await tracker.stats()
    await fleet.redis.call('CLIENT', 'PAUSE', 60_000, 'ALL')
    const [tracked, stats] = [tracker.track('operations/cp.1'), tracker.stats()]
    await server.kill()
    // At the third `reconnecting` event of this client, every client has failed to connect at least twice.
    await lastValueFrom(fromEvent(fleet.redis, 'reconnecting').pipe(take(3)))
    await server.start()
    expect(await tracked).to.have.property('_tag', 'Right')
    expect(await stats).to.include({ failed: 0 })
  }).timeout(40_000)

  it('should report the correct elapsed time if the machine of the previous worker was asleep', async () => {
    await start()
    fleet.emulator.operations.add('operations/cp.1', [
      { httpResponse: { httpStatus: 503 } },
      { polls: 3, done: true },
    ])
    const sleepingWorker = await startProcess({ sleptMilliseconds: 3_600_000 })
    const tags = tagsOf(fleet.tracker(), 'operations/cp.1')
    await furtherPolls(fleet.emulator)
    while ((await countEvents('progress')) === 0);
    sleepingWorker.kill('SIGKILL')
    fleet.worker({ lockDuration: 500 })
    expect(await tags).to.deep.equal(['Succeeded'])
    const { result } = await firstValueFrom(fleet.tracker().list())
    expect(result).to.have.nested.property('right.elapsed').that.is.below(60_000)
  }).timeout(40_000)

  it('should set the maximum length of the event stream again after Redis has lost the setting', async () => {
    await start()
    fleet.worker()
    fleet.emulator.operations.add('operations/cp.1', [{}])
    await firstValueFrom(fleet.tracker().watch('operations/cp.1'))
    await server.kill()
    await server.start()
    while ((await fleet.redis.hget(keyOf('meta'), 'opts.maxLenEvents')) !== '1000');
  }).timeout(40_000)

  it('should close workers and trackers within 2 s, and let the process end, when Redis is unavailable', async () => {
    await start()
    const child = await startProcess()
    const [worker, tracker] = [fleet.worker(), fleet.tracker()]
    fleet.emulator.operations.add('operations/cp.1', [{}])
    await firstValueFrom(tracker.watch('operations/cp.1'))
    await server.kill()
    await firstValueFrom(merge(worker.errors, tracker.errors))
    const startedAt = performance.now()
    child.kill('SIGTERM')
    await Promise.all([worker.close(), tracker.close(), once(child, 'exit')])
    expect(performance.now() - startedAt).to.be.below(2_000)
    expect(child.exitCode).to.equal(0)
  }).timeout(40_000)
})
