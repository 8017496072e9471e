import type { ResumeToken } from '../index.js'
import { isOutcome, type Word } from '../policy/word.js'
import { type Listener, type Loop, NUDGE_GAP } from '../watch/poll.js'
import { jobId } from './job-id.js'
import type { Jobs } from './jobs.js'
import { lastWordOf, type Stand, standOf } from './stored.js'

/** What a feed works with. */
export interface FeedSource {
  readonly jobs: Jobs
  /** Resolves once no further event is missed; rejects with `RedisUnavailable`. */
  readonly listening: () => Promise<unknown>
  readonly isReady: () => boolean
  /** The feeds that somebody listens to, by the id of their job. */
  readonly table: Map<string, Feed>
  /** Milliseconds, on average, between two looks at a job. */
  readonly interval: () => number
  /** The last word where Redis could not be asked since a time of `performance.now()`. */
  readonly unreachable: (target: ResumeToken, trouble: unknown, began: number) => Word
  readonly report: (error: unknown) => void
}

/**
 * The words of one operation as its workers leave them in Redis. Events bring them at once, but may be lost: so the job is
 * looked at now and then, and added again where Redis has lost it.
 */
export class Feed implements Loop {
  readonly id: string
  readonly #source: FeedSource
  #target: ResumeToken
  #listeners: readonly Listener[] = []
  #latest: Word | undefined
  #stand: Stand | undefined
  #nudged: number | undefined
  #timer: NodeJS.Timeout | undefined
  #isOver = false

  constructor(target: ResumeToken, source: FeedSource) {
    this.#target = target
    this.#source = source
    this.id = jobId(target)
  }

  get target(): ResumeToken {
    return this.#target
  }

  listen(listener: Listener): void {
    const isFirst = this.#listeners.length === 0
    this.#listeners = [...this.#listeners, listener]
    if (this.#latest !== undefined) listener.next(this.#latest)
    if (!isFirst || this.#listeners.length === 0) return
    this.#source.table.set(this.id, this)
    void this.#begin()
  }

  leave(listener: Listener): void {
    this.#listeners = this.#listeners.filter((other) => other !== listener)
    if (this.#listeners.length === 0) this.#end()
  }

  nudge(unlessBefore: number): void {
    const now = Date.now()
    // Not known yet, or perhaps being polled, by a question that was asked before: it is asked again after that.
    if (this.#stand === undefined || this.#stand.due <= now) {
      this.#nudged = Math.min(this.#nudged ?? unlessBefore, unlessBefore)
      return
    }
    const { due, notBefore, course } = this.#stand
    if (due < unlessBefore) return
    const then = Math.max(now, notBefore, course.askedAt + NUDGE_GAP)
    if (then >= due) return
    this.#source.jobs.hasten(this.id, then - now).then(
      // One that is being polled is asked again after that.
      (isWaiting) => {
        if (!isWaiting) this.#nudged = unlessBefore
      },
      (error: unknown) => this.#source.report(error),
    )
  }

  /** An event of the job's progress. */
  progressed(progress: unknown): void {
    const stand = standOf(progress, Date.now())
    if (stand !== undefined) this.#take(stand)
  }

  /** An event of the job's end. */
  completed(value: unknown): void {
    const word = lastWordOf(value)
    if (word !== undefined) this.#tell(word)
  }

  /** Looks at the job soon, for something has happened of which no event tells what. */
  lookSoon(milliseconds: number): void {
    if (this.#isOver) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#look(), milliseconds)
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
        await jobs.restart(this.#target)
      else if (found?._tag === 'Ended') this.#tell(found.word)
      else if (found?.stand !== undefined) this.#take(found.stand)
    } catch (error) {
      this.#tell(this.#source.unreachable(this.#target, error, began))
    }
    this.#lookLater()
  }

  async #look(): Promise<void> {
    const { jobs, isReady, report } = this.#source
    try {
      const found = isReady() ? await jobs.find(this.id) : 'unknown'
      if (this.#isOver) return
      if (found === undefined)
        await jobs.add({ target: this.#target, ...(this.#stand && { stand: this.#stand }) })
      else if (found === 'unknown') return
      else if (found._tag === 'Ended') this.#tell(found.word)
      else if (found._tag === 'Failed')
        this.#fail(new Error(`a worker failed at ${this.#target.name}: ${found.reason}`))
      else if (found.stand !== undefined) this.#take(found.stand)
    } catch (error) {
      report(error)
    } finally {
      this.#lookLater()
    }
  }

  #lookLater(): void {
    // Jittered, lest all who watch look at once.
    this.lookSoon(this.#source.interval() * (0.5 + Math.random()))
  }

  /** Tells a snapshot that is newer than the last one; events and looks overtake each other. */
  #take(stand: Stand): void {
    if (this.#isOver) return
    const { attempt, askedAt, lastSeen } = stand.course
    const before = this.#stand?.course
    if (before !== undefined && attempt <= before.attempt && askedAt <= before.askedAt) return
    this.#stand = stand
    this.#adopt(stand.course.target)
    const isNews =
      lastSeen?.attempt !== before?.lastSeen?.attempt || lastSeen?.elapsed !== before?.lastSeen?.elapsed
    if (lastSeen !== undefined && isNews) this.#tell({ _tag: 'Right', right: lastSeen })
    const nudged = this.#nudged
    this.#nudged = undefined
    if (nudged !== undefined) this.nudge(nudged)
  }

  /** Whoever comes late goes on from when the operation began to be watched. */
  #adopt({ name, endpoint, since }: ResumeToken): void {
    const target = this.#target
    if (since !== undefined && name === target.name && endpoint === target.endpoint)
      this.#target = { ...target, since }
  }

  #tell(word: Word): void {
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
