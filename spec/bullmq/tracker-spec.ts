import { getEventListeners } from 'node:events'
import { inspect } from 'node:util'
import { Queue } from 'bullmq'
import { expect } from 'chai'
import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import { firstValueFrom, interval, lastValueFrom, of, Subject, share, take, tap, toArray } from 'rxjs'
import { jobId } from '../../lib/bullmq/index.js'
import type { Frame } from '../../lib/emulator/index.js'
import {
  constant,
  InvalidOption,
  isInvalidName,
  type Operation,
  type OperationError,
  OperationsClient,
  type ScheduleContext,
} from '../../lib/index.js'
import { delayed, running, scripted, succeeded } from '../virtual.js'
import { type Fleet, fleetOn, furtherPolls } from './fleet.js'
import { proxied } from './proxy.js'
import { freePort } from './redis.js'
import { onRedis } from './redis-suite.js'

const NAME = 'operations/cp.1'
const response = { name: 'projects/1', projectId: 'p-1' }
const frames: readonly Frame[] = [
  { metadata: { percent: 0 } },
  { polls: 2, metadata: { percent: 50 } },
  { polls: 3, done: true, metadata: { percent: 100 }, response },
]
/** Returns the tag of an emission and, after a success or a snapshot, the number of its poll. */
function labelOf(emission: Either<OperationError<unknown>, Operation<unknown, unknown>>): string {
  return isLeft(emission) ? emission.left._tag : `${emission.right._tag} ${emission.right.attempt}`
}
/** The labels of a watch of an operation with these frames. */
const ALL_LABELS = ['Running 1', 'Running 2', 'Succeeded 3']

onRedis('bullmq/tracker', (url) => {
  let fleet: Fleet
  beforeEach(async () => {
    fleet = await fleetOn(url())
  })
  afterEach(() => fleet[Symbol.asyncDispose]())

  /** Returns the key of the job of an operation. */
  const keyOf = (name: string): string => {
    const { endpoint } = fleet.emulator
    return `${fleet.shared.prefix}:${new URL(endpoint).host.replace(':', '-')}:${jobId({ endpoint, name })}`
  }
  /** Watches an operation, and returns the label of each emission, such as `Running 1`. */
  const labelsOf = async (tracker = fleet.tracker(), name = NAME): Promise<readonly string[]> =>
    (await lastValueFrom(tracker.watch(name).pipe(toArray()))).map(labelOf)

  describe('a watch', () => {
    it('should emit every snapshot, and the final result once', async () => {
      fleet.emulator.operations.add(NAME, frames)
      fleet.worker()
      const emissions = await lastValueFrom(fleet.tracker().watch(NAME).pipe(toArray()))
      expect(emissions.map(labelOf)).to.deep.equal(ALL_LABELS)
      expect(emissions[1]).to.have.deep.nested.property('right.metadata', { percent: 50 })
      expect(emissions[2]).to.have.deep.nested.property('right.response', response)
      expect(fleet.emulator.operations.polls(NAME)).to.equal(3)
    })

    it('should emit every snapshot if the watch starts before any worker', async () => {
      fleet.emulator.operations.add(NAME, frames)
      const tracker = fleet.tracker()
      const labels = labelsOf(tracker)
      while ((await tracker.stats()).waiting !== 1);
      fleet.worker()
      expect(await labels).to.deep.equal(ALL_LABELS)
    })

    const endings: Readonly<Record<string, Frame>> = {
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
      'a rejected request': {
        httpResponse: {
          httpStatus: 403,
          body: { error: { code: 403, message: 'no', status: 'PERMISSION_DENIED' } },
        },
      },
      'a large response': { done: true, response: { text: 'x'.repeat(300_000) } },
    }
    for (const [ending, frame] of Object.entries(endings))
      it(`should emit the same final result as a watch of a client for an operation that ends with ${ending}`, async () => {
        fleet.emulator.operations.add(NAME, [frame])
        fleet.worker()
        const token = {
          name: NAME,
          endpoint: fleet.emulator.endpoint,
          apiVersion: 'v3',
          since: Date.now() + 1e9,
        }
        const [fromClient, fromTracker] = await Promise.all([
          lastValueFrom(new OperationsClient({ endpoint: fleet.emulator.endpoint }).get(token)),
          lastValueFrom(fleet.tracker().watch(token)),
        ])
        const withoutTimes = (result: object) =>
          JSON.parse(JSON.stringify(result), (key, value) =>
            key === 'elapsed' || key === 'since' ? 0 : value,
          )
        expect(withoutTimes(fromTracker)).to.deep.equal(withoutTimes(fromClient))
        if (!isLeft(fromClient))
          expect(fromTracker).to.have.nested.property('right').that.has.property('response')
      })

    // Cited in docs/COMPARISON.md as: same-final-result
    it('should emit the same final result once to early, late and repeated subscribers of any process', async () => {
      fleet.emulator.operations.add(NAME, frames)
      const [first, second] = [fleet.tracker(), fleet.tracker()]
      const early = [labelsOf(first), labelsOf(first), labelsOf(second)]
      fleet.worker()
      await furtherPolls(fleet.emulator)
      const late = [labelsOf(first), labelsOf(second), labelsOf(fleet.tracker())]
      for (const labels of await Promise.all(early)) expect(labels).to.deep.equal(ALL_LABELS)
      for (const labels of await Promise.all(late))
        expect(labels).to.deep.equal(ALL_LABELS.slice(-labels.length))
      for (const tracker of [first, second, fleet.tracker()]) {
        expect(await labelsOf(tracker)).to.deep.equal(['Succeeded 3'])
        expect(await labelsOf(tracker)).to.deep.equal(['Succeeded 3'])
      }
      expect(fleet.emulator.operations.polls(NAME)).to.equal(3)
    })

    it('should decode emissions with the decoders of each subscriber', async () => {
      fleet.emulator.operations.add(NAME, frames)
      fleet.worker()
      const tracker = fleet.tracker()
      const [decoded, rejected] = await Promise.all([
        lastValueFrom(
          tracker.watch(NAME, { response: (value) => ({ _tag: 'Right', right: JSON.stringify(value) }) }),
        ),
        lastValueFrom(tracker.watch(NAME, { response: () => ({ _tag: 'Left', left: 'no' }) })),
      ])
      expect(decoded).to.have.nested.property('right.response', JSON.stringify(response))
      expect(rejected).to.have.nested.property('left._tag', 'MalformedResponse')
      expect(rejected).to.have.deep.nested.property('left.response', response)
    })

    it('should end at its timeout with the latest snapshot, while the workers continue to poll', async () => {
      fleet.emulator.operations.add(NAME, [{}, { polls: 20, done: true }])
      fleet.worker()
      const tracker = fleet.tracker()
      // The first poll loads the transport, which may take longer than the timeout.
      await firstValueFrom(tracker.watch(NAME))
      const result = await lastValueFrom(tracker.watch(NAME, { timeout: 400 }))
      expect(result).to.have.nested.property('left._tag', 'TimedOut')
      expect(result).to.have.nested.property('left.lastSeen._tag', 'Running')
      if (!isLeft(result) || isInvalidName(result.left) || result.left._tag === 'OperationFailed')
        throw new Error('the result has no resume token')
      expect(await lastValueFrom(tracker.watch(result.left.resume))).to.have.nested.property(
        'right.attempt',
        20,
      )
    })

    it('should end at its deadline with the latest snapshot, while the workers continue to poll', async () => {
      fleet.emulator.operations.add(NAME, [{}, { polls: 20, done: true }])
      fleet.worker()
      const tracker = fleet.tracker()
      await firstValueFrom(tracker.watch(NAME))
      const deadline = Date.now() + 400
      const result = await lastValueFrom(
        tracker.watch(NAME, { timeout: 60_000, deadline: new Date(deadline) }),
      )
      expect(Date.now()).to.be.within(deadline, deadline + 2_000)
      expect(result).to.have.nested.property('left.lastSeen._tag', 'Running')
      const message = `${NAME} did not finish before the deadline ${new Date(deadline).toISOString()}.`
      expect(result).to.have.property('left').that.includes({ _tag: 'TimedOut', deadline, message })
      expect(await labelsOf(tracker)).to.include('Succeeded 20')
    })

    it('should end with TimedOut and not track the operation if its deadline has passed', async () => {
      const tracker = fleet.tracker()
      const result = await lastValueFrom(tracker.watch(NAME, { deadline: Date.now() - 1 }))
      expect(result).to.have.property('left').that.includes({ _tag: 'TimedOut', timeout: 0 })
      expect(await tracker.forget(NAME)).to.equal(false)
    })

    it('should throw if its deadline is invalid', () => {
      const tracker = fleet.tracker()
      expect(() => tracker.watch(NAME, { deadline: Number.NaN })).to.throw(
        InvalidOption,
        /^deadline must be /,
      )
    })

    it('should complete without another emission when its signal is aborted', async () => {
      fleet.emulator.operations.add(NAME, [{}])
      const abort = new AbortController()
      fleet.worker()
      const emissions = fleet
        .tracker()
        .watch(NAME, { signal: abort.signal })
        .pipe(
          tap(() => queueMicrotask(() => abort.abort())),
          toArray(),
        )
      expect((await lastValueFrom(emissions)).map(labelOf)).to.deep.equal(['Running 1'])
    })

    it('should add one listener to the signal of many watches', async () => {
      const { signal } = new AbortController()
      const tracker = fleet.tracker()
      const watches = Array.from({ length: 50 }, (_, index) =>
        tracker.watch(`operations/cp.${index}`, { signal }).subscribe(),
      )
      expect(getEventListeners(signal, 'abort')).to.have.length(1)
      for (const watch of watches) watch.unsubscribe()
      expect(getEventListeners(signal, 'abort')).to.have.length(0)
    })

    it('should make the workers poll soon when the hint emits', async () => {
      fleet.emulator.operations.add(NAME, [{}, { polls: 2, done: true }])
      fleet.worker({ schedule: constant({ interval: 3_600_000 }) })
      const hint = new Subject<void>()
      const emissions = fleet
        .tracker()
        .watch(NAME, { hint })
        .pipe(
          tap(() => hint.next()),
          toArray(),
        )
      expect((await lastValueFrom(emissions)).map(labelOf)).to.deep.equal(['Running 1', 'Succeeded 2'])
      const [first, second] = fleet.emulator.requests
      // A hint is applied 500 ms after the last poll. The lower limit allows for the precision of timers.
      expect((second?.at ?? 0) - (first?.at ?? 0)).to.be.within(490, 2_500)
    })

    /** Returns the number of commands that Redis has run. */
    const countCommands = async (): Promise<number> =>
      Number(/total_commands_processed:(\d+)/.exec(await fleet.redis.info('stats'))?.[1])

    it('should reschedule a poll once, however often the hints emit', async () => {
      fleet.emulator.operations.add(NAME, [{}, { polls: 2, done: true }])
      fleet.worker({ schedule: constant({ interval: 3_600_000 }) })
      const tracker = fleet.tracker()
      const hint = new Subject<void>()
      const first = new Subject<void>()
      const watches = Array.from({ length: 100 }, () =>
        lastValueFrom(tracker.watch(NAME, { hint }).pipe(tap(() => first.next()))),
      )
      await firstValueFrom(first)
      const commandsBefore = await countCommands()
      for (let count = 0; count < 200; count++) hint.next()
      for (const result of await Promise.all(watches))
        expect(result).to.have.nested.property('right.attempt', 2)
      // Without hints, the worker and the tracker send about 30 commands in this time.
      expect((await countCommands()) - commandsBefore).to.be.below(200)
      expect(fleet.emulator.operations.polls(NAME)).to.equal(2)
    })

    it('should poll at most every 500 ms if the hint emits continuously, as a watch of a client does', async () => {
      fleet.emulator.operations.add(NAME, [{}, { polls: 5, done: true }])
      fleet.worker({ schedule: constant({ interval: 3_600_000 }) })
      const emissions = await lastValueFrom(
        fleet
          .tracker()
          .watch(NAME, { hint: interval(1) })
          .pipe(toArray()),
      )
      expect(emissions).to.have.length(5)
      const gaps = fleet.emulator.requests.map(({ at }, index, all) => at - (all[index - 1]?.at ?? at - 500))
      expect(Math.min(...gaps)).to.be.at.least(490)
      expect(Math.max(...gaps)).to.be.below(1_500)
    })

    it('should apply the next hint if Redis rejected the command of the last one', async () => {
      fleet.emulator.operations.add(NAME, [{}, { polls: 2, done: true }])
      fleet.worker({ schedule: constant({ interval: 3_600_000 }) })
      await fleet.redis.call('ACL', 'SETUSER', 'hinted', 'on', '>S3CRET', '~*', '&*', '+@all', '-zscore')
      try {
        const tracker = fleet.tracker({ connection: url().replace('//', '//hinted:S3CRET@') })
        const hint = new Subject<void>()
        const errors = firstValueFrom(tracker.errors)
        const emissions = lastValueFrom(
          tracker.watch(NAME, { hint }).pipe(
            tap(() => hint.next()),
            toArray(),
          ),
        )
        expect(await errors).to.have.property('code', 'NOPERM')
        await fleet.redis.call('ACL', 'SETUSER', 'hinted', '+zscore')
        hint.next()
        expect((await emissions).map(labelOf)).to.deep.equal(['Running 1', 'Succeeded 2'])
      } finally {
        await fleet.redis.call('ACL', 'DELUSER', 'hinted')
      }
    })

    it('should apply a hint that emits before the tracker has read the progress of the job', async () => {
      fleet.emulator.operations.add(NAME, [{}, { polls: 2, done: true }])
      fleet.worker({ schedule: constant({ interval: 3_600_000 }) })
      const tracker = fleet.tracker()
      await tracker.track(NAME)
      while ((await tracker.stats()).delayed !== 1);
      const emissions = await lastValueFrom(tracker.watch(NAME, { hint: of('now') }).pipe(toArray()))
      expect(emissions.map(labelOf)).to.deep.equal(['Running 1', 'Succeeded 2'])
    })

    it('should poll soon after the current response if the hint emits while a poll is in flight', async () => {
      const { transport, polledAt } = scripted(running(), delayed(500, running()), succeeded())
      const schedule = { next: ({ attempt }: ScheduleContext) => (attempt === 1 ? 300 : 3_600_000) }
      const { endpoint } = fleet.emulator
      fleet.worker({ client: new OperationsClient({ endpoint, transport, rateLimit: false }), schedule })
      const hint = new Subject<void>()
      const emissions = lastValueFrom(fleet.tracker().watch(NAME, { hint }).pipe(toArray()))
      while (polledAt.length < 2) await new Promise((resolve) => setImmediate(resolve))
      hint.next()
      expect((await emissions).map(labelOf)).to.deep.equal(['Running 1', 'Running 2', 'Succeeded 3'])
    })

    it('should emit InvalidName for an invalid name or a token of another endpoint, as a client does', async () => {
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
      it(`should watch ${name}, although BullMQ does not accept this name as a job ID`, async () => {
        fleet.emulator.operations.add(name, [{ done: true }])
        fleet.worker()
        expect(await labelsOf(fleet.tracker(), name)).to.deep.equal(['Succeeded 1'])
      })

    it('should end with ClientClosed when its tracker is closed, or immediately if the tracker is already closed', async () => {
      fleet.emulator.operations.add(NAME, [{}])
      fleet.worker()
      const tracker = fleet.tracker()
      const emissions = tracker.watch(NAME).pipe(
        tap(() => queueMicrotask(() => void tracker.close())),
        toArray(),
      )
      expect((await lastValueFrom(emissions)).map(labelOf)).to.deep.equal(['Running 1', 'ClientClosed'])
      expect(await labelsOf(tracker)).to.deep.equal(['ClientClosed'])
      expect(await tracker.track(NAME)).to.have.nested.property('left._tag', 'ClientClosed')
    })

    it('should replace metadata that is too large for Redis with a decode error', async () => {
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

  describe('a job whose data are invalid or belong to another operation', () => {
    const OTHER = 'operations/cp.2'
    /** Stores the operation OTHER in the job of NAME. */
    const storeOtherOperation = async (): Promise<void> => {
      const target = { name: OTHER, endpoint: fleet.emulator.endpoint, apiVersion: 'v3', since: 1 }
      await fleet.redis.hset(keyOf(NAME), 'data', JSON.stringify({ target }))
    }
    beforeEach(() => {
      for (const name of [NAME, OTHER])
        fleet.emulator.operations.add(name, [{ done: true, response: { name } }])
    })

    for (const state of ['waiting', 'completed'])
      it(`should be replaced by a watch, which emits only results of the watched operation, if the job is ${state}`, async () => {
        const tracker = fleet.tracker()
        await tracker.track(NAME)
        await storeOtherOperation()
        fleet.worker()
        while (state === 'completed' && (await tracker.stats()).completed !== 1);
        const emissions = await lastValueFrom(tracker.watch(NAME).pipe(toArray()))
        expect(emissions).to.have.length(1)
        expect(emissions[0]).to.have.deep.nested.property('right.response', { name: NAME })
      })

    it('should be replaced when a watch starts if its data are not JSON, although a worker fetches the job repeatedly', async () => {
      const tracker = fleet.tracker()
      await tracker.track(NAME)
      await fleet.redis.hset(keyOf(NAME), 'data', '{')
      const worker = fleet.worker({ lockDuration: 500 })
      await firstValueFrom(worker.errors)
      const emissions = await lastValueFrom(tracker.watch(NAME).pipe(toArray()))
      expect(emissions).to.have.length(1)
      expect(emissions[0]).to.have.deep.nested.property('right.response', { name: NAME })
    })

    it('should be replaced if it changes during a watch', async () => {
      const tracker = fleet.tracker()
      const emissions = lastValueFrom(tracker.watch(NAME).pipe(toArray()))
      while ((await tracker.stats()).waiting !== 1);
      await storeOtherOperation()
      fleet.worker()
      expect(await emissions).to.have.length(1)
      expect((await emissions)[0]).to.have.deep.nested.property('right.response', { name: NAME })
    })
  })

  describe('when Redis loses data or events', () => {
    it('should find the result by checking the job if no event arrives', async () => {
      fleet.emulator.operations.add(NAME, frames)
      await fleet.redis.call('ACL', 'SETUSER', 'no-events', 'on', '>S3CRET', '~*', '&*', '+@all', '-xread')
      try {
        const tracker = fleet.tracker({ connection: url().replace('//', '//no-events:S3CRET@') })
        const errors: Error[] = []
        tracker.errors.subscribe((error) => errors.push(error))
        fleet.worker()
        expect((await labelsOf(tracker)).at(-1)).to.equal('Succeeded 3')
        expect(errors).to.have.nested.property('[0].code', 'NOPERM')
        expect(inspect(errors, { depth: 9, showHidden: true })).to.not.include('S3CRET')
      } finally {
        await fleet.redis.call('ACL', 'DELUSER', 'no-events')
      }
    })

    it('should read events with a new connection if the first one fails before it is ready', () =>
      proxied(url(), async (connection, { rejectNext }) => {
        fleet.emulator.operations.add(NAME, [{}, { polls: 10, done: true }])
        fleet.worker({ schedule: constant({ interval: 100 }) })
        // Without events, the watch would receive the result a minute later.
        const tracker = fleet.tracker({ connection, checkInterval: 60_000 })
        await tracker.stats()
        const error = firstValueFrom(tracker.errors)
        rejectNext()
        const result = lastValueFrom(tracker.watch(NAME))
        expect((await error).message).to.match(/is unreachable|Connection is closed/)
        expect(await result).to.have.nested.property('right._tag', 'Succeeded')
      }))

    it('should continue to read events after an event with invalid JSON', async () => {
      fleet.emulator.operations.add(NAME, [{}, { polls: 10, done: true }])
      fleet.worker({ schedule: constant({ interval: 100 }) })
      // Without events, the watch would receive the result a minute later.
      const tracker = fleet.tracker({ checkInterval: 60_000 })
      const error = firstValueFrom(tracker.errors)
      const emissions = tracker.watch(NAME).pipe(share())
      const result = lastValueFrom(emissions)
      await firstValueFrom(emissions)
      const events = keyOf(NAME).replace(jobId({ endpoint: fleet.emulator.endpoint, name: NAME }), 'events')
      await fleet.redis.xadd(events, '*', 'event', 'progress', 'jobId', 'x', 'data', '{')
      expect((await error).message).to.include('JSON')
      expect(await result).to.have.nested.property('right._tag', 'Succeeded')
    })

    it('should add a lost job again with its last known progress', async () => {
      fleet.emulator.operations.add(NAME, [{ metadata: { percent: 1 } }, { polls: 4, done: true }])
      const first = fleet.worker({ schedule: constant({ interval: 3_600_000 }) })
      const labels: string[] = []
      const emitted = new Subject<void>()
      const since = Date.now() - 3_600_000
      const token = { name: NAME, endpoint: fleet.emulator.endpoint, apiVersion: 'v3', since }
      const result = lastValueFrom(
        fleet
          .tracker()
          .watch(token)
          .pipe(
            tap((emission) => {
              labels.push(labelOf(emission))
              emitted.next()
            }),
          ),
      )
      await firstValueFrom(emitted)
      await first.close()
      await fleet.redis.del(await fleet.redis.keys(`${fleet.shared.prefix}*`))
      fleet.worker()
      const finalResult = await result
      expect(labels).to.deep.equal(['Running 1', 'Running 2', 'Running 3', 'Succeeded 4'])
      expect(finalResult).to.have.nested.property('right.elapsed').that.is.at.least(3_600_000)
    })
  })

  describe('track', () => {
    it('should add one job for an operation, however often it is tracked', async () => {
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
      expect((await labelsOf()).at(-1)).to.equal('Succeeded 3')
      expect(fleet.emulator.operations.polls(NAME)).to.equal(3)
    })

    it('should poll without a watch, and store the outcome', async () => {
      fleet.emulator.operations.add(NAME, frames)
      const tracker = fleet.tracker()
      await tracker.track(NAME)
      fleet.worker()
      while ((await tracker.stats()).completed !== 1);
      expect(await tracker.track(NAME)).to.have.property('_tag', 'Right')
      expect(await labelsOf(tracker)).to.deep.equal(['Succeeded 3'])
      expect(fleet.emulator.operations.polls(NAME)).to.equal(3)
    })

    for (const method of ['track', 'watch'] as const)
      it(`should poll again if ${method} is called for an operation with a stored result that is not an outcome`, async () => {
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
        expect(await labelsOf(tracker)).to.deep.equal(['RequestRejected'])
        if (method === 'track') await tracker.track(NAME)
        expect(await labelsOf(tracker)).to.deep.equal(['Succeeded 1'])
      })

    it('should fail immediately if Redis rejects a command', async () => {
      await fleet.redis.call(
        'ACL',
        'SETUSER',
        'no-scripts',
        'on',
        '>S3CRET',
        '~*',
        '&*',
        '+@all',
        '-@scripting',
      )
      try {
        const tracker = fleet.tracker({ connection: url().replace('//', '//no-scripts:S3CRET@') })
        const result = await tracker.track(NAME)
        expect(result).to.have.nested.property('left.last.code', 'NOPERM')
        expect(result).to.have.nested.property('left.lasted').that.is.below(2_000)
      } finally {
        await fleet.redis.call('ACL', 'DELUSER', 'no-scripts')
      }
    })

    it('should reject an invalid name', async () => {
      expect(await fleet.tracker().track('x')).to.have.nested.property('left._tag', 'InvalidName')
    })
  })

  describe('list, stats and forget', () => {
    it('should return operations and counts of every state', async () => {
      const tracker = fleet.tracker()
      const [running, done, waiting] = [
        'operations/running',
        'operations/done',
        'operations/waiting',
      ] as const
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
      const labels = Object.fromEntries(
        listed.map(({ target, state, result }) => [target.name, [state, result && labelOf(result)]]),
      )
      expect(labels).to.deep.equal({
        [running]: ['delayed', 'Running 1'],
        [done]: ['completed', 'Succeeded 1'],
        [waiting]: ['waiting', undefined],
      })
    })

    it('should list each of many operations once', async () => {
      const tracker = fleet.tracker()
      const names = Array.from({ length: 300 }, (_, index) => `operations/cp.${index}`)
      await Promise.all(names.map((name) => tracker.track(name)))
      const listed = await lastValueFrom(tracker.list().pipe(toArray()))
      expect(listed.map(({ target }) => target.name)).to.have.members(names)
    })

    it('should end the list with an error when the tracker is closed', async () => {
      const tracker = fleet.tracker()
      await Promise.all(Array.from({ length: 120 }, (_, index) => tracker.track(`operations/cp.${index}`)))
      const listed = lastValueFrom(tracker.list().pipe(tap(() => void tracker.close())))
      expect(await listed.catch((error: unknown) => error)).to.have.property('name', 'RedisUnavailable')
    })

    it('should resolve track with ClientClosed if the tracker is closed during the call', async () => {
      const tracker = fleet.tracker()
      await tracker.stats()
      const tracked = tracker.track(NAME)
      await tracker.close()
      expect(await tracked).to.have.nested.property('left._tag', 'ClientClosed')
    })

    it('should skip a job without an operation', async () => {
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

    const invalidFields: Readonly<Record<string, readonly [field: string, value: string]>> = {
      'invalid JSON as data': ['data', '{"target":'],
      'a number as data': ['data', '7'],
      'invalid JSON as options': ['opts', '{'],
      'null as options': ['opts', 'null'],
      'invalid JSON as progress': ['progress', '{'],
      'invalid JSON as parent': ['parent', '{'],
      'a target without an endpoint': ['data', `{"target":{"name":"${NAME}"}}`],
      'a target with a number as name': ['data', '{"target":{"name":7}}'],
    }
    for (const [description, [field, value]] of Object.entries(invalidFields))
      it(`should list all other operations if a job has ${description}, and track the operation of this job again`, async () => {
        const tracker = fleet.tracker()
        const names = ['operations/cp.2', 'operations/cp.3', NAME]
        for (const name of names) await tracker.track(name)
        await fleet.redis.hset(keyOf(NAME), field, value)
        const listed = async () =>
          (await lastValueFrom(tracker.list().pipe(toArray()))).map(({ target }) => target.name)
        expect(await listed()).to.have.members(names.slice(0, 2))
        expect(await tracker.track(NAME)).to.have.property('_tag', 'Right')
        expect(await listed()).to.have.members(names)
      })

    it('should list all other operations if the key of a job has another type', async () => {
      const tracker = fleet.tracker()
      await tracker.track('operations/cp.2')
      await tracker.track(NAME)
      await fleet.redis.set(keyOf(NAME), 'x')
      const listed = await lastValueFrom(tracker.list().pipe(toArray()))
      expect(listed.map(({ target }) => target.name)).to.deep.equal(['operations/cp.2'])
      expect(await tracker.track(NAME)).to.have.nested.property('left.last.code', 'WRONGTYPE')
    })

    for (const field of ['progress', 'returnvalue', 'stacktrace', 'failedReason', 'finishedOn', 'atm'])
      it(`should list every operation if ${field} of a job has an unknown form`, async () => {
        const tracker = fleet.tracker()
        for (const name of ['operations/cp.2', NAME]) await tracker.track(name)
        await fleet.redis.hset(keyOf(NAME), field, '"x"')
        const listed = await lastValueFrom(tracker.list().pipe(toArray()))
        expect(listed.map(({ target }) => target.name)).to.have.members(['operations/cp.2', NAME])
      })

    it('should resolve `forget` with true only for the first removal of an operation', async () => {
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

    it('should wait for a poll in flight before it removes an operation', async () => {
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

  it('should trim the event stream to the latest events', async () => {
    const tracker = fleet.tracker()
    await Promise.all(Array.from({ length: 1_000 }, (_, index) => tracker.track(`operations/cp.${index}`)))
    const name = new URL(fleet.emulator.endpoint).host.replace(':', '-')
    // Redis trims about 100 events at a time. Each operation adds two events.
    expect(await fleet.redis.xlen(`${fleet.shared.prefix}:${name}:events`)).to.be.within(1_000, 1_200)
  })

  it('should put the start time with which the operation was first tracked into the results of a late watch', async () => {
    const since = Date.now() - 3_600_000
    const token = { name: NAME, endpoint: fleet.emulator.endpoint, apiVersion: 'v3', since }
    fleet.emulator.operations.add(NAME, [{}])
    fleet.worker()
    await fleet.tracker().track(token)
    const lateTracker = fleet.tracker()
    const result = await lastValueFrom(lateTracker.watch(NAME, { timeout: 1_500 }))
    expect(result).to.have.nested.property('left._tag', 'TimedOut')
    expect(result).to.have.nested.property('left.resume.since', since)
  })

  it('should watch 100 operations at the same time, and watch one of them again', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `operations/cp.${index}`)
    for (const name of names) fleet.emulator.operations.add(name, frames)
    fleet.worker()
    const tracker = fleet.tracker()
    const labels = await Promise.all(names.map((name) => labelsOf(tracker, name)))
    for (const each of labels) expect(each).to.deep.equal(ALL_LABELS)
    const repeated = firstValueFrom(tracker.watch('operations/cp.1').pipe(take(1)))
    expect(labelOf(await repeated)).to.equal('Succeeded 3')
  })
})

describe('bullmq/tracker if Redis is unreachable from the start', () => {
  it('should fail after redisTimeout without the password in the message, and close immediately', async () => {
    const port = await freePort()
    const fleet = await fleetOn(`redis://user:S3CRET@127.0.0.1:${port}`)
    const tracker = fleet.tracker({ redisTimeout: 300 })
    const startedAt = performance.now()
    const tracked = await tracker.track(NAME)
    const watched = await lastValueFrom(tracker.watch(NAME))
    const rejections = await Promise.allSettled([
      tracker.stats(),
      tracker.forget(NAME),
      lastValueFrom(tracker.list()),
    ])
    const failDuration = performance.now() - startedAt
    await fleet[Symbol.asyncDispose]()
    const closeDuration = performance.now() - startedAt - failDuration
    const message = `${NAME} could not be tracked: Redis at redis://127.0.0.1:${port} is unreachable: ECONNREFUSED (waited 0.3 s).`
    for (const result of [tracked, watched]) {
      expect(result).to.have.nested.property('left._tag', 'Unreachable')
      expect(result).to.have.nested.property('left.message', message)
      expect(result).to.have.deep.nested.property('left.last', {
        _tag: 'ConnectionFailed',
        code: 'ECONNREFUSED',
      })
      expect(result).to.have.nested.property('left.resume.name', NAME)
    }
    for (const rejection of rejections)
      expect(rejection).to.have.nested.property('reason.name', 'RedisUnavailable')
    expect(inspect([tracked, watched, rejections], { depth: 9, showHidden: true })).to.not.include('S3CRET')
    // `track`, `watch` and the three other calls each take about 300 ms.
    expect(failDuration).to.be.below(2_500)
    expect(closeDuration).to.be.below(2_000)
  })
})
