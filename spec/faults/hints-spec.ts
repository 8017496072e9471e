import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { interval, lastValueFrom, map, timer, toArray } from 'rxjs'
import { startEmulator } from '../../lib/emulator/index.js'
import { constant, watchOperation } from '../../lib/index.js'
import { delayed, inVirtualTime, running, scripted } from '../virtual.js'
import { NAME } from './table.js'

describe('faults/hints', () => {
  it('should poll at most every 500 ms, and not replace a stalled poll, if there are 1,000 hints a second', async () => {
    await using emulator = await startEmulator()
    emulator.operations.add(NAME, [
      { metadata: 1 },
      { polls: 2, stall: true },
      { polls: 3, metadata: 3 },
      { polls: 4, done: true },
    ])
    const watch = watchOperation(NAME, {
      endpoint: emulator.endpoint,
      // The interval is longer than this spec, so only hints trigger polls.
      schedule: constant({ interval: 3_600_000 }),
      random: () => 0.999,
      requestTimeout: 700,
      hint: interval(1),
    })
    const tags = watch.pipe(
      map((emission) => (isLeft(emission) ? emission.left : emission.right)),
      map(({ _tag }) => _tag),
      toArray(),
    )
    expect(await lastValueFrom(tags)).to.deep.equal(['Running', 'Running', 'Succeeded'])
    // The limits are below 700 and 500 ms, because the server measures the gaps, and a request can arrive late.
    const gaps = emulator.requests.slice(1).map(({ at }, n) => at - (emulator.requests[n]?.at ?? 0))
    expect(gaps).to.have.length(3)
    expect(gaps[1], 'the stalled poll is not replaced').to.be.at.least(690)
    expect(gaps[2], 'no poll within 500 ms of the previous poll').to.be.at.least(450)
  })

  for (const responseTime of [0, 3, 499, 500, 700, 5_000])
    for (const per of [1, 400, 900, 7_000])
      it(`should poll as often as allowed if responses take ${responseTime} ms and the rate limit is one request in ${per} ms`, () => {
        inVirtualTime(({ flush }) => {
          const { transport, polledAt, abortedAt } = scripted(delayed(responseTime, running()))
          const watch = watchOperation(NAME, {
            transport,
            schedule: constant({ interval: 3_600_000 }),
            rateLimit: { requests: 1, per },
            // Hints are not at whole milliseconds. A TestScheduler miscounts if a timer cancels another at the same instant.
            hint: timer(0.5, 1),
          })
          let emissions = 0
          const subscription = watch.subscribe(() => emissions++)
          timer(60_000).subscribe(() => subscription.unsubscribe())
          flush()
          const gaps = polledAt.slice(1).map((at, n) => at - (polledAt[n] ?? 0))
          // Hints arrive every millisecond, and the rate limiter counts whole milliseconds.
          const minGap = Math.max(500, responseTime, per)
          for (const gap of gaps)
            expect(gap)
              .to.be.at.least(minGap)
              .and.at.most(minGap + 2)
          expect(emissions).to.be.at.least(Math.floor(60_000 / (minGap + 2)))
          expect(abortedAt.length, 'only the last request may be aborted').to.be.at.most(1)
        })
      })
})
