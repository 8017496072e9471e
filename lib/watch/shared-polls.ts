import type { ResumeToken } from '../model/target.js'
import { type Emission, isFinal } from '../polling/emission.js'
import { type Schedule, scheduleIdentity } from '../polling/schedule.js'
import { now } from '../time/clock.js'
import { type PollListener, PollLoop, type PollOptions, type PollSource } from './poll-loop.js'

/** What makes two watches one: the operation, and how it is polled. */
interface PollKey {
  readonly target: ResumeToken
  readonly schedule: Schedule
  readonly maxRetryTime: number
  readonly visibilityWindow: number
  readonly longPoll: boolean
}

/** The loop under a key; where there is none, one is made that polls as it is told. */
export type SharedPolls = (key: PollKey, options: (target: ResumeToken) => PollOptions) => SharedPoll

/**
 * A table of poll loops. A loop stands in it from its first listener to its last word or its last listener; whoever
 * comes later starts another.
 */
export function sharedPolls(): SharedPolls {
  const table = new Map<string, SharedPoll>()
  // The ways of polling that were met, by number: in each key, their whole names would weigh as much as a watch.
  const schedules = new Map<Schedule | string, number>()
  const ways = new Map<string, number>()
  return ({ target, schedule, maxRetryTime, visibilityWindow, longPoll }, options) => {
    const { endpoint, apiVersion, name, since = now() } = target
    const number = numberIn(schedules, scheduleIdentity(schedule))
    const way = numberIn(ways, JSON.stringify([apiVersion, number, maxRetryTime, visibilityWindow, longPoll]))
    // All of a client have its endpoint.
    const key = `${way} ${name}`
    const present = table.get(key)
    if (present !== undefined) return present
    const begun = { name, endpoint, apiVersion, since: Math.min(since, now()) }
    return new SharedPoll(options(begun), table, key)
  }
}

function numberIn<K>(known: Map<K, number>, key: K): number {
  const number = known.get(key) ?? known.size
  known.set(key, number)
  return number
}

/** A poll loop that several watches listen to. */
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

  /** The first of those who listen. */
  get watch(): number | undefined {
    return this.#listeners[0]?.watch
  }

  /** What is watched, and since when. */
  get target(): ResumeToken {
    return this.#options.target
  }

  /** Hands on the latest word at once, where there is one, and those to come. */
  listen(listener: PollListener): void {
    this.#listeners = [...this.#listeners, listener]
    if (this.#latest !== undefined) listener.next(this.#latest)
    if (this.#loop !== undefined || !this.#listeners.includes(listener)) return
    this.#table.set(this.#key, this)
    this.#loop = new PollLoop(this.#options, this)
  }

  /** The last one who leaves ends the loop. */
  unlisten(listener: PollListener): void {
    this.#listeners = this.#listeners.filter((other) => other !== listener)
    if (this.#listeners.length > 0) return
    this.#loop?.stop()
    this.#loop = undefined
    this.#latest = undefined
    this.#removeListener()
  }

  pollSoon(unlessBefore: number): void {
    this.#loop?.pollSoon(unlessBefore)
  }

  next(word: Emission): void {
    this.#latest = word
    // Before the word is handed on: a listener that starts anew at the last word must not be given it again.
    if (isFinal(word)) this.#removeListener()
    for (const listener of this.#listeners) listener.next(word)
  }

  error(defect: unknown): void {
    this.#removeListener()
    for (const listener of this.#listeners) listener.error(defect)
  }

  #removeListener(): void {
    if (this.#table.get(this.#key) === this) this.#table.delete(this.#key)
  }
}
