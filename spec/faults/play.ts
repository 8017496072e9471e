import { isLeft } from 'fp-ts/lib/Either.js'
import { asyncScheduler, defer, finalize, map, merge, Subscription, timer } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { type Auth, type Schedule, type Transport, watchOperation } from '../../lib/index.js'
import { NAME } from '../virtual.js'
import { type Kind, NO_TOKEN_FOR_NOW, type Renewal, type Script } from './any-script.js'

/** One poll of a played script, times in virtual milliseconds. */
export interface Poll {
  /** When it began, by asking for a token. */
  readonly askedAt: number
  /** When a request was sent: twice where a 401 was replayed. */
  readonly sentAt: number[]
  /** Where the first answer was a 401: when it came, and what the credential gives then. */
  refused: { readonly at: number; readonly renewal: Renewal } | undefined
  /** What came of it, in the end. */
  kind: Kind
  /** Undefined where the watch was over before. */
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

/** A promise in virtual time: those of JavaScript settle when the play is over. */
const later = (after: number, tokens: Subscription, give: () => object): PromiseLike<object> => ({
  // biome-ignore lint/suspicious/noThenProperty: it is a thenable.
  then: (resolved, rejected) => {
    const settle = (): void => {
      try {
        resolved?.(give())
      } catch (thrown) {
        rejected?.(thrown)
      }
    }
    if (after === 0) settle()
    else tokens.add(timer(after).subscribe(settle))
    return new Promise(() => undefined)
  },
})

/** Plays a script in virtual time, to its end or to the unsubscription. */
export const play = (script: Script): Played => {
  const polls: Poll[] = []
  const words: { tag: string; at: number }[] = []
  const tokens = new Subscription()
  let ending: Played['ending'] | undefined
  let endedAt = Number.NaN
  let sent = 0
  let inFlight = 0
  let mostInFlight = 0
  let askedAfterEnd = 0
  let timersLeft = 0
  let issued = 0
  let stale: Poll | undefined

  const lineOf = (n: number) => script.lines[Math.min(n, script.lines.length - 1)] as Script['lines'][number]
  const isOver = (): boolean => {
    if (ending !== undefined) askedAfterEnd++
    return ending !== undefined
  }

  /** The token once more: what a credential gives after a 401 is a part of the script. */
  const renewed = (poll: Poll): object => {
    const renewal = poll.refused?.renewal
    if (renewal === 'another') return { authorization: `Bearer ${++issued}` }
    if (renewal === 'none for now') poll.kind = NO_TOKEN_FOR_NOW
    poll.answeredAt = now()
    if (renewal === 'the same') return { authorization: `Bearer ${issued}` }
    throw { status: renewal === 'none' ? 400 : 503 }
  }
  const auth: Auth = {
    getRequestHeaders: () => {
      isOver()
      const poll = stale
      stale = undefined
      if (poll === undefined) {
        const { kind } = lineOf(sent)
        polls.push({
          askedAt: now(),
          sentAt: [],
          refused: undefined,
          kind,
          answeredAt: undefined,
          scheduled: undefined,
        })
        return later(script.tokenAfter, tokens, () => ({ authorization: `Bearer ${issued}` }))
      }
      return later(script.tokenAfter, tokens, () => renewed(poll))
    },
  }
  const transport: Transport = () =>
    defer(() => {
      isOver()
      const { kind, after } = lineOf(sent++)
      const poll = polls.at(-1) as Poll
      poll.kind = kind
      poll.sentAt.push(now())
      mostInFlight = Math.max(mostInFlight, ++inFlight)
      let isOpen = true
      return timer(after).pipe(
        map(() => {
          isOpen = false
          inFlight--
          if (kind.renewal === undefined || poll.refused !== undefined) {
            poll.answeredAt = now()
          } else {
            poll.refused = { at: now(), renewal: kind.renewal }
            stale = poll
          }
          return kind.outcome
        }),
        finalize(() => isOpen && inFlight--),
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
      tokens.unsubscribe()
      // All but the timer that looks: a TestScheduler sets it anew before it calls back.
      timer(0).subscribe(() => {
        timersLeft = scheduler.actions.length - 1
      })
    }
    const watch = watchOperation(NAME, {
      transport,
      // Its waits have specs of their own.
      budget: false,
      auth,
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
