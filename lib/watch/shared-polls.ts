import type { ResumeToken } from '../model/resume-token.js'
import { isFinal, type JsonEmission } from '../polling/emission.js'
import { scheduleKey } from '../polling/schedule.js'
import { type PollListener, PollLoop, type PollSource } from './poll-loop.js'
import type { PollOptions } from './poll-once.js'

/** Returns the poll loop of an operation, or creates it. Watches with equal poll settings share their polls. */
export type SharedPolls = (options: PollOptions) => SharedPoll

/** The poll loops of watches with equal poll settings, by operation name. */
interface PollGroup {
  readonly settings: string
  readonly polls: Map<string, SharedPoll>
}

/** The poll loops of a client, by poll settings. It has no empty groups, so it keeps no settings of finished watches. */
type PollTable = Map<string, PollGroup>

/**
 * Creates a table of poll loops. A loop is added to the table with its first listener. It is removed after its final
 * result, or when its last listener is removed.
 */
export function sharedPolls(): SharedPolls {
  const table: PollTable = new Map()
  return (options) => {
    const { progressAware, maxRetryTime, visibilityWindow, longPoll } = options
    const { apiVersion, name } = options.target
    // The settings omit the endpoint, because all operations of a client have the same endpoint.
    const limits = { progressAware, maxRetryTime, visibilityWindow, longPoll }
    const settings = JSON.stringify([apiVersion, scheduleKey(options.schedule), limits])
    const group = table.get(settings) ?? { settings, polls: new Map() }
    return group.polls.get(name) ?? new SharedPoll(options, table, group)
  }
}

/** A poll loop that several watches can listen to. */
export class SharedPoll implements PollListener, PollSource {
  readonly #options: PollOptions
  readonly #table: PollTable
  readonly #group: PollGroup
  // Most poll loops have one listener, and a set for each of 100,000 poll loops would need much memory.
  #firstListener: PollListener | undefined
  #otherListeners: Set<PollListener> | undefined
  #loop: PollLoop | undefined
  #latestEmission: JsonEmission | undefined

  constructor(options: PollOptions, table: PollTable, group: PollGroup) {
    this.#options = options
    this.#table = table
    this.#group = group
  }

  /** The watch ID of the first listener. */
  get watchId(): number | undefined {
    return this.#firstListener?.watchId
  }

  get target(): ResumeToken {
    return this.#options.target
  }

  listen(listener: PollListener): void {
    if (this.#firstListener === undefined) this.#firstListener = listener
    else this.#otherListeners = (this.#otherListeners ?? new Set()).add(listener)
    if (this.#latestEmission !== undefined) listener.next(this.#latestEmission)
    if (this.#loop !== undefined || this.#firstListener === undefined) return
    this.#table.set(this.#group.settings, this.#group)
    this.#group.polls.set(this.target.name, this)
    this.#loop = new PollLoop(this.#options, this)
  }

  /** Removes a listener. Stops the loop if no listener remains. */
  unlisten(listener: PollListener): void {
    if (this.#firstListener === listener) [this.#firstListener] = this.#otherListeners ?? []
    if (this.#firstListener !== undefined) this.#otherListeners?.delete(this.#firstListener)
    this.#otherListeners?.delete(listener)
    if (this.#firstListener !== undefined) return
    this.#loop?.stop()
    this.#loop = undefined
    this.#latestEmission = undefined
    this.#removeFromTable()
  }

  pollSoon(unlessDueBefore: number): void {
    this.#loop?.pollSoon(unlessDueBefore)
  }

  next(emission: JsonEmission): void {
    this.#latestEmission = emission
    // The loop is removed from the table before the emission, because a listener may then watch the operation again.
    if (isFinal(emission)) this.#removeFromTable()
    for (const listener of this.#listeners()) listener.next(emission)
  }

  error(error: unknown): void {
    this.#removeFromTable()
    for (const listener of this.#listeners()) listener.error(error)
  }

  /** Returns a copy, because a listener may add and remove listeners. */
  #listeners(): readonly PollListener[] {
    return this.#firstListener === undefined ? [] : [this.#firstListener, ...(this.#otherListeners ?? [])]
  }

  #removeFromTable(): void {
    const { settings, polls } = this.#group
    const { name } = this.target
    if (polls.get(name) === this) polls.delete(name)
    if (polls.size === 0 && this.#table.get(settings) === this.#group) this.#table.delete(settings)
  }
}
