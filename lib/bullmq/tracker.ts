import { QueueEvents } from 'bullmq'
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

/** Options of {@link createTracker}: the queue, and the endpoint of the operations, such as `service('run')`. */
export interface TrackerOptions
  extends QueueOptions,
    Pick<ClientOptions, 'endpoint' | 'apiVersion' | 'service' | 'universeDomain'> {
  /**
   * How long Redis may send no response before a command fails, in milliseconds, at least 1.
   * @defaultValue 5_000
   */
  readonly redisTimeout?: number | undefined
  /**
   * The time between two checks of the job of a watched operation, in milliseconds, at least 10. Checks find
   * results whose events were lost. A tracker makes at most 500 checks per second, so the time is longer for
   * more than a few thousand operations.
   * @defaultValue 5_000
   */
  readonly checkInterval?: number | undefined
}

/** Options of {@link OperationTracker.watch}. The options that decide when to poll are options of the workers. */
export type TrackerWatchOptions<R = Json | undefined, M = Json> = Pick<
  WatchOptions<R, M>,
  'response' | 'metadata' | 'timeout' | 'signal' | 'hint'
>

/** A tracked operation at the time of {@link OperationTracker.list}. */
export interface TrackedOperation {
  readonly target: ResumeToken
  /** The state of the operation's job in BullMQ; `failed` means a defect in a worker. */
  readonly state: 'waiting' | 'delayed' | 'active' | 'completed' | 'failed'
  /** The latest snapshot, or the final result. */
  readonly result?: Either<OperationError, Operation>
}

const MAX_CHECKS_PER_SECOND = 500
/** After Redis is ready again, the checks of all jobs are spread over this many milliseconds. */
const RECONNECT_SPREAD = 1_000

/**
 * Creates a tracker, which hands operations over to a fleet of workers and watches them from any process. It
 * needs no credentials because it sends requests only to Redis. Throws `InvalidOption` if an option is
 * invalid.
 *
 * @example
 * {@includeCode ../../examples/many-machines.ts}
 */
export function createTracker(options: TrackerOptions): OperationTracker {
  return new OperationTracker(options)
}

/** Hands operations over to a fleet of workers, and watches them from any process. */
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
    const { endpoint, apiVersion, service, universeDomain } = options
    const { redisTimeout = 5_000, checkInterval = 5_000 } = options
    milliseconds('redisTimeout', redisTimeout, 1)
    milliseconds('checkInterval', checkInterval, 10)
    // The client only resolves names and sends no request.
    this.#client = new OperationsClient({ endpoint, apiVersion, service, universeDomain, auth: false })
    this.#queue = validateQueue(options, this.#client.endpoint)
    this.#connection = new FleetConnection(options.connection, 1)
    this.#jobs = new JobStore(this.#connection, this.#queue, redisTimeout)
    this.#watcherOptions = {
      jobs: this.#jobs,
      watchers: this.#watchers,
      subscribeToEvents: () => this.#subscribeToEvents(),
      isReady: () => this.#connection.isReady,
      checkInterval: () => Math.max(checkInterval, (1_000 / MAX_CHECKS_PER_SECOND) * this.#watchers.size),
      unreachable: (...args) => this.#unreachable(...args),
      reportError: (error) => this.#errors.next(this.#connection.toRedisError(error)),
    }
  }

  /** Emits errors of Redis. The tracker recovers from them, so a subscriber is optional. Hot. */
  get errors(): Observable<Error> {
    return this.#errors.asObservable()
  }

  /**
   * Hands an operation over to the workers, which poll it until it ends, with or without a watch. Has no effect
   * if the operation is already tracked or its outcome is stored. If its last watch ended without an outcome,
   * the workers poll it again.
   *
   * The Left is `InvalidName`, `ClientClosed` after {@link close}, or `Unreachable` if Redis sent no response
   * within `redisTimeout`. After `Unreachable`, the operation may be tracked.
   */
  async track(nameOrToken: string | ResumeToken): Promise<Either<OperationError, ResumeToken>> {
    const token = this.#resolve(nameOrToken)
    if (token._tag === 'Left') return token
    const target = token.right
    const closed = leftError<never>({ _tag: 'ClientClosed', name: target.name, resume: target })
    if (this.#closed !== undefined) return closed
    const startedAt = performance.now()
    try {
      await this.#jobs.add({ target })
      const job = await this.#jobs.find(jobId(target))
      if (job !== undefined && endedWithoutOutcome(job)) await this.#jobs.replace(target)
      return token
    } catch (error) {
      return this.#closed === undefined ? this.#unreachable(target, error, startedAt) : closed
    }
  }

  /**
   * Watches an operation that workers poll, and tracks it first if necessary.
   *
   * ```
   * --Right(Running)--Right(Running)--Right(Succeeded)|
   * --Right(Running)--Left(OperationError)|
   * ```
   *
   * A late subscriber first receives the latest snapshot, or the final result while it is stored.
   * Unsubscribing ends neither the operation nor its polls. A `hint`, and the last poll before `timeout`,
   * make the workers poll sooner.
   *
   * The Left is an error of {@link OperationsClient.watch} or of {@link track}. Later failures of Redis are
   * retried. The error channel is for defects, including defects of a worker.
   */
  watch<R = Json | undefined, M = Json>(
    nameOrToken: string | ResumeToken,
    options: TrackerWatchOptions<R, M> = {},
  ): Watch<R, M> {
    const { response, metadata, timeout, signal, hint } = options
    const settings = watchSettings({ response, metadata, timeout, signal, hint })
    return defer(() => {
      const token = this.#resolve(nameOrToken)
      if (token._tag === 'Left') return of(token) as Watch<R, M>
      const target = token.right
      const polls = (): JobWatcher =>
        this.#watchers.get(jobId(target)) ?? new JobWatcher(target, this.#watcherOptions)
      return watch({ target, polls, closeSignal: this.#closeSignal }, settings)
    })
  }

  /**
   * Lists all tracked operations and stored results, each once. An operation may be missing if its job
   * changes its state during the call. Errors with `RedisUnavailable`.
   */
  list(): Observable<TrackedOperation> {
    return defer(() => from(this.#jobs.list())).pipe(map(toTrackedOperation))
  }

  /** Counts the jobs in each state; rejects with `RedisUnavailable`. */
  stats(): Promise<JobCounts> {
    return this.#jobs.counts()
  }

  /**
   * Removes an operation and its result from Redis; resolves with whether it existed. Waits for a poll
   * in flight. An active watch tracks the operation again. Rejects with `RedisUnavailable`.
   */
  async forget(nameOrToken: string | ResumeToken): Promise<boolean> {
    const token = this.#resolve(nameOrToken)
    return token._tag === 'Right' && this.#jobs.remove(jobId(token.right))
  }

  /**
   * Ends active watches with `ClientClosed`, and closes the connections. Resolves within 2 s, even if Redis is
   * unavailable. Idempotent.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  /** Calls {@link close} at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /**
   * Resolves a name or token. Sets `since` by the wall clock, because the process clock stops while the machine sleeps.
   */
  #resolve(nameOrToken: string | ResumeToken): Either<OperationError, ResumeToken> {
    const token = this.#client.token(nameOrToken)
    if (token._tag === 'Left' || Object(nameOrToken).since !== undefined) return token
    return right({ ...token.right, since: Date.now() })
  }

  async #close(): Promise<void> {
    this.#closeSignal.close()
    this.#client.close()
    await this.#connection.closeGracefully(() =>
      Promise.all([this.#jobs.close(), this.#events?.then((events) => events.close())]),
    )
    this.#errors.complete()
  }

  /** Opens the event stream once, after its latest event. */
  #subscribeToEvents(): Promise<QueueEvents> {
    this.#events ??= this.#openEvents().catch((error: unknown) => {
      this.#events = undefined
      throw error
    })
    return this.#events
  }

  async #openEvents(): Promise<QueueEvents> {
    const lastEventId = await this.#jobs.lastEventId()
    const { name, prefix } = this.#queue
    const connection = this.#connection.blockingClient()
    const events = new QueueEvents(name, { connection, prefix, lastEventId, skipVersionCheck: true })
    events.on('error', (error) => this.#watcherOptions.reportError(error))
    events.on('progress', ({ jobId, data }) => this.#watchers.get(jobId)?.onProgress(data))
    events.on('completed', ({ jobId, returnvalue }) => this.#watchers.get(jobId)?.onCompleted(returnvalue))
    events.on('failed', ({ jobId }) => this.#watchers.get(jobId)?.checkSoon(0))
    // Redis may have lost events and jobs while it was unavailable.
    this.#connection.client.on('ready', () => {
      for (const watcher of this.#watchers.values()) watcher.checkSoon(RECONNECT_SPREAD * Math.random())
    })
    return events
  }

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
