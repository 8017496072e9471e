import type { ResumeToken } from '../model/target.js'
import { type Emission, isFinal } from '../polling/emission.js'
import type { PollPolicy } from '../polling/poll-state.js'
import { type Schedule, scheduleKey } from '../polling/schedule.js'
import { now } from '../time/clock.js'
import { type PollListener, PollLoop, type PollSource } from './poll-loop.js'
import type { PollOptions } from './poll-once.js'

/** The operation and the poll settings of a watch. Watches with equal keys share their polls. */
interface PollKey extends Pick<PollPolicy, 'schedule' | 'maxRetryTime' | 'visibilityWindow'> {
  readonly target: ResumeToken
  readonly longPoll: boolean
}

/** Returns the poll loop for a key, or creates a loop with the options that `optionsFor` returns. */
export type SharedPolls = (key: PollKey, optionsFor: (target: ResumeToken) => PollOptions) => SharedPoll

/**
 * Creates a table of poll loops. A loop is added to the table with its first listener. It is removed after its final
 * result, or when its last listener is removed.
 */
export function sharedPolls(): SharedPolls {
  const table = new Map<string, SharedPoll>()
  // Keys contain a number instead of the settings as text, which would need as much memory as a watch.
  const scheduleIds = new Map<Schedule | string, number>()
  const pollSettingsIds = new Map<string, number>()
  return ({ target, schedule, maxRetryTime, visibilityWindow, longPoll }, optionsFor) => {
    const { endpoint, apiVersion, name, since = now() } = target
    const scheduleId = idOf(scheduleIds, scheduleKey(schedule))
    const settings = JSON.stringify([apiVersion, scheduleId, maxRetryTime, visibilityWindow, longPoll])
    // The key omits the endpoint, because all operations of a client have the same endpoint.
    const key = `${idOf(pollSettingsIds, settings)} ${name}`
    const existing = table.get(key)
    if (existing !== undefined) return existing
    const startTarget = { name, endpoint, apiVersion, since: Math.min(since, now()) }
    return new SharedPoll(optionsFor(startTarget), table, key)
  }
}

function idOf<K>(ids: Map<K, number>, key: K): number {
  const id = ids.get(key) ?? ids.size
  ids.set(key, id)
  return id
}

/** A poll loop that several watches can listen to. */
export class SharedPoll implements PollListener, PollSource {
  readonly #options: PollOptions
  readonly #table: Map<string, SharedPoll>
  readonly #key: string
  #listeners: readonly PollListener[] = []
  #loop: PollLoop | undefined
  #latest: Emission | undefined

  constructor(options: PollOptions, table: Map<string, SharedPoll>, key: string) {
    this.#options = options
    this.#table = table
    this.#key = key
  }

  /** The watch ID of the first listener. */
  get watchId(): number | undefined {
    return this.#listeners[0]?.watchId
  }

  get target(): ResumeToken {
    return this.#options.target
  }

  listen(listener: PollListener): void {
    this.#listeners = [...this.#listeners, listener]
    if (this.#latest !== undefined) listener.next(this.#latest)
    if (this.#loop !== undefined || !this.#listeners.includes(listener)) return
    this.#table.set(this.#key, this)
    this.#loop = new PollLoop(this.#options, this)
  }

  /** Removes a listener. Stops the loop if no listener remains. */
  unlisten(listener: PollListener): void {
    this.#listeners = this.#listeners.filter((other) => other !== listener)
    if (this.#listeners.length > 0) return
    this.#loop?.stop()
    this.#loop = undefined
    this.#latest = undefined
    this.#removeFromTable()
  }

  pollSoon(unlessDueBefore: number): void {
    this.#loop?.pollSoon(unlessDueBefore)
  }

  next(emission: Emission): void {
    this.#latest = emission
    // Removed first, because a listener may watch the operation again when it receives the final result.
    if (isFinal(emission)) this.#removeFromTable()
    for (const listener of this.#listeners) listener.next(emission)
  }

  error(error: unknown): void {
    this.#removeFromTable()
    for (const listener of this.#listeners) listener.error(error)
  }

  #removeFromTable(): void {
    if (this.#table.get(this.#key) === this) this.#table.delete(this.#key)
  }
}
