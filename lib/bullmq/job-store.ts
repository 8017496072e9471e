import { createHash } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { Job, type JobType, Queue } from 'bullmq'
import type { ResumeToken } from '../index.js'
import type { FleetConnection } from './connection.js'
import { type FinalResult, type JobData, type JobProgress, parseProgress, parseResult } from './job-codec.js'
import { STREAMS } from './queue-options.js'

/** What there is of an operation in Redis. */
export type FoundJob = { readonly target: ResumeToken; readonly state: JobType | 'unknown' } & (
  | { readonly _tag: 'Going'; readonly stand: JobProgress | undefined }
  | { readonly _tag: 'Ended'; readonly word: FinalResult }
  /** By a defect, for a worker lets no job fail otherwise. */
  | { readonly _tag: 'Failed'; readonly reason: string }
)

/** How many jobs are in which state. */
export interface JobCounts {
  /** Their polls are due, and wait for a worker or for the limiter. */
  readonly waiting: number
  /** Their next polls are due later. */
  readonly delayed: number
  /** They are polled at this moment. */
  readonly active: number
  /** Their last word is kept. */
  readonly completed: number
  /** A defect has ended them. */
  readonly failed: number
  /** How many workers are connected. */
  readonly workers: number
}

const STATES: readonly JobType[] = ['active', 'wait', 'prioritized', 'delayed', 'completed', 'failed']
/** Whatever goes wrong with Redis is tried again; only a defect fails a job. */
const ATTEMPTS = 2 ** 31 - 1
const PAGE = 100

/** The jobs of a queue; each question rejects with `RedisUnavailable`. */
export class JobStore {
  readonly #queue: Queue<JobData>
  readonly #connection: FleetConnection
  readonly #timeout: number

  constructor(
    connection: FleetConnection,
    { name, prefix }: { name: string; prefix: string },
    timeout: number,
  ) {
    this.#connection = connection
    this.#timeout = timeout
    this.#queue = new Queue(name, {
      connection: connection.client,
      prefix,
      streams: STREAMS,
      // Otherwise a Redis that is away when it is made would leave it without use for ever.
      skipWaitingForReady: true,
      skipVersionCheck: true,
    })
    // The connection tells.
    this.#queue.on('error', () => undefined)
  }

  /** The id of the last event; what is read from there on misses none that follows. */
  lastEvent(): Promise<string> {
    const { client } = this.#connection
    return this.#ask(async () => {
      const [last] = await client.xrevrange(this.#queue.toKey('events'), '+', '-', 'COUNT', 1)
      return last?.[0] ?? '0-0'
    })
  }

  /** Adds the job of an operation; where there is one it changes nothing. */
  async add(data: JobData): Promise<void> {
    const options = { jobId: jobId(data.target), attempts: ATTEMPTS, backoff: 1_000, stackTraceLimit: 1 }
    await this.#ask(() => this.#queue.add(data.target.name, data, options))
  }

  find(id: string): Promise<FoundJob | undefined> {
    return this.#ask(() => this.#foundAs(id, 'unknown'))
  }

  /** Puts a new job in the place of one that has ended. */
  async replace(target: ResumeToken): Promise<void> {
    await this.#ask(() => this.#queue.remove(jobId(target)))
    await this.add({ target })
  }

  /** Removes a job, after its poll if it is being polled; answers whether there was one. */
  async remove(id: string): Promise<boolean> {
    if ((await this.find(id)) === undefined) return false
    // It answers 0 for a job that is locked, which it leaves.
    while ((await this.#ask(() => this.#queue.remove(id))) === 0) await setTimeout(50)
    return true
  }

  /** Has it polled after so many milliseconds, if it waits for its next poll; answers whether it does. */
  async reschedule(id: string, milliseconds: number): Promise<boolean> {
    const job = await this.#ask(() => Job.fromId<JobData>(this.#queue, id))
    if (job === undefined || !(await this.#ask(() => job.isDelayed()))) return false
    return this.#ask(() => job.changeDelay(milliseconds)).then(
      () => true,
      () => false,
    )
  }

  /** All of them, by pages; one that goes from state to state while they are listed may be left out or be told as it was. */
  async *all(): AsyncGenerator<FoundJob> {
    const lists = await this.#ask(() =>
      Promise.all(STATES.map((state) => this.#queue.getRanges([state], 0, -1))),
    )
    const states = new Map(
      lists.flatMap((ids, at) => ids.map((id) => [id, STATES[at] ?? 'unknown'] as const)),
    )
    const all = [...states]
    for (let at = 0; at < all.length; at += PAGE) {
      const page = all.slice(at, at + PAGE)
      // Asked for within, so that it can be asked again, and nothing goes on when it is given up.
      const jobs = await this.#ask(() => Promise.all(page.map(([id, state]) => this.#foundAs(id, state))))
      for (const found of jobs) if (found) yield found
    }
  }

  async counts(): Promise<JobCounts> {
    const {
      wait = 0,
      prioritized = 0,
      delayed = 0,
      active = 0,
      completed = 0,
      failed = 0,
    } = await this.#ask(() => this.#queue.getJobCounts(...STATES))
    const workers = await this.#ask(() => this.#queue.getWorkersCount())
    return { waiting: wait + prioritized, delayed, active, completed, failed, workers }
  }

  close(): Promise<void> {
    return this.#queue.close()
  }

  async #foundAs(id: string, state: FoundJob['state']): Promise<FoundJob | undefined> {
    const job = await Job.fromId<JobData>(this.#queue, id)
    return job && toFoundJob(job, state)
  }

  #ask<A>(command: () => Promise<A>): Promise<A> {
    return this.#connection.run(this.#timeout, command)
  }
}

/** Undefined for a job that is of no operation. */
function toFoundJob(job: Job<Partial<JobData> | null>, state: FoundJob['state']): FoundJob | undefined {
  const target = job.data?.target
  if (target === undefined) return undefined
  if (job.finishedOn === undefined)
    return { _tag: 'Going', target, state, stand: parseProgress(job.progress, Date.now()) }
  const word = parseResult(job.returnvalue)
  if (word !== undefined) return { _tag: 'Ended', target, state, word }
  return { _tag: 'Failed', target, state, reason: job.failedReason ?? 'what is kept is no last word' }
}

/**
 * The id of an operation's job. BullMQ takes no id with a colon, as names of domain-scoped projects have, and no whole
 * number; and one name may be an operation at two endpoints.
 */
export function jobId({ endpoint, name }: Pick<ResumeToken, 'endpoint' | 'name'>): string {
  return createHash('sha256').update(`${endpoint} ${name}`).digest('base64url')
}
