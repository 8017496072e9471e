import { QueueEvents } from 'bullmq'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
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
import { makeOperationError } from '../messages/error-message.js'
import { milliseconds } from '../messages/invalid-option.js'
import { isOutcome } from '../polling/emission.js'
import { CloseSignal } from '../watch/close-signal.js'
import { watch } from '../watch/watch.js'
import { watchSettings } from '../watch/watch-options.js'
import { FleetConnection } from './connection.js'
import { type FoundJob, type JobCounts, JobStore, jobId } from './job-store.js'
import { JobWatcher, type JobWatcherOptions } from './job-watcher.js'
import { type QueueOptions, queueOf } from './queue-options.js'

/** Options of {@link createTracker}: the queue, and where the operations are, as `service('run')` gives it. */
export interface TrackerOptions
  extends QueueOptions,
    Pick<ClientOptions, 'endpoint' | 'apiVersion' | 'service' | 'universeDomain'> {
  /**
   * Milliseconds, at least 1, of silence of Redis after which a question to it fails.
   * @defaultValue 5 000
   */
  readonly redisTimeout?: number | undefined
  /**
   * Milliseconds, at least 10, between two looks at the job of an operation that is watched, for events may be lost. With
   * more than a few thousand operations it is longer, so that there are no more than 500 looks a second.
   * @defaultValue 5 000
   */
  readonly checkInterval?: number | undefined
}

/** How one operation is watched; when it is polled is up to the workers. */
export type TrackerWatchOptions<R = Json | undefined, M = Json> = Pick<
  WatchOptions<R, M>,
  'response' | 'metadata' | 'timeout' | 'signal' | 'hint'
>

/** An operation that is tracked, as it was when it was listed. */
export interface TrackedOperation {
  readonly target: ResumeToken
  /** As BullMQ has it; `failed` where a defect in a worker has ended it. */
  readonly state: 'waiting' | 'delayed' | 'active' | 'completed' | 'failed'
  /** The latest snapshot, or the last word. */
  readonly result?: Either<OperationError, Operation>
}

/** How many are looked at in a second, at the most. */
const MAX_CHECKS_PER_SECOND = 500
/** Over how many milliseconds all look again once Redis is back. */
const SPREAD = 1_000

/** Where operations are handed over to a fleet of workers, and watched from any process. */
export class OperationTracker {
  readonly #client: OperationsClient
  readonly #queue: { readonly name: string; readonly prefix: string }
  readonly #connection: FleetConnection
  readonly #jobs: JobStore
  readonly #closing = new CloseSignal()
  readonly #table = new Map<string, JobWatcher>()
  readonly #errors = new Subject<Error>()
  readonly #source: JobWatcherOptions
  #events: Promise<QueueEvents> | undefined
  #closed: Promise<void> | undefined

  /** Use {@link createTracker}. */
  constructor(options: TrackerOptions) {
    const {
      endpoint,
      apiVersion,
      service,
      universeDomain,
      redisTimeout = 5_000,
      checkInterval = 5_000,
    } = options
    milliseconds('redisTimeout', redisTimeout, 1)
    milliseconds('checkInterval', checkInterval, 10)
    // It reads names and asks nothing.
    this.#client = new OperationsClient({ endpoint, apiVersion, service, universeDomain, auth: false })
    this.#queue = queueOf(options, this.#client.endpoint)
    this.#connection = new FleetConnection(options.connection, 1)
    this.#jobs = new JobStore(this.#connection, this.#queue, redisTimeout)
    this.#source = {
      jobs: this.#jobs,
      table: this.#table,
      listening: () => this.#listening(),
      isReady: () => this.#connection.isReady,
      interval: () => Math.max(checkInterval, (1_000 / MAX_CHECKS_PER_SECOND) * this.#table.size),
      unreachable: (...facts) => this.#unreachable(...facts),
      report: (trouble) => this.#errors.next(this.#connection.toRedisError(trouble)),
    }
  }

  /** Trouble with Redis, as it comes: what can be done about it is done, so nobody needs to listen. Hot. */
  get errors(): Observable<Error> {
    return this.#errors.asObservable()
  }

  /**
   * Hands an operation over to the workers, who watch it to its end whether anybody listens or not. To track it again
   * changes nothing while it goes on or its outcome is kept; one whose outcome could not be learned is watched anew.
   *
   * The Left is `InvalidName`; `Unreachable` where Redis could not be asked within `redisTimeout`, and the operation is
   * perhaps not tracked; `ClientClosed` after {@link close}.
   */
  async track(nameOrToken: string | ResumeToken): Promise<Either<OperationError, ResumeToken>> {
    const token = this.#token(nameOrToken)
    if (token._tag === 'Left') return token
    const target = token.right
    const closed = left(
      makeOperationError<never>({ _tag: 'ClientClosed', name: target.name, resume: target }),
    )
    if (this.#closed !== undefined) return closed
    const began = performance.now()
    try {
      await this.#jobs.add({ target })
      const found = await this.#jobs.find(jobId(target))
      if (found !== undefined && isUnlearned(found)) await this.#jobs.replace(target)
      return right(target)
    } catch (trouble) {
      return this.#closed === undefined ? this.#unreachable(target, trouble, began) : closed
    }
  }

  /**
   * Watches an operation that workers poll; it is tracked by that, if it is not yet.
   *
   * ```
   * --Right(Running)--Right(Running)--Right(Succeeded)|
   * --Right(Running)--Left(OperationError)|
   * ```
   *
   * Whoever comes late is given the latest snapshot first, or the last word as long as it is kept. Unsubscribing ends
   * neither the operation nor its polls. `hint` and the last poll before `timeout` ask the workers to poll sooner.
   *
   * The Left is that of {@link OperationsClient.watch}, and of {@link track}; what Redis does later is waited for. The error
   * channel is for defects, those in a worker among them.
   */
  watch<R = Json | undefined, M = Json>(
    nameOrToken: string | ResumeToken,
    options: TrackerWatchOptions<R, M> = {},
  ): Watch<R, M> {
    const { response, metadata, timeout, signal, hint } = options
    const settings = watchSettings({ response, metadata, timeout, signal, hint })
    return defer(() => {
      const token = this.#token(nameOrToken)
      if (token._tag === 'Left') return of(token) as Watch<R, M>
      const target = token.right
      const loop = (): JobWatcher => this.#table.get(jobId(target)) ?? new JobWatcher(target, this.#source)
      return watch({ target, polls: loop, closeSignal: this.#closing }, settings)
    })
  }

  /**
   * All operations that are tracked or kept, once each; one that goes from state to state meanwhile may be left out. Errors
   * with `RedisUnavailable`.
   */
  list(): Observable<TrackedOperation> {
    return defer(() => from(this.#jobs.all())).pipe(map(trackedOf))
  }

  /** How many are in which state; rejects with `RedisUnavailable`. */
  stats(): Promise<JobCounts> {
    return this.#jobs.counts()
  }

  /**
   * Stops tracking an operation and drops what is kept of it; answers whether there was something. Whoever watches it still
   * tracks it again. One that is being polled just now is waited for; rejects with `RedisUnavailable`.
   */
  async forget(nameOrToken: string | ResumeToken): Promise<boolean> {
    const token = this.#token(nameOrToken)
    if (token._tag === 'Left') return false
    return this.#jobs.remove(jobId(token.right))
  }

  /** Ends live watches with `ClientClosed` and the connections within 2 s, also when Redis is away. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= this.#end()
    return this.#closed
  }

  /** Does what {@link close} does, at the end of an `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** What is kept in Redis has the time of the wall, for the clocks of processes that have slept stand still. */
  #token(given: string | ResumeToken): Either<OperationError, ResumeToken> {
    const token = this.#client.token(given)
    if (token._tag === 'Left' || Object(given).since !== undefined) return token
    return right({ ...token.right, since: Date.now() })
  }

  async #end(): Promise<void> {
    this.#closing.close()
    this.#client.close()
    await this.#connection.closeGracefully(() =>
      Promise.all([this.#jobs.close(), this.#events?.then((events) => events.close())]),
    )
    this.#errors.complete()
  }

  /** Reads events, once, from the last one that there is. */
  #listening(): Promise<QueueEvents> {
    this.#events ??= this.#listen().catch((trouble: unknown) => {
      this.#events = undefined
      throw trouble
    })
    return this.#events
  }

  async #listen(): Promise<QueueEvents> {
    const lastEventId = await this.#jobs.lastEvent()
    const { name, prefix } = this.#queue
    const events = new QueueEvents(name, {
      connection: this.#connection.blocking(),
      prefix,
      lastEventId,
      skipVersionCheck: true,
    })
    const feedOf = (id: string): JobWatcher | undefined => this.#table.get(id)
    events.on('error', (error) => this.#source.report(error))
    events.on('progress', ({ jobId, data }) => feedOf(jobId)?.progressed(data))
    events.on('completed', ({ jobId, returnvalue }) => feedOf(jobId)?.completed(returnvalue))
    events.on('failed', ({ jobId }) => feedOf(jobId)?.checkSoon(0))
    // Events may have been lost while it was away, and jobs too.
    this.#connection.client.on('ready', () => {
      for (const feed of this.#table.values()) feed.checkSoon(SPREAD * Math.random())
    })
    return events
  }

  #unreachable(target: ResumeToken, thrown: unknown, began: number): Either<OperationError<never>, never> {
    const trouble = this.#connection.toRedisError(thrown)
    const lasted = Math.round(performance.now() - began)
    const last = { _tag: 'ConnectionFailed', code: trouble.code } as const
    const facts = {
      _tag: 'Unreachable',
      name: target.name,
      attempts: 1,
      lasted,
      last,
      resume: target,
    } as const
    return left({
      ...makeOperationError(facts),
      message: `${target.name} could not be tracked: ${trouble.message}.`,
    })
  }
}

/** Whether what is kept says nothing of the operation's outcome. */
function isUnlearned(found: FoundJob): boolean {
  return found._tag === 'Failed' || (found._tag === 'Ended' && !isOutcome(found.word))
}

function trackedOf(found: FoundJob): TrackedOperation {
  const { target } = found
  if (found._tag === 'Failed') return { target, state: 'failed' }
  if (found._tag === 'Ended') return { target, state: 'completed', result: found.word }
  const lastSeen = found.stand?.state.lastSeen
  const state = found.state === 'active' || found.state === 'delayed' ? found.state : 'waiting'
  return { target, state, ...(lastSeen && { result: right(lastSeen) }) }
}

/**
 * Connects to a fleet of workers: hands operations over to them, and watches them from any process. It needs no
 * credentials, for it asks Redis alone. Throws `InvalidOption` where an option is out of its range.
 *
 * @example
 * {@includeCode ../../examples/many-machines.ts}
 */
export function createTracker(options: TrackerOptions): OperationTracker {
  return new OperationTracker(options)
}
