import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster, Redis } from 'ioredis'
import { firstValueFrom, race, timer } from 'rxjs'
import { MAX_TIMER_DELAY } from '../time/clock.js'
import { isCluster, openConnection, type RedisConnection } from './redis-options.js'

/**
 * Redis is unreachable or returned an error. The message contains the address without user and password. The error of
 * ioredis is not set as `cause`, because it contains the command, and the command may contain a password.
 */
export class RedisUnavailable extends Error {
  override readonly name: string = 'RedisUnavailable'
  /** The error code of Node.js or Redis, such as `ECONNREFUSED`, `WRONGPASS` or `OOM`. */
  readonly code: string

  constructor(address: string, problem: string, code: string) {
    super(`Redis at ${address} ${problem}`)
    this.code = code
  }
}

/** A command that has not settled yet. */
interface PendingCommand {
  reject: (error: RedisUnavailable) => void
  /** Called when the connection becomes ready. */
  resume: () => void
}

/** The time limit of a graceful close, in milliseconds. */
const CLOSE_TIMEOUT = 1_000
/** The wait before a command is retried after its connection failed, in milliseconds. */
const RETRY_DELAY = 50

/**
 * A connection to Redis. It records every client that it opens, including duplicates, so that {@link destroy}
 * can close all sockets at any time. The `close` methods of BullMQ would wait until Redis is available.
 */
export class FleetConnection {
  /**
   * Resolves with the packages after the client is created, and never if the connection is destroyed first. Rejects if a
   * package is not installed.
   */
  readonly opened: Promise<typeof import('./packages.js')>
  #client: Redis | Cluster | undefined
  readonly #clients: (Redis | Cluster)[] = []
  // This error is reported if Redis has never responded.
  #lastError: unknown = Object.assign(new Error(), { code: 'ETIMEDOUT' })
  /** The time of the latest response, from `performance.now()`. */
  #respondedAt = 0
  /** All commands of {@link run} that have not settled. */
  readonly #pending = new Set<PendingCommand>()
  /** The reason why no command can succeed any more. */
  #endError: RedisUnavailable | undefined

  /** `retries` limits the retries of each command while Redis is unavailable; null means no limit. */
  constructor(connection: RedisConnection, retries: number | null) {
    this.opened = this.#open(connection, retries)
    // If a package is missing, every command rejects. Otherwise an unhandled rejection would end the process.
    this.opened.catch((error: Error) => this.#end(`cannot be used: ${error.message}`, codeOf(error)))
  }

  async #open(connection: RedisConnection, retries: number | null): Promise<typeof import('./packages.js')> {
    const packages = await import('./packages.js')
    if (this.#endError !== undefined) return new Promise(() => undefined)
    const client = this.#register(openConnection(packages.Redis, connection, retries))
    this.#client = client
    client.on('error', (error) => {
      this.#lastError = error
    })
    client.on('ready', () => {
      for (const { resume } of this.#pending) resume()
    })
    return packages
  }

  /** The client. It exists after {@link opened}, and when a command runs. */
  get client(): Redis | Cluster {
    if (this.#client === undefined) throw new Error('the connection is not open yet')
    return this.#client
  }

  /** Whether Redis accepts commands now. */
  get isReady(): boolean {
    const { status, isCluster } = this.#client ?? {}
    return status === 'ready' || (isCluster === true && status === 'connect')
  }

  /** The address for messages, without user and password. */
  get address(): string {
    if (this.#client === undefined) return 'the configured address'
    if (isCluster(this.#client)) return 'a cluster'
    const { path, host, port, tls, db } = this.#client.options
    if (path) return db ? `${path}?db=${db}` : path
    return `${tls ? 'rediss' : 'redis'}://${host}:${port}${db ? `/${db}` : ''}`
  }

  /**
   * Runs a command when Redis is ready, and retries it if the connection fails. Rejects with {@link RedisUnavailable}
   * if Redis returns an error, if no command receives a response for `timeout` milliseconds, if the connection is
   * destroyed, or if bullmq or ioredis is not installed.
   */
  async run<A>(timeout: number, command: () => Promise<A>): Promise<A> {
    if (this.#endError !== undefined) throw this.#endError
    const startedAt = performance.now()
    const pending: PendingCommand = { reject: () => undefined, resume: () => undefined }
    let timer: NodeJS.Timeout | undefined
    /** Rejects at the timeout, or when the connection is destroyed. */
    const failure = new Promise<never>((_, reject) => {
      pending.reject = reject
      const check = (): void => {
        if (!this.#pending.has(pending)) return
        const remaining = Math.max(startedAt, this.#respondedAt) + timeout - performance.now()
        if (remaining > 0) checkAfter(remaining)
        else {
          // The socket may be dead without a close event. A new socket may work.
          if (this.isReady) this.client.disconnect(true)
          reject(this.toRedisError(this.#lastError, ` (waited ${timeout / 1_000} s)`))
        }
      }
      // If the event loop was blocked, a timer fires before Node.js reads the responses that arrived in the
      // meantime. setImmediate delays the check until Node.js has read these responses.
      const checkAfter = (delay: number): void => {
        timer = setTimeout(() => setImmediate(check), Math.min(MAX_TIMER_DELAY, delay))
      }
      checkAfter(timeout)
    })
    this.#pending.add(pending)
    try {
      const reply = await Promise.race([this.#retry(pending, startedAt + timeout, command), failure])
      this.#respondedAt = performance.now()
      return reply
    } catch (thrown) {
      throw this.toRedisError(thrown)
    } finally {
      clearTimeout(timer)
      this.#pending.delete(pending)
    }
  }

  /**
   * Retries a command while the connection fails, until `deadline`, a time of `performance.now()`. Stops if the
   * command is no longer pending, because a command that was rejected must not be sent later.
   */
  async #retry<A>(pending: PendingCommand, deadline: number, command: () => Promise<A>): Promise<A> {
    for (;;) {
      while (!this.isReady)
        await new Promise<void>((resolve) => {
          pending.resume = resolve
        })
      try {
        return await command()
      } catch (thrown) {
        if (!isConnectionFailure(thrown) || performance.now() > deadline || !this.#pending.has(pending))
          throw thrown
        await sleep(RETRY_DELAY)
        if (!this.#pending.has(pending)) throw thrown
      }
    }
  }

  /**
   * Converts an error of ioredis or BullMQ to a {@link RedisUnavailable}, which does not contain the command. Appends
   * `note` to the message.
   */
  toRedisError(thrown: unknown, note = ''): RedisUnavailable {
    if (thrown instanceof RedisUnavailable) return thrown
    // The error reply for an unknown command contains the arguments of the command, which may include a password.
    const message = String(Object(thrown).message ?? thrown).replace(/, with args .*/s, '')
    const code = codeOf(thrown)
    const problem = isSystemError(thrown) ? `is unreachable: ${code}` : `returned an error: ${message}`
    return new RedisUnavailable(this.address, problem + note, code)
  }

  /** Returns a client that opens no socket itself. BullMQ duplicates this client to send blocking commands. */
  blockingClient(): Redis | Cluster {
    const { client } = this
    if (isCluster(client))
      return client.duplicate([], { lazyConnect: true, redisOptions: { maxRetriesPerRequest: null } })
    return client.duplicate({ lazyConnect: true, maxRetriesPerRequest: null })
  }

  /**
   * Calls `close` and closes every socket. If Redis is ready, first waits for the Promise of `close`, at most one second.
   */
  async closeGracefully(close: () => Promise<unknown>): Promise<void> {
    const { isReady } = this
    if (!isReady) this.destroy()
    await withTimeout(isReady ? CLOSE_TIMEOUT : 0, close())
    this.destroy()
  }

  /** Closes every socket immediately and rejects pending commands. */
  destroy(): void {
    this.#end('is unreachable: the connection was closed', codeOf(this.#lastError))
    for (const client of this.#clients) {
      if (client.status === 'end') continue
      // `disconnect` rejects the pending commands of a client that is connecting, but not of a client that
      // waits before it reconnects. Such a client therefore connects first.
      if (client.status === 'reconnecting') client.connect().catch(() => undefined)
      client.disconnect()
    }
  }

  /** Rejects pending and later commands. */
  #end(problem: string, code: string): void {
    const error = new RedisUnavailable(this.address, problem, code)
    this.#endError = error
    for (const { reject } of this.#pending) reject(error)
  }

  /** Records a client, and replaces its method `duplicate`, with which BullMQ opens further sockets. */
  #register<C extends Redis | Cluster>(client: C): C {
    this.#clients.push(client)
    // ioredis prints errors if no listener is registered. After a failed SELECT, ioredis would use database 0.
    client.on('error', (error) => {
      if (Object(error).command?.name === 'select') client.disconnect(true)
    })
    const duplicate = client.duplicate.bind(client) as (...args: unknown[]) => C
    client.duplicate = ((...args: unknown[]) => this.#register(duplicate(...args))) as C['duplicate']
    return client
  }
}

/** Waits until a task settles, for at most `timeout` milliseconds. Ignores an error of the task. */
export async function withTimeout(timeout: number, task: Promise<unknown>): Promise<void> {
  await firstValueFrom(race(task, timer(timeout))).catch(() => undefined)
}

/** Returns the code of a Node.js error, or the first word of an error reply of Redis. */
export function codeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'UNKNOWN'
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code
  return /^[A-Z]{3,}(?= )/.exec(thrown.message)?.[0] ?? 'UNKNOWN'
}

/** Returns whether a retry may succeed: the connection failed, or the server is not ready. */
function isConnectionFailure(thrown: unknown): boolean {
  return (
    isSystemError(thrown) ||
    (thrown instanceof Error &&
      (thrown.name === 'MaxRetriesPerRequestError' ||
        thrown.message === 'Connection is closed.' ||
        /^(?:READONLY|LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN) /.test(thrown.message)))
  )
}

/** Returns whether the error has a code of the operating system, such as `ECONNRESET`. */
function isSystemError(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && /^E[A-Z]+$/.test(`${thrown.code}`)
}
