import { setTimeout as sleep } from 'node:timers/promises'
import { Cluster, type Redis } from 'ioredis'
import { openConnection, type RedisConnection } from './redis-options.js'

/** One who asks. */
interface Waiting {
  giveUp: () => void
  /** Redis is there. */
  wake: () => void
}

/** How long a graceful end may take, in milliseconds. */
const CLOSE_TIMEOUT = 1_000
/** Milliseconds from a question that broke off to the next. */
const RETRY_GAP = 50

/** Whether it was the connection that failed, or a server that is not ready to serve, and not the question. */
function isBroken(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    (('code' in thrown && /^E[A-Z]+$/.test(`${thrown.code}`)) ||
      thrown.name === 'MaxRetriesPerRequestError' ||
      thrown.message === 'Connection is closed.' ||
      /^(?:READONLY|LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN) /.test(thrown.message))
  )
}

/**
 * A connection of ours: every socket that it or a copy of it opens is known, so that it can be ended whatever state it is
 * in. BullMQ's own way to close waits for as long as Redis is away.
 */
export class FleetConnection {
  readonly client: Redis | Cluster
  readonly #clients: (Redis | Cluster)[] = []
  #code = 'ETIMEDOUT'
  #answeredAt = 0
  #isEnded = false
  /** Those who ask, and would keep the process for as long as they wait. */
  readonly #waiting = new Set<Waiting>()

  /** `retries` of each command while Redis is away; null lets it wait for as long as that takes. */
  constructor(given: RedisConnection, retries: number | null) {
    this.client = this.#known(openConnection(given, retries))
    this.client.on('error', (error) => {
      this.#code = codeOf(error)
    })
    this.client.on('ready', () => {
      for (const { wake } of this.#waiting) wake()
    })
  }

  get isReady(): boolean {
    const { status } = this.client
    return status === 'ready' || (this.client.isCluster && status === 'connect')
  }

  /** Where it leads, for a person: without user and password. */
  get address(): string {
    if (this.client instanceof Cluster) return 'a cluster'
    const { path, host, port, tls } = this.client.options
    return path ?? `${tls ? 'rediss' : 'redis'}://${host}:${port}`
  }

  /**
   * Asks once Redis is there, and again where the connection breaks; rejects with {@link RedisUnavailable} when it has said
   * nothing at all for so many milliseconds, and at once after the end. Where it answers others, this one has to wait for its turn.
   */
  async run<A>(milliseconds: number, command: () => Promise<A>): Promise<A> {
    const waiting: Waiting = { giveUp: () => undefined, wake: () => undefined }
    const closed = 'is not asked any more: it was closed'
    if (this.#isEnded) throw new RedisUnavailable(this.address, closed, this.#code)
    let timer: NodeJS.Timeout | undefined
    const began = performance.now()
    const silence = new Promise<never>((_, reject) => {
      const failed = (what: string) => reject(new RedisUnavailable(this.address, what, this.#code))
      const judge = (): void => {
        if (!this.#waiting.has(waiting)) return
        const left = Math.max(began, this.#answeredAt) + milliseconds - performance.now()
        if (left > 0) {
          wait(left)
          return
        }
        // The socket may be dead without a word, where another one would live.
        if (this.isReady) this.client.disconnect(true)
        failed(`could not be reached within ${milliseconds / 1_000} s (${this.#code})`)
      }
      // An event loop that was held up comes to its timers first, and then to the answers that were there in time.
      const wait = (left: number): void => {
        timer = setTimeout(() => setImmediate(judge), left)
      }
      wait(milliseconds)
      waiting.giveUp = () => failed(closed)
    })
    this.#waiting.add(waiting)
    try {
      const answer = await Promise.race([this.#answer(waiting, began + milliseconds, command), silence])
      this.#answeredAt = performance.now()
      return answer
    } catch (thrown) {
      throw this.toRedisError(thrown)
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(waiting)
    }
  }

  /**
   * Asks as often as the connection breaks, until a time of `performance.now()`. Whoever has given up leaves nothing to be asked,
   * and nothing that is remembered.
   */
  async #answer<A>(waiting: Waiting, until: number, command: () => Promise<A>): Promise<A> {
    for (;;) {
      while (!this.isReady)
        await new Promise<void>((resolve) => {
          waiting.wake = resolve
        })
      try {
        return await command()
      } catch (thrown) {
        if (!isBroken(thrown) || performance.now() > until || !this.#waiting.has(waiting)) throw thrown
        await sleep(RETRY_GAP)
        if (!this.#waiting.has(waiting)) throw thrown
      }
    }
  }

  /** What can be told of an error of Redis. */
  toRedisError(thrown: unknown): RedisUnavailable {
    if (thrown instanceof RedisUnavailable) return thrown
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    return new RedisUnavailable(this.address, `said: ${message}`, codeOf(thrown))
  }

  /** What BullMQ copies for commands that block; it opens no socket of its own. */
  blocking(): Redis | Cluster {
    const { client } = this
    if (client instanceof Cluster)
      return client.duplicate([], { lazyConnect: true, redisOptions: { maxRetriesPerRequest: null } })
    return client.duplicate({ lazyConnect: true, maxRetriesPerRequest: null })
  }

  /** Closes what is open over it, and then itself: at once where Redis is away, for BullMQ would wait for it. */
  async closeGracefully(close: (isReady: boolean) => Promise<unknown>): Promise<void> {
    const { isReady } = this
    if (!isReady) this.end()
    await withTimeout(isReady ? CLOSE_TIMEOUT : 0, close(isReady))
    this.end()
  }

  /** Ends every socket at once. */
  end(): void {
    this.#isEnded = true
    for (const { giveUp } of this.#waiting) giveUp()
    for (const client of this.#clients) {
      if (client.status === 'end') continue
      // One that waits to reconnect would keep what waits for it waiting; one that begins to connect gives it up.
      if (client.status === 'reconnecting') client.connect().catch(() => undefined)
      client.disconnect()
    }
  }

  /** Copies are how BullMQ gets further sockets. */
  #known<C extends Redis | Cluster>(client: C): C {
    this.#clients.push(client)
    // An error that nobody listens to is printed; those of a connection are told by whoever uses it.
    client.on('error', () => undefined)
    const duplicate = client.duplicate.bind(client) as (...args: unknown[]) => C
    client.duplicate = ((...args: unknown[]) => this.#known(duplicate(...args))) as C['duplicate']
    return client
  }
}

/** Waits for what is to be done, but no longer than so many milliseconds; a failure is none that matters any more. */
export async function withTimeout(milliseconds: number, doing: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([doing.catch(() => undefined), late])
  clearTimeout(timer)
}

/**
 * Redis was not there, did not answer in time, or refused; its message names the place without user or password. The error
 * of ioredis is not its cause, for that holds the command, which may be one with a password.
 */
export class RedisUnavailable extends Error {
  override readonly name: string = 'RedisUnavailable'
  /** As Node or Redis names it, such as `ECONNREFUSED`, `WRONGPASS` or `OOM`. */
  readonly code: string

  constructor(place: string, what: string, code: string) {
    super(`Redis at ${place} ${what}`)
    this.code = code
  }
}

/** The code of an error of Node, or the first word of one of Redis. */
export function codeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'UNKNOWN'
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code
  return /^[A-Z]{3,}(?= )/.exec(thrown.message)?.[0] ?? 'UNKNOWN'
}
