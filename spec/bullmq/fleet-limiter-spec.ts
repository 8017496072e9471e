import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import { FleetLimiter } from '../../lib/bullmq/fleet-limiter.js'
import { onRedis } from './redis-suite.js'

onRedis('bullmq/fleet-limiter', (url) => {
  let redis: Redis
  let key: string
  beforeEach(() => {
    redis = new Redis(url())
    key = randomUUID()
  })
  afterEach(async () => {
    await redis.del(key)
    redis.disconnect()
  })
  const limiterOf = (requests: number, per: number) =>
    new FleetLimiter({ requests, per }, (script, ...args) => redis.eval(script, 1, key, ...args))

  it('should reserve the polls of all workers one interval apart', async () => {
    const [first, second] = [limiterOf(50, 1_000), limiterOf(50, 1_000)]
    const startedAt = performance.now()
    const waits = await Promise.all([first, second, first, second, first].map((limiter) => limiter.reserve()))
    const elapsed = performance.now() - startedAt
    // The interval is 21 ms: 1,000 / 50, plus a margin of 5 %.
    for (const [index, { wait }] of waits.entries())
      expect(wait).to.be.within(Math.max(0, 21 * index - elapsed - 1), 21 * index)
  })

  it('should reserve no poll if the wait is too long', async () => {
    const limiter = limiterOf(1, 2_000)
    expect(await limiter.reserve()).to.include({ wait: 0 })
    for (let attempt = 0; attempt < 2; attempt++) {
      const { wait, maxWait } = await limiter.reserve()
      expect(wait).to.be.above(maxWait)
      // The interval is 2,100 ms. If the first attempt had reserved a poll, the second wait would be twice as long.
      expect(wait).to.be.at.most(2_100)
    }
  })

  it('should ignore a stored time that is invalid, or from a server whose clock was ahead', async () => {
    const limiter = limiterOf(10, 1_000)
    for (const stored of ['text', Date.now() + 3_600_000]) {
      await redis.set(key, stored)
      expect(await limiter.reserve()).to.include({ wait: 0 })
      // The interval is 105 ms: 1,000 / 10, plus a margin of 5 %.
      expect((await limiter.reserve()).wait).to.be.within(1, 105)
    }
    // A pause for the longest Retry-After is valid.
    await redis.set(key, Date.now() + 300_000)
    expect((await limiter.reserve()).wait).to.be.above(290_000)
  })

  it('should start overdue polls one interval apart after the event loop was blocked', async () => {
    const limiter = limiterOf(10, 1_000)
    const sentAt = Promise.all(
      [0, 105, 210].map(async (wait) => {
        await limiter.sleep(wait, (delay) => setTimeout(delay))
        return performance.now()
      }),
    )
    const blockedUntil = performance.now() + 400
    while (performance.now() < blockedUntil);
    const [first = 0, second = 0, third = 0] = await sentAt
    // The interval is 105 ms. The next polls may make up for 20 ms of a late poll.
    expect(second - first).to.be.at.least(80)
    expect(third - second).to.be.at.least(80)
  })
})
