import { createHash } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { Job, JobType, Queue } from 'bullmq'
import type { ResumeToken } from '../index.js'
import { isOutcome } from '../polling/emission.js'
import { codeOf, type FleetConnection } from './connection.js'
import { type FinalResult, type JobData, type JobProgress, parseJob, parseResult } from './job-codec.js'
import { type QueueKey, STREAMS } from './queue-options.js'

/** The job of an operation as it is stored in Redis. */
export type StoredJob = { readonly target: ResumeToken; readonly state: JobType | 'unknown' } & (
  | { readonly _tag: 'Pending'; readonly progress: JobProgress | undefined }
  | { readonly _tag: 'Completed'; readonly result: FinalResult }
  /** A job that failed because of a defect: an unexpected exception. A worker fails a job for no other reason. */
  | { readonly _tag: 'Failed'; readonly reason: string }
)

/** The number of jobs in each state, and the number of workers. */
export interface JobCounts {
  /** Jobs whose poll is due. They wait for a worker or for the rate limit. */
  readonly waiting: number
  /** Jobs whose next poll is due later. */
  readonly delayed: number
  /** Jobs whose poll is in flight. */
  readonly active: number
  /** Jobs whose final result is stored. */
  readonly completed: number
  /** Jobs that failed because of a defect. */
  readonly failed: number
  /** The number of connected workers. */
  readonly workers: number
}

const STATES: readonly JobType[] = ['active', 'wait', 'prioritized', 'delayed', 'completed', 'failed']
/** The option `attempts` of BullMQ. After a failure of Redis, a job always runs again. Only a defect fails a job. */
const ATTEMPTS = 2 ** 31 - 1
/** The number of jobs that {@link JobStore.list} reads at once. */
const PAGE_SIZE = 100

/**
 * Returns the job ID of an operation. The ID is a hash, because BullMQ rejects IDs that are whole numbers or contain a
 * colon. Names of domain-scoped projects contain a colon. The hash includes the endpoint, because two endpoints may
 * use the same name.
 */
export function jobId({ endpoint, name }: Pick<ResumeToken, 'endpoint' | 'name'>): string {
  return createHash('sha256').update(`${endpoint} ${name}`).digest('base64url')
}

/** The jobs of a queue. If Redis cannot be reached in time, the methods reject with `RedisUnavailable`. */
export class JobStore {
  readonly #queue: Promise<Queue<JobData>>
  readonly #connection: FleetConnection
  readonly #timeout: number

  constructor(connection: FleetConnection, { name, prefix }: QueueKey, timeout: number) {
    this.#connection = connection
    this.#timeout = timeout
    this.#queue = connection.opened.then(({ Queue }) => {
      const queue = new Queue<JobData>(name, {
        connection: connection.client,
        prefix,
        streams: STREAMS,
        // Otherwise a queue that is created while Redis is unavailable never becomes usable.
        skipWaitingForReady: true,
        skipVersionCheck: true,
      })
      // FleetConnection already records these errors.
      queue.on('error', () => undefined)
      return queue
    })
    // The connection rejects all commands.
    this.#queue.catch(() => undefined)
  }

  /** Returns the ID of the latest event. A reader that starts at this ID receives every later event. */
  lastEventId(): Promise<string> {
    return this.#run(async (queue) => {
      const [last] = await this.#connection.client.xrevrange(queue.toKey('events'), '+', '-', 'COUNT', 1)
      return last?.[0] ?? '0-0'
    })
  }

  /** Adds the job of an operation if the job does not exist. */
  async add(data: JobData): Promise<void> {
    const options = { jobId: jobId(data.target), attempts: ATTEMPTS, backoff: 1_000, stackTraceLimit: 1 }
    await this.#run((queue) => queue.add(data.target.name, data, options))
  }

  /**
   * Resolves with the job of an operation, or with undefined if there is none. Removes the stored job if it is invalid
   * or belongs to another operation.
   */
  async find(target: ResumeToken): Promise<StoredJob | undefined> {
    const id = jobId(target)
    const job = await this.#run((queue) => read(queue, id, 'unknown'))
    if (job === undefined || (job !== null && jobId(job.target) === id)) return job
    await this.#run((queue) => queue.remove(id))
    return undefined
  }

  /** Removes the ended job of an operation, and then adds a new job for the operation. */
  async replace(target: ResumeToken): Promise<void> {
    await this.#run((queue) => queue.remove(jobId(target)))
    await this.add({ target })
  }

  /** Removes a job. Waits until its poll in flight has ended. Resolves with whether the job existed. */
  async remove(target: ResumeToken): Promise<boolean> {
    if ((await this.find(target)) === undefined) return false
    // BullMQ returns 0 and does not remove the job while a worker has locked the job for a poll.
    while ((await this.#run((queue) => queue.remove(jobId(target)))) === 0) await setTimeout(50)
    return true
  }

  /** Sets the delay of a delayed job, in milliseconds. Resolves with false if the job is not delayed. */
  async reschedule(id: string, delay: number): Promise<boolean> {
    const job = await this.#run((queue) => queue.getJob(id))
    if (job === undefined || !(await this.#run(() => job.isDelayed()))) return false
    return this.#run(() => job.changeDelay(delay)).then(
      () => true,
      () => false,
    )
  }

  /**
   * Yields all valid jobs. A job whose state changes during the iteration may be missing, or have its previous
   * state.
   */
  async *list(): AsyncGenerator<StoredJob> {
    const lists = await this.#run((queue) =>
      Promise.all(STATES.map((state) => queue.getRanges([state], 0, -1))),
    )
    // A Map removes duplicates: a job whose state changes between two commands is in two lists.
    const stateOfId = new Map(
      lists.flatMap((ids, index) => ids.map((id) => [id, STATES[index] ?? 'unknown'] as const)),
    )
    const entries = [...stateOfId]
    for (let start = 0; start < entries.length; start += PAGE_SIZE) {
      const page = entries.slice(start, start + PAGE_SIZE)
      // Each page is one `#run`. A retry reads the whole page again, and a closed connection ends the iteration.
      const jobs = await this.#run((queue) => Promise.all(page.map(([id, state]) => read(queue, id, state))))
      for (const job of jobs) if (job) yield job
    }
  }

  async counts(): Promise<JobCounts> {
    const counts = await this.#run((queue) => queue.getJobCounts(...STATES))
    const workers = await this.#run((queue) => queue.getWorkersCount())
    const { wait = 0, prioritized = 0, delayed = 0, active = 0, completed = 0, failed = 0 } = counts
    return { waiting: wait + prioritized, delayed, active, completed, failed, workers }
  }

  async close(): Promise<void> {
    await (await this.#queue).close()
  }

  #run<A>(command: (queue: Queue<JobData>) => Promise<A>): Promise<A> {
    return this.#connection.run(this.#timeout, async () => command(await this.#queue))
  }
}

/**
 * Returns whether a job ended before its operation was done: with a defect, or with a final result other than an
 * outcome. An outcome is a final result that the server decided: the operation succeeded or failed.
 */
export function endedWithoutOutcome(job: StoredJob): boolean {
  return job._tag === 'Failed' || (job._tag === 'Completed' && !isOutcome(job.result))
}

/** Reads a job. Resolves with undefined if it does not exist, and with null if it is invalid. */
async function read(
  queue: Queue<JobData>,
  id: string,
  state: StoredJob['state'],
): Promise<StoredJob | null | undefined> {
  try {
    const job = await queue.getJob(id)
    return job && toStoredJob(job, state)
  } catch (error) {
    // The job contains invalid JSON, or its key has a value of another type.
    if (error instanceof SyntaxError || error instanceof TypeError || codeOf(error) === 'WRONGTYPE')
      return null
    throw error
  }
}

/** Converts a job of BullMQ. Returns null if the job names no operation. */
function toStoredJob(job: Job, state: StoredJob['state']): StoredJob | null {
  const parsed = parseJob(job, Date.now())
  if (parsed === undefined) return null
  const { target, progress } = parsed
  if (job.finishedOn === undefined) return { _tag: 'Pending', target, state, progress }
  const result = parseResult(job.returnvalue, target.name)
  if (result !== undefined) return { _tag: 'Completed', target, state, result }
  const reason = job.failedReason ?? 'the stored result has an unknown form'
  return { _tag: 'Failed', target, state, reason }
}
