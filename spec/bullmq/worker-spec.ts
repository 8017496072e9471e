import { once } from 'node:events'
import { createServer } from 'node:http'
import { Queue, Worker } from 'bullmq'
import { expect } from 'chai'
import { left, right } from 'fp-ts/lib/Either.js'
import { GoogleAuth, gcpMetadata } from 'google-auth-library'
import { Redis } from 'ioredis'
import { defer, firstValueFrom, lastValueFrom, mergeMap, of, Subject, take, tap, toArray } from 'rxjs'
import { createWorker, jobId, type WorkerOptions } from '../../lib/bullmq/index.js'
import type { Fault, Frame } from '../../lib/emulator/index.js'
import { constant, defineProtocol, OperationsClient, service } from '../../lib/index.js'
import { NO_CREDENTIALS, withEnvironment } from '../environment.js'
import {
  delayed,
  httpReply,
  notFound,
  type Reply,
  rpcError,
  running,
  scripted,
  succeeded,
  unavailable,
} from '../virtual.js'
import { type Fleet, fleetOn, furtherPolls } from './fleet.js'
import { proxied } from './proxy.js'
import { freePort } from './redis.js'
import { onRedis } from './redis-suite.js'

const NAME = 'operations/cp.1'
const unavailableFrame: Frame = { httpResponse: { httpStatus: 503 } }
function throttledFault(retryAfterSeconds?: number): Fault {
  return {
    httpResponse: {
      httpStatus: 429,
      ...(retryAfterSeconds !== undefined && { headers: { 'Retry-After': `${retryAfterSeconds}` } }),
      body: { error: { code: 429, message: 'slow down', status: 'RESOURCE_EXHAUSTED' } },
    },
  }
}

function rateLimitedReply(headers?: Record<string, string>) {
  return rpcError(429, 'RESOURCE_EXHAUSTED', {}, headers)
}
/** Resolves in the next iteration of the event loop. */
function nextIteration() {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Returns the maximum number of `times` in any window of `length` milliseconds. */
function maxInWindow(times: readonly number[], length: number): number {
  return Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + length).length))
}

onRedis('bullmq/worker', (url) => {
  let fleet: Fleet
  let fault: (path: string) => Fault | undefined
  beforeEach(async () => {
    fault = () => undefined
    fleet = await fleetOn(url(), { fault: ({ path }) => fault(path) })
  })
  afterEach(() => fleet[Symbol.asyncDispose]())

  /** Watches an operation with a new tracker. Resolves with the final result. */
  const resultOf = (name = NAME) => lastValueFrom(fleet.tracker().watch(name))
  /** Returns a client that receives `replies` in order, and the times of its requests. */
  const clientOf = (...replies: readonly Reply[]) => {
    const { transport, polledAt } = scripted(...replies)
    const client = new OperationsClient({
      endpoint: fleet.emulator.endpoint,
      transport,
      rateLimit: false,
      random: () => 1,
    })
    return { client, polledAt }
  }
  const namesOf = (count: number) => Array.from({ length: count }, (_, index) => `operations/cp.${index}`)
  const requestTimes = () => fleet.emulator.requests.map(({ at }) => at)
  /** Returns the number of events of this queue that have one of the names. */
  const countEvents = async (...names: readonly string[]): Promise<number> => {
    const entries = await fleet.redis.xrange(`${fleet.shared.prefix}:${queueName()}:events`, '-', '+')
    return entries.filter(([, [, event]]) => names.includes(event as string)).length
  }
  const queueName = () => new URL(fleet.emulator.endpoint).host.replace(':', '-')

  it('should poll an operation once per interval of the schedule, although there are two workers', async () => {
    fleet.emulator.operations.add(NAME, [{}, { polls: 4, done: true }])
    fleet.worker({ schedule: constant({ interval: 300 }) })
    fleet.worker({ schedule: constant({ interval: 300 }) })
    expect(await resultOf()).to.have.nested.property('right.attempt', 4)
    const gaps = requestTimes().map((at, index, all) => at - (all[index - 1] ?? at - 300))
    expect(Math.min(...gaps)).to.be.at.least(295)
    expect(fleet.emulator.requests).to.have.length(4)
  })

  it('should use the documented poll interval of the service of its client, unless it has a schedule', async () => {
    const { endpoint } = fleet.emulator
    const { transport } = scripted(running())
    const client = new OperationsClient({ ...service('documentai'), endpoint, transport, rateLimit: false })
    const waits = new Subject<unknown>()
    const sendStep = client.step.bind(client)
    client.step = (...args) => sendStep(...args).pipe(tap((step) => waits.next(Object(step).wait)))
    const firstWait = firstValueFrom(waits)
    fleet.worker({ client, schedule: undefined })
    await fleet.tracker().track(NAME)
    expect(await firstWait).to.be.within(9_000, 10_000)
  })

  it('should poll the operations that a tracker with the same protocol has added', async () => {
    const name = 'projects/p/jobs/j'
    const protocol = defineProtocol({
      name: 'jobs',
      get: (name) => ({ name }),
      decode: (body) => right({ _tag: Object(body).state === 'DONE' ? 'Succeeded' : 'Running' }),
      nameProblem: (name) => (name.includes('/jobs/') ? undefined : 'it is not a job'),
    })
    const { transport, polledAt } = scripted(
      httpReply(200, { state: 'RUNNING' }),
      httpReply(200, { state: 'DONE' }),
    )
    const { endpoint } = fleet.emulator
    fleet.worker({ client: new OperationsClient({ endpoint, transport, rateLimit: false, protocol }) })
    const tracker = fleet.tracker({ protocol })
    expect(await tracker.track(NAME)).to.have.nested.property('left.reason', 'it is not a job')
    const token = await tracker.track(name)
    expect(token).to.have.nested.property('right.name', name)
    const emissions = await lastValueFrom(tracker.watch(Object(token).right).pipe(toArray()))
    expect(emissions.map((emission) => Object(emission).right._tag).slice(-1)).to.deep.equal(['Succeeded'])
    expect(polledAt).to.have.length(2)
  })

  it('should not fail a job after failures of the network or the API', async () => {
    fleet.emulator.operations.add(NAME, [
      unavailableFrame,
      { polls: 2, fault: 'reset' },
      { polls: 3, fault: 'cut-short' },
      { polls: 4, httpResponse: { httpStatus: 200, body: '<html>' } },
      { polls: 5 },
      { polls: 6, httpResponse: { httpStatus: 500 } },
      { polls: 7, done: true },
    ])
    fleet.worker()
    const emissions = await lastValueFrom(fleet.tracker().watch(NAME).pipe(toArray()))
    expect(emissions).to.have.length(2)
    expect(emissions[1]).to.have.nested.property('right.attempt', 7)
    expect(await countEvents('failed', 'stalled')).to.equal(0)
  }).timeout(30_000)

  it('should end with Unreachable after maxRetryTime, although each poll is a separate run of the job', async () => {
    fleet.emulator.operations.add(NAME, [{}, { polls: 2, ...unavailableFrame }])
    fleet.worker({ maxRetryTime: 400 })
    const result = await resultOf()
    expect(result).to.have.nested.property('left._tag', 'Unreachable')
    expect(result).to.have.nested.property('left.attempts').that.is.at.least(2)
    expect(result).to.have.nested.property('left.lastSeen.attempt', 1)
    expect(await countEvents('failed')).to.equal(0)
  })

  it('should not count the time that a due job waits in the queue toward maxRetryTime', async () => {
    const jobs = new Queue(queueName(), { connection: { url: url() }, prefix: fleet.shared.prefix })
    const hourAgo = Date.now() - 3_600_000
    const target = { name: NAME, endpoint: fleet.emulator.endpoint, apiVersion: 'v3', since: hourAgo }
    const state = {
      target,
      startedAt: hourAgo - 2_000,
      polledAt: hourAgo - 1_000,
      attempt: 1,
      hasResponse: true,
      visible: false,
      failing: { since: hourAgo - 1_000, attempts: 1 },
      malformedInARow: 0,
    }
    const job = await jobs.add(NAME, { target }, { jobId: jobId(target), delay: 60_000 })
    await job.updateProgress({ state, due: hourAgo, notBefore: hourAgo })
    await job.promote()
    const { client } = clientOf(unavailable, notFound, succeeded())
    fleet.worker({ client })
    expect(await resultOf()).to.have.nested.property('right.attempt', 4)
    await jobs.close()
  })

  describe('after a Retry-After or a throttled poll', () => {
    /**
     * Sends `response` to one poll of two workers. Returns the gap in milliseconds between the last request before the
     * pause and the first request after it.
     */
    const gapAfter = async (response: Fault): Promise<number> => {
      const names = namesOf(20)
      for (const name of names) fleet.emulator.operations.add(name, [{}])
      let respondedAt: number | undefined
      fault = () => {
        // By then, both workers poll several operations at the same time.
        if (fleet.emulator.requests.length < 40 || respondedAt !== undefined) return undefined
        respondedAt = fleet.emulator.requests.at(-1)?.at ?? 0
        return response
      }
      fleet.worker({ concurrency: 3 })
      fleet.worker({ concurrency: 3 })
      const tracker = fleet.tracker()
      await Promise.all(names.map((name) => tracker.track(name)))
      await furtherPolls(fleet.emulator, 120)
      // Polls that are already in flight are not aborted. They arrive within 100 ms.
      const limit = (respondedAt ?? 0) + 100
      const after = requestTimes().filter((at) => at > limit)
      const before = requestTimes().filter((at) => at <= limit)
      return Math.min(...after) - Math.max(...before)
    }

    it('should pause every worker for the Retry-After of a 429', async () => {
      expect(await gapAfter(throttledFault(1))).to.be.within(850, 2_500)
    })

    it('should pause every worker for the Retry-After of a failure', async () => {
      expect(
        await gapAfter({ httpResponse: { httpStatus: 503, headers: { 'Retry-After': '1' } } }),
      ).to.be.within(850, 2_500)
    })

    it('should not pause other operations if the response of a running operation has a Retry-After', async () => {
      const running = { name: 'operations/cp.7', done: false }
      expect(
        await gapAfter({
          httpResponse: { httpStatus: 200, headers: { 'Retry-After': '1' }, body: running },
        }),
      ).to.be.below(500)
    })

    for (const [cause, rejection] of Object.entries({
      'a 429': rateLimitedReply(),
      'a 403 with the reason RATE_LIMIT_EXCEEDED': rpcError(403, 'PERMISSION_DENIED', {
        details: [
          { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'RATE_LIMIT_EXCEEDED', domain: 'd' },
        ],
      }),
    }))
      it(`should pause for one period, then for two, after ${cause} without a Retry-After`, async () => {
        const { transport, polledAt } = scripted(rejection, rejection, succeeded())
        const { endpoint } = fleet.emulator
        const client = new OperationsClient({ endpoint, transport, rateLimit: false, random: () => 0 })
        fleet.worker({ client, rateLimit: { requests: 50, per: 400 } })
        expect(await resultOf()).to.have.nested.property('right._tag', 'Succeeded')
        const [first = 0, second = 0, third = 0] = polledAt
        expect(second - first).to.be.at.least(400)
        expect(third - second).to.be.at.least(800)
      })

    it('should pause only once after several 429s if their polls were in flight at the same time', async () => {
      const rejection = delayed(200, rateLimitedReply())
      const replies = [succeeded(), rejection, rejection, rejection, rejection, succeeded()]
      const { transport, polledAt } = scripted(...replies)
      const { endpoint } = fleet.emulator
      const client = new OperationsClient({ endpoint, transport, rateLimit: false, random: () => 0 })
      fleet.worker({ client, rateLimit: { requests: 50, per: 400 } })
      await resultOf('operations/first')
      await Promise.all(namesOf(4).map(resultOf))
      // Four pauses in a row would take 3.3 s.
      expect((polledAt[5] ?? 0) - (polledAt[4] ?? 0)).to.be.within(500, 2_000)
    })

    it('should not shorten a pause because of a later, shorter Retry-After', async () => {
      const { client, polledAt } = clientOf(
        succeeded(),
        delayed(200, rateLimitedReply({ 'retry-after': '2' })),
        delayed(400, rateLimitedReply({ 'retry-after': '1' })),
        succeeded(),
      )
      fleet.worker({ client })
      // A worker sends one poll at a time until the first response.
      await resultOf('operations/first')
      const tracker = fleet.tracker()
      const names = namesOf(2)
      await Promise.all(names.map((name) => tracker.track(name)))
      await Promise.all(names.map(resultOf))
      const [, first = 0, second = 0, third = 0] = polledAt
      expect(second - first).to.be.below(200)
      expect(third - first).to.be.at.least(2_150)
    })
  })

  it('should not shorten a pause because of a shorter Retry-After that arrives at the same time', async () => {
    const replies = [succeeded(), ...['2', '1'].map((after) => rateLimitedReply({ 'retry-after': after }))]
    const polledAt: number[] = []
    const sendHeldReplies = new Subject<void>()
    const transport = () =>
      defer(() => {
        const reply = of(replies[polledAt.length] ?? succeeded())
        polledAt.push(performance.now())
        return polledAt.length === 2 || polledAt.length === 3
          ? sendHeldReplies.pipe(
              take(1),
              mergeMap(() => reply),
            )
          : reply
      })
    fleet.worker({
      client: new OperationsClient({ endpoint: fleet.emulator.endpoint, transport, rateLimit: false }),
    })
    await resultOf('operations/first')
    const results = namesOf(2).map(resultOf)
    while (polledAt.length < 3) await nextIteration()
    const respondedAt = performance.now()
    sendHeldReplies.next()
    await Promise.all(results)
    expect((polledAt[3] ?? 0) - respondedAt).to.be.at.least(1_950)
  })

  it('should send one poll at a time until the first response', async () => {
    const { client, polledAt } = clientOf(delayed(300, running()), running())
    const tracker = fleet.tracker()
    await Promise.all(namesOf(5).map((name) => tracker.track(name)))
    fleet.worker({ client })
    while (polledAt.length < 5) await nextIteration()
    const [first = 0, second = 0] = polledAt
    expect(second - first).to.be.at.least(295)
  })

  it('should apply one rate limit to all workers, and poll all operations equally often', async () => {
    const names = namesOf(60)
    for (const name of names) fleet.emulator.operations.add(name, [{}])
    const rateLimit = { requests: 20, per: 500 }
    for (let count = 0; count < 3; count++) fleet.worker({ rateLimit, schedule: constant({ interval: 1 }) })
    const tracker = fleet.tracker()
    await Promise.all(names.map((name) => tracker.track(name)))
    await furtherPolls(fleet.emulator, 120)
    // One poll of each worker may arrive later than the next poll of this worker.
    expect(maxInWindow(requestTimes(), rateLimit.per)).to.be.at.most(rateLimit.requests + 3)
    const windows = ((requestTimes().at(-1) ?? 0) - (requestTimes()[0] ?? 0)) / rateLimit.per
    expect(requestTimes().length).to.be.at.most(rateLimit.requests * (Math.floor(windows) + 1))
    for (const name of names) expect(fleet.emulator.operations.polls(name), name).to.be.within(1, 3)
  })

  describe('a defect of a schedule', () => {
    const brokenSchedule = { next: () => Number.NaN }
    it('should fail the job, end every watch with an error, and be emitted by `errors` of the worker', async () => {
      fleet.emulator.operations.add(NAME, [{}])
      const worker = fleet.worker({ schedule: brokenSchedule })
      const [reported, watched] = await Promise.all([
        firstValueFrom(worker.errors),
        resultOf().catch((error: unknown) => error),
      ])
      expect(reported).to.be.instanceOf(RangeError)
      expect(watched)
        .to.be.instanceOf(Error)
        .with.property('message')
        .that.matches(/^a worker failed to poll operations\/cp\.1: .*a schedule must return/)
      expect(await fleet.tracker().stats()).to.include({ failed: 1 })
      expect((await lastValueFrom(fleet.tracker().list()))?.state).to.equal('failed')
    })

    it('should have no effect after the operation is tracked again, if the workers have no such defect', async () => {
      fleet.emulator.operations.add(NAME, [{}, { polls: 2, done: true }])
      const worker = fleet.worker({ schedule: brokenSchedule })
      await resultOf().catch(() => undefined)
      await worker.close()
      fleet.worker()
      await fleet.tracker().track(NAME)
      expect(await resultOf()).to.have.nested.property('right._tag', 'Succeeded')
    })
  })

  describe('a worker that is closed', () => {
    it('should abort its poll, and leave the operation to other workers immediately', async () => {
      fleet.emulator.operations.add(NAME, [{ stall: true }, { polls: 2, done: true }])
      const first = fleet.worker()
      const result = resultOf()
      while (fleet.emulator.operations.polls(NAME) === 0) await nextIteration()
      const second = fleet.worker()
      const startedAt = performance.now()
      await first.close()
      expect(performance.now() - startedAt).to.be.below(1_000)
      expect(await result).to.have.nested.property('right._tag', 'Succeeded')
      expect(performance.now() - startedAt).to.be.below(2_000)
      expect(await countEvents('failed', 'stalled')).to.equal(0)
      await second.close()
      await second.close()
    })

    it('should close when its client is closed, and leave the operations to other workers', async () => {
      fleet.emulator.operations.add(NAME, [{ stall: true }, { polls: 2, done: true }])
      const client = new OperationsClient({ endpoint: fleet.emulator.endpoint })
      fleet.worker({ client })
      const result = resultOf()
      while (fleet.emulator.operations.polls(NAME) === 0) await nextIteration()
      client.close()
      fleet.worker()
      expect(await result).to.have.nested.property('right._tag', 'Succeeded')
    })

    it('should open no further connection if it is closed when its connection is created', async () => {
      const connection = new Redis(url(), { lazyConnect: true })
      const duplicate = connection.duplicate.bind(connection)
      let furtherConnections = 0
      const closed = new Promise<void>((resolve) => {
        connection.duplicate = (options) => {
          queueMicrotask(() => resolve(worker.close()))
          const client = duplicate(options)
          client.duplicate = (furtherOptions) => {
            furtherConnections++
            return duplicate(furtherOptions)
          }
          return client
        }
      })
      const worker = fleet.worker({ connection })
      await closed
      await nextIteration()
      expect(furtherConnections).to.equal(0)
    })

    it('should renew its lock if a poll takes longer than lockDuration', async () => {
      const { client, polledAt } = clientOf(delayed(1_500, succeeded()))
      fleet.worker({ client, lockDuration: 300 })
      fleet.worker({ client, lockDuration: 300 })
      expect(await resultOf()).to.have.nested.property('right._tag', 'Succeeded')
      expect(polledAt).to.have.length(1)
      expect(await countEvents('stalled')).to.equal(0)
    })
  })

  describe('a worker that crashes', () => {
    /** Locks a job and does not end it, like a worker that crashes before it stores the result. */
    const lockAndAbandonJob = async (): Promise<void> => {
      const crashed = new Worker(queueName(), null, {
        connection: { url: url() },
        prefix: fleet.shared.prefix,
        lockDuration: 100,
        maxStalledCount: 1_000,
      })
      crashed.on('error', () => undefined)
      let job = await crashed.getNextJob('crashed', { block: false })
      while (job === undefined) job = await crashed.getNextJob('crashed', { block: false })
      await crashed.close(true)
    }

    it('should not repeat a final result if the worker crashes before it stores the result', async () => {
      fleet.emulator.operations.add(NAME, [{ done: true }])
      const tracker = fleet.tracker()
      const emissions = lastValueFrom(tracker.watch(NAME).pipe(toArray()))
      await tracker.track(NAME)
      await lockAndAbandonJob()
      fleet.worker({ lockDuration: 400 })
      expect(await emissions).to.have.length(1)
      expect(await countEvents('completed')).to.equal(1)
      expect(await countEvents('stalled')).to.equal(1)
    })

    it('should fail no job after any number of crashes', async () => {
      fleet.emulator.operations.add(NAME, [{ done: true }])
      const tracker = fleet.tracker()
      await tracker.track(NAME)
      // Sets the stall count of BullMQ, whose default limit is 1.
      await fleet.redis.hset(
        `${fleet.shared.prefix}:${queueName()}:${jobId({ endpoint: fleet.emulator.endpoint, name: NAME })}`,
        'stc',
        500,
      )
      await lockAndAbandonJob()
      fleet.worker({ lockDuration: 400 })
      expect(await resultOf()).to.have.nested.property('right._tag', 'Succeeded')
      expect(await countEvents('failed')).to.equal(0)
    })
  })

  it('should replace sockets that are dead but not closed', () =>
    proxied(url(), async (connection, { freezeSockets }) => {
      fleet.emulator.operations.add(NAME, [{ done: true }])
      const worker = fleet.worker({ connection })
      await resultOf()
      freezeSockets()
      fleet.emulator.operations.add('operations/later', [{ done: true }])
      expect(await resultOf('operations/later')).to.have.nested.property('right._tag', 'Succeeded')
      await worker.close()
    })).timeout(40_000)

  it('should report an error and continue if a job is removed during its poll', async () => {
    const { client, polledAt } = clientOf(delayed(300, running()), succeeded())
    const worker = fleet.worker({ client })
    const error = firstValueFrom(worker.errors)
    await fleet.tracker().track(NAME)
    while (polledAt.length === 0) await nextIteration()
    await fleet.redis.del(await fleet.redis.keys(`${fleet.shared.prefix}*`))
    expect(await error)
      .to.have.property('message')
      .that.matches(/Missing key for job/)
    expect(await resultOf('operations/cp.2')).to.have.nested.property('right._tag', 'Succeeded')
  })

  it('should poll an operation again if its job failed because another worker threw an error', async () => {
    fleet.emulator.operations.add(NAME, [{ done: true }])
    const result = resultOf()
    const fail = () => Promise.reject(new Error('odd'))
    const throwingWorker = new Worker(queueName(), fail, {
      connection: { url: url() },
      prefix: fleet.shared.prefix,
    })
    await new Promise((resolve) => throwingWorker.once('failed', resolve))
    await throwingWorker.close()
    fleet.worker()
    expect(await result).to.have.nested.property('right._tag', 'Succeeded')
  })

  it('should remove expired results when another operation ends', async () => {
    fleet.emulator.operations.add(NAME, [{ done: true }])
    fleet.worker({ retention: 1_000 })
    const tracker = fleet.tracker()
    const storedNames = async () =>
      (await lastValueFrom(tracker.list().pipe(toArray()))).map(({ target }) => target.name)
    await resultOf()
    expect(await storedNames()).to.deep.equal([NAME])
    for (let index = 2; (await storedNames()).includes(NAME); index++) {
      fleet.emulator.operations.add(`operations/cp.${index}`, [{ done: true }])
      await resultOf(`operations/cp.${index}`)
    }
    expect(await storedNames()).to.not.be.empty
  })

  describe('a worker that cannot poll', () => {
    it('should leave operations to other workers, and report the reason', async () => {
      const auth = {
        getRequestHeaders: () => Promise.reject(new Error('No refresh token is set.')),
      }
      const client = new OperationsClient({ endpoint: fleet.emulator.endpoint, auth, rateLimit: false })
      const worker = fleet.worker({ client })
      const errors: Error[] = []
      worker.errors.subscribe((error) => errors.push(error))
      const names = namesOf(30)
      for (const name of names) fleet.emulator.operations.add(name, [{}, { polls: 2, done: true }])
      const results = Promise.all(names.map(resultOf))
      while (errors.length === 0) await nextIteration()
      fleet.worker()
      fleet.worker()
      for (const result of await results) expect(result).to.have.nested.property('right._tag', 'Succeeded')
      expect(errors[0]?.message).to.match(/^Could not obtain credentials for .*the token has expired/)
      // The worker polls one operation at a time, and pauses after each poll.
      expect(errors.length).to.be.at.most(3)
    }).timeout(20_000)

    it('should poll without a restart if the metadata server starts later', async () => {
      const port = await freePort()
      const metadata = createServer((_, response) => {
        response.setHeader('metadata-flavor', 'Google')
        response.end('{"access_token": "t", "expires_in": 3600}')
      })
      let calls = 0
      class StartingAuth extends GoogleAuth {
        override async getRequestHeaders(origin?: string): Promise<Headers> {
          if (++calls === 2) await once(metadata.listen(port, '127.0.0.1'), 'listening')
          return super.getRequestHeaders(origin)
        }
      }
      await withEnvironment({ ...NO_CREDENTIALS, GCE_METADATA_HOST: `127.0.0.1:${port}` }, async () => {
        gcpMetadata.resetIsAvailableCache()
        const { endpoint, operations } = fleet.emulator
        operations.add(NAME, [{ done: true }])
        fleet.worker({
          client: new OperationsClient({ endpoint, auth: new StartingAuth({ projectId: 'p' }) }),
        })
        const result = resultOf().finally(() => metadata.close())
        expect(await result).to.have.nested.property('right._tag', 'Succeeded')
      })
      expect(calls).to.equal(2)
    }).timeout(20_000)

    it('should retry after a delay', async () => {
      const { client, polledAt } = clientOf(
        left({ _tag: 'CertificateRefused', code: 'CERT_HAS_EXPIRED' }),
        succeeded(),
      )
      const error = firstValueFrom(fleet.worker({ client }).errors)
      expect(await resultOf()).to.have.nested.property('right._tag', 'Succeeded')
      expect((await error).message).to.match(/CERT_HAS_EXPIRED/)
      const [first = 0, second = 0] = polledAt
      expect(second - first).to.be.at.least(4_990)
    }).timeout(20_000)

    it('should close immediately during a pause', async () => {
      const { client } = clientOf(left({ _tag: 'CertificateRefused', code: 'CERT_HAS_EXPIRED' }))
      const worker = fleet.worker({ client })
      await fleet.tracker().track(NAME)
      await firstValueFrom(worker.errors)
      const startedAt = performance.now()
      await worker.close()
      expect(performance.now() - startedAt).to.be.below(1_000)
      expect(await fleet.tracker().stats()).to.include({ active: 0 })
    })
  })

  it('should not delay its operations if other jobs of the queue need no request', async () => {
    const jobs = new Queue(queueName(), { connection: { url: url() }, prefix: fleet.shared.prefix })
    const { endpoint } = fleet.emulator
    const targets = [
      {
        name: 'projects/p/locations/l/operations/o',
        endpoint: 'https://run.googleapis.com',
        apiVersion: 'v2',
      },
      { name: NAME, endpoint: 'https://evil.example', apiVersion: 'v3' },
      { name: '../secrets', endpoint, apiVersion: 'v3' },
      undefined,
    ]
    for (const target of targets)
      await jobs.addBulk(Array.from({ length: 50 }, () => ({ name: 'x', data: { target } })))
    const names = namesOf(5)
    for (const name of names) fleet.emulator.operations.add(name, [{}, { polls: 2, done: true }])
    const startedAt = performance.now()
    fleet.worker({ rateLimit: { requests: 10, per: 1_000 } })
    for (const result of await Promise.all(names.map((name) => resultOf(name))))
      expect(result).to.have.nested.property('right._tag', 'Succeeded')
    // Ten polls take 1 s. If each of the other 200 jobs also used the rate limit, the polls would take 22 s.
    expect(performance.now() - startedAt).to.be.below(6_000)
    await jobs.close()
  })

  for (const endpoint of ['http://127.0.0.1:1', 'https://evil.example'])
    it(`should delay an operation whose endpoint ${endpoint} is not that of the worker, and report an error`, async () => {
      const jobs = new Queue(queueName(), { connection: { url: url() }, prefix: fleet.shared.prefix })
      await jobs.add(
        'x',
        { target: { name: NAME, endpoint, apiVersion: 'v3', since: 1 } },
        { jobId: 'elsewhere' },
      )
      const error = await firstValueFrom(fleet.worker().errors)
      expect(error.message).to.include(endpoint)
      while ((await jobs.getDelayedCount()) === 0) await nextIteration()
      expect(fleet.emulator.requests).to.deep.equal([])
      await jobs.close()
    })

  it('should poll an operation from its first attempt if the stored progress has an unknown form', async () => {
    const jobs = new Queue(queueName(), { connection: { url: url() }, prefix: fleet.shared.prefix })
    const target = { name: NAME, endpoint: fleet.emulator.endpoint, apiVersion: 'v3', since: 1 }
    fleet.emulator.operations.add(NAME, [{ done: true }])
    const job = await jobs.add(
      'x',
      { target, progress: { state: { target } } },
      { jobId: 'odd', delay: 60_000 },
    )
    await job.updateProgress({ state: 7 })
    await job.promote()
    fleet.worker()
    while ((await jobs.getCompletedCount()) < 1);
    expect((await jobs.getJob('odd'))?.returnvalue).to.have.nested.property('right._tag', 'Succeeded')
    await jobs.close()
  })

  it('should end a job without a request if the job has no operation', async () => {
    const jobs = new Queue(queueName(), { connection: { url: url() }, prefix: fleet.shared.prefix })
    await jobs.add('x', { nothing: true }, { jobId: 'nothing' })
    fleet.worker()
    while ((await jobs.getCompletedCount()) < 1);
    expect((await jobs.getJob('nothing'))?.returnvalue).to.have.nested.property('left._tag', 'InvalidName')
    expect(fleet.emulator.requests).to.deep.equal([])
    await jobs.close()
  })

  for (const [difference, other] of Object.entries({
    name: { name: 'operations/cp.2' },
    endpoint: { endpoint: 'https://evil.example' },
  }))
    it(`should ignore progress with another ${difference}, and poll the operation of the job`, async () => {
      const jobs = new Queue(queueName(), { connection: { url: url() }, prefix: fleet.shared.prefix })
      for (const name of [NAME, 'operations/cp.2'])
        fleet.emulator.operations.add(name, [{ done: true, response: { name } }])
      const target = { name: NAME, endpoint: fleet.emulator.endpoint, apiVersion: 'v3', since: 1 }
      const state = {
        target: { ...target, ...other },
        startedAt: 1,
        polledAt: 1,
        attempt: 1,
        malformedInARow: 0,
      }
      const progress = { state: { ...state, hasResponse: true, visible: true }, due: 1, notBefore: 1 }
      const job = await jobs.add(NAME, { target, progress }, { jobId: jobId(target), delay: 60_000 })
      await job.updateProgress(progress)
      const result = resultOf()
      await job.promote()
      fleet.worker()
      expect(await result).to.have.deep.nested.property('right.response', { name: NAME })
      expect(await result).to.have.nested.property('right.name', NAME)
      expect(fleet.emulator.operations.polls('operations/cp.2')).to.equal(0)
      expect(fleet.emulator.operations.polls(NAME)).to.equal(1)
      await jobs.close()
    })

  it('should poll the other operations if the data of a job is not JSON', async () => {
    const names = namesOf(20)
    for (const name of names) fleet.emulator.operations.add(name, [{}, { polls: 3, done: true }])
    const tracker = fleet.tracker()
    await Promise.all(names.map((name) => tracker.track(name)))
    const id = jobId({ endpoint: fleet.emulator.endpoint, name: names[0] ?? '' })
    await fleet.redis.hset(`${fleet.shared.prefix}:${queueName()}:${id}`, 'data', '{"target":')
    const worker = fleet.worker({ lockDuration: 500 })
    const error = firstValueFrom(worker.errors)
    const results = await Promise.all(names.slice(1).map((name) => resultOf(name)))
    for (const result of results) expect(result).to.have.nested.property('right._tag', 'Succeeded')
    expect(await error).to.have.property('name', 'RedisUnavailable')
  })

  describe('an invalid option', () => {
    const invalid: readonly (readonly [option: string, Partial<WorkerOptions> | object])[] = [
      ['client', { client: {} }],
      ['connection', { connection: 'http://:S3CRET@x' }],
      ['concurrency', { concurrency: 0 }],
      ['lockDuration', { lockDuration: 1 }],
      ['rateLimit.requests', { rateLimit: { requests: 0, per: 1 } }],
      ['rateLimit.per', { rateLimit: { requests: 1, per: 0 } }],
      ['rateLimit.per', { rateLimit: { requests: 1, per: 3_600_001 } }],
      ['retention', { retention: 1 }],
      ['queue', { queue: 'a:b' }],
      ['prefix', { prefix: '' }],
      ['schedule', { schedule: {} }],
      ['maxRetryTime', { maxRetryTime: -1 }],
    ]
    for (const [option, invalidOptions] of invalid)
      it(`should be rejected with an error that contains its name: ${JSON.stringify(invalidOptions)}`, () => {
        const client = new OperationsClient({ endpoint: fleet.emulator.endpoint })
        const options = { ...fleet.shared, client, ...invalidOptions } as WorkerOptions
        expect(() => createWorker(options))
          .to.throw(RangeError, `${option} must be`)
          .and.not.match(/S3CRET/)
      })
  })
})

describe('bullmq/worker if Redis is unreachable', () => {
  it('should close within 2 s', async () => {
    const fleet = await fleetOn(`redis://127.0.0.1:${await freePort()}`)
    const worker = fleet.worker()
    const error = await firstValueFrom(worker.errors)
    expect(error).to.have.property('code', 'ECONNREFUSED')
    const startedAt = performance.now()
    await worker.close()
    expect(performance.now() - startedAt).to.be.below(2_000)
    await fleet[Symbol.asyncDispose]()
  })
})
