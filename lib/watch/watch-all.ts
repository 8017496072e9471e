import type { Either } from 'fp-ts/lib/Either.js'
import {
  asyncScheduler,
  Observable,
  type ObservableInput,
  type Subscriber,
  type Subscription,
  takeUntil,
} from 'rxjs'
import { isLeft, left } from '../model/either.js'
import { inRange } from '../model/invalid-option.js'
import type { Json } from '../model/json.js'
import type { Operation } from '../model/operation.js'
import type { OperationError } from '../model/operation-error.js'
import type { ResumeToken } from '../model/resume-token.js'
import { operationError } from '../model/sentence.js'
import { asked, begin, type Course, commonFacts, type Rules } from '../policy/course.js'
import { decoded, type Reading } from '../policy/decoded.js'
import { isLast, type Word } from '../policy/word.js'
import { aborted } from './aborted.js'
import { Agenda, type Item } from './agenda.js'
import type { Closable, Closing } from './closing.js'
import { diagnostics, type Ending, endingOf, nextWatch } from './diagnostics.js'
import { type Ask, askOnce, NUDGE_GAP } from './poll.js'
import { LONGEST_TIMER, now } from './sleep.js'
import { type Supply, supplyOf } from './supply.js'
import { LAST_POLL, type WatchOptions, type WatchSettings, watchSettings } from './watch.js'

/** How many operations are watched at once, each like the others. */
export interface WatchAllOptions<R = Json | undefined, M = Json>
  extends Omit<WatchOptions<R, M>, 'hint' | 'longPoll'> {
  /**
   * How many operations are watched at once, from 1 to 10 000 000; further names are read when one of them is done.
   * @defaultValue 10 000 000
   */
  readonly concurrency?: number | undefined
}

/** A snapshot, or the last word, of one of many operations. */
export interface NamedSnapshot<R = Json | undefined, M = Json> {
  /** As it was given. */
  readonly name: string
  readonly snapshot: Either<OperationError<M>, Operation<R, M>>
}

/** Options that were checked, with their defaults. */
export interface WatchAllSettings<R, M> extends WatchSettings<R, M> {
  readonly concurrency: number
}

const MOST = 10_000_000

/** Checks the options; throws `InvalidOption` where one is out of its range. */
export function watchAllSettings<R, M>({
  concurrency = MOST,
  ...options
}: WatchAllOptions<R, M>): WatchAllSettings<R, M> {
  inRange('concurrency', concurrency, '', { from: 1, to: MOST })
  return { ...watchSettings(options), concurrency }
}

/** What is watched, and how it is asked for. */
export interface WatchAllSource {
  readonly names: ObservableInput<string | ResumeToken>
  /** The target of a name, or why it is none. */
  readonly targetOf: (given: unknown) => Either<OperationError<never>, ResumeToken>
  readonly nameOf: (given: unknown) => string
  readonly ask: Ask
  readonly rules: Rules
  readonly closing: Closing
}

/**
 * Watches many operations in one loop: one agenda, one timer, and of each operation no more than its course.
 *
 * ```
 * names  --a-b-----------------|
 * words  ---a(R)-b(R)--a(S)--b(S)|
 * ```
 */
export function watchAll<R, M>(
  source: WatchAllSource,
  settings: WatchAllSettings<R, M>,
): Observable<NamedSnapshot<R, M>> {
  const watched = new Observable<NamedSnapshot<R, M>>((subscriber) => {
    const all = new WatchingAll(source, settings, subscriber)
    subscriber.add(all)
    all.start()
  })
  return settings.signal === undefined ? watched : watched.pipe(takeUntil(aborted(settings.signal)))
}

/** How many polls may be under way at once: those that are due later can wait, their sockets could not. */
const MOST_ASKED = 1_000

const NEVER = Number.POSITIVE_INFINITY

/** One operation of many. */
interface Entry extends Item {
  course: Course
  readonly name: string
  /** When its time is up. */
  readonly deadline: number
  /** The poll under way. */
  poll: Subscription | undefined
}

class WatchingAll<R, M> implements Closable {
  readonly #source: WatchAllSource
  readonly #settings: WatchAllSettings<R, M>
  readonly #subscriber: Subscriber<NamedSnapshot<R, M>>
  readonly #read: Reading<R, M>
  readonly #agenda = new Agenda<Entry>()
  readonly #live = new Set<Entry>()
  #supply: Supply | undefined
  #hasEnded = false
  /** Whether a name was asked for that has not come yet. */
  #isPulling = false
  #polls = 0
  #timer: Subscription | undefined
  #wakesAt = NEVER

  constructor(
    source: WatchAllSource,
    settings: WatchAllSettings<R, M>,
    subscriber: Subscriber<NamedSnapshot<R, M>>,
  ) {
    this.#source = source
    this.#settings = settings
    this.#subscriber = subscriber
    this.#read = decoded(settings)
  }

  start(): void {
    this.#source.closing.listen(this)
    if (this.#subscriber.closed) return
    this.#supply = supplyOf(this.#source.names, {
      take: (given) => {
        this.#isPulling = false
        this.#begin(given)
      },
      end: () => {
        this.#hasEnded = true
        this.#completeWhenDone()
      },
      fail: (defect) => this.#subscriber.error(defect),
    })
    this.#pull()
  }

  closed(): void {
    this.#supply?.close()
    for (const entry of this.#live) this.#interrupt(entry, { _tag: 'ClientClosed' })
    this.#subscriber.complete()
  }

  unsubscribe(): void {
    this.#source.closing.leave(this)
    this.#supply?.close()
    this.#timer?.unsubscribe()
    for (const entry of this.#live) {
      entry.poll?.unsubscribe()
      this.#tellEnd(entry, 'Unsubscribed')
    }
    this.#live.clear()
  }

  #begin(given: unknown): void {
    const target = this.#source.targetOf(given)
    const name = this.#source.nameOf(given)
    if (isLeft(target)) {
      this.#subscriber.next({ name, snapshot: target })
    } else {
      const at = now()
      const { timeout } = this.#settings
      const deadline = timeout === undefined ? NEVER : at + timeout
      const order = nextWatch()
      const { endpoint } = target.right
      diagnostics.watchStart(() => ({ watch: order, name: target.right.name, endpoint }))
      const course = begin(target.right, at)
      const entry: Entry = { at, order, place: -1, course, name, deadline, poll: undefined }
      this.#live.add(entry)
      this.#agenda.add(entry)
      this.#sleep()
    }
    this.#pull()
  }

  #pull(): void {
    if (this.#isPulling || this.#subscriber.closed || this.#live.size >= this.#settings.concurrency) return
    this.#isPulling = true
    this.#supply?.pull()
  }

  /** Sets the one timer to what is due first, a poll or the end of somebody's time. */
  #sleep(): void {
    // Whoever has left may have done so from within a word.
    if (this.#subscriber.closed) return
    const due = this.#polls < MOST_ASKED ? (this.#agenda.first?.at ?? NEVER) : NEVER
    const at = Math.min(due, this.#deadline())
    if (at >= this.#wakesAt) return
    this.#timer?.unsubscribe()
    this.#wakesAt = at
    this.#timer = asyncScheduler.schedule(
      () => this.#wake(),
      Math.min(Math.max(0, at - now()), LONGEST_TIMER),
    )
  }

  /** All have as much time, and so those that came first have theirs over first. */
  #deadline(): number {
    const [first] = this.#live
    return first?.deadline ?? NEVER
  }

  #wake(): void {
    this.#timer = undefined
    this.#wakesAt = NEVER
    for (const entry of this.#live) {
      if (entry.deadline > now()) break
      this.#interrupt(entry, { _tag: 'TimedOut', timeout: this.#settings.timeout ?? 0 })
      if (this.#subscriber.closed) return
    }
    for (let { first } = this.#agenda; first !== undefined && first.at <= now(); first = this.#agenda.first) {
      if (this.#polls >= MOST_ASKED) break
      this.#ask(first)
      if (this.#subscriber.closed) return
    }
    this.#sleep()
  }

  #ask(entry: Entry): void {
    const { ask, rules } = this.#source
    this.#agenda.remove(entry)
    entry.course = asked(entry.course, now())
    this.#polls++
    let isOpen = true
    const answered = (): void => {
      if (isOpen) this.#polls--
      isOpen = false
      entry.poll = undefined
    }
    const poll = askOnce({ ...rules, ask }, entry.course, entry.order).subscribe({
      next: ({ course, due, notBefore, word }) => {
        answered()
        entry.course = course
        if (word !== undefined) this.#tell(entry, word)
        if (this.#live.has(entry)) this.#place(entry, this.#wakeOf(entry, due, notBefore))
        this.#sleep()
      },
      error: (defect: unknown) => this.#subscriber.error(defect),
    })
    poll.add(answered)
    if (isOpen) entry.poll = poll
  }

  /** When a waiting entry is due for a poll, a last one while there is time for it among them. */
  #wakeOf({ deadline, course }: Entry, due: number, notBefore: number): number {
    if (due < deadline) return due
    const { min = LAST_POLL } = this.#settings.schedule
    const last = Math.max(now(), deadline - min, notBefore, course.askedAt + NUDGE_GAP)
    return last < deadline ? last : NEVER
  }

  #place(entry: Entry, at: number): void {
    entry.at = at
    this.#agenda.add(entry)
  }

  #interrupt(
    entry: Entry,
    facts: { readonly _tag: 'ClientClosed' } | { readonly _tag: 'TimedOut'; readonly timeout: number },
  ): void {
    this.#tell(entry, left(operationError<Json>({ ...facts, ...commonFacts(entry.course) })))
  }

  #tell(entry: Entry, word: Word): void {
    const { course, name } = entry
    const snapshot = this.#read(word, { resume: course.target, lastSeen: course.lastSeen })
    if (isLast(snapshot)) {
      if (entry.place !== -1) this.#agenda.remove(entry)
      this.#live.delete(entry)
      entry.poll?.unsubscribe()
      this.#tellEnd(entry, snapshot)
    }
    this.#subscriber.next({ name, snapshot })
    if (isLast(snapshot) && !this.#subscriber.closed) {
      this.#pull()
      this.#completeWhenDone()
    }
  }

  #tellEnd({ order, course }: Entry, ending: Ending): void {
    const { name, endpoint } = course.target
    diagnostics.watchEnd(() => ({ watch: order, name, endpoint, ...endingOf(ending) }))
  }

  #completeWhenDone(): void {
    if (this.#hasEnded && this.#live.size === 0) this.#subscriber.complete()
  }
}
