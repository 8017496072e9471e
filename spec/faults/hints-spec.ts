import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { interval, lastValueFrom, map, timer, toArray } from 'rxjs'
import { startEmulator } from '../../lib/emulator/index.js'
import { constant, watchOperation } from '../../lib/index.js'
import { delayed, inVirtualTime, running, scripted } from '../virtual.js'
import { NAME } from './table.js'

describe('faults/hints', () => {
  it('should neither flood a slow server nor starve behind it, a thousand times a second', async () => {
    await using emulator = await startEmulator()
    emulator.operations.add(NAME, [
      { metadata: 1 },
      { polls: 2, stall: true },
      { polls: 3, metadata: 3 },
      { polls: 4, done: true },
    ])
    const words = watchOperation(NAME, {
      endpoint: emulator.endpoint,
      // After a snapshot only the hints poll again within the time of this spec.
      schedule: constant({ interval: 3_600_000 }),
      random: () => 0.999,
      requestTimeout: 700,
      hint: interval(1),
    })
    const tags = words.pipe(
      map((word) => (isLeft(word) ? word.left : word.right)),
      map(({ _tag }) => _tag),
      toArray(),
    )
    expect(await lastValueFrom(tags)).to.deep.equal(['Running', 'Running', 'Succeeded'])
    // Seen at the server, which a first request reaches late; without that, each gap is 500 ms or more.
    const gaps = emulator.requests.slice(1).map(({ at }, n) => at - (emulator.requests[n]?.at ?? 0))
    expect(gaps).to.have.length(3)
    expect(gaps[1], 'the stalled poll is not replaced').to.be.at.least(690)
    expect(gaps[2], 'no poll within 500 ms of the last').to.be.at.least(450)
  })

  for (const trip of [0, 3, 499, 500, 700, 5_000])
    for (const per of [1, 400, 900, 7_000])
      it(`should do so with answers after ${trip} ms and a budget of one request in ${per} ms`, () => {
        inVirtualTime(({ flush }) => {
          const { transport, polledAt, abortedAt } = scripted(delayed(trip, running()))
          const watch = watchOperation(NAME, {
            transport,
            schedule: constant({ interval: 3_600_000 }),
            rateLimit: { requests: 1, per },
            // Between whole milliseconds: a TestScheduler loses count where one timer ends another of the same moment.
            hint: timer(0.5, 1),
          })
          let words = 0
          const watching = watch.subscribe(() => words++)
          timer(60_000).subscribe(() => watching.unsubscribe())
          flush()
          const gaps = polledAt.slice(1).map((at, n) => at - (polledAt[n] ?? 0))
          // A hint comes within a millisecond, and the budget counts whole ones.
          const least = Math.max(500, trip, per)
          for (const gap of gaps)
            expect(gap)
              .to.be.at.least(least)
              .and.at.most(least + 2)
          expect(words).to.be.at.least(Math.floor(60_000 / (least + 2)))
          expect(abortedAt.length, 'none but the last is called back').to.be.at.most(1)
        })
      })
})
