import { setTimeout as pause } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { NEVER, timer } from 'rxjs'
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

describe('watch/shared-polls with many watches', () => {
  const client = (): OperationsClient => new OperationsClient({ transport: () => NEVER })

  /** Returns the CPU time of subscribing `count` times to one name and of unsubscribing, in microseconds. */
  function cpuTime(count: number): number {
    const watches = client()
    const start = process.cpuUsage()
    const subscriptions = Array.from({ length: count }, () => watches.watch(NAME, { schedule }).subscribe())
    for (const subscription of subscriptions) subscription.unsubscribe()
    const { user, system } = process.cpuUsage(start)
    return user + system
  }

  it('should take linear time to subscribe and to unsubscribe', () => {
    cpuTime(2_000)
    expect(cpuTime(16_000) / cpuTime(2_000)).to.be.below(20)
  })

  it('should release the schedule of a finished watch', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    const watches = client()
    const watched = () => {
      const custom = { next: () => 1_000 }
      watches.watch(NAME, { schedule: custom }).subscribe().unsubscribe()
      return new WeakRef(custom)
    }
    const schedules = Array.from({ length: 100 }, watched)
    // A WeakRef keeps its target until the end of the current job.
    await pause(0)
    collectGarbage()
    expect(schedules.filter((reference) => reference.deref() !== undefined)).to.deep.equal([])
  })

  it('should release the settings of finished watches', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    const watches = client()
    const heapAfter = (from: number): number => {
      for (let n = 0; n < 10_000; n++)
        watches
          .watch(NAME, { schedule, maxRetryTime: from + n })
          .subscribe()
          .unsubscribe()
      collectGarbage()
      return process.memoryUsage().heapUsed
    }
    const before = heapAfter(0)
    expect(heapAfter(10_000) - before).to.be.below(10_000 * 40)
  })
})
