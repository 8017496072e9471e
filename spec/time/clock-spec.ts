import { expect } from 'chai'
import { firstValueFrom, lastValueFrom, Subject } from 'rxjs'
import { constant, OperationsClient, watchOperation } from '../../lib/index.js'
import { now } from '../../lib/time/clock.js'
import {
  httpReply,
  inVirtualTime,
  NAME,
  notFound,
  running,
  scripted,
  succeeded,
  unavailable,
} from '../virtual.js'

const HOUR = 3_600_000

/** Runs a function that can add an offset to the system clock. Then restores the clock. */
async function withClock(body: (setOffset: (milliseconds: number) => void) => Promise<void>): Promise<void> {
  const realNow = Date.now
  let offset = 0
  Date.now = () => realNow() + offset
  try {
    await body((next) => {
      offset = next
    })
  } finally {
    Date.now = realNow
  }
}

describe('time/clock', () => {
  it('should return the current time, or the virtual time of a TestScheduler', () => {
    expect(now()).to.be.closeTo(Date.now(), 5_000)
    inVirtualTime(() => expect(now()).to.equal(0))
  })

  it('should return times that do not change with the system clock', () =>
    withClock(async (setOffset) => {
      const before = now()
      for (const offset of [HOUR, -HOUR]) {
        setOffset(offset)
        expect(now()).to.be.closeTo(before, 5_000)
      }
    }))

  it('should poll after a hint if the clock was set back', () =>
    withClock(async (setOffset) => {
      const hint = new Subject<void>()
      const { transport, polledAt } = scripted(running(), succeeded())
      const watch = watchOperation(NAME, { transport, hint, schedule: constant({ interval: 2 * HOUR }) })
      const result = lastValueFrom(watch)
      await firstValueFrom(watch)
      setOffset(-HOUR)
      hint.next()
      expect(await result).to.have.nested.property('right.done', true)
      expect(polledAt.length).to.be.at.least(2)
    }))

  it('should not shorten `maxRetryTime` or increase `elapsed` if the clock is set forward', () =>
    withClock(async (setOffset) => {
      const { transport } = scripted(unavailable, unavailable, succeeded())
      const random = (): number => {
        setOffset(HOUR)
        return 0
      }
      const emission = await lastValueFrom(watchOperation(NAME, { transport, random, maxRetryTime: 60_000 }))
      expect(emission).to.have.nested.property('right.done', true)
      expect(emission).to.have.nested.property('right.elapsed').that.is.below(60_000)
    }))

  it('should complete `get` if the clock is set back during the request', () =>
    withClock(async (setOffset) => {
      const { transport } = scripted(() => {
        setOffset(-HOUR)
        return notFound
      })
      const emission = await firstValueFrom(new OperationsClient({ transport }).get(NAME))
      expect(emission).to.have.nested.property('left._tag', 'OperationNotFound')
    }))

  it('should use the current time as the start time if the start time of the token is in the future', async () => {
    const { transport } = scripted(running())
    const token = {
      name: NAME,
      endpoint: 'https://run.googleapis.com',
      apiVersion: 'v2',
      since: now() + HOUR,
    }
    const client = new OperationsClient({ transport, endpoint: token.endpoint })
    const emission = await firstValueFrom(client.watch(token))
    expect(emission).to.have.nested.property('right.elapsed').that.is.within(0, 10_000)
    const { transport: rejecting } = scripted(httpReply(403))
    const rejected = await firstValueFrom(
      new OperationsClient({ transport: rejecting, endpoint: token.endpoint }).watch(token),
    )
    expect(rejected).to.have.nested.property('left.resume.since').that.is.below(token.since)
  })
})
