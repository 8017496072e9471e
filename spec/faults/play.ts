import { isLeft } from 'fp-ts/lib/Either.js'
import { asyncScheduler, defer, finalize, map, merge, Subscription, timer } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { type Auth, type Schedule, type Transport, watchOperation } from '../../lib/index.js'
import { NAME } from '../virtual.js'
import { type Kind, NO_TOKEN_FOR_NOW, type Renewal, type Script } from './any-script.js'

/** One poll of a played script, times in virtual milliseconds. */
export interface Poll {
  /** When it began, by asking for a token or, where one was at hand, by being sent. */
  readonly polledAt: number
  /** Whether a token was at hand, and when the latest was given, if that did not fail. */
  readonly held: boolean
  readonly givenAt: number | undefined
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

function now(): number {
  return asyncScheduler.now()
}

/** A promise in virtual time: those of JavaScript settle when the play is over. */
function later(after: number, tokens: Subscription, give: () => object): PromiseLike<object> {
  return {
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
  }
}

/** Plays a script in virtual time, to its end or to the unsubscription. */
export function play(script: Script): Played {
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
  let givenAt: number | undefined
  let stale: Poll | undefined
  /** The poll for which a token is asked. */
  let awaiting: Poll | undefined

  const lineOf = (n: number) => script.lines[Math.min(n, script.lines.length - 1)] as Script['lines'][number]
  const isOver = (): boolean => {
    if (ending !== undefined) askedAfterEnd++
    return ending !== undefined
  }

  const begin = (held: boolean): Poll => {
    const poll: Poll = {
      polledAt: now(),
      held,
      givenAt,
      sentAt: [],
      refused: undefined,
      kind: lineOf(sent).kind,
      answeredAt: undefined,
      scheduled: undefined,
    }
    polls.push(poll)
    return poll
  }
  const token = (): object => {
    givenAt = now()
    return { authorization: `Bearer ${issued}` }
  }
  /** The token once more: what a credential gives after a 401 is a part of the script. */
  const renewed = (poll: Poll): object => {
    const renewal = poll.refused?.renewal
    if (renewal === 'another') {
      issued++
      return token()
    }
    if (renewal === 'none for now') poll.kind = NO_TOKEN_FOR_NOW
    poll.answeredAt = now()
    awaiting = undefined
    if (renewal === 'the same') return token()
    givenAt = undefined
    throw { status: renewal === 'none' ? 400 : 503 }
  }
  const auth: Auth = {
    getRequestHeaders: () => {
      isOver()
      const poll = stale
      stale = undefined
      awaiting = poll ?? begin(false)
      return later(script.tokenAfter, tokens, () => (poll === undefined ? token() : renewed(poll)))
    },
  }
  const transport: Transport = () =>
    defer(() => {
      isOver()
      const poll = awaiting ?? begin(true)
      awaiting = undefined
      const { kind, after } = lineOf(sent++)
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
      rateLimit: false,
      auth,
      schedule,
      random: () => script.random,
      maxRetryTime: script.maxRetryTime,
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
