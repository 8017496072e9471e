import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { interval, lastValueFrom, map, toArray } from 'rxjs'
import { startEmulator } from '../../lib/emulator/index.js'
import { constant, watchOperation } from '../../lib/index.js'
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
})
