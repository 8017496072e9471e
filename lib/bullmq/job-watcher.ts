import type { ResumeToken } from '../index.js'
import { type Emission, isOutcome } from '../polling/emission.js'
import { earliestPoll } from '../polling/poll-state.js'
import type { PollListener, PollSource } from '../watch/poll-loop.js'
import { type JobProgress, parseProgress, parseResult } from './job-codec.js'
import { type JobStore, jobId } from './job-store.js'

/** What a feed works with. */
export interface JobWatcherOptions {
  readonly jobs: JobStore
  /** Resolves once no further event is missed; rejects with `RedisUnavailable`. */
  readonly listening: () => Promise<unknown>
  readonly isReady: () => boolean
  /** The feeds that somebody listens to, by the id of their job. */
  readonly table: Map<string, JobWatcher>
  /** Milliseconds, on average, between two looks at a job. */
  readonly interval: () => number
  /** The last word where Redis could not be asked since a time of `performance.now()`. */
  readonly unreachable: (target: ResumeToken, trouble: unknown, began: number) => Emission
  readonly report: (error: unknown) => void
}

/**
 * The words of one operation as its workers leave them in Redis. Events bring them at once, but may be lost: so the job is
 * looked at now and then, and added again where Redis has lost it.
 */
export class JobWatcher implements PollSource {
  readonly id: string
  readonly #source: JobWatcherOptions
  #target: ResumeToken
  #listeners: readonly PollListener[] = []
  #latest: Emission | undefined
  #progress: JobProgress | undefined
  #isHinted: number | undefined
  #timer: NodeJS.Timeout | undefined
  #isOver = false

  constructor(target: ResumeToken, source: JobWatcherOptions) {
    this.#target = target
    this.#source = source
    this.id = jobId(target)
  }

  get target(): ResumeToken {
    return this.#target
  }

  listen(listener: PollListener): void {
    const isFirst = this.#listeners.length === 0
    this.#listeners = [...this.#listeners, listener]
    if (this.#latest !== undefined) listener.next(this.#latest)
    if (!isFirst || this.#listeners.length === 0) return
    this.#source.table.set(this.id, this)
    void this.#begin()
  }

  unlisten(listener: PollListener): void {
    this.#listeners = this.#listeners.filter((other) => other !== listener)
    if (this.#listeners.length === 0) this.#end()
  }

  pollSoon(unlessBefore: number): void {
    const now = Date.now()
    // Not known yet, or perhaps being polled, by a question that was asked before: it is asked again after that.
    if (this.#progress === undefined || this.#progress.due <= now) {
      this.#isHinted = Math.min(this.#isHinted ?? unlessBefore, unlessBefore)
      return
    }
    const { due, notBefore, state } = this.#progress
    if (due < unlessBefore) return
    const then = earliestPoll(state, notBefore, now)
    if (then >= due) return
    this.#source.jobs.reschedule(this.id, then - now).then(
      // One that is being polled is asked again after that.
      (isWaiting) => {
        if (!isWaiting) this.#isHinted = unlessBefore
      },
      (error: unknown) => this.#source.report(error),
    )
  }

  /** An event of the job's progress. */
  progressed(progress: unknown): void {
    const stand = parseProgress(progress, Date.now())
    if (stand !== undefined) this.#take(stand)
  }

  /** An event of the job's end. */
  completed(value: unknown): void {
    const word = parseResult(value)
    if (word !== undefined) this.#emit(word)
  }

  /** Looks at the job soon, for something has happened of which no event tells what. */
  checkSoon(milliseconds: number): void {
    if (this.#isOver) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#check(), milliseconds)
  }

  async #begin(): Promise<void> {
    const { jobs, listening } = this.#source
    const began = performance.now()
    try {
      await listening()
      await jobs.add({ target: this.#target })
      const found = await jobs.find(this.id)
      if (this.#isOver) return
      if (found !== undefined) this.#adopt(found.target)
      // What ended without an outcome is asked for anew, as by a watch that begins when another has ended.
      if (found?._tag === 'Failed' || (found?._tag === 'Ended' && !isOutcome(found.word)))
        await jobs.replace(this.#target)
      else if (found?._tag === 'Ended') this.#emit(found.word)
      else if (found?.stand !== undefined) this.#take(found.stand)
    } catch (error) {
      this.#emit(this.#source.unreachable(this.#target, error, began))
    }
    this.#scheduleCheck()
  }

  async #check(): Promise<void> {
    const { jobs, isReady, report } = this.#source
    try {
      const found = isReady() ? await jobs.find(this.id) : 'unknown'
      if (this.#isOver) return
      if (found === undefined)
        await jobs.add({ target: this.#target, ...(this.#progress && { progress: this.#progress }) })
      else if (found === 'unknown') return
      else if (found._tag === 'Ended') this.#emit(found.word)
      else if (found._tag === 'Failed')
        this.#fail(new Error(`a worker failed at ${this.#target.name}: ${found.reason}`))
      else if (found.stand !== undefined) this.#take(found.stand)
    } catch (error) {
      report(error)
    } finally {
      this.#scheduleCheck()
    }
  }

  #scheduleCheck(): void {
    // Jittered, lest all who watch look at once.
    this.checkSoon(this.#source.interval() * (0.5 + Math.random()))
  }

  /** Tells a snapshot that is newer than the last one; events and looks overtake each other. */
  #take(stand: JobProgress): void {
    if (this.#isOver) return
    const { attempt, polledAt, lastSeen } = stand.state
    const before = this.#progress?.state
    if (before !== undefined && attempt <= before.attempt && polledAt <= before.polledAt) return
    this.#progress = stand
    this.#adopt(stand.state.target)
    const isNews =
      lastSeen?.attempt !== before?.lastSeen?.attempt || lastSeen?.elapsed !== before?.lastSeen?.elapsed
    if (lastSeen !== undefined && isNews) this.#emit({ _tag: 'Right', right: lastSeen })
    const nudged = this.#isHinted
    this.#isHinted = undefined
    if (nudged !== undefined) this.pollSoon(nudged)
  }

  /** Whoever comes late goes on from when the operation began to be watched. */
  #adopt({ name, endpoint, since }: ResumeToken): void {
    const target = this.#target
    if (since !== undefined && name === target.name && endpoint === target.endpoint)
      this.#target = { ...target, since }
  }

  #emit(word: Emission): void {
    if (this.#isOver) return
    this.#latest = word
    const isLast = word._tag === 'Left' || word.right.done
    if (isLast) this.#end()
    for (const listener of this.#listeners) listener.next(word)
  }

  #fail(defect: unknown): void {
    if (this.#isOver) return
    this.#end()
    for (const listener of this.#listeners) listener.error(defect)
  }

  #end(): void {
    this.#isOver = true
    clearTimeout(this.#timer)
    if (this.#source.table.get(this.id) === this) this.#source.table.delete(this.id)
  }
}
