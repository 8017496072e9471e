import { Queue } from 'bullmq'
import { expect } from 'chai'
import { constant } from '../../lib/index.js'
import { type Fleet, fleetOn, furtherPolls } from './fleet.js'
import { proxied } from './proxy.js'
import { onRedis } from './redis-suite.js'

/** The delay that the proxy adds to each command, in milliseconds. */
const ROUND_TRIP = 100
const OPERATION_COUNT = 100

onRedis('bullmq, if Redis is distant', (url) => {
  let fleet: Fleet
  beforeEach(async () => {
    fleet = await fleetOn(url())
  })
  afterEach(() => fleet[Symbol.asyncDispose]())

  const namesOf = (count: number) => Array.from({ length: count }, (_, index) => `operations/cp.${index}`)
  const track = async (names: readonly string[]): Promise<void> => {
    const tracker = fleet.tracker()
    for (const name of names) {
      fleet.emulator.operations.add(name, [{}])
      await tracker.track(name)
    }
  }
  /** Returns the times at which the emulator received polls, in milliseconds. */
  const requestTimes = () => fleet.emulator.requests.map(({ at }) => at)
  const queueName = () => new URL(fleet.emulator.endpoint).host.replace(':', '-')
  const countStalls = async (): Promise<number> => {
    const entries = await fleet.redis.xrange(`${fleet.shared.prefix}:${queueName()}:events`, '-', '+')
    return entries.filter(([, [, event]]) => event === 'stalled').length
  }

  for (const workerCount of [1, 3])
    it(`should keep the rate limit, poll without a long gap, and lose no lock, with workers: ${workerCount}`, () =>
      proxied(
        url(),
        async (connection) => {
          await track(namesOf(OPERATION_COUNT))
          const errors: Error[] = []
          const schedule = constant({ interval: 1 })
          const options = {
            connection,
            schedule,
            rateLimit: { requests: 50, per: 1_000 },
            lockDuration: 2_000,
          }
          const workers = Array.from({ length: workerCount }, () => fleet.worker(options))
          for (const worker of workers) worker.errors.subscribe((error) => errors.push(error))
          await furtherPolls(fleet.emulator, 120)
          const polledAt = requestTimes()
          const counts = polledAt.map(
            (from) => polledAt.filter((at) => at >= from && at < from + 1_000).length,
          )
          const gaps = polledAt.slice(1).map((at, index) => at - (polledAt[index] ?? 0))
          // The limit is 50, but timers of a busy machine may delay some polls of the previous second.
          expect(Math.max(...counts), 'most polls in any second').to.be.at.most(75)
          expect(Math.max(...gaps), 'longest gap').to.be.below(2_000)
          // The first polls are ignored, because the fetchers start one after the other.
          const [from = 0, to = 0] = [polledAt[40], polledAt[119]]
          expect((to - from) / 79, 'mean gap').to.be.below(ROUND_TRIP)
          expect(errors).to.deep.equal([])
          expect(await countStalls()).to.equal(0)
          await Promise.all(workers.map((worker) => worker.close()))
        },
        ROUND_TRIP,
      )).timeout(30_000)

  it('should return a job to the queue if the rate limit permits its poll much later', async () => {
    await track(namesOf(2))
    fleet.worker({ rateLimit: { requests: 1, per: 2_500 } })
    await furtherPolls(fleet.emulator)
    const tracker = fleet.tracker()
    for (let isReturned = false; !isReturned; ) {
      const { active, waiting } = await tracker.stats()
      isReturned = active === 0 && waiting >= 1
    }
    await furtherPolls(fleet.emulator)
    const [first = 0, second = 0] = requestTimes()
    expect(second - first).to.be.at.least(2_500)
  })

  it('should obey the rate limit and the pause that another program sets for the queue', async () => {
    const queue = new Queue(queueName(), { connection: { url: url() }, prefix: fleet.shared.prefix })
    await queue.setGlobalRateLimit(1, 400)
    await track(namesOf(3))
    fleet.worker({ schedule: constant({ interval: 60_000 }) })
    await furtherPolls(fleet.emulator, 3)
    // Two intervals of 400 ms separate three polls. The limit is lower because of the precision of timers.
    expect((requestTimes()[2] ?? 0) - (requestTimes()[0] ?? 0)).to.be.at.least(700)
    await queue.pause()
    await track(['operations/later.1', 'operations/later.2'])
    expect(await fleet.tracker().stats()).to.include({ waiting: 2, delayed: 3 })
    await queue.resume()
    await furtherPolls(fleet.emulator, 2)
    await queue.close()
  })
})
