import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { Job, Queue, Worker } from 'bullmq'
import { lastValueFrom, type Observable, Subject, takeUntil, timer } from 'rxjs'
import {
  InvalidOption,
  type Json,
  type OperationError,
  type OperationsClient,
  type RateLimitOptions,
  type Step,
  type StepOptions,
  type StepPending,
} from '../index.js'
import { inRange, milliseconds } from '../messages/invalid-option.js'
import { CloseSignal } from '../watch/close-signal.js'
import { watchSettings } from '../watch/watch-options.js'
import { FleetConnection } from './connection.js'
import { FleetLimiter } from './fleet-limiter.js'
import { type FinalResult, type JobData, type JobProgress, omitLargeMetadata, parseJob } from './job-codec.js'
import { type QueueKey, type QueueOptions, STREAMS, trimEvents, validateQueue } from './queue-options.js'

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
/** The wait before this worker polls again after a fault of the worker, such as missing credentials, in milliseconds. */
const FAULT_DELAY = 5_000
/** The wait after Redis rejects a command, in milliseconds. */
const REJECTED_DELAY = 1_000
/** The wait between two checks whether all polls have ended, in milliseconds. */
const CLOSE_INTERVAL = 5
/** The wait if no job is due, in milliseconds. `getNextJob` of BullMQ may return immediately. */
const IDLE_DELAY = 10

/**
 * Creates a worker, which polls the operations of a queue together with workers in other processes. Each operation
 * has one job. Each run of the job sends one poll, with the same schedule and retries as a watch. Throws
 * `InvalidOption` if an option is invalid.
 *
 * A worker without credentials, or with a certificate error, leaves the operations to other workers. Every 5 s, it polls
 * one operation, because the fault may have ended. A failure with a `Retry-After` pauses the whole fleet. A 429
 * pauses it for at least one period of the rate limit. The pause doubles with each further 429, up to 30 s. Crashes,
 * deploys and failures lose no operation, but a poll may be repeated.
 *
 * @example
 * {@includeCode ../../examples/fleet-worker.ts}
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
  /** Undefined until the connection is opened. No run starts before. */
  #queue: Queue | undefined
  #worker: Worker<JobData, FinalResult> | undefined
  readonly #closeSignal = new CloseSignal()
  readonly #errors = new Subject<Error>()
  readonly #concurrency: number
  /** The jobs that this worker has locked. */
  readonly #jobs = new Set<Job>()
  /** The maximum number of polls in flight: 1 until a poll has received a response, and after a fault of this worker. */
  #maxPolls = 1
  /** The number of runs that fetch a job, or wait for the rate limit. */
  #fetchers = 0
  #closed: Promise<void> | undefined

  /** Use {@link createWorker}. */
  constructor(options: WorkerOptions) {
    const { client, schedule, concurrency = 100, lockDuration = 5_000, retention = 3_600_000 } = options
    const { rateLimit = { requests: 10, per: 1_000 } } = options
    if (typeof client?.step !== 'function') throw new InvalidOption('client', 'an OperationsClient', client)
    const { progressAware, maxRetryTime, visibilityWindow } = watchSettings(options)
    inRange('concurrency', concurrency, '', { from: 1, to: 10_000 })
    inRange('lockDuration', lockDuration, 'milliseconds', { from: 100, to: 600_000 })
    milliseconds('retention', retention, 1_000)
    const key = validateQueue(options, client.endpoint)
    this.#limiter = new FleetLimiter(rateLimit, (script, ...args) =>
      this.#connection.client.eval(script, 1, `${key.prefix}:${key.name}:next-poll`, ...args),
    )
    this.#client = client
    // The default of `schedule` depends on the service of the client.
    this.#stepOptions = { schedule, progressAware, maxRetryTime, visibilityWindow }
    this.#concurrency = concurrency
    this.#connection = new FleetConnection(options.connection, null)
    void this.#start(key, lockDuration, retention)
  }

  /** Imports BullMQ, and starts to poll. */
  async #start({ name, prefix }: QueueKey, lockDuration: number, retention: number): Promise<void> {
    const { Queue, Worker } = await this.#connection.opened
    if (this.#closed !== undefined) return
    const shared = { connection: this.#connection.client, prefix }
    this.#queue = new Queue(name, { ...shared, streams: STREAMS, skipVersionCheck: true })
    trimEvents(this.#connection, this.#queue)
    // BullMQ expects seconds.
    const age = Math.ceil(retention / 1_000)
    // Without a processor, BullMQ fetches no jobs itself. It would fetch `concurrency` jobs, one in each round trip to
    // Redis, before it starts the first of them.
    this.#worker = new Worker(name, null, {
      ...shared,
      lockDuration,
      stalledInterval: lockDuration / 2,
      maxStalledCount: MAX_STALLED_COUNT,
      removeOnComplete: { age },
      removeOnFail: { age },
    })
    this.#worker.on('error', (error) => this.#reportError(error))
    this.#queue.on('error', () => undefined)
    void this.#worker.startStalledCheckTimer()
    void this.#renewLocks(this.#worker, lockDuration)
    this.#startFetcher()
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
    await this.#connection.closeGracefully(async () => {
      await this.#worker?.close(true)
      while (this.#jobs.size + this.#fetchers > 0) await setTimeout(CLOSE_INTERVAL)
      await this.#queue?.close()
    })
    this.#errors.complete()
  }

  /** Starts a run, unless the worker is closed or has enough jobs and fetchers. */
  #startFetcher(): void {
    if (this.#closed === undefined && this.#jobs.size + this.#fetchers < this.#maxPolls) void this.#run()
  }

  /** Fetches a job, waits for the rate limit, polls, and stores the result. */
  async #run(): Promise<void> {
    this.#fetchers++
    const job = await this.#fetch().catch((error: unknown) => {
      this.#reportError(error)
      // A SyntaxError means that the fetched job contains invalid JSON. Such a job must not delay other jobs.
      return error instanceof SyntaxError ? undefined : this.#pause(REJECTED_DELAY)
    })
    this.#fetchers--
    if (job !== undefined) {
      this.#jobs.add(job)
      if (this.#fetchers === 0) this.#startFetcher()
      // An error of Redis must not fail the job. The job runs again when its lock expires.
      await this.#poll(job).catch((error: unknown) => this.#reportError(error))
      this.#jobs.delete(job)
    }
    if (this.#fetchers === 0) this.#startFetcher()
  }

  /** Resolves with a job when its poll may be sent, or with undefined if no job or no poll is possible soon. */
  async #fetch(): Promise<Job | undefined> {
    const job: Job | undefined = await this.#worker?.getNextJob(randomUUID())
    if (job === undefined) return this.#pause(IDLE_DELAY)
    // If this client rejects the name, `#poll` sends no request. Such a job must not delay the polls of other jobs.
    if (this.#client.token(job.data?.target ?? '')._tag === 'Left') {
      void this.#poll(job).catch((error: unknown) => this.#reportError(error))
      this.#startFetcher()
      return undefined
    }
    this.#jobs.add(job)
    try {
      const { wait, maxWait, roundTrip } = await this.#limiter.reserve()
      if (wait > maxWait) {
        await job.moveToWait(job.token)
        // After the pause, the rest of the wait is short enough for a reservation. MAX_WAIT is needed because Node.js
        // fires a timer of more than 2^31 ms immediately.
        return await this.#pause(Math.min(MAX_WAIT, wait - maxWait / 2))
      }
      await this.#limiter.sleep(wait, (delay) => this.#pause(delay))
      // Another fetcher replaces this one. If the wait was short, one more starts, because the round trips to Redis,
      // and not the rate limit, then delay the polls.
      if (wait <= roundTrip / 2) this.#startFetcher()
      this.#startFetcher()
      return job
    } finally {
      this.#jobs.delete(job)
    }
  }

  /** Polls once, and stores the poll state or the final result. */
  async #poll(job: Job<JobData>): Promise<unknown> {
    const { token = '' } = job
    const step = await this.#step(job)
    if (step instanceof Error) return job.moveToFailed(step, token)
    const fault = step?._tag === 'Ended' ? this.#workerFault(step.result, job.data) : undefined
    if (fault !== undefined) return this.#release(job, token, fault)
    this.#maxPolls = this.#concurrency
    if (this.#fetchers === 0) this.#startFetcher()
    if (step?._tag === 'Ended') return job.moveToCompleted(step.result, token, false)
    return step === undefined ? job.moveToDelayed(Date.now(), token) : this.#reschedule(job, token, step)
  }

  /** Polls once. Resolves with undefined if this worker or its client is closed during the poll. */
  async #step(job: Job<Partial<JobData> | null>): Promise<Step | Error | undefined> {
    const { target, progress } = parseJob(job, Date.now()) ?? {}
    // `step` rejects the empty name of a job without an operation.
    const from = progress === undefined ? (target ?? '') : { ...progress.state, due: progress.due }
    const steps = this.#client.step(from, this.#stepOptions).pipe(takeUntil(this.#closeSignal.whenClosed))
    const step = await lastValueFrom(steps, { defaultValue: undefined }).catch((error: unknown) => {
      this.#errors.next(error instanceof Error ? error : new Error(String(error)))
      // Fails the job without retries, because retries would hide the defect. The watches of the operation then error.
      return Object.assign(new Error(String(error)), { name: 'UnrecoverableError' })
    })
    if (step instanceof Error) return step
    const isClientClosed =
      step?._tag === 'Ended' && step.result._tag === 'Left' && step.result.left._tag === 'ClientClosed'
    if (!isClientClosed) return step
    void this.close()
    return undefined
  }

  async #reschedule(job: Job<JobData>, token: string | undefined, step: StepPending): Promise<void> {
    const now = Date.now()
    const due = now + Math.min(MAX_WAIT, Math.ceil(step.wait))
    const state = omitLargeMetadata(step.state)
    const progress: JobProgress = { state, due, notBefore: now + step.retryAfter }
    await this.#limiter.pauseAfter(step)
    await job.updateProgress(progress)
    await job.moveToDelayed(due, token)
  }

  /**
   * Leaves a job to other workers. If this worker cannot poll any operation, it pauses first, because it would
   * otherwise take jobs that other workers can poll.
   */
  async #release(job: Job<JobData>, token: string | undefined, fault: OperationError<Json>): Promise<void> {
    this.#errors.next(new Error(fault.message))
    if (fault._tag === 'InvalidName') return job.moveToDelayed(Date.now() + FAULT_DELAY, token)
    this.#maxPolls = 1
    await this.#pause(FAULT_DELAY)
    await job.moveToDelayed(Date.now(), token)
  }

  /**
   * Returns the error in a result if this worker is the cause of the error; otherwise undefined. Another
   * worker may have credentials, a valid certificate, or the endpoint of the operation.
   */
  #workerFault(result: FinalResult, data: Partial<JobData> | null): OperationError<Json> | undefined {
    if (result._tag === 'Right') return undefined
    const { left } = result
    const { endpoint = this.#client.endpoint } = data?.target ?? {}
    const isWorkerFault =
      left._tag === 'CredentialsError' ||
      (left._tag === 'Unreachable' && left.last._tag === 'CertificateRefused') ||
      (left._tag === 'InvalidName' && endpoint !== this.#client.endpoint)
    return isWorkerFault ? left : undefined
  }

  async #renewLocks(worker: Worker, lockDuration: number): Promise<void> {
    while (this.#closed === undefined) {
      await this.#pause(lockDuration / 4)
      const jobs = [...this.#jobs]
      if (jobs.length === 0) continue
      const [ids, tokens] = [jobs.map(({ id = '' }) => id), jobs.map(({ token = '' }) => token)]
      await worker
        .extendJobLocks(ids, tokens, lockDuration)
        .catch((error: unknown) => this.#reportError(error))
    }
  }

  /** Waits for a number of milliseconds, or until the worker is closed. */
  async #pause(delay: number): Promise<undefined> {
    await lastValueFrom(timer(delay).pipe(takeUntil(this.#closeSignal.whenClosed)), { defaultValue: 0 })
  }

  #reportError(error: unknown): void {
    this.#errors.next(this.#connection.toRedisError(error))
  }
}
