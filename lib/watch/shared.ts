import type { ResumeToken } from '../model/resume-token.js'
import { identityOf, type Schedule } from '../policy/schedule.js'
import { isLast, type Word } from '../policy/word.js'
import { type Listener, type Loop, PollLoop, type PollOptions } from './poll.js'
import { now } from './sleep.js'

/** What makes two watches one: the operation, and how it is polled. */
interface LoopKey {
  readonly target: ResumeToken
  readonly schedule: Schedule
  readonly patience: number
  readonly visibilityWindow: number
  readonly longPoll: boolean
}

/** The loop under a key; where there is none, one is made that polls as it is told. */
export type Loops = (key: LoopKey, options: (target: ResumeToken) => PollOptions) => SharedLoop

/**
 * A table of poll loops. A loop stands in it from its first listener to its last word or its last listener; whoever
 * comes later starts another.
 */
export function sharedLoops(): Loops {
  const table = new Map<string, SharedLoop>()
  // The ways of polling that were met, by number: in each key, their whole names would weigh as much as a watch.
  const schedules = new Map<Schedule | string, number>()
  const ways = new Map<string, number>()
  return ({ target, schedule, patience, visibilityWindow, longPoll }, options) => {
    const { endpoint, apiVersion, name, since = now() } = target
    const number = numberIn(schedules, identityOf(schedule))
    const way = numberIn(ways, JSON.stringify([apiVersion, number, patience, visibilityWindow, longPoll]))
    // All of a client have its endpoint.
    const key = `${way} ${name}`
    const present = table.get(key)
    if (present !== undefined) return present
    const begun = { name, endpoint, apiVersion, since: Math.min(since, now()) }
    return new SharedLoop(options(begun), table, key)
  }
}

function numberIn<K>(known: Map<K, number>, key: K): number {
  const number = known.get(key) ?? known.size
  known.set(key, number)
  return number
}

/** A poll loop that several watches listen to. */
export class SharedLoop implements Listener, Loop {
  readonly #options: PollOptions
  readonly #table: Map<string, SharedLoop>
  readonly #key: string
  #listeners: readonly Listener[] = []
  #loop: PollLoop | undefined
  #latest: Word | undefined

  constructor(options: PollOptions, table: Map<string, SharedLoop>, key: string) {
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
  listen(listener: Listener): void {
    this.#listeners = [...this.#listeners, listener]
    if (this.#latest !== undefined) listener.next(this.#latest)
    if (this.#loop !== undefined || !this.#listeners.includes(listener)) return
    this.#table.set(this.#key, this)
    this.#loop = new PollLoop(this.#options, this)
  }

  /** The last one who leaves ends the loop. */
  leave(listener: Listener): void {
    this.#listeners = this.#listeners.filter((other) => other !== listener)
    if (this.#listeners.length > 0) return
    this.#loop?.stop()
    this.#loop = undefined
    this.#latest = undefined
    this.#depart()
  }

  nudge(unlessBefore: number): void {
    this.#loop?.nudge(unlessBefore)
  }

  next(word: Word): void {
    this.#latest = word
    // Before the word is handed on: a listener that starts anew at the last word must not be given it again.
    if (isLast(word)) this.#depart()
    for (const listener of this.#listeners) listener.next(word)
  }

  error(defect: unknown): void {
    this.#depart()
    for (const listener of this.#listeners) listener.error(defect)
  }

  #depart(): void {
    if (this.#table.get(this.#key) === this) this.#table.delete(this.#key)
  }
}
