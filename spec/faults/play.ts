import { isLeft } from 'fp-ts/lib/Either.js'
import { asyncScheduler, defer, finalize, map, merge, type Subscription, timer } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { type Schedule, type Transport, watchOperation } from '../../lib/index.js'
import { NAME } from '../virtual.js'
import type { Kind, Script } from './any-script.js'

/** One poll of a played script, times in virtual milliseconds. */
export interface Poll {
  readonly askedAt: number
  readonly kind: Kind
  /** Undefined where the watch was over before the answer. */
  answeredAt: number | undefined
  /** The wait that the schedule gave for the answer, if it was asked. */
  scheduled: number | undefined
}

/** What a script made of a watch. */
export interface Played {
  readonly polls: readonly Poll[]
  readonly words: readonly { readonly tag: string; readonly at: number }[]
  readonly ending: 'completed' | 'unsubscribed' | 'errored'
  readonly endedAt: number
  readonly mostInFlight: number
  readonly askedAfterEnd: number
  /** Timers of the watch that are still there once it is over. */
  readonly timersLeft: number
}

const now = (): number => asyncScheduler.now()

/** Plays a script in virtual time, to its end or to the unsubscription. */
export const play = (script: Script): Played => {
  const polls: Poll[] = []
  const words: { tag: string; at: number }[] = []
  let ending: Played['ending'] | undefined
  let endedAt = Number.NaN
  let inFlight = 0
  let mostInFlight = 0
  let askedAfterEnd = 0
  let timersLeft = 0

  const transport: Transport = () =>
    defer(() => {
      if (ending !== undefined) askedAfterEnd++
      const { kind, after } = script.lines[
        Math.min(polls.length, script.lines.length - 1)
      ] as Script['lines'][number]
      const poll: Poll = { askedAt: now(), kind, answeredAt: undefined, scheduled: undefined }
      polls.push(poll)
      mostInFlight = Math.max(mostInFlight, ++inFlight)
      return timer(after).pipe(
        map(() => {
          poll.answeredAt = now()
          return kind.outcome
        }),
        finalize(() => inFlight--),
      )
    })
  const schedule: Schedule = {
    ...script.schedule,
    next: (facts) => {
      const wait = script.schedule.next(facts)
      const poll = polls.at(-1)
      if (poll) poll.scheduled = wait
      return wait
    },
  }

  const scheduler = new TestScheduler(() => undefined)
  scheduler.run(({ flush }) => {
    let stop: Subscription | undefined
    const over = (how: Played['ending']): void => {
      ending ??= how
      endedAt = now()
      stop?.unsubscribe()
      // All but the timer that looks: a TestScheduler sets it anew before it calls back.
      timer(0).subscribe(() => {
        timersLeft = scheduler.actions.length - 1
      })
    }
    const watch = watchOperation(NAME, {
      transport,
      schedule,
      random: () => script.random,
      patience: script.patience,
      visibilityWindow: script.visibilityWindow,
      hint: merge(...script.hints.map((at) => timer(at))),
      ...(script.timeout !== undefined && { timeout: script.timeout }),
    })
    const subscription = watch.subscribe({
      next: (word) => words.push({ tag: isLeft(word) ? word.left._tag : word.right._tag, at: now() }),
      complete: () => over('completed'),
      error: () => over('errored'),
    })
    if (ending === undefined)
      stop = timer(script.unsubscribeAt).subscribe(() => {
        subscription.unsubscribe()
        over('unsubscribed')
      })
    flush()
  })
  return { polls, words, ending: ending ?? 'errored', endedAt, mostInFlight, askedAfterEnd, timersLeft }
}
