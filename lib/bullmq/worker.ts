import { DelayedError, type Job, Queue, UnrecoverableError, Worker } from 'bullmq'
import { lastValueFrom, type Observable, Subject, takeUntil, timer } from 'rxjs'
import {
  type Course,
  InvalidOption,
  type OperationError,
  type OperationsClient,
  type ResumeToken,
  type Step,
  type StepOptions,
  type StepPending,
} from '../index.js'
import { inRange, milliseconds } from '../model/invalid-option.js'
import { Closing } from '../watch/closing.js'
import { watchSettings } from '../watch/watch.js'
import { Connection } from './connection.js'
import { Limiter, type LimiterOptions } from './limiter.js'
import { keepEventsShort, type QueueOptions, queueOf, STREAMS } from './queue-options.js'
import { bounded, type JobData, type LastWord, type Stand, shifted, standOf, wallAhead } from './stored.js'

/** Options of {@link createWorker}. */
export interface WorkerOptions extends QueueOptions, StepOptions {
  /** Who asks; it stays the caller's. Give it `budget: false`, for the limiter is the budget of the fleet. */
  readonly client: OperationsClient
  /**
   * The quota of the whole fleet; give all of its workers the same.
   * @defaultValue ten in a second
   */
  readonly limiter?: LimiterOptions | undefined
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
  readonly keep?: number | undefined
}

/** The longest wait between two polls in milliseconds, where a schedule leaves it to a hint that may never come. */
const LONGEST_WAIT = 86_400_000
/** No number of crashes or deploys may fail an operation. */
const STALLS = 2 ** 31 - 1
/** How long a job that this worker cannot poll, though another one may, is put off, in milliseconds. */
const REST = 5_000
/** How long a worker asks nothing of a Redis that refuses, in milliseconds: BullMQ would ask again at once, and for ever. */
const REFUSED_REST = 1_000
/** One of a fleet that polls operations, one poll of one operation at a time. */
export class OperationWorker {
  readonly #client: OperationsClient
  readonly #rules: StepOptions
  readonly #limiter: Limiter
  readonly #connection: Connection
  readonly #queue: Queue
  readonly #worker: Worker<JobData, LastWord>
  readonly #closing = new Closing()
  readonly #errors = new Subject<Error>()
  readonly #concurrency: number
  #closed: Promise<void> | undefined

  /** Use {@link createWorker}. */
  constructor(options: WorkerOptions) {
    const { client, concurrency = 100, lockDuration = 5_000, keep = 3_600_000 } = options
    const { limiter = { max: 10, duration: 1_000 } } = options
    if (typeof client?.step !== 'function') throw new InvalidOption('client', 'an OperationsClient', client)
    const { schedule, patience, visibilityWindow } = watchSettings(options)
    inRange('concurrency', concurrency, '', { from: 1, to: 10_000 })
    inRange('lockDuration', lockDuration, 'milliseconds', { from: 100, to: 600_000 })
    this.#limiter = new Limiter(limiter)
    milliseconds('keep', keep, 1_000)
    const { name, prefix } = queueOf(options, client.endpoint)
    this.#client = client
    this.#rules = { schedule, patience, visibilityWindow }
    this.#concurrency = concurrency
    this.#connection = new Connection(options.connection, null)
    const shared = { connection: this.#connection.client, prefix }
    this.#queue = new Queue(name, { ...shared, streams: STREAMS, skipVersionCheck: true })
    keepEventsShort(this.#connection, this.#queue)
    this.#worker = new Worker(name, (job, token) => this.#poll(job, token), {
      ...shared,
      // Until its first poll has loaded what polls need: others would be taken up meanwhile, and be sent all at once.
      concurrency: 1,
      // Without a limiter a pause of the queue would be ignored.
      limiter: this.#limiter.window,
      lockDuration,
      stalledInterval: lockDuration / 2,
      maxStalledCount: STALLS,
      removeOnComplete: { age: Math.ceil(keep / 1_000) },
      removeOnFail: { age: Math.ceil(keep / 1_000) },
    })
    this.#worker.on('error', (error) => {
      this.#report(error)
      if (error.name === 'ReplyError') void this.#restFromRedis()
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
    await this.#connection.endAfter((isReady) =>
      Promise.all([this.#worker.close(!isReady), this.#queue.close()]),
    )
    this.#errors.complete()
  }

  /** One activation of a job: its last word, or a `DelayedError` when it is to be polled again. */
  async #poll(job: Job<JobData>, token: string | undefined): Promise<LastWord> {
    const step = await this.#step(job)
    const unfit = step?._tag === 'Ended' ? this.#unfitness(step.word, job.data) : undefined
    if (unfit === undefined) this.#worker.concurrency = this.#concurrency
    try {
      if (unfit !== undefined) await this.#leave(job, token, unfit)
      else if (step?._tag === 'Ended') return step.word
      else if (step === undefined) await job.moveToDelayed(Date.now(), token)
      else await this.#putOff(job, token, step)
    } catch (error) {
      // The lock runs out, and then the job is polled again. Nothing of Redis may fail it.
      this.#report(error)
    }
    throw new DelayedError()
  }

  /** Polls once; undefined where this worker or its client is closed meanwhile. */
  async #step(job: Job<Partial<JobData> | null>): Promise<Step | undefined> {
    const now = Date.now()
    const stand = standOf(job.progress, now) ?? standOf(job.data?.stand, now)
    const from = stand === undefined ? begun(job.data?.target) : resumed(stand, now)
    const step = this.#client.step(from, this.#rules).pipe(takeUntil(this.#closing.whenClosed))
    const answer = await lastValueFrom(step, { defaultValue: undefined }).catch((defect: unknown) => {
      this.#errors.next(defect instanceof Error ? defect : new Error(String(defect)))
      // Told as a watch tells it, by its error channel: to try it for ever would tell nobody.
      throw new UnrecoverableError(String(defect))
    })
    if (answer?._tag !== 'Ended' || answer.word._tag !== 'Left' || answer.word.left._tag !== 'ClientClosed')
      return answer
    void this.close()
    return undefined
  }

  async #putOff(job: Job<JobData>, token: string | undefined, step: StepPending): Promise<void> {
    const now = Date.now()
    const due = now + Math.min(LONGEST_WAIT, Math.ceil(step.wait))
    const course = shifted(bounded(step.course), wallAhead())
    const stand: Stand = { course, due, notBefore: now + step.retryAfter }
    await job.updateProgress(stand)
    const pause = this.#limiter.pauseAfter(step)
    await this.#limiter.pause(this.#connection.client, this.#queue.toKey('limiter'), pause)
    await job.moveToDelayed(due, token)
  }

  /** Leaves a job to others; a worker that can poll none rests, lest it take up what they could poll. */
  async #leave(
    job: Job<JobData>,
    token: string | undefined,
    { _tag, message }: OperationError,
  ): Promise<void> {
    this.#errors.next(new Error(message))
    if (_tag === 'InvalidName') return job.moveToDelayed(Date.now() + REST, token)
    this.#worker.concurrency = 1
    await this.#rest(REST)
    await job.moveToDelayed(Date.now(), token)
  }

  /** A last word that tells of this worker, and not of the operation: another one may have credentials, or ask that endpoint. */
  #unfitness(word: LastWord, data: Partial<JobData> | null): OperationError | undefined {
    if (word._tag === 'Right') return undefined
    const { left } = word
    const { endpoint = this.#client.endpoint } = data?.target ?? {}
    const isUnfit =
      left._tag === 'CredentialsError' ||
      (left._tag === 'Unreachable' && left.last._tag === 'CertificateRefused') ||
      (left._tag === 'InvalidName' && endpoint !== this.#client.endpoint)
    return isUnfit ? left : undefined
  }

  async #restFromRedis(): Promise<void> {
    if (this.#worker.isPaused()) return
    await this.#worker.pause(true)
    await this.#rest(REFUSED_REST)
    if (this.#closed === undefined) await this.#worker.resume()
  }

  /** Resolves after so many milliseconds, or when it is closed. */
  #rest(milliseconds: number): Promise<unknown> {
    return lastValueFrom(timer(milliseconds).pipe(takeUntil(this.#closing.whenClosed)), { defaultValue: 0 })
  }

  #report(error: unknown): void {
    this.#errors.next(this.#connection.trouble(error))
  }
}

/**
 * The course by the clock of this process, which nobody sets, and as if a poll that comes late were asked when it was due:
 * patience bears failures, not a queue that is long.
 */
function resumed({ course, due }: Stand, now: number): Course {
  const here = shifted(course, -wallAhead())
  const late = shifted(here, Math.max(0, now - due))
  return { ...late, target: here.target, askedAt: here.askedAt }
}

/** The token of a job by the clock of this process; no name where the job is of no operation. */
function begun(target: ResumeToken | undefined): ResumeToken | string {
  return target?.since === undefined ? (target ?? '') : { ...target, since: target.since - wallAhead() }
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
