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
  omitLargeMetadata,
  parseJob,
  shiftClock,
  wallClockOffset,
} from './job-codec.js'
import { type QueueOptions, STREAMS, trimEvents, validateQueue } from './queue-options.js'

/** Options of {@link createWorker}. */
export interface WorkerOptions extends QueueOptions, StepOptions {
  /**
   * The client that sends the polls. The caller must close it. Create it with `rateLimit: false`, because the worker
   * applies the rate limit of the fleet.
   */
  readonly client: OperationsClient
  /**
   * The rate limit of the whole fleet. Set the same value for all workers.
   * @defaultValue `{ requests: 10, per: 1000 }`
   */
  readonly rateLimit?: RateLimitOptions | undefined
  /**
   * The maximum number of polls that this worker has in flight at the same time, from 1 to 10,000.
   * @defaultValue 100
   */
  readonly concurrency?: number | undefined
  /**
   * The time after which another worker repeats the poll of a crashed worker, in milliseconds, from 100 to 600,000. A
   * running worker keeps its polls, unless its event loop is blocked for this time.
   * @defaultValue 5_000
   */
  readonly lockDuration?: number | undefined
  /**
   * How long final results are stored in Redis, in milliseconds, at least 1,000. Expired results are removed when
   * another operation ends. Each result is stored in its job and in an event, and may be as large as
   * `maxResponseBytes` of the client.
   * @defaultValue 3_600_000
   */
  readonly retention?: number | undefined
}

/** The maximum wait between two polls, in milliseconds. A schedule may wait for a hint, which may never arrive. */
const MAX_WAIT = 86_400_000
/** The `maxStalledCount` option of BullMQ. Crashes and deploys must never fail a job. */
const MAX_STALLED_COUNT = 2 ** 31 - 1
/** The wait before this worker polls again after its own fault, such as missing credentials, in milliseconds. */
const RETRY_DELAY = 5_000
/** The wait after Redis rejects a command, in milliseconds. BullMQ would retry immediately, without a limit. */
const REJECTED_DELAY = 1_000

/**
 * Creates a worker, which polls the operations of a queue together with workers in other processes. Each operation
 * has one job. Each run of the job sends one poll, with the same schedule and retries as a watch. Throws
 * `InvalidOption` if an option is invalid.
 *
 * A worker without credentials, or with a certificate error, leaves the operations to other workers, and polls one
 * operation every 5 s to test whether it can poll again. A failure with a `Retry-After` pauses the whole fleet. A 429
 * pauses it for at least one period of the rate limit. The pause doubles with each further 429, up to 30 s. Crashes,
 * deploys and failures lose no operation, but a poll may be repeated.
 *
 * @example
 * {@includeCode ../../examples/many-machines.ts}
 */
export function createWorker(options: WorkerOptions): OperationWorker {
  return new OperationWorker(options)
}

/** One worker of a fleet that polls operations. */
export class OperationWorker {
  readonly #client: OperationsClient
  readonly #stepOptions: StepOptions
  readonly #limiter: FleetLimiter
  readonly #connection: FleetConnection
  readonly #queue: Queue
  readonly #worker: Worker<JobData, FinalResult>
  readonly #closeSignal = new CloseSignal()
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
    const { name, prefix } = validateQueue(options, client.endpoint)
    this.#client = client
    this.#stepOptions = { schedule, maxRetryTime, visibilityWindow }
    this.#concurrency = concurrency
    this.#connection = new FleetConnection(options.connection, null)
    const shared = { connection: this.#connection.client, prefix }
    this.#queue = new Queue(name, { ...shared, streams: STREAMS, skipVersionCheck: true })
    trimEvents(this.#connection, this.#queue)
    // BullMQ expects seconds.
    const age = Math.ceil(retention / 1_000)
    this.#worker = new Worker(name, (job, token) => this.#poll(job, token), {
      ...shared,
      // The first poll imports the transport. Concurrent polls would wait for this import, and then all be
      // sent at once. The concurrency is therefore raised after the first poll.
      concurrency: 1,
      // Required, because BullMQ ignores a pause of the queue if the worker has no limiter.
      limiter: this.#limiter.window,
      lockDuration,
      stalledInterval: lockDuration / 2,
      maxStalledCount: MAX_STALLED_COUNT,
      removeOnComplete: { age },
      removeOnFail: { age },
    })
    this.#worker.on('error', (error) => {
      this.#reportError(error)
      if (error.name === 'ReplyError') void this.#pauseForRedis()
    })
    this.#queue.on('error', () => undefined)
  }

  /**
   * A hot Observable of Redis errors, defects such as a schedule that throws, and the reasons why this worker cannot
   * poll, such as missing credentials. Subscribe to log these errors, because watches emit nothing if no worker can
   * poll.
   */
  get errors(): Observable<Error> {
    return this.#errors.asObservable()
  }

  /**
   * Stops polling. Aborts the polls in flight and leaves their operations to other workers. Resolves within 2 s, even
   * if Redis is unavailable. Does not close the client. Further calls have no effect.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  /** Calls {@link close} at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    this.#closeSignal.close()
    // `isReady` must be known before the first call of `Worker.close`, because BullMQ ignores the argument of a
    // second call.
    await this.#connection.closeGracefully((isReady) =>
      Promise.all([this.#worker.close(!isReady), this.#queue.close()]),
    )
    this.#errors.complete()
  }

  /** Runs a job: polls once, and returns the final result or throws `DelayedError` if another poll follows. */
  async #poll(job: Job<JobData>, token: string | undefined): Promise<FinalResult> {
    const step = await this.#step(job)
    const fault = step?._tag === 'Ended' ? this.#workerFault(step.result, job.data) : undefined
    if (fault === undefined) this.#worker.concurrency = this.#concurrency
    try {
      if (fault !== undefined) await this.#release(job, token, fault)
      else if (step?._tag === 'Ended') return step.result
      else if (step === undefined) await job.moveToDelayed(Date.now(), token)
      else await this.#reschedule(job, token, step)
    } catch (error) {
      // An error of Redis must not fail the job. The job runs again when its lock expires.
      this.#reportError(error)
    }
    throw new DelayedError()
  }

  /** Polls once. Resolves with undefined if this worker or its client is closed during the poll. */
  async #step(job: Job): Promise<Step | undefined> {
    const now = Date.now()
    const { target, progress } = parseJob(job, now) ?? {}
    const from = progress === undefined ? startTarget(target) : resumeState(progress, now)
    const steps = this.#client.step(from, this.#stepOptions).pipe(takeUntil(this.#closeSignal.whenClosed))
    const step = await lastValueFrom(steps, { defaultValue: undefined }).catch((error: unknown) => {
      this.#errors.next(error instanceof Error ? error : new Error(String(error)))
      // Fails the job without retries, because retries would hide the defect. The watches of the operation then error.
      throw new UnrecoverableError(String(error))
    })
    const isClientClosed =
      step?._tag === 'Ended' && step.result._tag === 'Left' && step.result.left._tag === 'ClientClosed'
    if (!isClientClosed) return step
    void this.close()
    return undefined
  }

  async #reschedule(job: Job<JobData>, token: string | undefined, step: StepPending): Promise<void> {
    const now = Date.now()
    const due = now + Math.min(MAX_WAIT, Math.ceil(step.wait))
    const state = shiftClock(omitLargeMetadata(step.state), wallClockOffset())
    const progress: JobProgress = { state, due, notBefore: now + step.retryAfter }
    await job.updateProgress(progress)
    const pause = this.#limiter.pauseAfter(step)
    await this.#limiter.pause(this.#connection.client, this.#queue.toKey('limiter'), pause)
    await job.moveToDelayed(due, token)
  }

  /**
   * Leaves a job to other workers. If this worker cannot poll any operation, it pauses first, because it would
   * otherwise take jobs that other workers can poll.
   */
  async #release(job: Job<JobData>, token: string | undefined, fault: OperationError): Promise<void> {
    this.#errors.next(new Error(fault.message))
    if (fault._tag === 'InvalidName') return job.moveToDelayed(Date.now() + RETRY_DELAY, token)
    this.#worker.concurrency = 1
    await this.#pause(RETRY_DELAY)
    await job.moveToDelayed(Date.now(), token)
  }

  /**
   * Returns the error in a result if this worker is the cause of the error; otherwise undefined. Another
   * worker may have credentials, a valid certificate, or the endpoint of the operation.
   */
  #workerFault(result: FinalResult, data: Partial<JobData> | null): OperationError | undefined {
    if (result._tag === 'Right') return undefined
    const { left } = result
    const { endpoint = this.#client.endpoint } = data?.target ?? {}
    const isFault =
      left._tag === 'CredentialsError' ||
      (left._tag === 'Unreachable' && left.last._tag === 'CertificateRefused') ||
      (left._tag === 'InvalidName' && endpoint !== this.#client.endpoint)
    return isFault ? left : undefined
  }

  async #pauseForRedis(): Promise<void> {
    if (this.#worker.isPaused()) return
    await this.#worker.pause(true)
    await this.#pause(REJECTED_DELAY)
    if (this.#closed === undefined) await this.#worker.resume()
  }

  /** Waits for a number of milliseconds, or until the worker is closed. */
  #pause(delay: number): Promise<unknown> {
    const closed = this.#closeSignal.whenClosed
    return lastValueFrom(timer(delay).pipe(takeUntil(closed)), { defaultValue: 0 })
  }

  #reportError(error: unknown): void {
    this.#errors.next(this.#connection.toRedisError(error))
  }
}

/**
 * Converts a stored poll state to the clock of this process. Also shifts its times by the delay of an overdue poll,
 * because the time that a job waits in the queue must not count toward `maxRetryTime`.
 */
function resumeState({ state, due }: JobProgress, now: number): PollState {
  const local = shiftClock(state, -wallClockOffset())
  const shifted = shiftClock(local, Math.max(0, now - due))
  return { ...shifted, target: local.target, polledAt: local.polledAt }
}

/** Converts the token of a job to the clock of this process. Returns an empty name for a job without an operation. */
function startTarget(target: ResumeToken | undefined): ResumeToken | string {
  return target?.since === undefined ? (target ?? '') : { ...target, since: target.since - wallClockOffset() }
}
