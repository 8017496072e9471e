import { expect } from 'chai'
import type { JobStore } from '../../lib/bullmq/job-store.js'
import { JobWatcher, type JobWatcherOptions } from '../../lib/bullmq/job-watcher.js'
import type { JsonEmission } from '../../lib/polling/emission.js'
import { EVEN_IF_DUE_SOON, type PollListener } from '../../lib/watch/poll-loop.js'

const target = { name: 'operations/cp.1', endpoint: 'https://x.googleapis.com', apiVersion: 'v3', since: 1 }

/** Returns the progress of a job after poll `attempt`, which was 10 s ago. The next poll is due in an hour. */
function progressAfter(attempt: number): object {
  const now = Date.now()
  const lastSeen = { _tag: 'Running', done: false, name: target.name, attempt, elapsed: attempt }
  const times = { startedAt: 1, polledAt: now - 10_000 + attempt }
  const state = { target, ...times, attempt, hasResponse: true, visible: true, lastSeen, malformedInARow: 0 }
  return { state, due: now + 3_600_000, notBefore: now - 10_000 }
}

/** Creates a job watcher without Redis. Its job store counts the calls of `reschedule`, and returns `reschedule(count)`. */
function watcherWith(reschedule: (count: number) => Promise<boolean>) {
  const errors: unknown[] = []
  let rescheduleCount = 0
  const never = () => new Promise<never>(() => undefined)
  const jobs = {
    reschedule: () => {
      rescheduleCount++
      return reschedule(rescheduleCount)
    },
  }
  const options: JobWatcherOptions = {
    jobs: jobs as unknown as JobStore,
    subscribeToEvents: never,
    isReady: () => false,
    watchers: new Map(),
    checkInterval: () => 3_600_000,
    toUnreachable: () => {
      throw new Error('not used')
    },
    reportError: (error) => errors.push(error),
  }
  return { watcher: new JobWatcher(target, options), errors, reschedules: () => rescheduleCount }
}

/** Returns a listener that adds each emission to `emissions`. */
function listener(emissions: JsonEmission[] = []): PollListener {
  return { next: (emission) => emissions.push(emission), error: () => undefined }
}

describe('bullmq/job-watcher', () => {
  it('should add and remove 50,000 listeners in linear time', () => {
    const { watcher } = watcherWith(async () => true)
    const listeners = Array.from({ length: 50_000 }, () => listener())
    const startedAt = performance.now()
    for (const each of listeners) watcher.listen(each)
    for (const each of listeners) watcher.unlisten(each)
    // A copy of all listeners for each listener would take more than ten seconds.
    expect(performance.now() - startedAt).to.be.below(5_000)
  })

  it('should emit each snapshot once to every listener if a listener is added and another removed during the emission', () => {
    const { watcher } = watcherWith(async () => true)
    const [toExisting, toAdded]: [JsonEmission[], JsonEmission[]] = [[], []]
    const first: PollListener = {
      next: () => {
        watcher.unlisten(first)
        watcher.listen(listener(toAdded))
      },
      error: () => undefined,
    }
    watcher.listen(first)
    watcher.listen(listener(toExisting))
    watcher.onProgress(progressAfter(1))
    expect([toExisting.length, toAdded.length]).to.deep.equal([1, 1])
    watcher.onProgress(progressAfter(2))
    expect([toExisting.length, toAdded.length]).to.deep.equal([2, 2])
  })

  describe('pollSoon', () => {
    it('should reschedule the job once for any number of hints', () => {
      const { watcher, reschedules } = watcherWith(async () => true)
      watcher.listen(listener())
      watcher.onProgress(progressAfter(1))
      for (let hint = 0; hint < 20_000; hint++) watcher.pollSoon(EVEN_IF_DUE_SOON)
      expect(reschedules()).to.equal(1)
      watcher.onProgress(progressAfter(2))
      for (let hint = 0; hint < 20_000; hint++) watcher.pollSoon(EVEN_IF_DUE_SOON)
      expect(reschedules()).to.equal(2)
    })

    it('should reschedule the job once for any number of hints before the progress is known', () => {
      const { watcher, reschedules } = watcherWith(async () => true)
      watcher.listen(listener())
      for (let hint = 0; hint < 20_000; hint++) watcher.pollSoon(EVEN_IF_DUE_SOON)
      expect(reschedules()).to.equal(0)
      watcher.onProgress(progressAfter(1))
      expect(reschedules()).to.equal(1)
    })

    it('should apply a hint after the next progress if a poll is in flight', async () => {
      const { watcher, reschedules } = watcherWith(async (count) => count > 1)
      watcher.listen(listener())
      watcher.onProgress(progressAfter(1))
      watcher.pollSoon(EVEN_IF_DUE_SOON)
      await Promise.resolve()
      expect(reschedules()).to.equal(1)
      watcher.onProgress(progressAfter(2))
      expect(reschedules()).to.equal(2)
    })

    it('should apply a hint again if the progress of a poll in flight arrives before the response of Redis', async () => {
      const { watcher, reschedules } = watcherWith(async (count) => count > 1)
      watcher.listen(listener())
      watcher.onProgress(progressAfter(1))
      watcher.pollSoon(EVEN_IF_DUE_SOON)
      watcher.onProgress(progressAfter(2))
      expect(reschedules()).to.equal(1)
      await Promise.resolve()
      expect(reschedules()).to.equal(2)
    })

    it('should apply the next hint if Redis returns an error', async () => {
      const { watcher, errors, reschedules } = watcherWith((count) =>
        count > 1 ? Promise.resolve(true) : Promise.reject(new Error('down')),
      )
      watcher.listen(listener())
      watcher.onProgress(progressAfter(1))
      watcher.pollSoon(EVEN_IF_DUE_SOON)
      watcher.pollSoon(EVEN_IF_DUE_SOON)
      expect(reschedules()).to.equal(1)
      await new Promise((resolve) => setImmediate(resolve))
      expect(errors).to.have.length(1)
      watcher.pollSoon(EVEN_IF_DUE_SOON)
      expect(reschedules()).to.equal(2)
    })
  })
})
