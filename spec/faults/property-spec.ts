import { expect } from 'chai'
import fc from 'fast-check'
import { anyScript, KINDS, type Script } from './any-script.js'
import { type Played, type Poll, play } from './play.js'

/** How many scripts are played: more of them by `npm run fuzz`. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 10_000)
const SEED = process.env.FUZZ_SEED === undefined ? Date.now() : Number(process.env.FUZZ_SEED)

const NUDGE_GAP = 500
const MOST_RETRY = 30_000

function isFailure({ kind }: Poll): boolean {
  return kind.effect === 'transient' || kind.effect === 'odd'
}
function isHttp({ kind: { outcome } }: Poll): boolean {
  return (
    outcome._tag === 'Right' ||
    (outcome.left._tag === 'BodyTooLarge' && outcome.left.httpStatus !== undefined)
  )
}

/** The failures in a row that end with this poll. */
function streak(polls: readonly Poll[], last: number): readonly Poll[] {
  let first = last
  while (first > 0 && isFailure(polls[first - 1] as Poll)) first--
  return polls.slice(first, last + 1)
}

function patienceEnd(script: Script, polls: readonly Poll[], last: number): number {
  const answered = polls.slice(0, last + 1).some(isHttp)
  const maxRetryTime = answered ? script.maxRetryTime : Math.min(script.maxRetryTime, 30_000)
  return (streak(polls, last)[0]?.answeredAt as number) + maxRetryTime
}

/** When the poll after this one is due, without hints: the rules said once more, in other words. */
function dueAfter(script: Script, polls: readonly Poll[], n: number): number {
  const { answeredAt, scheduled, kind } = polls[n] as Poll & { answeredAt: number }
  const floor = answeredAt + (kind.retryAfter ?? 0)
  if (kind.effect === 'running') return Math.max(floor, answeredAt + (scheduled as number))
  if (kind.effect === 'not-found')
    return Math.max(floor, Math.min(script.visibilityWindow, answeredAt + (scheduled as number)))
  const limit = Math.min(MOST_RETRY, 500 * 2 ** (streak(polls, n).length - 1))
  return Math.max(
    floor,
    Math.min(patienceEnd(script, polls, n), answeredAt + Math.round(script.random * limit)),
  )
}

function checkTimes(script: Script, { polls }: Played): void {
  expect(polls[0]?.polledAt ?? 0, 'the first poll is asked at once').to.equal(0)
  const lastPoll = Math.max(0, (script.timeout ?? Number.POSITIVE_INFINITY) - (script.schedule.min ?? 750))
  for (const [n, next] of polls.slice(1).entries()) {
    const { polledAt, answeredAt, kind } = polls[n] as Poll
    expect(answeredAt, 'a poll is asked after the answer to the one before').to.be.at.most(next.polledAt)
    const due = dueAfter(script, polls, n)
    const earliest = Math.max((answeredAt as number) + (kind.retryAfter ?? 0), polledAt + NUDGE_GAP)
    const limits = { due, earliest, deadline: script.timeout ?? Number.POSITIVE_INFINITY }
    // What comes at the moment of the question may come just before it, and is then over.
    const since = (isLater: (at: number) => boolean): number =>
      nudged(script.hints.filter(isLater), [lastPoll].filter(isLater), limits)
    expect(next.polledAt, `poll ${n + 2} is asked when it is due, or as soon as a hint may have it`)
      .to.be.at.least(since((at) => at >= polledAt))
      .and.at.most(since((at) => at > polledAt))
  }
}

/** When a poll is asked that may be nudged: by hints, and by the last poll before a timeout that it would come after. */
function nudged(
  hints: readonly number[],
  [lastPoll = Number.POSITIVE_INFINITY]: readonly number[],
  { due, earliest, deadline }: { readonly due: number; readonly earliest: number; readonly deadline: number },
): number {
  const by = (nudges: readonly number[]): number =>
    Math.min(due, ...nudges.map((at) => Math.max(at, earliest)))
  const isTooLate = by(hints.filter((at) => at <= lastPoll)) >= deadline
  return by(isTooLate ? [...hints, lastPoll] : hints)
}

/** For so long a token serves without being asked for again. */
const FRESH = 1_000

function checkTokens({ tokenAfter }: Script, { polls }: Played): void {
  for (const { polledAt, held, givenAt, sentAt, refused, answeredAt } of polls) {
    const age = polledAt - (givenAt ?? Number.NEGATIVE_INFINITY)
    expect(held, 'a token is asked for when there is none, or it is a second old').to.equal(age < FRESH)
    const isReplayed = refused?.renewal === 'another'
    expect(sentAt.length, 'a 401 is replayed once, and nothing else is').to.be.at.most(isReplayed ? 2 : 1)
    if (answeredAt !== undefined && isReplayed) expect(sentAt.length, 'a 401 is replayed').to.equal(2)
    if (sentAt[0] !== undefined)
      expect(sentAt[0], 'sent with its token').to.equal(polledAt + (held ? 0 : tokenAfter))
    if (sentAt[1] !== undefined)
      expect(sentAt[1], 'replayed at once').to.equal((refused?.at ?? 0) + tokenAfter)
  }
}

function checkGrammar(
  script: Script,
  { polls, words, ending, endedAt, timersLeft, mostInFlight, askedAfterEnd }: Played,
): void {
  const last = words.at(-1)?.tag
  const before = words.slice(0, -1).map(({ tag }) => tag)
  expect(ending, 'it does not err').to.not.equal('errored')
  expect(
    before.every((tag) => tag === 'Running'),
    'only Running comes before the last word',
  ).to.equal(true)
  expect(ending === 'completed', 'it completes with its last word').to.equal(
    last !== undefined && last !== 'Running',
  )
  expect(mostInFlight, 'one request is in flight').to.be.at.most(1)
  expect(askedAfterEnd, 'nothing is asked after the end').to.equal(0)
  expect(timersLeft, 'no timer is left').to.equal(0)
  if (ending === 'completed') expect(words.at(-1)?.at, 'it completes at its last word').to.equal(endedAt)
  const answered = polls.filter(({ answeredAt }) => answeredAt !== undefined)
  const seen = words.filter(({ tag }) => tag === 'Running').length
  expect(seen, 'each snapshot is a word').to.equal(
    answered.filter(({ kind }) => kind.effect === 'running').length,
  )
  if (ending === 'completed') checkLastWord(script, answered, last as string, endedAt)
}

function checkLastWord(script: Script, answered: readonly Poll[], last: string, endedAt: number): void {
  if (last === 'TimedOut') {
    expect(endedAt, 'it is over at its timeout').to.equal(script.timeout)
    return
  }
  const n = answered.length - 1
  const { kind, answeredAt } = answered[n] as Poll & { answeredAt: number }
  const reason = `the last word, after ${kind.name}`
  const odd = answered.slice(-3).filter((poll) => poll.kind.effect === 'odd')
  if (kind.effect === 'succeeded') expect(last, reason).to.equal('Succeeded')
  else if (kind.effect === 'failed') expect(last, reason).to.equal('OperationFailed')
  else if (kind.effect === 'not-found') {
    expect(last, reason).to.equal('OperationNotFound')
    const visible = answered.some((poll) => poll.kind.effect === 'running')
    expect(visible || answeredAt >= script.visibilityWindow, 'a 404 was final').to.equal(true)
  } else if (kind.effect === 'odd' && odd.length === 3) expect(last, reason).to.equal('MalformedResponse')
  else if (isFailure(answered[n] as Poll)) {
    expect(last, reason).to.equal(kind.name === 'no token for now' ? 'CredentialsError' : 'Unreachable')
    expect(answeredAt, 'maxRetryTime was at its end').to.be.at.least(patienceEnd(script, answered, n))
  } else {
    expect(last, reason).to.be.oneOf([
      'RequestRejected',
      'Unreachable',
      'CredentialsError',
      'MalformedResponse',
    ])
  }
}

describe(`faults/property: ${RUNS} random scripts of ${KINDS.length} kinds of answers and faults, seed ${SEED}`, function () {
  this.timeout(0)

  it('should know at least 50 kinds', () => {
    expect(KINDS.length).to.be.at.least(50)
  })

  it('should keep to the grammar, ask when it may, and leave nothing behind', () => {
    fc.assert(
      fc.property(anyScript, (script) => {
        const played = play(script)
        checkGrammar(script, played)
        checkTimes(script, played)
        checkTokens(script, played)
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: process.env.FUZZ_RUNS !== undefined },
    )
  })
})
