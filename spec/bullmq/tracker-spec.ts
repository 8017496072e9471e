import { inspect } from 'node:util'
import { Queue } from 'bullmq'
import { expect } from 'chai'
import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import { firstValueFrom, lastValueFrom, of, Subject, take, tap, toArray } from 'rxjs'
import type { Frame } from '../../lib/emulator/index.js'
import {
  constant,
  isInvalidName,
  type Operation,
  type OperationError,
  OperationsClient,
  type ScheduleFacts,
} from '../../lib/index.js'
import { delayed, running, scripted, succeeded } from '../virtual.js'
import { type Fleet, fleetOn, polled } from './fleet.js'
import { freePort, onRedis } from './redis.js'

const NAME = 'operations/cp.1'
const response = { name: 'projects/1', projectId: 'p-1' }
const frames: readonly Frame[] = [
  { metadata: { percent: 0 } },
  { polls: 2, metadata: { percent: 50 } },
  { polls: 3, done: true, metadata: { percent: 100 }, response },
]
function wordOf(word: Either<OperationError<unknown>, Operation<unknown, unknown>>): string {
  return isLeft(word) ? word.left._tag : `${word.right._tag} ${word.right.attempt}`
}
const ALL = ['Running 1', 'Running 2', 'Succeeded 3']

onRedis('bullmq/tracker', (url) => {
  let fleet: Fleet
  beforeEach(async () => {
    fleet = await fleetOn(url())
  })
  afterEach(() => fleet[Symbol.asyncDispose]())

  const wordsOf = async (tracker = fleet.tracker(), name = NAME): Promise<readonly string[]> =>
    (await lastValueFrom(tracker.watch(name).pipe(toArray()))).map(wordOf)

  describe('a watch', () => {
    it('should say every snapshot, and the last word once', async () => {
      fleet.emulator.operations.add(NAME, frames)
      fleet.worker()
      const words = await lastValueFrom(fleet.tracker().watch(NAME).pipe(toArray()))
      expect(words.map(wordOf)).to.deep.equal(ALL)
      expect(words[1]).to.have.deep.nested.property('right.metadata', { percent: 50 })
      expect(words[2]).to.have.deep.nested.property('right.response', response)
      expect(fleet.emulator.operations.polls(NAME)).to.equal(3)
    })

    it('should begin before there is any worker', async () => {
      fleet.emulator.operations.add(NAME, frames)
      const tracker = fleet.tracker()
      const words = wordsOf(tracker)
      while ((await tracker.stats()).waiting !== 1);
      fleet.worker()
      expect(await words).to.deep.equal(ALL)
    })

    const ends: Readonly<Record<string, Frame>> = {
      'a response': { done: true, response },
      'no response': { done: true },
      'an error with all its details': {
        done: true,
        metadata: { percent: 10 },
        error: {
          code: 8,
          message: 'no quota: "ü"\n',
          details: [
            {
              '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
              reason: 'R',
              domain: 'd',
              metadata: { a: 'b' },
            },
            { '@type': 'type.googleapis.com/x.Unknown', deep: [{ a: null }] },
          ],
        },
      },
      'a refusal': {
        httpResponse: {
          httpStatus: 403,
          body: { error: { code: 403, message: 'no', status: 'PERMISSION_DENIED' } },
        },
      },
      'a large response': { done: true, response: { text: 'x'.repeat(300_000) } },
    }
    for (const [what, frame] of Object.entries(ends))
      it(`should hand on ${what} as a client in this process would`, async () => {
        fleet.emulator.operations.add(NAME, [frame])
        fleet.worker()
        const token = {
          name: NAME,
          endpoint: fleet.emulator.endpoint,
          apiVersion: 'v3',
          since: Date.now() + 1e9,
        }
        const [here, there] = await Promise.all([
          lastValueFrom(new OperationsClient({ endpoint: fleet.emulator.endpoint }).get(token)),
          lastValueFrom(fleet.tracker().watch(token)),
        ])
        const timeless = (word: object) =>
          JSON.parse(JSON.stringify(word), (key, value) => (key === 'elapsed' || key === 'since' ? 0 : value))
        expect(timeless(there)).to.deep.equal(timeless(here))
        if (!isLeft(here)) expect(there).to.have.nested.property('right').that.has.property('response')
      })

    it('should give early, late and repeated subscribers of any process the same end, once each', async () => {
      fleet.emulator.operations.add(NAME, frames)
      const [here, there] = [fleet.tracker(), fleet.tracker()]
      const early = [wordsOf(here), wordsOf(here), wordsOf(there)]
      fleet.worker()
      await polled(fleet.emulator)
      const late = [wordsOf(here), wordsOf(there), wordsOf(fleet.tracker())]
      for (const words of await Promise.all(early)) expect(words).to.deep.equal(ALL)
      for (const words of await Promise.all(late)) expect(words).to.deep.equal(ALL.slice(-words.length))
      for (const tracker of [here, there, fleet.tracker()]) {
        expect(await wordsOf(tracker)).to.deep.equal(['Succeeded 3'])
        expect(await wordsOf(tracker)).to.deep.equal(['Succeeded 3'])
      }
      expect(fleet.emulator.operations.polls(NAME)).to.equal(3)
    })

    it('should read words by the decoders of each subscriber', async () => {
      fleet.emulator.operations.add(NAME, frames)
      fleet.worker()
      const tracker = fleet.tracker()
      const [read, refused] = await Promise.all([
        lastValueFrom(
          tracker.watch(NAME, { response: (value) => ({ _tag: 'Right', right: JSON.stringify(value) }) }),
        ),
        lastValueFrom(tracker.watch(NAME, { response: () => ({ _tag: 'Left', left: 'no' }) })),
      ])
      expect(read).to.have.nested.property('right.response', JSON.stringify(response))
      expect(refused).to.have.nested.property('left._tag', 'MalformedResponse')
      expect(refused).to.have.deep.nested.property('left.response', response)
    })

    it('should end at its timeout with what was last seen, while the workers go on', async () => {
      fleet.emulator.operations.add(NAME, [{}, { polls: 20, done: true }])
      fleet.worker()
      const tracker = fleet.tracker()
      // The first poll loads what polls need, which may take longer than that.
      await firstValueFrom(tracker.watch(NAME))
      const word = await lastValueFrom(tracker.watch(NAME, { timeout: 400 }))
      expect(word).to.have.nested.property('left._tag', 'TimedOut')
      expect(word).to.have.nested.property('left.lastSeen._tag', 'Running')
      if (!isLeft(word) || isInvalidName(word.left) || word.left._tag === 'OperationFailed')
        throw new Error('no token')
      expect(await lastValueFrom(tracker.watch(word.left.resume))).to.have.nested.property(
        'right.attempt',
        20,
      )
    })

    it('should complete without a word when its signal is aborted', async () => {
      fleet.emulator.operations.add(NAME, [{}])
      const stop = new AbortController()
      fleet.worker()
      const words = fleet
        .tracker()
        .watch(NAME, { signal: stop.signal })
        .pipe(
          tap(() => queueMicrotask(() => stop.abort())),
          toArray(),
        )
      expect((await lastValueFrom(words)).map(wordOf)).to.deep.equal(['Running 1'])
    })

    it('should have an operation polled at once when a hint comes', async () => {
      fleet.emulator.operations.add(NAME, [{}, { polls: 2, done: true }])
      fleet.worker({ schedule: constant({ interval: 3_600_000 }) })
      const hint = new Subject<void>()
      const words = fleet
        .tracker()
        .watch(NAME, { hint })
        .pipe(
          tap(() => hint.next()),
          toArray(),
        )
      expect((await lastValueFrom(words)).map(wordOf)).to.deep.equal(['Running 1', 'Succeeded 2'])
      const [first, second] = fleet.emulator.requests
      expect((second?.at ?? 0) - (first?.at ?? 0)).to.be.within(490, 2_500)
    })

    it('should follow a hint that comes before it is known where the operation stands', async () => {
      fleet.emulator.operations.add(NAME, [{}, { polls: 2, done: true }])
      fleet.worker({ schedule: constant({ interval: 3_600_000 }) })
      const tracker = fleet.tracker()
      await tracker.track(NAME)
      while ((await tracker.stats()).delayed !== 1);
      const words = await lastValueFrom(tracker.watch(NAME, { hint: of('now') }).pipe(toArray()))
      expect(words.map(wordOf)).to.deep.equal(['Running 1', 'Succeeded 2'])
    })

    it('should follow a hint that comes while a poll is in flight, after its answer', async () => {
      const { transport, polledAt } = scripted(running(), delayed(500, running()), succeeded())
      const schedule = { next: ({ attempt }: ScheduleFacts) => (attempt === 1 ? 300 : 3_600_000) }
      const { endpoint } = fleet.emulator
      fleet.worker({ client: new OperationsClient({ endpoint, transport, rateLimit: false }), schedule })
      const hint = new Subject<void>()
      const words = lastValueFrom(fleet.tracker().watch(NAME, { hint }).pipe(toArray()))
      while (polledAt.length < 2) await new Promise((resolve) => setImmediate(resolve))
      hint.next()
      expect((await words).map(wordOf)).to.deep.equal(['Running 1', 'Running 2', 'Succeeded 3'])
    })

    it('should refuse a bad name, and a token for elsewhere, as a client does', async () => {
      const tracker = fleet.tracker()
      const token = { name: NAME, endpoint: 'https://run.googleapis.com', apiVersion: 'v2' }
      expect(await lastValueFrom(tracker.watch('x'))).to.have.nested.property('left._tag', 'InvalidName')
      expect(await lastValueFrom(tracker.watch(token))).to.have.nested.property('left._tag', 'InvalidName')
      expect(() => tracker.watch(NAME, { timeout: 0 })).to.throw('timeout must be')
      expect((await tracker.stats()).waiting).to.equal(0)
    })

    for (const name of [
      'projects/example.com:p/locations/l/operations/x',
      'operations/123',
      'operations/a:b:c',
    ])
      it(`should take the name ${name}, which is no id for BullMQ`, async () => {
        fleet.emulator.operations.add(name, [{ done: true }])
        fleet.worker()
        expect(await wordsOf(fleet.tracker(), name)).to.deep.equal(['Succeeded 1'])
      })

    it('should end with ClientClosed when its tracker is closed, and at once after that', async () => {
      fleet.emulator.operations.add(NAME, [{}])
      fleet.worker()
      const tracker = fleet.tracker()
      const words = tracker.watch(NAME).pipe(
        tap(() => queueMicrotask(() => void tracker.close())),
        toArray(),
      )
      expect((await lastValueFrom(words)).map(wordOf)).to.deep.equal(['Running 1', 'ClientClosed'])
      expect(await wordsOf(tracker)).to.deep.equal(['ClientClosed'])
      expect(await tracker.track(NAME)).to.have.nested.property('left._tag', 'ClientClosed')
    })

    it('should leave out metadata that is too large for Redis, and say so', async () => {
      fleet.emulator.operations.add(NAME, [
        { metadata: { text: 'x'.repeat(20_000) } },
        { polls: 2, done: true },
      ])
      fleet.worker()
      const [first] = await lastValueFrom(fleet.tracker().watch(NAME).pipe(toArray()))
      expect(first).to.not.have.nested.property('right.metadata')
      expect(first)
        .to.have.nested.property('right.metadataError.message')
        .that.matches(/left out.* 20011 characters/)
    })
  })

  describe('of what Redis loses', () => {
    it('should hear no events and learn all the same, by looking at the job', async () => {
      fleet.emulator.operations.add(NAME, frames)
      await fleet.redis.call('ACL', 'SETUSER', 'deaf', 'on', '>S3CRET', '~*', '&*', '+@all', '-xread')
      try {
        const deaf = fleet.tracker({ connection: url().replace('//', '//deaf:S3CRET@') })
        const told: Error[] = []
        deaf.errors.subscribe((error) => told.push(error))
        fleet.worker()
        expect((await wordsOf(deaf)).at(-1)).to.equal('Succeeded 3')
        expect(told).to.have.nested.property('[0].code', 'NOPERM')
        expect(inspect(told, { depth: 9, showHidden: true })).to.not.include('S3CRET')
      } finally {
        await fleet.redis.call('ACL', 'DELUSER', 'deaf')
      }
    })

    it('should add a job again that is gone, with all that is known of it', async () => {
      fleet.emulator.operations.add(NAME, [{ metadata: { percent: 1 } }, { polls: 4, done: true }])
      const first = fleet.worker({ schedule: constant({ interval: 3_600_000 }) })
      const words: string[] = []
      const seen = new Subject<void>()
      const since = Date.now() - 3_600_000
      const token = { name: NAME, endpoint: fleet.emulator.endpoint, apiVersion: 'v3', since }
      const watched = lastValueFrom(
        fleet
          .tracker()
          .watch(token)
          .pipe(
            tap((word) => {
              words.push(wordOf(word))
              seen.next()
            }),
          ),
      )
      await firstValueFrom(seen)
      await first.close()
      await fleet.redis.del(await fleet.redis.keys(`${fleet.shared.prefix}*`))
      fleet.worker()
      const last = await watched
      expect(words).to.deep.equal(['Running 1', 'Running 2', 'Running 3', 'Succeeded 4'])
      expect(last).to.have.nested.property('right.elapsed').that.is.at.least(3_600_000)
    })
  })

  describe('track', () => {
    it('should hand an operation over once, whoever tracks it and however often', async () => {
      fleet.emulator.operations.add(NAME, frames)
      const trackers = [fleet.tracker(), fleet.tracker()]
      const tokens = await Promise.all(
        [...trackers, ...trackers, ...trackers].map((tracker) => tracker.track(NAME)),
      )
      for (const token of tokens)
        expect(token)
          .to.have.nested.property('right')
          .that.deep.includes({ name: NAME, endpoint: fleet.emulator.endpoint })
      expect((await fleet.tracker().stats()).waiting).to.equal(1)
      fleet.worker()
      expect((await wordsOf()).at(-1)).to.equal('Succeeded 3')
      expect(fleet.emulator.operations.polls(NAME)).to.equal(3)
    })

    it('should have it polled though nobody watches, and keep the outcome', async () => {
      fleet.emulator.operations.add(NAME, frames)
      const tracker = fleet.tracker()
      await tracker.track(NAME)
      fleet.worker()
      while ((await tracker.stats()).completed !== 1);
      expect(await tracker.track(NAME)).to.have.property('_tag', 'Right')
      expect(await wordsOf(tracker)).to.deep.equal(['Succeeded 3'])
      expect(fleet.emulator.operations.polls(NAME)).to.equal(3)
    })

    for (const again of ['track', 'watch'] as const)
      it(`should ask anew for one whose outcome was not learned, when it comes by ${again}`, async () => {
        fleet.emulator.operations.add(NAME, [
          {
            httpResponse: {
              httpStatus: 403,
              body: { error: { code: 403, message: 'no', status: 'PERMISSION_DENIED' } },
            },
          },
          { polls: 2, done: true },
        ])
        fleet.worker()
        const tracker = fleet.tracker()
        expect(await wordsOf(tracker)).to.deep.equal(['RequestRejected'])
        if (again === 'track') await tracker.track(NAME)
        expect(await wordsOf(tracker)).to.deep.equal(['Succeeded 1'])
      })

    it('should say at once that Redis refuses, and how long it was tried', async () => {
      await fleet.redis.call('ACL', 'SETUSER', 'mute', 'on', '>S3CRET', '~*', '&*', '+@all', '-@scripting')
      try {
        const mute = fleet.tracker({ connection: url().replace('//', '//mute:S3CRET@') })
        const word = await mute.track(NAME)
        expect(word).to.have.nested.property('left.last.code', 'NOPERM')
        expect(word).to.have.nested.property('left.lasted').that.is.below(2_000)
      } finally {
        await fleet.redis.call('ACL', 'DELUSER', 'mute')
      }
    })

    it('should refuse a bad name', async () => {
      expect(await fleet.tracker().track('x')).to.have.nested.property('left._tag', 'InvalidName')
    })
  })

  describe('list, stats and forget', () => {
    it('should tell of all that there is', async () => {
      const [tracker, running, done, waiting] = [
        fleet.tracker(),
        'operations/running',
        'operations/done',
        'operations/waiting',
      ]
      fleet.emulator.operations.add(running, [{ metadata: { percent: 1 } }])
      fleet.emulator.operations.add(done, [{ done: true, response }])
      const worker = fleet.worker({ schedule: constant({ interval: 3_600_000 }) })
      await tracker.track(running)
      await tracker.track(done)
      while ((await tracker.stats()).completed + (await tracker.stats()).delayed !== 2);
      expect(await tracker.stats()).to.deep.include({
        completed: 1,
        delayed: 1,
        active: 0,
        failed: 0,
        workers: 1,
      })
      await worker.close()
      await tracker.track(waiting)
      const listed = await lastValueFrom(tracker.list().pipe(toArray()))
      const told = Object.fromEntries(
        listed.map(({ target, state, result }) => [target.name, [state, result && wordOf(result)]]),
      )
      expect(told).to.deep.equal({
        [running]: ['delayed', 'Running 1'],
        [done]: ['completed', 'Succeeded 1'],
        [waiting]: ['waiting', undefined],
      })
    })

    it('should list all, and each once, however many there are', async () => {
      const tracker = fleet.tracker()
      const names = Array.from({ length: 300 }, (_, at) => `operations/cp.${at}`)
      await Promise.all(names.map((name) => tracker.track(name)))
      const listed = await lastValueFrom(tracker.list().pipe(toArray()))
      expect(listed.map(({ target }) => target.name)).to.have.members(names)
    })

    it('should end the list with the connection, and throw nothing that nobody hears', async () => {
      const tracker = fleet.tracker()
      await Promise.all(Array.from({ length: 120 }, (_, at) => tracker.track(`operations/cp.${at}`)))
      const listed = lastValueFrom(tracker.list().pipe(tap(() => void tracker.close())))
      expect(await listed.catch((error: unknown) => error)).to.have.property('name', 'RedisUnavailable')
    })

    it('should say of an operation that is tracked while it is closed that it is closed', async () => {
      const tracker = fleet.tracker()
      await tracker.stats()
      const tracked = tracker.track(NAME)
      await tracker.close()
      expect(await tracked).to.have.nested.property('left._tag', 'ClientClosed')
    })

    it('should pass over a job that is of no operation', async () => {
      const name = new URL(fleet.emulator.endpoint).host.replace(':', '-')
      const jobs = new Queue(name, { connection: { url: url() }, prefix: fleet.shared.prefix })
      await jobs.add('x', null, { jobId: 'nothing' })
      const tracker = fleet.tracker()
      await tracker.track(NAME)
      const listed = await lastValueFrom(tracker.list().pipe(toArray()))
      expect(listed.map(({ target }) => target.name)).to.deep.equal([NAME])
      fleet.worker()
      while ((await jobs.getJob('nothing'))?.returnvalue == null);
      expect((await jobs.getJob('nothing'))?.returnvalue).to.have.nested.property('left._tag', 'InvalidName')
      await jobs.close()
    })

    it('should forget what there is, once', async () => {
      const tracker = fleet.tracker()
      await tracker.track(NAME)
      expect([
        await tracker.forget(NAME),
        await tracker.forget(NAME),
        await tracker.forget('x'),
      ]).to.deep.equal([true, false, false])
      expect((await tracker.stats()).waiting).to.equal(0)
      expect(await lastValueFrom(tracker.list().pipe(toArray()))).to.deep.equal([])
    })

    it('should wait for a poll that is in flight before it forgets', async () => {
      fleet.emulator.operations.add(NAME, [
        { httpResponse: { httpStatus: 503 } },
        { stall: true },
        { polls: 2 },
      ])
      const tracker = fleet.tracker()
      const worker = fleet.worker()
      await tracker.track(NAME)
      while ((await tracker.stats()).active !== 1);
      const forgotten = tracker.forget(NAME)
      await worker.close()
      expect(await forgotten).to.equal(true)
    })
  })

  it('should keep no more events than the latest, in which last words stand whole', async () => {
    const tracker = fleet.tracker()
    await Promise.all(Array.from({ length: 1_000 }, (_, at) => tracker.track(`operations/cp.${at}`)))
    const name = new URL(fleet.emulator.endpoint).host.replace(':', '-')
    // Redis drops them by the hundred; each operation has brought two.
    expect(await fleet.redis.xlen(`${fleet.shared.prefix}:${name}:events`)).to.be.within(1_000, 1_200)
  })

  it('should go on, for those who come late, from when the operation began to be tracked', async () => {
    const since = Date.now() - 3_600_000
    const token = { name: NAME, endpoint: fleet.emulator.endpoint, apiVersion: 'v3', since }
    fleet.emulator.operations.add(NAME, [{}])
    fleet.worker()
    await fleet.tracker().track(token)
    const late = fleet.tracker()
    const word = await lastValueFrom(late.watch(NAME, { timeout: 1_500 }))
    expect(word).to.have.nested.property('left._tag', 'TimedOut')
    expect(word).to.have.nested.property('left.resume.since', since)
  })

  it('should watch as many operations as there are at once, and leave nothing of them in this process', async () => {
    const names = Array.from({ length: 100 }, (_, at) => `operations/cp.${at}`)
    for (const name of names) fleet.emulator.operations.add(name, frames)
    fleet.worker()
    const tracker = fleet.tracker()
    const ends = await Promise.all(names.map((name) => wordsOf(tracker, name)))
    for (const words of ends) expect(words).to.deep.equal(ALL)
    const once = firstValueFrom(tracker.watch('operations/cp.1').pipe(take(1)))
    expect(wordOf(await once)).to.equal('Succeeded 3')
  })
})

describe('bullmq/tracker, with Redis away from the start', () => {
  it('should answer in time with a clear word without a password, and close at once', async () => {
    const port = await freePort()
    const fleet = await fleetOn(`redis://user:S3CRET@127.0.0.1:${port}`)
    const tracker = fleet.tracker({ redisTimeout: 300 })
    const began = performance.now()
    const tracked = await tracker.track(NAME)
    const watched = await lastValueFrom(tracker.watch(NAME))
    const failed = await Promise.allSettled([
      tracker.stats(),
      tracker.forget(NAME),
      lastValueFrom(tracker.list()),
    ])
    const answered = performance.now() - began
    await fleet[Symbol.asyncDispose]()
    const closed = performance.now() - began - answered
    const message = `${NAME} could not be tracked: Redis at redis://127.0.0.1:${port} could not be reached within 0.3 s (ECONNREFUSED).`
    for (const word of [tracked, watched]) {
      expect(word).to.have.nested.property('left._tag', 'Unreachable')
      expect(word).to.have.nested.property('left.message', message)
      expect(word).to.have.deep.nested.property('left.last', {
        _tag: 'ConnectionFailed',
        code: 'ECONNREFUSED',
      })
      expect(word).to.have.nested.property('left.resume.name', NAME)
    }
    for (const one of failed) expect(one).to.have.nested.property('reason.name', 'RedisUnavailable')
    expect(inspect([tracked, watched, failed], { depth: 9, showHidden: true })).to.not.include('S3CRET')
    expect(answered).to.be.below(2_500)
    expect(closed).to.be.below(2_000)
  })
})
