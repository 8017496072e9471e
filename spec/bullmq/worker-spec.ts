import { Queue, Worker } from 'bullmq'
import { expect } from 'chai'
import { left } from 'fp-ts/lib/Either.js'
import { defer, firstValueFrom, lastValueFrom, mergeMap, of, Subject, take, toArray } from 'rxjs'
import { createWorker, jobId, type WorkerOptions } from '../../lib/bullmq/index.js'
import type { Fault, Frame } from '../../lib/emulator/index.js'
import { constant, OperationsClient } from '../../lib/index.js'
import {
  delayed,
  notFound,
  type Reply,
  rpcError,
  running,
  scripted,
  succeeded,
  unavailable as unreachable,
} from '../virtual.js'
import { type Fleet, fleetOn, polled } from './fleet.js'
import { proxied } from './proxy.js'
import { freePort, onRedis } from './redis.js'

const NAME = 'operations/cp.1'
const unavailable: Frame = { httpResponse: { httpStatus: 503 } }
function throttled(retryAfter?: number): Fault {
  return {
    httpResponse: {
      httpStatus: 429,
      ...(retryAfter !== undefined && { headers: { 'Retry-After': `${retryAfter}` } }),
      body: { error: { code: 429, message: 'slow down', status: 'RESOURCE_EXHAUSTED' } },
    },
  }
}

function rateLimited(headers?: Record<string, string>) {
  return rpcError(429, 'RESOURCE_EXHAUSTED', {}, headers)
}
function nextTurn() {
  return new Promise((resolve) => setImmediate(resolve))
}

/** The most that fall into any sliding window. */
function most(times: readonly number[], window: number): number {
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + window).length))
}

onRedis('bullmq/worker', (url) => {
  let fleet: Fleet
  let fault: (path: string) => Fault | undefined
  beforeEach(async () => {
    fault = () => undefined
    fleet = await fleetOn(url(), { fault: ({ path }) => fault(path) })
  })
  afterEach(() => fleet[Symbol.asyncDispose]())

  const ended = (name = NAME) => lastValueFrom(fleet.tracker().watch(name))
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
  const namesOf = (count: number) => Array.from({ length: count }, (_, at) => `operations/cp.${at}`)
  const times = () => fleet.emulator.requests.map(({ at }) => at)
  /** How often this queue has said so. */
  const counted = async (...events: readonly string[]): Promise<number> => {
    const entries = await fleet.redis.xrange(`${fleet.shared.prefix}:${queue()}:events`, '-', '+')
    return entries.filter(([, [, event]]) => events.includes(event as string)).length
  }
  const queue = () => new URL(fleet.emulator.endpoint).host.replace(':', '-')

  it('should poll by the schedule, one poll of a name at a time', async () => {
    fleet.emulator.operations.add(NAME, [{}, { polls: 4, done: true }])
    fleet.worker({ schedule: constant({ interval: 300 }) })
    fleet.worker({ schedule: constant({ interval: 300 }) })
    expect(await ended()).to.have.nested.property('right.attempt', 4)
    const gaps = times().map((at, index, all) => at - (all[index - 1] ?? at - 300))
    expect(Math.min(...gaps)).to.be.at.least(295)
    expect(fleet.emulator.requests).to.have.length(4)
  })

  it('should fail no job for whatever the network or the API does', async () => {
    fleet.emulator.operations.add(NAME, [
      unavailable,
      { polls: 2, fault: 'reset' },
      { polls: 3, fault: 'cut-short' },
      { polls: 4, httpResponse: { httpStatus: 200, body: '<html>' } },
      { polls: 5 },
      { polls: 6, httpResponse: { httpStatus: 500 } },
      { polls: 7, done: true },
    ])
    fleet.worker()
    const words = await lastValueFrom(fleet.tracker().watch(NAME).pipe(toArray()))
    expect(words).to.have.length(2)
    expect(words[1]).to.have.nested.property('right.attempt', 7)
    expect(await counted('failed', 'stalled')).to.equal(0)
  }).timeout(30_000)

  it('should lose maxRetryTime over activations as a watch does', async () => {
    fleet.emulator.operations.add(NAME, [{}, { polls: 2, ...unavailable }])
    fleet.worker({ maxRetryTime: 400 })
    const word = await ended()
    expect(word).to.have.nested.property('left._tag', 'Unreachable')
    expect(word).to.have.nested.property('left.attempts').that.is.at.least(2)
    expect(word).to.have.nested.property('left.lastSeen.attempt', 1)
    expect(await counted('failed')).to.equal(0)
  })

  it('should bear failures for as long as it asks, and not count the time that a poll waits for its turn', async () => {
    const jobs = new Queue(queue(), { connection: { url: url() }, prefix: fleet.shared.prefix })
    const hourAgo = Date.now() - 3_600_000
    const target = { name: NAME, endpoint: fleet.emulator.endpoint, apiVersion: 'v3', since: hourAgo }
    const course = {
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
    await job.updateProgress({ course, due: hourAgo, notBefore: hourAgo })
    await job.promote()
    const { client } = clientOf(unreachable, notFound, succeeded())
    fleet.worker({ client })
    expect(await ended()).to.have.nested.property('right.attempt', 4)
    await jobs.close()
  })

  describe('where the server wants a pause', () => {
    /** For how long nobody asks, after one answer of many. */
    const pausedBy = async (one: Fault): Promise<number> => {
      const names = namesOf(20)
      for (const name of names) fleet.emulator.operations.add(name, [{}])
      let told: number | undefined
      fault = () => {
        if (fleet.emulator.requests.length < 40 || told !== undefined) return undefined
        told = fleet.emulator.requests.at(-1)?.at ?? 0
        return one
      }
      fleet.worker({ concurrency: 3 })
      fleet.worker({ concurrency: 3 })
      const tracker = fleet.tracker()
      await Promise.all(names.map((name) => tracker.track(name)))
      await polled(fleet.emulator, 120)
      // Those in flight at that moment are not called back.
      const soon = (told ?? 0) + 100
      const after = times().filter((at) => at > soon)
      const before = times().filter((at) => at <= soon)
      return Math.min(...after) - Math.max(...before)
    }

    it('should pause every worker of the fleet for as long as a 429 says', async () => {
      expect(await pausedBy(throttled(1))).to.be.within(850, 2_500)
    })

    it('should pause every worker for a failure that says when to come again', async () => {
      expect(
        await pausedBy({ httpResponse: { httpStatus: 503, headers: { 'Retry-After': '1' } } }),
      ).to.be.within(850, 2_500)
    })

    it('should pause nobody for an operation that says when to come again', async () => {
      const running = { name: 'operations/cp.7', done: false }
      expect(
        await pausedBy({ httpResponse: { httpStatus: 200, headers: { 'Retry-After': '1' }, body: running } }),
      ).to.be.below(500)
    })

    for (const [what, refusal] of Object.entries({
      'a 429': rateLimited(),
      'a 403 that speaks of a rate limit': rpcError(403, 'PERMISSION_DENIED', {
        details: [
          { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'RATE_LIMIT_EXCEEDED', domain: 'd' },
        ],
      }),
    }))
      it(`should pause for a window of the limiter, then for two, for ${what} that does not say how long`, async () => {
        const { transport, polledAt } = scripted(refusal, refusal, succeeded())
        const { endpoint } = fleet.emulator
        const client = new OperationsClient({ endpoint, transport, rateLimit: false, random: () => 0 })
        fleet.worker({ client, rateLimit: { requests: 50, per: 400 } })
        expect(await ended()).to.have.nested.property('right._tag', 'Succeeded')
        const [first = 0, second = 0, third = 0] = polledAt
        expect(second - first).to.be.at.least(400)
        expect(third - second).to.be.at.least(800)
      })

    it('should pause once for refusals of polls that were in flight together', async () => {
      const refusal = delayed(200, rateLimited())
      const replies = [succeeded(), refusal, refusal, refusal, refusal, succeeded()]
      const { transport, polledAt } = scripted(...replies)
      const { endpoint } = fleet.emulator
      const client = new OperationsClient({ endpoint, transport, rateLimit: false, random: () => 0 })
      fleet.worker({ client, rateLimit: { requests: 50, per: 400 } })
      await ended('operations/first')
      await Promise.all(namesOf(4).map(ended))
      // Four windows in a row would be 3.3 s.
      expect((polledAt[5] ?? 0) - (polledAt[4] ?? 0)).to.be.within(500, 2_000)
    })

    it('should not let a shorter wish end a longer pause', async () => {
      const { client, polledAt } = clientOf(
        succeeded(),
        delayed(200, rateLimited({ 'retry-after': '2' })),
        delayed(400, rateLimited({ 'retry-after': '1' })),
        succeeded(),
      )
      fleet.worker({ client })
      // It takes up one poll alone until the first is answered.
      await ended('operations/first')
      const tracker = fleet.tracker()
      const names = namesOf(2)
      await Promise.all(names.map((name) => tracker.track(name)))
      await Promise.all(names.map(ended))
      const [, first = 0, second = 0, third = 0] = polledAt
      expect(second - first).to.be.below(200)
      expect(third - first).to.be.at.least(2_150)
    })
  })

  it('should not let a shorter wish of the same moment end a longer pause', async () => {
    const replies = [succeeded(), ...['2', '1'].map((after) => rateLimited({ 'retry-after': after }))]
    const asked: number[] = []
    const gate = new Subject<void>()
    const transport = () =>
      defer(() => {
        const reply = of(replies[asked.length] ?? succeeded())
        asked.push(performance.now())
        return asked.length === 2 || asked.length === 3
          ? gate.pipe(
              take(1),
              mergeMap(() => reply),
            )
          : reply
      })
    fleet.worker({
      client: new OperationsClient({ endpoint: fleet.emulator.endpoint, transport, rateLimit: false }),
    })
    await ended('operations/first')
    const words = namesOf(2).map(ended)
    while (asked.length < 3) await nextTurn()
    const said = performance.now()
    gate.next()
    await Promise.all(words)
    expect((asked[3] ?? 0) - said).to.be.at.least(1_950)
  })

  it('should take up one poll alone until the first is hasResponse, lest many be sent at once when it is ready', async () => {
    const { client, polledAt } = clientOf(delayed(300, running()), running())
    const tracker = fleet.tracker()
    await Promise.all(namesOf(5).map((name) => tracker.track(name)))
    fleet.worker({ client })
    while (polledAt.length < 5) await nextTurn()
    const [first = 0, second = 0] = polledAt
    expect(second - first).to.be.at.least(295)
  })

  it('should hold all workers together to the limiter, and let all names have their turn', async () => {
    const names = namesOf(60)
    for (const name of names) fleet.emulator.operations.add(name, [{}])
    const rateLimit = { requests: 20, per: 500 }
    for (let at = 0; at < 3; at++) fleet.worker({ rateLimit, schedule: constant({ interval: 1 }) })
    const tracker = fleet.tracker()
    await Promise.all(names.map((name) => tracker.track(name)))
    await polled(fleet.emulator, 120)
    // One of each worker may be on its way for longer than the next.
    expect(most(times(), rateLimit.per)).to.be.at.most(rateLimit.requests + 3)
    const windows = ((times().at(-1) ?? 0) - (times()[0] ?? 0)) / rateLimit.per
    expect(times().length).to.be.at.most(rateLimit.requests * (Math.floor(windows) + 1))
    for (const name of names) expect(fleet.emulator.operations.polls(name), name).to.be.within(1, 3)
  })

  describe('a defect', () => {
    const broken = { next: () => Number.NaN }
    it('should fail the job loudly: at every watch, among the errors of the worker, and in the queue', async () => {
      fleet.emulator.operations.add(NAME, [{}])
      const worker = fleet.worker({ schedule: broken })
      const [told, watched] = await Promise.all([
        firstValueFrom(worker.errors),
        ended().catch((error: unknown) => error),
      ])
      expect(told).to.be.instanceOf(RangeError)
      expect(watched)
        .to.be.instanceOf(Error)
        .with.property('message')
        .that.matches(/^a worker failed at operations\/cp\.1: .*a schedule must give/)
      expect(await fleet.tracker().stats()).to.include({ failed: 1 })
      expect((await lastValueFrom(fleet.tracker().list()))?.state).to.equal('failed')
    })

    it('should be mended by a worker without it, once the operation is tracked again', async () => {
      fleet.emulator.operations.add(NAME, [{}, { polls: 2, done: true }])
      const worker = fleet.worker({ schedule: broken })
      await ended().catch(() => undefined)
      await worker.close()
      fleet.worker()
      await fleet.tracker().track(NAME)
      expect(await ended()).to.have.nested.property('right._tag', 'Succeeded')
    })
  })

  describe('that ends', () => {
    it('should call its poll back and leave it to others at once, without a stall or a failure', async () => {
      fleet.emulator.operations.add(NAME, [{ stall: true }, { polls: 2, done: true }])
      const first = fleet.worker()
      const last = ended()
      while (fleet.emulator.operations.polls(NAME) === 0) await nextTurn()
      const second = fleet.worker()
      const began = performance.now()
      await first.close()
      expect(performance.now() - began).to.be.below(1_000)
      expect(await last).to.have.nested.property('right._tag', 'Succeeded')
      expect(performance.now() - began).to.be.below(2_000)
      expect(await counted('failed', 'stalled')).to.equal(0)
      await second.close()
      await second.close()
    })

    it('should end with its client, and leave its operations to others', async () => {
      fleet.emulator.operations.add(NAME, [{ stall: true }, { polls: 2, done: true }])
      const client = new OperationsClient({ endpoint: fleet.emulator.endpoint })
      fleet.worker({ client })
      const last = ended()
      while (fleet.emulator.operations.polls(NAME) === 0) await nextTurn()
      client.close()
      fleet.worker()
      expect(await last).to.have.nested.property('right._tag', 'Succeeded')
    })

    it('should not be taken for dead while a poll takes longer than its lock', async () => {
      const { client, polledAt } = clientOf(delayed(1_500, succeeded()))
      fleet.worker({ client, lockDuration: 300 })
      fleet.worker({ client, lockDuration: 300 })
      expect(await ended()).to.have.nested.property('right._tag', 'Succeeded')
      expect(polledAt).to.have.length(1)
      expect(await counted('stalled')).to.equal(0)
    })
  })

  describe('that dies', () => {
    /** Takes the job as a worker does that dies before it has told what it learned. */
    const takenAndDropped = async (): Promise<void> => {
      const dead = new Worker(queue(), null, {
        connection: { url: url() },
        prefix: fleet.shared.prefix,
        lockDuration: 100,
        maxStalledCount: 1_000,
      })
      dead.on('error', () => undefined)
      let job = await dead.getNextJob('dead', { block: false })
      while (job === undefined) job = await dead.getNextJob('dead', { block: false })
      await dead.close(true)
    }

    it('should neither lose nor double its last word between deciding and telling', async () => {
      fleet.emulator.operations.add(NAME, [{ done: true }])
      const tracker = fleet.tracker()
      const words = lastValueFrom(tracker.watch(NAME).pipe(toArray()))
      await tracker.track(NAME)
      await takenAndDropped()
      fleet.worker({ lockDuration: 400 })
      expect(await words).to.have.length(1)
      expect(await counted('completed')).to.equal(1)
      expect(await counted('stalled')).to.equal(1)
    })

    it('should fail no operation, however many have died on it', async () => {
      fleet.emulator.operations.add(NAME, [{ done: true }])
      const tracker = fleet.tracker()
      await tracker.track(NAME)
      // What BullMQ counts of stalls, and by default allows one of.
      await fleet.redis.hset(
        `${fleet.shared.prefix}:${queue()}:${jobId({ endpoint: fleet.emulator.endpoint, name: NAME })}`,
        'stc',
        500,
      )
      await takenAndDropped()
      fleet.worker({ lockDuration: 400 })
      expect(await ended()).to.have.nested.property('right._tag', 'Succeeded')
      expect(await counted('failed')).to.equal(0)
    })
  })

  it('should take new sockets where its own die without a word', () =>
    proxied(url(), async (connection, { die }) => {
      fleet.emulator.operations.add(NAME, [{ done: true }])
      const worker = fleet.worker({ connection })
      await ended()
      die()
      fleet.emulator.operations.add('operations/later', [{ done: true }])
      expect(await ended('operations/later')).to.have.nested.property('right._tag', 'Succeeded')
      await worker.close()
    })).timeout(40_000)

  it('should survive that a job is taken away while it is polled, and tell', async () => {
    const { client, polledAt } = clientOf(delayed(300, running()), succeeded())
    const worker = fleet.worker({ client })
    const told = firstValueFrom(worker.errors)
    await fleet.tracker().track(NAME)
    while (polledAt.length === 0) await nextTurn()
    await fleet.redis.del(await fleet.redis.keys(`${fleet.shared.prefix}*`))
    expect(await told)
      .to.have.property('message')
      .that.matches(/Missing key for job/)
    expect(await ended('operations/cp.2')).to.have.nested.property('right._tag', 'Succeeded')
  })

  it('should try an operation again that another worker has thrown at', async () => {
    fleet.emulator.operations.add(NAME, [{ done: true }])
    const word = ended()
    const throws = () => Promise.reject(new Error('odd'))
    const odd = new Worker(queue(), throws, { connection: { url: url() }, prefix: fleet.shared.prefix })
    await new Promise((resolve) => odd.once('failed', resolve))
    await odd.close()
    fleet.worker()
    expect(await word).to.have.nested.property('right._tag', 'Succeeded')
  })

  it('should drop last words that were kept for long enough when another operation ends', async () => {
    fleet.emulator.operations.add(NAME, [{ done: true }])
    fleet.worker({ retention: 1_000 })
    const tracker = fleet.tracker()
    const keptOf = async () =>
      (await lastValueFrom(tracker.list().pipe(toArray()))).map(({ target }) => target.name)
    await ended()
    expect(await keptOf()).to.deep.equal([NAME])
    for (let at = 2; (await keptOf()).includes(NAME); at++) {
      fleet.emulator.operations.add(`operations/cp.${at}`, [{ done: true }])
      await ended(`operations/cp.${at}`)
    }
    expect(await keptOf()).to.not.be.empty
  })

  describe('that can poll nothing', () => {
    it('should leave operations to those who can, and tell why', async () => {
      const auth = {
        getRequestHeaders: () => Promise.reject(new Error('Could not load the default credentials. Browse')),
      }
      const client = new OperationsClient({ endpoint: fleet.emulator.endpoint, auth, rateLimit: false })
      const unfit = fleet.worker({ client })
      const told: Error[] = []
      unfit.errors.subscribe((error) => told.push(error))
      const names = namesOf(30)
      for (const name of names) fleet.emulator.operations.add(name, [{}, { polls: 2, done: true }])
      const words = Promise.all(names.map(ended))
      while (told.length === 0) await nextTurn()
      fleet.worker()
      fleet.worker()
      for (const word of await words) expect(word).to.have.nested.property('right._tag', 'Succeeded')
      expect(told[0]?.message).to.match(/^Could not obtain credentials for .*no Application Default Credentials/)
      // One at a time, and then it rests.
      expect(told.length).to.be.at.most(3)
    }).timeout(20_000)

    it('should try again for itself after a while', async () => {
      const { client, polledAt } = clientOf(
        left({ _tag: 'CertificateRefused', code: 'CERT_HAS_EXPIRED' }),
        succeeded(),
      )
      const told = firstValueFrom(fleet.worker({ client }).errors)
      expect(await ended()).to.have.nested.property('right._tag', 'Succeeded')
      expect((await told).message).to.match(/CERT_HAS_EXPIRED/)
      const [first = 0, second = 0] = polledAt
      expect(second - first).to.be.at.least(4_990)
    }).timeout(20_000)

    it('should close at once while it rests', async () => {
      const { client } = clientOf(left({ _tag: 'CertificateRefused', code: 'CERT_HAS_EXPIRED' }))
      const worker = fleet.worker({ client })
      await fleet.tracker().track(NAME)
      await firstValueFrom(worker.errors)
      const began = performance.now()
      await worker.close()
      expect(performance.now() - began).to.be.below(1_000)
      expect(await fleet.tracker().stats()).to.include({ active: 0 })
    })
  })

  for (const endpoint of ['http://127.0.0.1:1', 'https://evil.example'])
    it(`should put off what is for another endpoint, and tell: ${endpoint}`, async () => {
      const jobs = new Queue(queue(), { connection: { url: url() }, prefix: fleet.shared.prefix })
      await jobs.add(
        'x',
        { target: { name: NAME, endpoint, apiVersion: 'v3', since: 1 } },
        { jobId: 'elsewhere' },
      )
      const told = await firstValueFrom(fleet.worker().errors)
      expect(told.message).to.include(endpoint)
      while ((await jobs.getDelayedCount()) === 0) await nextTurn()
      expect(fleet.emulator.requests).to.deep.equal([])
      await jobs.close()
    })

  it('should begin anew where what was kept is not of its form', async () => {
    const jobs = new Queue(queue(), { connection: { url: url() }, prefix: fleet.shared.prefix })
    const target = { name: NAME, endpoint: fleet.emulator.endpoint, apiVersion: 'v3', since: 1 }
    fleet.emulator.operations.add(NAME, [{ done: true }])
    const job = await jobs.add(
      'x',
      { target, stand: { course: { target } } },
      { jobId: 'odd', delay: 60_000 },
    )
    await job.updateProgress({ course: 7 })
    await job.promote()
    fleet.worker()
    while ((await jobs.getCompletedCount()) < 1);
    expect((await jobs.getJob('odd'))?.returnvalue).to.have.nested.property('right._tag', 'Succeeded')
    await jobs.close()
  })

  it('should end what leads elsewhere, or is no operation, without a request', async () => {
    const jobs = new Queue(queue(), { connection: { url: url() }, prefix: fleet.shared.prefix })
    const elsewhere = { name: NAME, endpoint: 'https://evil.example', apiVersion: 'v3', since: 1 }
    const here = { ...elsewhere, endpoint: fleet.emulator.endpoint }
    const course = { target: elsewhere, startedAt: 1, polledAt: 1, attempt: 1, malformedInARow: 0 }
    const stand = { course: { ...course, hasResponse: true, visible: true }, due: 1, notBefore: 1 }
    await jobs.add('x', { nothing: true }, { jobId: 'nothing' })
    await jobs.add('x', { target: here, stand }, { jobId: 'course' })
    fleet.worker()
    while ((await jobs.getCompletedCount()) < 2);
    for (const id of ['nothing', 'course'])
      expect((await jobs.getJob(id))?.returnvalue, id).to.have.nested.property('left._tag', 'InvalidName')
    expect(fleet.emulator.requests).to.deep.equal([])
    await jobs.close()
  })

  describe('its options', () => {
    const bad: Readonly<Record<string, Partial<WorkerOptions> | object>> = {
      client: { client: {} },
      connection: { connection: 'http://:S3CRET@x' },
      concurrency: { concurrency: 0 },
      lockDuration: { lockDuration: 1 },
      'rateLimit.requests': { rateLimit: { requests: 0, per: 1 } },
      'rateLimit.per': { rateLimit: { requests: 1, per: 0 } },
      keep: { retention: 1 },
      queue: { queue: 'a:b' },
      prefix: { prefix: '' },
      schedule: { schedule: {} },
      maxRetryTime: { maxRetryTime: -1 },
    }
    for (const [option, given] of Object.entries(bad))
      it(`should be refused by name: ${option}`, () => {
        const client = new OperationsClient({ endpoint: fleet.emulator.endpoint })
        const options = { ...fleet.shared, client, ...given } as WorkerOptions
        expect(() => createWorker(options))
          .to.throw(RangeError, `${option} must be`)
          .and.not.match(/S3CRET/)
      })
  })
})

describe('bullmq/worker, with Redis away', () => {
  it('should close within 2 s', async () => {
    const fleet = await fleetOn(`redis://127.0.0.1:${await freePort()}`)
    const worker = fleet.worker()
    const told = await firstValueFrom(worker.errors)
    expect(told).to.have.property('code', 'ECONNREFUSED')
    const began = performance.now()
    await worker.close()
    expect(performance.now() - began).to.be.below(2_000)
    await fleet[Symbol.asyncDispose]()
  })
})
