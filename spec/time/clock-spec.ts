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

const HOUR_MILLISECONDS = 3_600_000

/** Calls `body` with a function that adds an offset to the system clock. Then restores the clock. */
async function withClock(body: (setOffset: (milliseconds: number) => void) => Promise<void>): Promise<void> {
  const realNow = Date.now
  let offset = 0
  Date.now = () => realNow() + offset
  try {
    await body((milliseconds) => {
      offset = milliseconds
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
      const timeBefore = now()
      for (const offset of [HOUR_MILLISECONDS, -HOUR_MILLISECONDS]) {
        setOffset(offset)
        expect(now()).to.be.closeTo(timeBefore, 5_000)
      }
    }))

  it('should poll after a hint if the clock was set back', () =>
    withClock(async (setOffset) => {
      const hint = new Subject<void>()
      const { transport, polledAt } = scripted(running(), succeeded())
      const watch = watchOperation(NAME, {
        transport,
        hint,
        schedule: constant({ interval: 2 * HOUR_MILLISECONDS }),
      })
      const result = lastValueFrom(watch)
      await firstValueFrom(watch)
      setOffset(-HOUR_MILLISECONDS)
      hint.next()
      expect(await result).to.have.nested.property('right.done', true)
      expect(polledAt.length).to.be.at.least(2)
    }))

  it('should not shorten `maxRetryTime` or increase `elapsed` if the clock is set forward', () =>
    withClock(async (setOffset) => {
      const { transport } = scripted(unavailable, unavailable, succeeded())
      const random = (): number => {
        setOffset(HOUR_MILLISECONDS)
        return 0
      }
      const emission = await lastValueFrom(watchOperation(NAME, { transport, random, maxRetryTime: 60_000 }))
      expect(emission).to.have.nested.property('right.done', true)
      expect(emission).to.have.nested.property('right.elapsed').that.is.below(60_000)
    }))

  it('should emit the result of `get` if the clock is set back during the request', () =>
    withClock(async (setOffset) => {
      const { transport } = scripted(() => {
        setOffset(-HOUR_MILLISECONDS)
        return notFound
      })
      const emission = await firstValueFrom(new OperationsClient({ transport }).get(NAME))
      expect(emission).to.have.nested.property('left._tag', 'OperationNotFound')
    }))

  it('should use the current time as the start time if the start time of the token is in the future', async () => {
    const { transport } = scripted(running())
    const futureToken = {
      name: NAME,
      endpoint: 'https://run.googleapis.com',
      apiVersion: 'v2',
      since: now() + HOUR_MILLISECONDS,
    }
    const client = new OperationsClient({ transport, endpoint: futureToken.endpoint })
    const emission = await firstValueFrom(client.watch(futureToken))
    expect(emission).to.have.nested.property('right.elapsed').that.is.within(0, 10_000)
    const { transport: rejectingTransport } = scripted(httpReply(403))
    const rejection = await firstValueFrom(
      new OperationsClient({ transport: rejectingTransport, endpoint: futureToken.endpoint }).watch(
        futureToken,
      ),
    )
    expect(rejection).to.have.nested.property('left.resume.since').that.is.below(futureToken.since)
  })
})
