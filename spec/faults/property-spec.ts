import { expect } from 'chai'
import fc from 'fast-check'
import { PROTOCOLS } from '../protocols.js'
import { arbitraryScript, KINDS, type Script } from './arbitrary-script.js'
import { type Poll, runScript, type ScriptRecord } from './run-script.js'

/** The number of scripts, in total for all protocols. `npm run fuzz` runs more. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 10_000)
const SEED = process.env.FUZZ_SEED === undefined ? Date.now() : Number(process.env.FUZZ_SEED)

// Milliseconds.
const MIN_POLL_GAP = 500
const FIRST_BACKOFF = 500
const MAX_BACKOFF = 30_000
/** The maximum retry time while no HTTP response has been received. */
const MAX_RETRY_TIME_WITHOUT_RESPONSE = 30_000
/** The shortest wait of a schedule without `min`. */
const DEFAULT_MIN_WAIT = 750

function isFailure({ kind }: Poll): boolean {
  return kind.effect === 'transient' || kind.effect === 'malformed'
}
/** Returns whether the poll received an HTTP response, at least in part. */
function receivedHttp({ kind: { result } }: Poll): boolean {
  return (
    result._tag === 'Right' || (result.left._tag === 'BodyTooLarge' && result.left.httpStatus !== undefined)
  )
}

/** Returns the consecutive failures up to the poll with index `last`. */
function failuresUntil(polls: readonly Poll[], last: number): readonly Poll[] {
  let first = last
  while (first > 0 && isFailure(polls[first - 1] as Poll)) first--
  return polls.slice(first, last + 1)
}

/** Returns the time at which the consecutive failures up to the poll `last` reach `maxRetryTime`. */
function retryTimeEnd(script: Script, polls: readonly Poll[], last: number): number {
  const hasResponse = polls.slice(0, last + 1).some(receivedHttp)
  const maxRetryTime = hasResponse
    ? script.maxRetryTime
    : Math.min(script.maxRetryTime, MAX_RETRY_TIME_WITHOUT_RESPONSE)
  return (failuresUntil(polls, last)[0]?.respondedAt as number) + maxRetryTime
}

/** The protocols whose progress changes the waits. */
const PROGRESS_PROTOCOLS: ReadonlySet<string> = new Set(['google.longrunning', 'vertex-prediction'])

/** Returns the shortest and the longest permitted wait after a snapshot or a 404. */
function permittedWaits(script: Script, { kind, scheduledWait = 0 }: Poll, title: string): readonly number[] {
  const { schedule, progressAware } = script
  if (!progressAware || !PROGRESS_PROTOCOLS.has(title) || !/metadata|progress/.test(kind.name))
    return [scheduledWait, scheduledWait]
  const min = Math.min(scheduledWait, schedule.min ?? DEFAULT_MIN_WAIT)
  return [min, Math.max(scheduledWait, schedule.max ?? 0)]
}

/** Returns the due time of the poll after `polls[n]` without hints. The rules are independent of the library. */
function dueAfter(script: Script, polls: readonly Poll[], n: number, scheduledWait: number): number {
  const { respondedAt, kind } = polls[n] as Poll & { respondedAt: number }
  const earliest = respondedAt + (kind.retryAfter ?? 0)
  if (kind.effect === 'running') return Math.max(earliest, respondedAt + scheduledWait)
  if (kind.effect === 'not-found')
    return Math.max(earliest, Math.min(script.visibilityWindow, respondedAt + scheduledWait))
  const maxDelay = Math.min(MAX_BACKOFF, FIRST_BACKOFF * 2 ** (failuresUntil(polls, n).length - 1))
  return Math.max(
    earliest,
    Math.min(retryTimeEnd(script, polls, n), respondedAt + Math.round(script.random * maxDelay)),
  )
}

function checkTimes(script: Script, { polls }: ScriptRecord, title: string): void {
  expect(polls[0]?.polledAt ?? 0, 'the first poll is sent immediately').to.equal(0)
  const timeout = script.timeout ?? Number.POSITIVE_INFINITY
  /** The time of the additional poll shortly before the timeout. */
  const finalPollAt = Math.max(0, timeout - (script.schedule.min ?? DEFAULT_MIN_WAIT))
  for (const [n, next] of polls.slice(1).entries()) {
    const { polledAt, respondedAt, kind } = polls[n] as Poll
    expect(respondedAt, 'a poll is sent after the previous response').to.be.at.most(next.polledAt)
    const earliest = Math.max((respondedAt as number) + (kind.retryAfter ?? 0), polledAt + MIN_POLL_GAP)
    const dueAfterEvents = (wait: number, isCounted: (at: number) => boolean): number =>
      dueWithHints(script.hintTimes.filter(isCounted), [finalPollAt].filter(isCounted), {
        due: dueAfter(script, polls, n, wait),
        earliest,
        deadline: timeout,
      })
    const [shortest = 0, longest = 0] = permittedWaits(script, polls[n] as Poll, title)
    // With a wait between these two, the poll can be due shortly before the timeout, and then replaces the additional poll.
    const isDueBeforeTimeout = shortest < longest && dueAfter(script, polls, n, longest) >= timeout
    // A hint at the time of the previous poll counts if it was emitted after that poll. Both orders are permitted.
    const from = [shortest, longest].map((wait) => dueAfterEvents(wait, (at) => at >= polledAt))
    const to = isDueBeforeTimeout ? timeout : dueAfterEvents(longest, (at) => at > polledAt)
    expect(next.polledAt, `poll ${n + 2} is sent when it is due, or as soon as a hint allows`)
      .to.be.at.least(Math.min(...from))
      .and.at.most(to)
  }
}

/**
 * Returns the due time of a poll, with regard to hints and to the additional poll before a timeout. `finalPollAt` is absent
 * if the additional poll has already been sent.
 */
function dueWithHints(
  hints: readonly number[],
  [finalPollAt = Number.POSITIVE_INFINITY]: readonly number[],
  { due, earliest, deadline }: { readonly due: number; readonly earliest: number; readonly deadline: number },
): number {
  const dueWith = (hintTimes: readonly number[]): number =>
    Math.min(due, ...hintTimes.map((at) => Math.max(at, earliest)))
  const isTooLate = dueWith(hints.filter((at) => at <= finalPollAt)) >= deadline
  return dueWith(isTooLate ? [...hints, finalPollAt] : hints)
}

/** The time for which a token is cached, in milliseconds. */
const TOKEN_CACHE_TIME = 1_000

function checkTokens({ tokenDelay }: Script, { polls }: ScriptRecord): void {
  for (const { polledAt, wasTokenCached, tokenReceivedAt, sentAt, unauthorized, respondedAt } of polls) {
    const age = polledAt - (tokenReceivedAt ?? Number.NEGATIVE_INFINITY)
    expect(
      wasTokenCached,
      'a token is requested if the cache has none, or if the cached token is a second old',
    ).to.equal(age < TOKEN_CACHE_TIME)
    const isRetried = unauthorized?.renewal === 'new'
    expect(sentAt.length, 'a request is retried only after a 401, and only once').to.be.at.most(
      isRetried ? 2 : 1,
    )
    if (respondedAt !== undefined && isRetried)
      expect(sentAt.length, 'a request is retried after a 401').to.equal(2)
    if (sentAt[0] !== undefined)
      expect(sentAt[0], 'sent when the token is available').to.equal(
        polledAt + (wasTokenCached ? 0 : tokenDelay),
      )
    if (sentAt[1] !== undefined)
      expect(sentAt[1], 'retried immediately').to.equal((unauthorized?.at ?? 0) + tokenDelay)
  }
}

function checkGrammar(
  script: Script,
  { polls, emissions, ending, endedAt, timersLeft, maxInFlight, requestsAfterEnd }: ScriptRecord,
): void {
  const last = emissions.at(-1)?.tag
  const earlierTags = emissions.slice(0, -1).map(({ tag }) => tag)
  expect(ending, 'the watch does not error').to.not.equal('errored')
  expect(
    earlierTags.every((tag) => tag === 'Running'),
    'only Running precedes the final result',
  ).to.equal(true)
  expect(ending === 'completed', 'the watch completes with its final result').to.equal(
    last !== undefined && last !== 'Running',
  )
  expect(maxInFlight, 'at most one request is in flight').to.be.at.most(1)
  expect(requestsAfterEnd, 'no request after the end').to.equal(0)
  expect(timersLeft, 'no timer is left').to.equal(0)
  if (ending === 'completed')
    expect(emissions.at(-1)?.at, 'the watch completes when it emits its final result').to.equal(endedAt)
  const responded = polls.filter(({ respondedAt }) => respondedAt !== undefined)
  const runningCount = emissions.filter(({ tag }) => tag === 'Running').length
  expect(runningCount, 'each snapshot is emitted').to.equal(
    responded.filter(({ kind }) => kind.effect === 'running').length,
  )
  if (ending === 'completed') checkFinalResult(script, responded, last as string, endedAt)
}

function checkFinalResult(script: Script, responded: readonly Poll[], last: string, endedAt: number): void {
  if (last === 'TimedOut') {
    expect(endedAt, 'the watch ends at its timeout').to.equal(script.timeout)
    return
  }
  const n = responded.length - 1
  const { kind, respondedAt } = responded[n] as Poll & { respondedAt: number }
  const reason = `the final result after ${kind.name}`
  const malformed = responded.slice(-3).filter((poll) => poll.kind.effect === 'malformed')
  if (kind.effect === 'succeeded') expect(last, reason).to.equal('Succeeded')
  else if (kind.effect === 'failed') expect(last, reason).to.equal('OperationFailed')
  else if (kind.effect === 'not-found') {
    expect(last, reason).to.equal('OperationNotFound')
    expect(respondedAt, 'a 404 is final after the visibility window').to.be.at.least(script.visibilityWindow)
  } else if (kind.effect === 'malformed' && malformed.length === 3)
    expect(last, reason).to.equal('MalformedResponse')
  else if (isFailure(responded[n] as Poll)) {
    expect(last, reason).to.equal(kind.name === 'token unavailable' ? 'CredentialsError' : 'Unreachable')
    expect(respondedAt, 'maxRetryTime has elapsed').to.be.at.least(retryTimeEnd(script, responded, n))
  } else {
    expect(last, reason).to.be.oneOf([
      'RequestRejected',
      'Unreachable',
      'CredentialsError',
      'MalformedResponse',
    ])
  }
}

describe(`faults/property: ${RUNS} generated scripts of ${KINDS.length} kinds of responses and failures, seed ${SEED}`, function () {
  this.timeout(0)

  it('should use at least 50 kinds of responses and failures', () => {
    expect(KINDS.length).to.be.at.least(50)
  })

  for (const protocol of PROTOCOLS)
    it(`should follow the grammar of a watch, poll only when a poll is allowed, and leave no timer or request: ${protocol.title}`, () => {
      fc.assert(
        fc.property(arbitraryScript, (script) => {
          const record = runScript(script, protocol)
          checkGrammar(script, record)
          checkTimes(script, record, protocol.title)
          checkTokens(script, record)
        }),
        {
          numRuns: Math.ceil(RUNS / PROTOCOLS.length),
          seed: SEED,
          endOnFailure: process.env.FUZZ_RUNS !== undefined,
        },
      )
    })
})
