import { isLeft } from 'fp-ts/lib/Either.js'
import { asyncScheduler, defer, finalize, map, merge, Subscription, timer } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { type Auth, type Schedule, type Transport, watchOperation } from '../../lib/index.js'
import { type ProtocolCase, resultOf } from '../protocols.js'
import { NAME } from '../virtual.js'
import { type Kind, type Renewal, type Script, TOKEN_UNAVAILABLE } from './arbitrary-script.js'

/** One poll of a script. Times are in virtual milliseconds. */
export interface Poll {
  /** When the poll started: the time of its token request, or of its HTTP request if a token was cached. */
  readonly polledAt: number
  /** Whether a cached token was used for the poll. */
  readonly wasTokenCached: boolean
  /** The time of the last successful token response. */
  readonly tokenReceivedAt: number | undefined
  /** The time of each request. A second request is sent if the first response is a 401. */
  readonly sentAt: number[]
  /** If the first response was a 401: its time, and the result of the next token request. */
  unauthorized: { readonly at: number; readonly renewal: Renewal } | undefined
  /** The kind of the final response. */
  kind: Kind
  /** The time of the response. Undefined if the watch ended first. */
  respondedAt: number | undefined
  /** The wait that the schedule returned after the response, if it was called. */
  scheduledWait: number | undefined
}

/** The record of a watch that ran a script. */
export interface ScriptRecord {
  readonly polls: readonly Poll[]
  readonly emissions: readonly { readonly tag: string; readonly at: number }[]
  readonly ending: 'completed' | 'unsubscribed' | 'errored'
  readonly endedAt: number
  readonly maxInFlight: number
  readonly requestsAfterEnd: number
  /** The number of timers of the watch that remain after its end. */
  readonly timersLeft: number
}

/** The effects of responses that contain an operation. */
const OPERATION_EFFECTS: ReadonlySet<string> = new Set(['running', 'succeeded', 'failed'])

function now(): number {
  return asyncScheduler.now()
}

/** Returns a thenable that settles in virtual time. A native promise would settle only after the run. */
function settleLater(
  delayMilliseconds: number,
  tokenTimers: Subscription,
  produce: () => object,
): PromiseLike<object> {
  return {
    // biome-ignore lint/suspicious/noThenProperty: the result must be a thenable.
    then: (resolved, rejected) => {
      const settle = (): void => {
        try {
          resolved?.(produce())
        } catch (thrown) {
          rejected?.(thrown)
        }
      }
      if (delayMilliseconds === 0) settle()
      else tokenTimers.add(timer(delayMilliseconds).subscribe(settle))
      return new Promise(() => undefined)
    },
  }
}

/** Runs a script in virtual time until the watch ends or is unsubscribed. */
export function runScript(script: Script, protocol: ProtocolCase): ScriptRecord {
  const polls: Poll[] = []
  const emissions: { tag: string; at: number }[] = []
  /** The timers of token requests. They are cancelled at the end, because they are not timers of the watch. */
  const tokenTimers = new Subscription()
  let ending: ScriptRecord['ending'] | undefined
  let endedAt = Number.NaN
  let requestCount = 0
  let inFlight = 0
  let maxInFlight = 0
  let requestsAfterEnd = 0
  let timersLeft = 0
  let tokenCount = 0
  let tokenReceivedAt: number | undefined
  /** The poll that has received a 401, and whose next token request has not started. */
  let unauthorizedPoll: Poll | undefined
  /** The poll that is waiting for a token. */
  let pollWithoutToken: Poll | undefined

  /** Returns the step for a request. The last step is repeated. */
  const stepAt = (n: number) => script.steps[Math.min(n, script.steps.length - 1)] as Script['steps'][number]
  const countRequestAfterEnd = (): void => {
    if (ending !== undefined) requestsAfterEnd++
  }

  const startPoll = (wasTokenCached: boolean): Poll => {
    const poll: Poll = {
      polledAt: now(),
      wasTokenCached,
      tokenReceivedAt,
      sentAt: [],
      unauthorized: undefined,
      kind: stepAt(requestCount).kind,
      respondedAt: undefined,
      scheduledWait: undefined,
    }
    polls.push(poll)
    return poll
  }
  /** Returns headers with the current token, as of now. */
  const tokenHeaders = (): object => {
    tokenReceivedAt = now()
    return { authorization: `Bearer ${tokenCount}` }
  }
  /** Returns the headers, or throws the error, of the token request after a 401, according to the script. */
  const renewedTokenHeaders = (poll: Poll): object => {
    const renewal = poll.unauthorized?.renewal
    if (renewal === 'new') {
      tokenCount++
      return tokenHeaders()
    }
    if (renewal === 'transient-error') poll.kind = TOKEN_UNAVAILABLE
    poll.respondedAt = now()
    pollWithoutToken = undefined
    if (renewal === 'same') return tokenHeaders()
    tokenReceivedAt = undefined
    throw { status: renewal === 'permanent-error' ? 400 : 503 }
  }
  const auth: Auth = {
    getRequestHeaders: () => {
      countRequestAfterEnd()
      const poll = unauthorizedPoll
      unauthorizedPoll = undefined
      pollWithoutToken = poll ?? startPoll(false)
      return settleLater(script.tokenDelay, tokenTimers, () =>
        poll === undefined ? tokenHeaders() : renewedTokenHeaders(poll),
      )
    },
  }
  const transport: Transport = () =>
    defer(() => {
      countRequestAfterEnd()
      const poll = pollWithoutToken ?? startPoll(true)
      pollWithoutToken = undefined
      const { kind, delayMilliseconds } = stepAt(requestCount++)
      poll.kind = kind
      poll.sentAt.push(now())
      maxInFlight = Math.max(maxInFlight, ++inFlight)
      let isOpen = true
      return timer(delayMilliseconds).pipe(
        map(() => {
          isOpen = false
          inFlight--
          if (kind.renewal === undefined || poll.unauthorized !== undefined) {
            poll.respondedAt = now()
          } else {
            poll.unauthorized = { at: now(), renewal: kind.renewal }
            unauthorizedPoll = poll
          }
          return OPERATION_EFFECTS.has(kind.effect) ? resultOf(protocol, kind.result) : kind.result
        }),
        finalize(() => isOpen && inFlight--),
      )
    })
  const schedule: Schedule = {
    ...script.schedule,
    next: (context) => {
      const wait = script.schedule.next(context)
      const poll = polls.at(-1)
      if (poll) poll.scheduledWait = wait
      return wait
    },
  }

  const scheduler = new TestScheduler(() => undefined)
  scheduler.run(({ flush }) => {
    let unsubscribeTimer: Subscription | undefined
    const end = (reason: ScriptRecord['ending']): void => {
      ending ??= reason
      endedAt = now()
      unsubscribeTimer?.unsubscribe()
      tokenTimers.unsubscribe()
      // Subtracts 1, because `actions` still contains this timer during its own callback.
      timer(0).subscribe(() => {
        timersLeft = scheduler.actions.length - 1
      })
    }
    const watch = watchOperation(protocol.nameOf(NAME), {
      ...protocol.options,
      transport,
      // Disabled, because the rate limiter has its own specs.
      rateLimit: false,
      auth,
      schedule,
      random: () => script.random,
      maxRetryTime: script.maxRetryTime,
      visibilityWindow: script.visibilityWindow,
      progressAware: script.progressAware,
      hint: merge(...script.hintTimes.map((at) => timer(at))),
      ...(script.timeout !== undefined && { timeout: script.timeout }),
    })
    const subscription = watch.subscribe({
      next: (emission) =>
        emissions.push({ tag: isLeft(emission) ? emission.left._tag : emission.right._tag, at: now() }),
      complete: () => end('completed'),
      error: () => end('errored'),
    })
    if (ending === undefined)
      unsubscribeTimer = timer(script.unsubscribeAt).subscribe(() => {
        subscription.unsubscribe()
        end('unsubscribed')
      })
    flush()
  })
  return {
    polls,
    emissions,
    // A watch that does not end is reported like an error.
    ending: ending ?? 'errored',
    endedAt,
    maxInFlight,
    requestsAfterEnd,
    timersLeft,
  }
}
