import { expect } from 'chai'
import { firstValueFrom, lastValueFrom, Subject } from 'rxjs'
import { constant, OperationsClient, watchOperation } from '../../lib/index.js'
import { now } from '../../lib/time/clock.js'
import { http, inVirtualTime, NAME, notFound, running, scripted, succeeded, unavailable } from '../virtual.js'

const HOUR = 3_600_000

/** Sets the wall clock while a body runs. */
async function withClock(body: (set: (offset: number) => void) => Promise<void>): Promise<void> {
  const real = Date.now
  let offset = 0
  Date.now = () => real() + offset
  try {
    await body((next) => {
      offset = next
    })
  } finally {
    Date.now = real
  }
}

describe('watch/sleep', () => {
  it('should be the time of day, and virtual under a TestScheduler', () => {
    expect(now()).to.be.closeTo(Date.now(), 5_000)
    inVirtualTime(() => expect(now()).to.equal(0))
  })

  it('should go on when the wall clock is set', () =>
    withClock(async (set) => {
      const before = now()
      for (const offset of [HOUR, -HOUR]) {
        set(offset)
        expect(now()).to.be.closeTo(before, 5_000)
      }
    }))

  it('should follow a hint though the clock was set back', () =>
    withClock(async (set) => {
      const hint = new Subject<void>()
      const { transport, polledAt } = scripted(running(), succeeded())
      const words = watchOperation(NAME, { transport, hint, schedule: constant({ interval: 2 * HOUR }) })
      const last = lastValueFrom(words)
      await firstValueFrom(words)
      set(-HOUR)
      hint.next()
      expect(await last).to.have.nested.property('right.done', true)
      expect(polledAt.length).to.be.at.least(2)
    }))

  it('should not lose maxRetryTime when the clock is set forth, nor tell of a time that was not', () =>
    withClock(async (set) => {
      const { transport } = scripted(unavailable, unavailable, succeeded())
      const random = (): number => {
        set(HOUR)
        return 0
      }
      const word = await lastValueFrom(watchOperation(NAME, { transport, random, maxRetryTime: 60_000 }))
      expect(word).to.have.nested.property('right.done', true)
      expect(word).to.have.nested.property('right.elapsed').that.is.below(60_000)
    }))

  it('should answer a get though the clock is set back meanwhile', () =>
    withClock(async (set) => {
      const { transport } = scripted(() => {
        set(-HOUR)
        return notFound
      })
      const word = await firstValueFrom(new OperationsClient({ transport }).get(NAME))
      expect(word).to.have.nested.property('left._tag', 'OperationNotFound')
    }))

  it('should not take a token from the time to come for a reason to poll for ever in haste', async () => {
    const { transport } = scripted(running())
    const token = {
      name: NAME,
      endpoint: 'https://run.googleapis.com',
      apiVersion: 'v2',
      since: now() + HOUR,
    }
    const client = new OperationsClient({ transport, endpoint: token.endpoint })
    const word = await firstValueFrom(client.watch(token))
    expect(word).to.have.nested.property('right.elapsed').that.is.within(0, 10_000)
    const { transport: gone } = scripted(http(403))
    const refused = await firstValueFrom(
      new OperationsClient({ transport: gone, endpoint: token.endpoint }).watch(token),
    )
    expect(refused).to.have.nested.property('left.resume.since').that.is.below(token.since)
  })
})
