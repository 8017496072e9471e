import type { QueueEvents } from 'bullmq'
import { defer, from, map, type Observable, of, Subject } from 'rxjs'
import {
  type ClientOptions,
  type Json,
  type Operation,
  type OperationError,
  OperationsClient,
  type ResumeToken,
  type Watch,
  type WatchOptions,
} from '../index.js'
import { leftError, makeOperationError } from '../messages/error-message.js'
import { milliseconds } from '../messages/invalid-option.js'
import { type Either, type Left, right } from '../model/either.js'
import { CloseSignal } from '../watch/close-signal.js'
import { watch } from '../watch/watch.js'
import { watchSettings } from '../watch/watch-options.js'
import { FleetConnection } from './connection.js'
import { endedWithoutOutcome, type JobCounts, JobStore, jobId, type StoredJob } from './job-store.js'
import { JobWatcher, type JobWatcherOptions } from './job-watcher.js'
import { type QueueKey, type QueueOptions, validateQueue } from './queue-options.js'

/**
 * Options of {@link createTracker}: the queue, and the service of the operations, such as
 * `...service('run')`.
 */
export interface TrackerOptions
  extends QueueOptions,
    Pick<ClientOptions, 'endpoint' | 'apiVersion' | 'service' | 'protocol' | 'universeDomain'> {
  /**
   * The time without a response from Redis after which a command fails, in milliseconds, at least 1.
   * @defaultValue 5_000
   */
  readonly redisTimeout?: number | undefined
  /**
   * The average time between two checks of the job of a watched operation, in milliseconds, at least 10. Checks find
   * results whose events were lost. A tracker makes at most 500 checks per second. If it watches
   * more than 2,500 operations, the time is therefore longer than the default.
   * @defaultValue 5_000
   */
  readonly checkInterval?: number | undefined
}

/** Options of {@link OperationTracker.watch}. The schedule and the retries are options of the workers. */
export type TrackerWatchOptions<R = Json | undefined, M = Json> = Pick<
  WatchOptions<R, M>,
  'response' | 'metadata' | 'timeout' | 'deadline' | 'signal' | 'hint'
>

/** A tracked operation, as {@link OperationTracker.list} emits it. */
export interface TrackedOperation {
  readonly target: ResumeToken
  /** The state of the operation's job in BullMQ. `failed` means a defect in a worker: an unexpected exception. */
  readonly state: 'waiting' | 'delayed' | 'active' | 'completed' | 'failed'
  /** The latest snapshot, or the final result. Absent before the first snapshot. */
  readonly result?: Either<OperationError<Json>, Operation>
}

const MAX_CHECKS_PER_SECOND = 500
/** The period over which the checks of all jobs are spread after Redis was unavailable, in milliseconds. */
const RECONNECT_SPREAD = 1_000

/**
 * Creates a tracker, which adds operations to the queue of a fleet of workers, and watches them from any process. It
 * needs no credentials, because it sends requests only to Redis. Throws `InvalidOption` if an option is invalid.
 *
 * @example
 * {@includeCode ../../examples/fleet-tracker.ts}
 */
export function createTracker(options: TrackerOptions): OperationTracker {
  return new OperationTracker(options)
}

/** Adds operations to the queue of a fleet of workers, and watches them from any process. */
export class OperationTracker {
  readonly #client: OperationsClient
  readonly #queue: QueueKey
  readonly #connection: FleetConnection
  readonly #jobs: JobStore
  readonly #closeSignal = new CloseSignal()
  readonly #watchers = new Map<string, JobWatcher>()
  readonly #errors = new Subject<Error>()
  readonly #watcherOptions: JobWatcherOptions
  #events: Promise<QueueEvents> | undefined
  #closed: Promise<void> | undefined

  /** Use {@link createTracker}. */
  constructor(options: TrackerOptions) {
    const { endpoint, apiVersion, service, protocol, universeDomain } = options
    const { redisTimeout = 5_000, checkInterval = 5_000 } = options
    milliseconds('redisTimeout', redisTimeout, 1)
    milliseconds('checkInterval', checkInterval, 10)
    // The client is only used to resolve names. It sends no request.
    const names = { endpoint, apiVersion, service, protocol, universeDomain }
    this.#client = new OperationsClient({ ...names, auth: false })
    this.#queue = validateQueue(options, this.#client.endpoint)
    this.#connection = new FleetConnection(options.connection, 1)
    this.#jobs = new JobStore(this.#connection, this.#queue, redisTimeout)
    this.#watcherOptions = {
      jobs: this.#jobs,
      watchers: this.#watchers,
      subscribeToEvents: () => this.#subscribeToEvents(),
      isReady: () => this.#connection.isReady,
      checkInterval: () => Math.max(checkInterval, (1_000 / MAX_CHECKS_PER_SECOND) * this.#watchers.size),
      toUnreachable: (...args) => this.#unreachable(...args),
      reportError: (error) => this.#errors.next(this.#connection.toRedisError(error)),
    }
  }

  /** A hot Observable of Redis errors. The tracker recovers from them, so you need not subscribe. */
  get errors(): Observable<Error> {
    return this.#errors.asObservable()
  }

  /**
   * Adds an operation to the queue. The workers poll it until it ends, even if no process watches it. Has no effect
   * if the operation is already tracked or its outcome is stored. An outcome is a final result that the server
   * decided: the operation succeeded or failed. If another final result is stored, the workers poll the operation
   * again.
   *
   * The Left is `InvalidName`, `ClientClosed` after {@link close}, or `Unreachable` if Redis returned an error or
   * sent no response within `redisTimeout`. After `Unreachable`, the operation may nevertheless be tracked.
   */
  async track(nameOrToken: string | ResumeToken): Promise<Either<OperationError<Json>, ResumeToken>> {
    const token = this.#client.token(nameOrToken)
    if (token._tag === 'Left') return token
    const target = token.right
    const clientClosed = leftError<never>({ _tag: 'ClientClosed', name: target.name, resume: target })
    if (this.#closed !== undefined) return clientClosed
    const startedAt = performance.now()
    try {
      await this.#jobs.add({ target })
      const job = await this.#jobs.find(target)
      if (job === undefined || endedWithoutOutcome(job)) await this.#jobs.replace(target)
      return token
    } catch (error) {
      return this.#closed === undefined ? this.#unreachable(target, error, startedAt) : clientClosed
    }
  }

  /**
   * Watches an operation that workers poll. Adds it to the queue first, if it is not tracked yet.
   *
   * ```
   * --Right(Running)--Right(Running)--Right(Succeeded)|
   * --Right(Running)--Left(OperationError)|
   * ```
   *
   * A late subscriber first receives the latest snapshot, or the final result if it is still stored. Unsubscribing
   * does not end the operation or its polls. A `hint` makes the workers poll sooner. A `timeout` makes them poll once
   * more, shortly before it expires.
   *
   * The Left is an error of {@link OperationsClient.watch} or of {@link track}. Redis failures after the start of the
   * watch are retried. The error channel is only for defects, including defects of a worker.
   */
  watch<R = Json | undefined, M = Json>(
    nameOrToken: string | ResumeToken,
    options: TrackerWatchOptions<R, M> = {},
  ): Watch<R, M> {
    const { response, metadata, timeout, deadline, signal, hint } = options
    const settings = watchSettings({ response, metadata, timeout, deadline, signal, hint })
    return defer(() => {
      const token = this.#client.token(nameOrToken)
      if (token._tag === 'Left') return of(token) as Watch<R, M>
      const target = token.right
      const openPolls = (): JobWatcher =>
        this.#watchers.get(jobId(target)) ?? new JobWatcher(target, this.#watcherOptions)
      return watch({ target, openPolls, closeSignal: this.#closeSignal }, settings)
    })
  }

  /**
   * Emits each tracked operation once, including operations whose result is stored. An operation may be missing if
   * the state of its job changes during the call. Errors with `RedisUnavailable`.
   */
  list(): Observable<TrackedOperation> {
    return defer(() => from(this.#jobs.list())).pipe(map(toTrackedOperation))
  }

  /** Returns the number of jobs in each state. Rejects with `RedisUnavailable`. */
  stats(): Promise<JobCounts> {
    return this.#jobs.counts()
  }

  /**
   * Removes an operation and its result from Redis, and resolves with whether the operation was stored. Waits until a
   * poll in flight has ended. An active watch adds the operation to the queue again. Rejects with `RedisUnavailable`.
   */
  async forget(nameOrToken: string | ResumeToken): Promise<boolean> {
    const token = this.#client.token(nameOrToken)
    return token._tag === 'Right' && this.#jobs.remove(token.right)
  }

  /**
   * Ends active watches with `ClientClosed`, and closes the connections. Resolves within 2 s, even if Redis is
   * unavailable. Further calls have no effect.
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
    this.#client.close()
    await this.#connection.closeGracefully(() =>
      Promise.all([this.#jobs.close(), this.#events?.then((events) => events.close())]),
    )
    this.#errors.complete()
  }

  /**
   * Starts to read the event stream, after its latest event. Later calls return the same Promise, unless it was
   * rejected.
   */
  #subscribeToEvents(): Promise<QueueEvents> {
    this.#events ??= this.#openEvents().catch((error: unknown) => {
      this.#events = undefined
      throw error
    })
    return this.#events
  }

  async #openEvents(): Promise<QueueEvents> {
    const lastEventId = await this.#jobs.lastEventId()
    const { QueueEvents } = await this.#connection.opened
    const connection = this.#connection.blockingClient()
    const options = { ...this.#queue, connection, lastEventId, skipVersionCheck: true, autorun: false }
    const events = new QueueEvents(this.#queue.name, options)
    events.on('error', (error) => this.#watcherOptions.reportError(error))
    events.on('progress', ({ jobId, data }) => this.#watchers.get(jobId)?.onProgress(data))
    events.on('completed', ({ jobId, returnvalue }) => this.#watchers.get(jobId)?.onCompleted(returnvalue))
    events.on('failed', ({ jobId }) => this.#watchers.get(jobId)?.checkAfter(0))
    // Redis may have lost events and jobs while it was unavailable.
    this.#connection.client.on('ready', () => {
      for (const watcher of this.#watchers.values()) watcher.checkAfter(RECONNECT_SPREAD * Math.random())
    })
    // BullMQ stops reading at an event with invalid JSON. A new reader begins after the latest event.
    events.run().catch((error: unknown) => {
      this.#watcherOptions.reportError(error)
      this.#events = undefined
      // BullMQ cannot close a reader whose connection was never ready.
      events.close().catch(() => connection.disconnect())
      if (this.#closed === undefined) this.#subscribeToEvents().catch(() => undefined)
    })
    return events
  }

  /** Returns the final result after a failure of Redis. `startedAt` is a time of `performance.now()`. */
  #unreachable(target: ResumeToken, thrown: unknown, startedAt: number): Left<OperationError<never>> {
    const { code, message } = this.#connection.toRedisError(thrown)
    const error = makeOperationError<never>({
      _tag: 'Unreachable',
      name: target.name,
      attempts: 1,
      lasted: Math.round(performance.now() - startedAt),
      last: { _tag: 'ConnectionFailed', code },
      resume: target,
    })
    return { _tag: 'Left', left: { ...error, message: `${target.name} could not be tracked: ${message}.` } }
  }
}

function toTrackedOperation(job: StoredJob): TrackedOperation {
  const { target } = job
  if (job._tag === 'Failed') return { target, state: 'failed' }
  if (job._tag === 'Completed') return { target, state: 'completed', result: job.result }
  const lastSeen = job.progress?.state.lastSeen
  const state = job.state === 'active' || job.state === 'delayed' ? job.state : 'waiting'
  return { target, state, ...(lastSeen && { result: right(lastSeen) }) }
}
