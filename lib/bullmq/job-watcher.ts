import type { ResumeToken } from '../index.js'
import { isFinal, type JsonEmission } from '../polling/emission.js'
import { dueAfterHint } from '../polling/poll-state.js'
import { clockOffset, MAX_TIMER_DELAY, NEVER } from '../time/clock.js'
import type { PollListener, PollSource } from '../watch/poll-loop.js'
import { type JobProgress, parseProgress, parseResult } from './job-codec.js'
import { endedWithoutOutcome, type JobStore, jobId } from './job-store.js'

/** Options that all job watchers of a tracker share. */
export interface JobWatcherOptions {
  readonly jobs: JobStore
  /**
   * Starts to read the events of the queue. Resolves when no later event can be missed. Rejects with
   * `RedisUnavailable`.
   */
  readonly subscribeToEvents: () => Promise<unknown>
  /** Returns whether the connection to Redis is ready. */
  readonly isReady: () => boolean
  /** The watchers with listeners, by job ID. */
  readonly watchers: Map<string, JobWatcher>
  /** Returns the average time between two checks of a job, in milliseconds. */
  readonly checkInterval: () => number
  /** Returns the final result after a failure of Redis. `startedAt` is a time of `performance.now()`. */
  readonly toUnreachable: (target: ResumeToken, error: unknown, startedAt: number) => JsonEmission
  readonly reportError: (error: unknown) => void
}

/**
 * Emits the snapshots and the final result of one operation. Workers store these emissions in the operation's
 * job. BullMQ reports each change of the job with an event, but events may be lost. The watcher therefore
 * also reads the job regularly. If Redis has lost the job, the watcher adds the job again.
 */
export class JobWatcher implements PollSource {
  readonly id: string
  readonly #options: JobWatcherOptions
  #target: ResumeToken
  readonly #listeners = new Set<PollListener>()
  #latestEmission: JsonEmission | undefined
  #progress: JobProgress | undefined
  /** The earliest time `unlessDueBefore` of the hints that are not applied yet. {@link NEVER} without such a hint. */
  #pendingHint = NEVER
  #timer: NodeJS.Timeout | undefined
  #isStopped = false

  constructor(target: ResumeToken, options: JobWatcherOptions) {
    this.#target = target
    this.#options = options
    this.id = jobId(target)
  }

  get target(): ResumeToken {
    return this.#target
  }

  listen(listener: PollListener): void {
    const isFirst = this.#listeners.size === 0
    this.#listeners.add(listener)
    if (this.#latestEmission !== undefined) listener.next(this.#latestEmission)
    // During `next`, the listener may have called `unlisten`.
    if (!isFirst || this.#listeners.size === 0) return
    this.#options.watchers.set(this.id, this)
    void this.#start()
  }

  unlisten(listener: PollListener): void {
    this.#listeners.delete(listener)
    if (this.#listeners.size === 0) this.#stop()
  }

  pollSoon(unlessDueBefore: number): void {
    const now = Date.now()
    const progress = this.#progress
    // The progress is unknown, or a poll that was sent before the hint may be in flight. The hint is applied after
    // the next progress.
    if (progress === undefined || progress.due <= now) {
      this.#pendingHint = Math.min(this.#pendingHint, unlessDueBefore)
      return
    }
    const due = dueAfterHint(progress, unlessDueBefore + clockOffset(), now)
    if (due === undefined) return
    // The new due time is set before Redis confirms it, so that further hints send no command.
    const hinted = { ...progress, due }
    this.#progress = hinted
    this.#options.jobs.reschedule(this.id, due - now).then(
      (isRescheduled) => {
        if (isRescheduled) return
        // The job was not delayed: its poll is in flight, or new progress has arrived in the meantime.
        if (this.#progress === hinted) this.#pendingHint = Math.min(this.#pendingHint, unlessDueBefore)
        else this.pollSoon(unlessDueBefore)
      },
      (error: unknown) => {
        if (this.#progress === hinted) this.#progress = progress
        this.#options.reportError(error)
      },
    )
  }

  /** Handles a `progress` event of the job. */
  onProgress(data: unknown): void {
    this.#update(parseProgress(data, this.#target, Date.now()))
  }

  /** Handles a `completed` event of the job. */
  onCompleted(value: unknown): void {
    const result = parseResult(value, this.#target.name)
    if (result !== undefined) this.#emit(result)
  }

  /** Schedules the next check after `delay` milliseconds. Replaces the check that is scheduled. */
  checkAfter(delay: number): void {
    if (this.#isStopped) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#check(), Math.min(MAX_TIMER_DELAY, delay))
  }

  async #start(): Promise<void> {
    const { jobs, subscribeToEvents, toUnreachable } = this.#options
    const startedAt = performance.now()
    try {
      await subscribeToEvents()
      await jobs.add({ target: this.#target })
      const job = await jobs.find(this.#target)
      if (this.#isStopped) return
      if (job !== undefined) this.#setSince(job.target)
      // If the stored job ended without an outcome, this watch polls the operation again, like a watch of a
      // client.
      if (job === undefined || endedWithoutOutcome(job)) await jobs.replace(this.#target)
      else if (job._tag === 'Completed') this.#emit(job.result)
      else if (job._tag === 'Pending') this.#update(job.progress)
    } catch (error) {
      this.#emit(toUnreachable(this.#target, error, startedAt))
    }
    this.#scheduleCheck()
  }

  async #check(): Promise<void> {
    const { jobs, isReady, reportError } = this.#options
    try {
      if (!isReady()) return
      const job = await jobs.find(this.#target)
      if (this.#isStopped) return
      if (job === undefined)
        await jobs.add({ target: this.#target, ...(this.#progress && { progress: this.#progress }) })
      else if (job._tag === 'Completed') this.#emit(job.result)
      else if (job._tag === 'Failed')
        this.#fail(new Error(`a worker failed to poll ${this.#target.name}: ${job.reason}`))
      else this.#update(job.progress)
    } catch (error) {
      reportError(error)
    } finally {
      this.#scheduleCheck()
    }
  }

  #scheduleCheck(): void {
    // A random factor spreads the checks of all watchers over time.
    this.checkAfter(this.#options.checkInterval() * (0.5 + Math.random()))
  }

  /** Emits the snapshot in a job's progress if it is new. Ignores older progress, because events and checks may be late. */
  #update(progress: JobProgress | undefined): void {
    if (progress === undefined || this.#isStopped) return
    const { attempt, polledAt, lastSeen } = progress.state
    const previous = this.#progress?.state
    if (previous !== undefined && attempt <= previous.attempt && polledAt <= previous.polledAt) return
    this.#progress = progress
    this.#setSince(progress.state.target)
    const isNew =
      lastSeen?.attempt !== previous?.lastSeen?.attempt || lastSeen?.elapsed !== previous?.lastSeen?.elapsed
    if (lastSeen !== undefined && isNew) this.#emit({ _tag: 'Right', right: lastSeen })
    const hint = this.#pendingHint
    this.#pendingHint = NEVER
    if (hint !== NEVER) this.pollSoon(hint)
  }

  /** Sets `since` to the time of the first watch of the operation, because `elapsed` is measured from this time. */
  #setSince({ since }: ResumeToken): void {
    const target = this.#target
    if (since !== undefined) this.#target = { ...target, since }
  }

  #emit(emission: JsonEmission): void {
    if (this.#isStopped) return
    this.#latestEmission = emission
    if (isFinal(emission)) this.#stop()
    for (const listener of [...this.#listeners]) listener.next(emission)
  }

  #fail(error: unknown): void {
    if (this.#isStopped) return
    this.#stop()
    for (const listener of [...this.#listeners]) listener.error(error)
  }

  #stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
    if (this.#options.watchers.get(this.id) === this) this.#options.watchers.delete(this.id)
  }
}
