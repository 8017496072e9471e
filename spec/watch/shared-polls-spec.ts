import { setTimeout as pause } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { NEVER, timer } from 'rxjs'
import { constant, OperationsClient } from '../../lib/index.js'
import { doneAfter, inVirtualTime, NAME, scripted } from '../virtual.js'

const schedule = constant({ interval: 1_000 })
const SUBSCRIBER_COUNT = 1_000

describe(`watch/poll-loop with ${SUBSCRIBER_COUNT} subscribers`, () => {
  // Cited in docs/COMPARISON.md as: one-loop
  it('should use one poll loop, and emit every snapshot to all subscribers', () => {
    inVirtualTime(({ flush }) => {
      const { transport, polledAt } = scripted(doneAfter(4_500))
      const client = new OperationsClient({ transport })
      const finalAttempts: number[] = []
      let emissionCount = 0
      for (let n = 0; n < SUBSCRIBER_COUNT; n++)
        client.watch(NAME, { schedule }).subscribe((emission) => {
          emissionCount++
          if (!isLeft(emission) && emission.right.done) finalAttempts.push(emission.right.attempt)
        })
      flush()
      expect(polledAt).to.deep.equal([0, 1_000, 2_000, 3_000, 4_000, 5_000])
      expect(emissionCount).to.equal(6 * SUBSCRIBER_COUNT)
      expect(finalAttempts).to.deep.equal(Array(SUBSCRIBER_COUNT).fill(6))
    })
  })

  it('should emit the latest snapshot to late subscribers without another request', () => {
    inVirtualTime(({ flush }) => {
      const { transport, polledAt } = scripted(doneAfter(4_500))
      const client = new OperationsClient({ transport })
      const firstAttempts: number[] = []
      client.watch(NAME, { schedule }).subscribe()
      for (let n = 0; n < SUBSCRIBER_COUNT; n++)
        timer(2_500).subscribe(() => {
          let isFirst = true
          client.watch(NAME, { schedule }).subscribe((emission) => {
            if (isFirst && !isLeft(emission)) firstAttempts.push(emission.right.attempt)
            isFirst = false
          })
        })
      flush()
      expect(firstAttempts).to.deep.equal(Array(SUBSCRIBER_COUNT).fill(3))
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
      for (let n = 0; n < SUBSCRIBER_COUNT; n++) {
        const subscription = client.watch(NAME, { schedule }).subscribe()
        timer(100 + n * 2).subscribe(() => subscription.unsubscribe())
      }
      flush()
      expect(polledAt).to.deep.equal([0, 1_000, 2_000])
      expect(abortedAt).to.deep.equal([100 + (SUBSCRIBER_COUNT - 1) * 2])
      expect(client.stats()).to.include({ inFlight: 0, waiting: 0 })
    })
  })

  it('should continue to emit to other subscribers if one subscriber has ended', () => {
    inVirtualTime(({ flush }) => {
      const { transport } = scripted(doneAfter(1_500))
      const client = new OperationsClient({ transport })
      const finalTags: string[] = []
      const rejectingOptions = { schedule, response: () => ({ _tag: 'Left', left: 'no' }) as const }
      for (const options of [{ schedule }, rejectingOptions, { schedule, timeout: 500 }, { schedule }])
        client.watch(NAME, options).subscribe((emission) => {
          if (isLeft(emission)) finalTags.push(emission.left._tag)
          else if (emission.right.done) finalTags.push(emission.right._tag)
        })
      flush()
      expect(finalTags).to.deep.equal(['TimedOut', 'Succeeded', 'MalformedResponse', 'Succeeded'])
    })
  })
})

describe('watch/close-signal', () => {
  for (const closeTime of ['at the final result', 'at every emission'] as const)
    it(`should emit one final result if a subscriber closes the client ${closeTime}`, () => {
      inVirtualTime(({ flush }) => {
        const { transport } = scripted(doneAfter(1_500))
        const client = new OperationsClient({ transport })
        const events: string[] = []
        client.watch(NAME, { schedule }).subscribe({
          next: (emission) => {
            events.push(isLeft(emission) ? emission.left._tag : emission.right._tag)
            if (closeTime === 'at every emission' || events.at(-1) === 'Succeeded') client.close()
          },
          complete: () => events.push('end'),
        })
        flush()
        expect(events).to.deep.equal(
          closeTime === 'at every emission'
            ? ['Running', 'ClientClosed', 'end']
            : ['Running', 'Running', 'Succeeded', 'end'],
        )
      })
    })
})

describe('watch/poll-loop with many watches', () => {
  const createClient = (): OperationsClient => new OperationsClient({ transport: () => NEVER })

  /** Returns the CPU time of subscribing `count` times to one name and of unsubscribing, in microseconds. */
  function cpuTime(count: number): number {
    const client = createClient()
    const start = process.cpuUsage()
    const subscriptions = Array.from({ length: count }, () => client.watch(NAME, { schedule }).subscribe())
    for (const subscription of subscriptions) subscription.unsubscribe()
    const { user, system } = process.cpuUsage(start)
    return user + system
  }

  it('should take linear time to subscribe and to unsubscribe', () => {
    cpuTime(2_000)
    // The mean of eight times, so that the same total number of subscriptions is measured on both sides.
    const times = Array.from({ length: 8 }, () => cpuTime(2_000))
    const meanTime = times.reduce((sum, time) => sum + time, 0) / times.length
    // Linear time gives 8, plus the garbage collection of more objects. Quadratic time gives 64.
    expect(cpuTime(16_000) / meanTime).to.be.below(32)
  })

  it('should release the schedule of a finished watch', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    const client = createClient()
    const watchAndUnsubscribe = () => {
      const customSchedule = { next: () => 1_000 }
      client.watch(NAME, { schedule: customSchedule }).subscribe().unsubscribe()
      return new WeakRef(customSchedule)
    }
    const scheduleReferences = Array.from({ length: 100 }, watchAndUnsubscribe)
    const retained = () => scheduleReferences.filter((reference) => reference.deref() !== undefined)
    for (let run = 0; run < 10; run++) {
      // A WeakRef keeps its target until the end of the current job, and `retained` itself reads each WeakRef.
      await pause(0)
      collectGarbage()
      if (retained().length === 0) break
    }
    expect(retained()).to.deep.equal([])
  })

  it('should release the settings of finished watches', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    const client = createClient()
    const heapAfterWatches = (firstRetryTime: number): number => {
      for (let n = 0; n < 10_000; n++)
        client
          .watch(NAME, { schedule, maxRetryTime: firstRetryTime + n })
          .subscribe()
          .unsubscribe()
      collectGarbage()
      return process.memoryUsage().heapUsed
    }
    const heapBefore = heapAfterWatches(0)
    expect(heapAfterWatches(10_000) - heapBefore).to.be.below(10_000 * 40)
  })
})
