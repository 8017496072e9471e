import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { timer } from 'rxjs'
import { constant, OperationsClient } from '../../lib/index.js'
import { doneAfter, inVirtualTime, NAME, scripted } from '../virtual.js'

const schedule = constant({ interval: 1_000 })
const SUBSCRIBERS = 1_000

describe(`watch/shared-polls with ${SUBSCRIBERS} subscribers`, () => {
  // anchor: one-loop
  it('should use one poll loop, and emit every snapshot to all subscribers', () => {
    inVirtualTime(({ flush }) => {
      const { transport, polledAt } = scripted(doneAfter(4_500))
      const client = new OperationsClient({ transport })
      const finalAttempts: number[] = []
      let emissionCount = 0
      for (let n = 0; n < SUBSCRIBERS; n++)
        client.watch(NAME, { schedule }).subscribe((emission) => {
          emissionCount++
          if (!isLeft(emission) && emission.right.done) finalAttempts.push(emission.right.attempt)
        })
      flush()
      expect(polledAt).to.deep.equal([0, 1_000, 2_000, 3_000, 4_000, 5_000])
      expect(emissionCount).to.equal(6 * SUBSCRIBERS)
      expect(finalAttempts).to.deep.equal(Array(SUBSCRIBERS).fill(6))
    })
  })

  it('should emit the latest snapshot to late subscribers without another request', () => {
    inVirtualTime(({ flush }) => {
      const { transport, polledAt } = scripted(doneAfter(4_500))
      const client = new OperationsClient({ transport })
      const firstAttempts: number[] = []
      client.watch(NAME, { schedule }).subscribe()
      for (let n = 0; n < SUBSCRIBERS; n++)
        timer(2_500).subscribe(() => {
          let isFirst = true
          client.watch(NAME, { schedule }).subscribe((emission) => {
            if (isFirst && !isLeft(emission)) firstAttempts.push(emission.right.attempt)
            isFirst = false
          })
        })
      flush()
      expect(firstAttempts).to.deep.equal(Array(SUBSCRIBERS).fill(3))
      expect(polledAt).to.have.length(6)
    })
  })

  it('should poll until the last subscriber unsubscribes', () => {
    inVirtualTime(({ flush }) => {
      const { transport, polledAt, abortedAt } = scripted(
        doneAfter(Number.POSITIVE_INFINITY),
        doneAfter(1e9),
        'never',
      )
      const client = new OperationsClient({ transport })
      for (let n = 0; n < SUBSCRIBERS; n++) {
        const watch = client.watch(NAME, { schedule }).subscribe()
        timer(100 + n * 2).subscribe(() => watch.unsubscribe())
      }
      flush()
      expect(polledAt).to.deep.equal([0, 1_000, 2_000])
      expect(abortedAt).to.deep.equal([100 + (SUBSCRIBERS - 1) * 2])
      expect(client.stats()).to.include({ inFlight: 0, waiting: 0 })
    })
  })

  it('should continue to emit to other subscribers if one subscriber has ended', () => {
    inVirtualTime(({ flush }) => {
      const { transport } = scripted(doneAfter(1_500))
      const client = new OperationsClient({ transport })
      const ended: string[] = []
      const rejecting = { schedule, response: () => ({ _tag: 'Left', left: 'no' }) as const }
      for (const options of [{ schedule }, rejecting, { schedule, timeout: 500 }, { schedule }])
        client.watch(NAME, options).subscribe((emission) => {
          if (isLeft(emission)) ended.push(emission.left._tag)
          else if (emission.right.done) ended.push(emission.right._tag)
        })
      flush()
      expect(ended).to.deep.equal(['TimedOut', 'Succeeded', 'MalformedResponse', 'Succeeded'])
    })
  })
})

describe('watch/close-signal', () => {
  for (const when of ['at the final result', 'at every emission'] as const)
    it(`should emit one final result if a subscriber closes the client ${when}`, () => {
      inVirtualTime(({ flush }) => {
        const { transport } = scripted(doneAfter(1_500))
        const client = new OperationsClient({ transport })
        const events: string[] = []
        client.watch(NAME, { schedule }).subscribe({
          next: (emission) => {
            events.push(isLeft(emission) ? emission.left._tag : emission.right._tag)
            if (when === 'at every emission' || events.at(-1) === 'Succeeded') client.close()
          },
          complete: () => events.push('end'),
        })
        flush()
        expect(events).to.deep.equal(
          when === 'at every emission'
            ? ['Running', 'ClientClosed', 'end']
            : ['Running', 'Running', 'Succeeded', 'end'],
        )
      })
    })
})
