import { DelayedError, type Job, Queue, UnrecoverableError, Worker } from 'bullmq'
import { lastValueFrom, type Observable, Subject, takeUntil, timer } from 'rxjs'
import {
  InvalidOption,
  type OperationError,
  type OperationsClient,
  type PollState,
  type RateLimitOptions,
  type ResumeToken,
  type Step,
  type StepOptions,
  type StepPending,
} from '../index.js'
import { inRange, milliseconds } from '../messages/invalid-option.js'
import { CloseSignal } from '../watch/close-signal.js'
import { watchSettings } from '../watch/watch-options.js'
import { FleetConnection } from './connection.js'
import { FleetLimiter } from './fleet-limiter.js'
import {
  type FinalResult,
  type JobData,
  type JobProgress,
  parseProgress,
  shiftClock,
  truncateMetadata,
  wallClockOffset,
} from './job-codec.js'
import { type QueueOptions, queueOf, STREAMS, trimEvents } from './queue-options.js'

/** Options of {@link createWorker}. */
export interface WorkerOptions extends QueueOptions, StepOptions {
  /** Who asks; it stays the caller's. Give it `budget: false`, for the limiter is the budget of the fleet. */
  readonly client: OperationsClient
  /**
   * The quota of the whole fleet; give all of its workers the same.
   * @defaultValue ten in a second
   */
  readonly rateLimit?: RateLimitOptions | undefined
  /**
   * How many polls this worker may have in flight, from 1 to 10 000.
   * @defaultValue 100
   */
  readonly concurrency?: number | undefined
  /**
   * Milliseconds, from 100 to 600 000, after which a poll of a worker that died is another one's. A worker that lives
   * holds on to its polls for longer, as long as its event loop is not held up for this long.
   * @defaultValue 5 000
   */
  readonly lockDuration?: number | undefined
  /**
   * Milliseconds, at least 1 000, for which last words are kept in Redis for those who come late; then
   * they go when another operation ends. They are kept whole: up to `maxResponseBytes` of the client, and as much again among
   * the latest events.
   * @defaultValue 3 600 000
   */
  readonly retention?: number | undefined
}

/** The longest wait between two polls in milliseconds, where a schedule leaves it to a hint that may never come. */
const LONGEST_WAIT = 86_400_000
/** No number of crashes or deploys may fail an operation. */
const STALLS = 2 ** 31 - 1
/** How long a job that this worker cannot poll, though another one may, is put off, in milliseconds. */
const RETRY_DELAY = 5_000
/** How long a worker asks nothing of a Redis that refuses, in milliseconds: BullMQ would ask again at once, and for ever. */
const REJECTED_DELAY = 1_000
/** One of a fleet that polls operations, one poll of one operation at a time. */
export class OperationWorker {
  readonly #client: OperationsClient
  readonly #policy: StepOptions
  readonly #limiter: FleetLimiter
  readonly #connection: FleetConnection
  readonly #queue: Queue
  readonly #worker: Worker<JobData, FinalResult>
  readonly #closing = new CloseSignal()
  readonly #errors = new Subject<Error>()
  readonly #concurrency: number
  #closed: Promise<void> | undefined

  /** Use {@link createWorker}. */
  constructor(options: WorkerOptions) {
    const { client, concurrency = 100, lockDuration = 5_000, retention = 3_600_000 } = options
    const { rateLimit = { requests: 10, per: 1_000 } } = options
    if (typeof client?.step !== 'function') throw new InvalidOption('client', 'an OperationsClient', client)
    const { schedule, maxRetryTime, visibilityWindow } = watchSettings(options)
    inRange('concurrency', concurrency, '', { from: 1, to: 10_000 })
    inRange('lockDuration', lockDuration, 'milliseconds', { from: 100, to: 600_000 })
    this.#limiter = new FleetLimiter(rateLimit)
    milliseconds('retention', retention, 1_000)
    const { name, prefix } = queueOf(options, client.endpoint)
    this.#client = client
    this.#policy = { schedule, maxRetryTime, visibilityWindow }
    this.#concurrency = concurrency
    this.#connection = new FleetConnection(options.connection, null)
    const shared = { connection: this.#connection.client, prefix }
    this.#queue = new Queue(name, { ...shared, streams: STREAMS, skipVersionCheck: true })
    trimEvents(this.#connection, this.#queue)
    this.#worker = new Worker(name, (job, token) => this.#poll(job, token), {
      ...shared,
      // Until its first poll has loaded what polls need: others would be taken up meanwhile, and be sent all at once.
      concurrency: 1,
      // Without a limiter a pause of the queue would be ignored.
      limiter: this.#limiter.window,
      lockDuration,
      stalledInterval: lockDuration / 2,
      maxStalledCount: STALLS,
      removeOnComplete: { age: Math.ceil(retention / 1_000) },
      removeOnFail: { age: Math.ceil(retention / 1_000) },
    })
    this.#worker.on('error', (error) => {
      this.#report(error)
      if (error.name === 'ReplyError') void this.#pauseForRedis()
    })
    this.#queue.on('error', () => undefined)
  }

  /**
   * Trouble with Redis, defects such as a schedule that throws, and why this worker can poll nothing, as without credentials.
   * Only the last needs somebody to listen: where all workers are so, watches hear nothing. Hot.
   */
  get errors(): Observable<Error> {
    return this.#errors.asObservable()
  }

  /**
   * Polls no more. Polls in flight are aborted and left to other workers, at once. It takes 2 s at the most, also when Redis is
   * away. Idempotent; the client stays open.
   */
  close(): Promise<void> {
    this.#closed ??= this.#end()
    return this.#closed
  }

  /** Does what {@link close} does, at the end of an `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #end(): Promise<void> {
    this.#closing.close()
    // BullMQ takes the first word on whether to wait.
    await this.#connection.closeGracefully((isReady) =>
      Promise.all([this.#worker.close(!isReady), this.#queue.close()]),
    )
    this.#errors.complete()
  }

  /** One activation of a job: its last word, or a `DelayedError` when it is to be polled again. */
  async #poll(job: Job<JobData>, token: string | undefined): Promise<FinalResult> {
    const step = await this.#step(job)
    const unfit = step?._tag === 'Ended' ? this.#workerFault(step.result, job.data) : undefined
    if (unfit === undefined) this.#worker.concurrency = this.#concurrency
    try {
      if (unfit !== undefined) await this.#release(job, token, unfit)
      else if (step?._tag === 'Ended') return step.result
      else if (step === undefined) await job.moveToDelayed(Date.now(), token)
      else await this.#reschedule(job, token, step)
    } catch (error) {
      // The lock runs out, and then the job is polled again. Nothing of Redis may fail it.
      this.#report(error)
    }
    throw new DelayedError()
  }

  /** Polls once; undefined where this worker or its client is closed meanwhile. */
  async #step(job: Job<Partial<JobData> | null>): Promise<Step | undefined> {
    const now = Date.now()
    const stand = parseProgress(job.progress, now) ?? parseProgress(job.data?.progress, now)
    const from = stand === undefined ? startTarget(job.data?.target) : resumeState(stand, now)
    const step = this.#client.step(from, this.#policy).pipe(takeUntil(this.#closing.whenClosed))
    const answer = await lastValueFrom(step, { defaultValue: undefined }).catch((defect: unknown) => {
      this.#errors.next(defect instanceof Error ? defect : new Error(String(defect)))
      // Told as a watch tells it, by its error channel: to try it for ever would tell nobody.
      throw new UnrecoverableError(String(defect))
    })
    if (
      answer?._tag !== 'Ended' ||
      answer.result._tag !== 'Left' ||
      answer.result.left._tag !== 'ClientClosed'
    )
      return answer
    void this.close()
    return undefined
  }

  async #reschedule(job: Job<JobData>, token: string | undefined, step: StepPending): Promise<void> {
    const now = Date.now()
    const due = now + Math.min(LONGEST_WAIT, Math.ceil(step.wait))
    const course = shiftClock(truncateMetadata(step.state), wallClockOffset())
    const stand: JobProgress = { state: course, due, notBefore: now + step.retryAfter }
    await job.updateProgress(stand)
    const pause = this.#limiter.pauseAfter(step)
    await this.#limiter.pause(this.#connection.client, this.#queue.toKey('limiter'), pause)
    await job.moveToDelayed(due, token)
  }

  /** Leaves a job to others; a worker that can poll none rests, lest it take up what they could poll. */
  async #release(
    job: Job<JobData>,
    token: string | undefined,
    { _tag, message }: OperationError,
  ): Promise<void> {
    this.#errors.next(new Error(message))
    if (_tag === 'InvalidName') return job.moveToDelayed(Date.now() + RETRY_DELAY, token)
    this.#worker.concurrency = 1
    await this.#pause(RETRY_DELAY)
    await job.moveToDelayed(Date.now(), token)
  }

  /** A last word that tells of this worker, and not of the operation: another one may have credentials, or ask that endpoint. */
  #workerFault(word: FinalResult, data: Partial<JobData> | null): OperationError | undefined {
    if (word._tag === 'Right') return undefined
    const { left } = word
    const { endpoint = this.#client.endpoint } = data?.target ?? {}
    const isUnfit =
      left._tag === 'CredentialsError' ||
      (left._tag === 'Unreachable' && left.last._tag === 'CertificateRefused') ||
      (left._tag === 'InvalidName' && endpoint !== this.#client.endpoint)
    return isUnfit ? left : undefined
  }

  async #pauseForRedis(): Promise<void> {
    if (this.#worker.isPaused()) return
    await this.#worker.pause(true)
    await this.#pause(REJECTED_DELAY)
    if (this.#closed === undefined) await this.#worker.resume()
  }

  /** Resolves after so many milliseconds, or when it is closed. */
  #pause(milliseconds: number): Promise<unknown> {
    return lastValueFrom(timer(milliseconds).pipe(takeUntil(this.#closing.whenClosed)), { defaultValue: 0 })
  }

  #report(error: unknown): void {
    this.#errors.next(this.#connection.toRedisError(error))
  }
}

/**
 * The course by the clock of this process, which nobody sets, and as if a poll that comes late were asked when it was due:
 * maxRetryTime bears failures, not a queue that is long.
 */
function resumeState({ state, due }: JobProgress, now: number): PollState {
  const here = shiftClock(state, -wallClockOffset())
  const late = shiftClock(here, Math.max(0, now - due))
  return { ...late, target: here.target, polledAt: here.polledAt }
}

/** The token of a job by the clock of this process; no name where the job is of no operation. */
function startTarget(target: ResumeToken | undefined): ResumeToken | string {
  return target?.since === undefined ? (target ?? '') : { ...target, since: target.since - wallClockOffset() }
}

/**
 * Starts to poll the operations of a queue, beside any number of workers in other processes: one job for each operation, one
 * poll for each activation, by the schedule and the verdicts of a watch. Throws `InvalidOption` where an option is out of
 * its range.
 *
 * A worker without credentials, or whose certificates are refused, leaves operations to others, and tries one each 5 s. A 429
 * or a Retry-After after a failure pauses the whole fleet, a 429 for at least one window of the limiter, twice as long with each in a
 * row, up to 30 s. An operation is lost by no crash, deploy or failure; it may be
 * polled twice, which changes nothing.
 *
 * @example
 * {@includeCode ../../examples/many-machines.ts}
 */
export function createWorker(options: WorkerOptions): OperationWorker {
  return new OperationWorker(options)
}
