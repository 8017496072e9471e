import { defer, finalize, type Observable, ReplaySubject, Subject, share, tap } from 'rxjs'
import type { ResumeToken } from '../model/resume-token.js'
import { identityOf, type Schedule } from '../policy/schedule.js'
import { isLast, type Word } from '../policy/word.js'
import { now } from './sleep.js'

/** A poll loop that several watches listen to. */
export interface Loop {
  /** What is watched, and since when. */
  readonly target: ResumeToken
  /** The latest word at once, where there is one, and those to come. */
  readonly words: Observable<Word>
  readonly nudge: (unlessBefore: number) => void
}

/** What makes two watches one: the operation, and how it is polled. */
export interface LoopKey {
  readonly target: ResumeToken
  readonly schedule: Schedule
  readonly patience: number
  readonly visibilityWindow: number
  readonly longPoll: boolean
}

/** The loop under a key; where there is none, one is made that polls as it is told. */
export type Loops = (
  key: LoopKey,
  poll: (target: ResumeToken, nudges: Observable<number>) => Observable<Word>,
) => Loop

/**
 * A table of poll loops. A loop stands in it from its first subscriber to its last word or its last subscriber; whoever
 * comes later starts another.
 */
export const sharedLoops = (): Loops => {
  const table = new Map<string, Loop>()
  const schedules = new WeakMap<Schedule, number>()
  let known = 0
  const scheduleId = (schedule: Schedule): string | number => {
    const identity = identityOf(schedule)
    if (typeof identity === 'string') return identity
    const id = schedules.get(identity) ?? ++known
    schedules.set(identity, id)
    return id
  }
  return ({ target: { since = now(), ...place }, schedule, ...rest }, poll) => {
    const { patience, visibilityWindow, longPoll } = rest
    const key = JSON.stringify([place, scheduleId(schedule), patience, visibilityWindow, longPoll])
    const present = table.get(key)
    if (present !== undefined) return present
    const target = { ...place, since: Math.min(since, now()) }
    const nudges = new Subject<number>()
    // Before the word is handed on: a subscriber that starts anew at the last word must not be given it again.
    const leave = (): void => {
      if (table.get(key) === loop) table.delete(key)
    }
    const loop: Loop = {
      target,
      nudge: (unlessBefore) => nudges.next(unlessBefore),
      words: defer(() => {
        table.set(key, loop)
        return poll(target, nudges)
      }).pipe(
        tap({ next: (word) => isLast(word) && leave(), error: leave }),
        finalize(leave),
        share({ connector: () => new ReplaySubject(1) }),
      ),
    }
    return loop
  }
}
