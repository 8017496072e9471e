import { expect } from 'chai'
import { firstValueFrom, lastValueFrom, map, type Observable, Subject, toArray } from 'rxjs'
import {
  constant,
  OperationsClient,
  type PollState,
  resumeToken,
  type StepPending,
  watchOperation,
} from '../../lib/index.js'
import { clockOffset, now } from '../../lib/time/clock.js'
import { type FakeClock, installFakeTimers } from '../fake-timers.js'
import {
  connectionLost,
  httpReply,
  inVirtualTime,
  NAME,
  notFound,
  type Reply,
  rpcError,
  running,
  scripted,
  succeeded,
  unavailable,
} from '../virtual.js'

const HOUR_MILLISECONDS = 3_600_000

/** Calls `body` with a function that sets the offset of the system clock. Then restores the clock. */
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

/** Calls `body` while `performance.now()` is increased by `offset` milliseconds. Then restores `performance.now()`. */
async function withProcessTime<A>(offset: number, body: () => Promise<A>): Promise<A> {
  const realNow = performance.now
  performance.now = () => realNow.call(performance) + offset
  try {
    return await body()
  } finally {
    performance.now = realNow
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

  describe('on a machine that slept for an hour, during which performance.now() stood still', () => {
    /** Calls `body` on the machine that slept. */
    const afterSleep = (body: () => Promise<void>): Promise<void> =>
      withClock((setOffset) => {
        setOffset(HOUR_MILLISECONDS)
        return body()
      })

    /** Inside {@link afterSleep}, calls `body` as on another machine, which did not sleep. */
    const onOtherMachine = <A>(body: () => Promise<A>): Promise<A> => withProcessTime(HOUR_MILLISECONDS, body)

    /** Sends one poll with `step`, and returns the step, which must not be the last one. */
    const pendingStep = async (
      from: string | PollState,
      ...replies: readonly Reply[]
    ): Promise<StepPending> => {
      const client = new OperationsClient({ transport: scripted(...replies).transport })
      const step = await firstValueFrom(client.step(from))
      if (step._tag === 'Ended') throw new Error(`unexpected final result ${JSON.stringify(step.result)}`)
      return step
    }

    it('should use the time of the system clock for tokens', () =>
      afterSleep(async () => {
        const client = new OperationsClient({ transport: scripted(httpReply(403), httpReply(403)).transport })
        const token = client.token(NAME)
        const errors = [
          await firstValueFrom(client.get(NAME)),
          await firstValueFrom(client.watch(NAME)),
          await firstValueFrom(client.watchAll([NAME]).pipe(map(({ snapshot }) => snapshot))),
        ]
        const times = errors.map((emission) => Object(emission).left.resume.since)
        for (const since of [resumeToken(NAME).since, Object(token).right.since, ...times])
          expect(since).to.be.closeTo(Date.now(), 5_000)
      }))

    it('should measure the elapsed time from the time in a token, and return the token unchanged', () =>
      afterSleep(async () => {
        const token = resumeToken(NAME, { since: Date.now() - 60_000 })
        const client = new OperationsClient({ transport: scripted(running(), httpReply(403)).transport })
        const watch = client.watch(token, { schedule: constant({ interval: 10 }) })
        const [first, last] = await lastValueFrom(watch.pipe(toArray()))
        expect(first).to.have.nested.property('right.elapsed').that.is.closeTo(60_000, 5_000)
        expect(last).to.have.nested.property('left.resume.since', token.since)
      }))

    it('should return states of steps with times of the system clock', () =>
      afterSleep(async () => {
        const { state } = await pendingStep(NAME, unavailable)
        const { failing, startedAt, polledAt, due, target } = state
        for (const time of [failing?.since, startedAt, polledAt, due, target.since])
          expect(time).to.be.closeTo(Date.now(), 5_000)
        expect(state.clockOffset ?? 0).to.equal(0)
      }))

    it('should not count the hour as retry time of a step on another machine', () =>
      afterSleep(async () => {
        const { state } = await pendingStep(NAME, unavailable)
        const second = await onOtherMachine(() => pendingStep(JSON.parse(JSON.stringify(state)), unavailable))
        expect(second.state.failing?.attempts).to.equal(2)
        const third = await pendingStep(JSON.parse(JSON.stringify(second.state)), unavailable)
        expect(third.state.failing?.since).to.be.closeTo(state.failing?.since ?? 0, 2_000)
        expect(third.state.target.since).to.equal(state.target.since)
      }))

    it('should compare a date in Retry-After with the system clock', () =>
      afterSleep(async () => {
        const date = new Date(Date.now() + 20_000).toUTCString()
        const { retryAfter } = await pendingStep(
          NAME,
          rpcError(503, 'UNAVAILABLE', {}, { 'retry-after': date }),
        )
        expect(retryAfter).to.be.within(15_000, 20_000)
      }))
  })

  it('should not count the time until a late step as retry time or toward the visibility window', () =>
    withClock(async (setOffset) => {
      let nameOrState: string | PollState = NAME
      for (const [index, reply] of [notFound, notFound, unavailable, unavailable, notFound].entries()) {
        const offset = index * HOUR_MILLISECONDS
        setOffset(offset)
        const step = await withProcessTime(offset, () => {
          const client = new OperationsClient({ transport: scripted(reply).transport })
          return firstValueFrom(client.step(nameOrState, { schedule: constant({ interval: 750 }) }))
        })
        if (step._tag === 'Ended') throw new Error(`unexpected final result ${JSON.stringify(step.result)}`)
        nameOrState = JSON.parse(JSON.stringify(step.state)) as PollState
      }
      expect(nameOrState).to.have.property('attempt', 5)
    }))

  it('should continue a step if the clock was set back since the previous step', () =>
    withClock(async (setOffset) => {
      const { transport } = scripted(unavailable, connectionLost(), running())
      const client = new OperationsClient({ transport })
      let nameOrState: string | PollState = NAME
      for (const offset of [0, -HOUR_MILLISECONDS, -2 * HOUR_MILLISECONDS]) {
        setOffset(offset)
        const step = await firstValueFrom(client.step(nameOrState))
        if (step._tag === 'Ended') throw new Error(`unexpected final result ${JSON.stringify(step.result)}`)
        // The longest wait of the default schedule is 20 s.
        expect(step.wait).to.be.below(20_001)
        nameOrState = JSON.parse(JSON.stringify(step.state)) as PollState
      }
      expect(nameOrState).to.have.nested.property('lastSeen.elapsed').that.is.within(0, 5_000)
    }))

  it('should return 0 as the offset between the system clock and the monotonic clock in virtual time', () => {
    inVirtualTime(() => expect(clockOffset()).to.equal(0))
  })

  describe('with fake timers that replace Date and the timers, but not performance', () => {
    let clock: FakeClock
    beforeEach(() => {
      clock = installFakeTimers(0)
    })
    afterEach(() => clock.uninstall())

    for (const method of ['watch', 'watchAll'] as const)
      it(`should poll as scheduled in ${method}`, () => {
        const { transport, polledAt } = scripted(running())
        const client = new OperationsClient({ transport })
        const watch: Observable<unknown> = method === 'watch' ? client.watch(NAME) : client.watchAll([NAME])
        const subscription = watch.subscribe()
        clock.tick(300_000)
        subscription.unsubscribe()
        expect(polledAt.slice(0, 9)).to.deep.equal([
          0, 750, 1_500, 2_312, 3_508, 5_162, 7_335, 10_075, 13_421,
        ])
        expect(polledAt).to.have.length(32)
      })

    it('should end after `maxRetryTime` and after `timeout`', () => {
      const tags: string[] = []
      for (const [reply, options] of [
        [unavailable, { maxRetryTime: 60_000 }],
        [running(), { timeout: 60_000 }],
      ] as const)
        watchOperation(NAME, { transport: scripted(reply).transport, ...options }).subscribe((emission) => {
          if (emission._tag === 'Left') tags.push(emission.left._tag)
        })
      clock.tick(90_000)
      expect(tags.toSorted()).to.deep.equal(['TimedOut', 'Unreachable'])
    })
  })

  it('should not follow a fake Date that stands still if timers are real', () => {
    const realDate = Date
    globalThis.Date = class extends Date {
      static override now(): number {
        return 0
      }
    } as DateConstructor
    try {
      expect(now()).to.be.above(1_000_000)
    } finally {
      globalThis.Date = realDate
    }
  })
})
