import { expect } from 'chai'
import fc from 'fast-check'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { type ErrorFields, makeOperationError } from '../../lib/messages/error-message.js'
import type { PollFailure, TransportFailure } from '../../lib/model/failure.js'
import type { Json } from '../../lib/model/json.js'
import type { Operation, Running } from '../../lib/model/operation.js'
import type { OperationError } from '../../lib/model/operation-error.js'
import { statusOfHttp } from '../../lib/model/status.js'
import type { Verdict } from '../../lib/polling/classify.js'
import { type Emission, isFinal, isOutcome, toEmission } from '../../lib/polling/emission.js'
import {
  commonFields,
  elapsedOf,
  initialState,
  nextOnResponse,
  type PollPolicy,
  type PollResult,
  type PollState,
  scheduleFacts,
  withPollSent,
} from '../../lib/polling/poll-state.js'
import { constant, lagBounded } from '../../lib/polling/schedule.js'
import type { WireOperation } from '../../lib/wire/decode-operation.js'

const T0 = 1_700_000_000_000
const name = 'operations/cp.5'
const place = { name, endpoint: 'https://cloudresourcemanager.googleapis.com', apiVersion: 'v3' }
const rules: PollPolicy = {
  schedule: constant({ interval: 1_000 }),
  maxRetryTime: 600_000,
  visibilityWindow: 10_000,
  maxMalformedInARow: 2,
  random: () => 1,
}

/** A course that has polled once, at T0. */
function course(more: Partial<PollState> = {}): PollState {
  return { ...withPollSent(initialState(place, T0), T0), ...more }
}
const lastSeen: Running<Json> = { _tag: 'Running', done: false, name, metadata: 1, attempt: 1, elapsed: 0 }
const seen: Partial<PollState> = { hasResponse: true, visible: true, lastSeen }
const failing = { since: T0, attempts: 3 }

const runs: WireOperation = { _tag: 'Running', name, metadata: { step: 2 } }
const reset: PollFailure = { _tag: 'ConnectionFailed', code: 'ECONNRESET' }
const unavailable: PollFailure = { _tag: 'HttpFailure', httpStatus: 503, status: statusOfHttp(503) }
const odd: PollFailure = { _tag: 'NotAnOperation', httpStatus: 200, path: 'name', message: 'expected a string, got nothing' }
function transient(failure: PollFailure, retryAfter?: number): Verdict {
  return {
    _tag: 'Transient',
    failure,
    ...(retryAfter !== undefined && { retryAfter }),
  }
}
const notFound: Verdict = { _tag: 'NotFound', status: statusOfHttp(404) }

/** What an ended course answers: its last word, and nothing more to wait for. */
function ended(at: PollState, word: Emission): PollResult {
  return {
    state: at,
    emission: word,
    due: Number.POSITIVE_INFINITY,
    notBefore: Number.POSITIVE_INFINITY,
  }
}
function failed(facts: ErrorFields<Json>): Either<OperationError, never> {
  return left(makeOperationError<Json>(facts))
}
const resume = { ...place, since: T0 }

describe('policy/course', () => {
  describe('the beginning', () => {
    const fresh: Omit<PollState, 'target'> = {
      startedAt: T0,
      polledAt: Number.NEGATIVE_INFINITY,
      attempt: 0,
      hasResponse: false,
      visible: false,
      lastSeen: undefined,
      failing: undefined,
      malformedInARow: 0,
    }

    it('should be now when the token does not say', () => {
      expect(initialState(place, T0)).to.deep.equal({ ...fresh, target: { ...place, since: T0 } })
    })

    for (const since of [T0 - 5_000, 0, -1, T0 + 5_000])
      it(`should be what the token says when it says ${since}`, () => {
        expect(initialState({ ...place, since }, T0)).to.deep.equal({ ...fresh, target: { ...place, since } })
      })

    it('should count a poll and when it was asked, and nothing else', () => {
      const first = initialState(place, T0)
      const third = withPollSent(withPollSent(withPollSent(first, T0), T0 + 5), T0 + 9)
      expect(third).to.deep.equal({ ...first, attempt: 3, polledAt: T0 + 9 })
    })

    const clocks: readonly (readonly [number, number, number])[] = [
      [T0, T0, 0],
      [T0, T0 + 1, 1],
      [T0, T0 - 1, 0],
      [T0 + 3_600_000, T0, 0],
      [0, T0, T0],
    ]
    for (const [since, now, elapsed] of clocks)
      it(`should be ${elapsed} ms ago when it was at ${since} and the clock says ${now}`, () => {
        expect(elapsedOf(initialState({ ...place, since }, T0), now)).to.equal(elapsed)
      })
  })

  describe('what a schedule may know', () => {
    it('should be the attempt, the time and the metadata of the last snapshot', () => {
      expect(scheduleFacts(course({ lastSeen, attempt: 4 }), T0 + 7)).to.deep.equal({
        attempt: 4,
        elapsed: 7,
        metadata: 1,
      })
    })

    it('should have no metadata where there is none', () => {
      const { metadata: _, ...silent } = lastSeen
      expect(scheduleFacts(course(), T0)).to.deep.equal({ attempt: 1, elapsed: 0 })
      expect(scheduleFacts(course({ lastSeen: silent }), T0)).to.deep.equal({ attempt: 1, elapsed: 0 })
    })

    it('should be of what was just started, before the first poll', () => {
      const began = initialState({ ...place, since: T0 - 40 }, T0, lastSeen)
      expect(scheduleFacts(began, T0)).to.deep.equal({ attempt: 0, elapsed: 40, metadata: lastSeen.metadata })
      expect(began.visible).to.equal(false)
    })
  })

  describe('a word', () => {
    const asks = course({ attempt: 2 })
    const running = { _tag: 'Running', done: false, name, attempt: 2, elapsed: 5 } as const
    const succeeded = { _tag: 'Succeeded', done: true, name, attempt: 2, elapsed: 5 } as const
    const status = statusOfHttp(409)
    const words: readonly (readonly [string, WireOperation, Emission])[] = [
      ['a running operation', runs, right({ ...running, metadata: { step: 2 } })],
      ['one without metadata', { ...runs, metadata: undefined }, right(running)],
      ['one whose metadata is false', { ...runs, metadata: false }, right({ ...running, metadata: false })],
      [
        'one that gives another name',
        { ...runs, name: 'operations/other', metadata: undefined },
        right({ ...running, reportedName: 'operations/other' }),
      ],
      [
        'a success',
        { _tag: 'Succeeded', name, metadata: 0, response: [1] },
        right({ ...succeeded, metadata: 0, response: [1] }),
      ],
      [
        'a success without a name or a response',
        { _tag: 'Succeeded', name: undefined, metadata: undefined, response: undefined },
        right({ ...succeeded, response: undefined }),
      ],
      [
        'a failure',
        { _tag: 'Failed', name: undefined, metadata: undefined, status },
        failed({ _tag: 'OperationFailed', name, status }),
      ],
      [
        'a failure with metadata and another name',
        { _tag: 'Failed', name: 'operations/other', metadata: { a: 1 }, status },
        failed({ _tag: 'OperationFailed', name, status, metadata: { a: 1 } }),
      ],
    ]
    for (const [what, operation, word] of words)
      it(`should put ${what} beside what the watch knows`, () => {
        expect(
          toEmission(operation, { name, attempt: asks.attempt, elapsed: elapsedOf(asks, T0 + 5) }),
        ).to.deep.equal(word)
      })

    const done: Operation = { ...succeeded, response: undefined }
    const kinds: readonly (readonly [string, Emission | undefined, boolean, boolean])[] = [
      ['Running', right(running), false, false],
      ['Succeeded', right(done), true, true],
      ['OperationFailed', failed({ _tag: 'OperationFailed', name, status }), true, true],
      ['ClientClosed', failed({ _tag: 'ClientClosed', name, resume }), true, false],
      ['TimedOut', failed({ _tag: 'TimedOut', name, resume, timeout: 1 }), true, false],
      [
        'OperationNotFound',
        failed({ _tag: 'OperationNotFound', name, resume, status: statusOfHttp(404) }),
        true,
        false,
      ],
    ]
    for (const [tag, word, last, outcome] of kinds)
      it(`should ${last ? '' : 'not '}be the last and ${outcome ? '' : 'no '}outcome when it is ${tag}`, () => {
        expect([word && isFinal(word), isOutcome(word)]).to.deep.equal([last, outcome])
      })

    it('should be no outcome when nothing is said', () => {
      expect(isOutcome(undefined)).to.equal(false)
    })
  })

  it('should give to every error the name, how to go on, and what was last seen', () => {
    expect(commonFields(course())).to.deep.equal({ name, resume })
    expect(commonFields(course({ lastSeen }))).to.deep.equal({ name, resume, lastSeen })
  })

  describe('a snapshot', () => {
    const snapshot = (operation: WireOperation, retryAfter?: number): Verdict => ({
      _tag: 'Snapshot',
      operation,
      ...(retryAfter !== undefined && { retryAfter }),
    })

    it('should be said, remembered, and end a row of failures', () => {
      const now = T0 + 40
      const word: Running<Json> = {
        _tag: 'Running',
        done: false,
        name,
        metadata: { step: 2 },
        attempt: 1,
        elapsed: 40,
      }
      expect(
        nextOnResponse(course({ failing, malformedInARow: 2 }), snapshot(runs), now, rules),
      ).to.deep.equal({
        course: course({ hasResponse: true, visible: true, lastSeen: word }),
        word: right(word),
        due: now + 1_000,
        notBefore: now,
      })
    })

    const floors: readonly (readonly [number, number, number])[] = [
      [1, 1_000, 1],
      [999, 1_000, 999],
      [1_000, 1_000, 1_000],
      [1_001, 1_001, 1_001],
      [300_000, 300_000, 300_000],
    ]
    for (const [retryAfter, wait, floor] of floors)
      it(`should be followed after ${wait} ms, and not before ${floor}, when the server wishes for ${retryAfter}`, () => {
        const { due, notBefore } = nextOnResponse(course(), snapshot(runs, retryAfter), T0, rules)
        expect([due - T0, notBefore - T0]).to.deep.equal([wait, floor])
      })

    it('should be followed by nothing but hints when the schedule gives Infinity', () => {
      const schedule = { next: () => Number.POSITIVE_INFINITY }
      const { due, notBefore } = nextOnResponse(course(), snapshot(runs), T0, { ...rules, schedule })
      expect([due, notBefore]).to.deep.equal([Number.POSITIVE_INFINITY, T0])
    })

    it('should give the schedule its own metadata, not that of the one before', () => {
      const told: unknown[] = []
      const schedule = { next: (facts: unknown) => told.push(facts) }
      nextOnResponse(course(seen), snapshot({ ...runs, metadata: 'new' }), T0 + 3, { ...rules, schedule })
      nextOnResponse(course(seen), snapshot({ ...runs, metadata: undefined }), T0 + 3, { ...rules, schedule })
      expect(told).to.deep.equal([
        { attempt: 1, elapsed: 3, metadata: 'new', ranAt: 3 },
        { attempt: 1, elapsed: 3, ranAt: 3 },
      ])
    })

    const ends: readonly (readonly [string, WireOperation])[] = [
      ['a success', { _tag: 'Succeeded', name, metadata: undefined, response: 1 }],
      ['a failure', { _tag: 'Failed', name, metadata: undefined, status: statusOfHttp(409) }],
    ]
    for (const [what, operation] of ends)
      it(`should be the last word when it is ${what}, whatever the server wishes`, () => {
        const at = course({ ...seen, failing })
        expect(nextOnResponse(at, snapshot(operation, 5_000), T0, rules)).to.deep.equal(
          ended(at, toEmission(operation, { name, attempt: at.attempt, elapsed: elapsedOf(at, T0) })),
        )
      })
  })

  describe('a 404', () => {
    const gone = (at: PollState): PollResult =>
      ended(at, failed({ ...commonFields(at), _tag: 'OperationNotFound', status: statusOfHttp(404) }))

    const waits: readonly (readonly [number, number | undefined])[] = [
      [-60_000, 1_000],
      [0, 1_000],
      [9_000, 1_000],
      [9_001, 999],
      [9_999, 1],
      [10_000, undefined],
      [10_001, undefined],
    ]
    for (const [after, wait] of waits)
      it(`should mean ${wait === undefined ? 'gone' : `not visible yet for ${wait} ms`} when it comes after ${after} ms`, () => {
        const now = T0 + after
        const at = course({ failing, malformedInARow: 1 })
        expect(nextOnResponse(at, notFound, now, rules)).to.deep.equal(
          wait === undefined
            ? gone(at)
            : { course: course({ hasResponse: true }), due: now + wait, notBefore: now },
        )
      })

    it('should count from when this watch began, not from the time in its token', () => {
      const old = withPollSent(initialState({ ...place, since: T0 - 3_600_000 }, T0), T0)
      expect(nextOnResponse(old, notFound, T0, rules).due).to.equal(T0 + 1_000)
    })

    it('should wait for the server, though the window ends before', () => {
      const turn = nextOnResponse(course(), { ...notFound, retryAfter: 60_000 }, T0 + 9_999, rules)
      expect([turn.due, turn.notBefore]).to.deep.equal([T0 + 69_999, T0 + 69_999])
    })

    it('should mean gone at once when the operation was seen, and tell it', () => {
      const at = course(seen)
      expect(nextOnResponse(at, notFound, T0, rules)).to.deep.equal(gone(at))
      expect(nextOnResponse(at, notFound, T0, rules)).to.have.nested.property(
        'word.left.message',
        `${name} no longer exists: NOT_FOUND.`,
      )
    })
  })

  describe('a transient failure', () => {
    const gaveUp = (at: PollState, last: PollFailure, attempts: number, lasted: number): PollResult =>
      ended(at, failed({ ...commonFields(at), _tag: 'Unreachable', attempts, lasted, last }))

    it('should be no word, and be counted from the first of its row', () => {
      const first = nextOnResponse(course(), transient(reset), T0 + 5, rules)
      expect(first).to.deep.equal({
        course: course({ failing: { since: T0 + 5, attempts: 1 } }),
        due: T0 + 505,
        notBefore: T0 + 5,
        failure: reset,
      })
      const second = nextOnResponse(first.state, transient(unavailable), T0 + 600, rules)
      expect(second).to.deep.equal({
        course: course({ hasResponse: true, failing: { since: T0 + 5, attempts: 2 } }),
        due: T0 + 1_600,
        notBefore: T0 + 600,
        failure: unavailable,
      })
    })

    const waits: readonly (readonly [number, number, number])[] = [
      [1, 1, 500],
      [2, 1, 1_000],
      [6, 1, 16_000],
      [7, 1, 30_000],
      [8, 1, 30_000],
      [5_000, 1, 30_000],
      [1, 0, 0],
      [5_000, 0, 0],
      [1, 0.001, 1],
      [1, 0.000_9, 0],
      [3, 0.5, 1_000],
      [3, 0.333, 666],
    ]
    for (const [attempts, random, wait] of waits)
      it(`should be retried after ${wait} ms when it is number ${attempts} and chance says ${random}`, () => {
        const at = course({ hasResponse: true, failing: { since: T0, attempts: attempts - 1 } })
        expect(
          nextOnResponse(at, transient(unavailable), T0, { ...rules, random: () => random }).due,
        ).to.equal(T0 + wait)
      })

    it('should wait for the server where that is longer than the retry, for one step', () => {
      const first = nextOnResponse(course(), transient(unavailable, 7_000), T0, rules)
      expect([first.due, first.notBefore]).to.deep.equal([T0 + 7_000, T0 + 7_000])
      const second = nextOnResponse(first.state, transient(unavailable), T0 + 7_000, rules)
      expect([second.due, second.notBefore]).to.deep.equal([T0 + 8_000, T0 + 7_000])
    })

    const patiences: readonly (readonly [
      string,
      Partial<PollState>,
      PollFailure,
      number,
      number | undefined,
    ])[] = [
      ['never answered', {}, reset, 29_999, 1],
      ['never answered', {}, reset, 30_000, undefined],
      ['never hasResponse, but does so now', {}, unavailable, 30_000, 4_000],
      ['never hasResponse, but says something now', {}, odd, 30_000, 4_000],
      ['answered once', { hasResponse: true }, reset, 30_000, 4_000],
      ['answered once', { hasResponse: true }, reset, 599_999, 1],
      ['answered once', { hasResponse: true }, reset, 600_000, undefined],
      ['answered once, and whose clock was set back', { hasResponse: true }, reset, -600_000, 4_000],
      ['was seen', seen, unavailable, 600_001, undefined],
    ]
    for (const [what, more, failure, lasted, wait] of patiences)
      it(`should ${wait === undefined ? 'end the watch' : `be borne for ${wait} ms`} after ${lasted} ms of a server that ${what}`, () => {
        const at = course({ ...more, failing })
        const turn = nextOnResponse(at, transient(failure), T0 + lasted, rules)
        if (wait === undefined) expect(turn).to.deep.equal(gaveUp(at, failure, 4, lasted))
        else expect([turn.due, turn.emission]).to.deep.equal([T0 + lasted + wait, undefined])
      })

    it('should be borne for ever when maxRetryTime has no end, once the server has answered', () => {
      const at = course({ hasResponse: true, failing: { since: 0, attempts: 1_000_000 } })
      expect(
        nextOnResponse(at, transient(reset), T0, { ...rules, maxRetryTime: Number.POSITIVE_INFINITY }).due,
      ).to.equal(T0 + 30_000)
    })

    it('should be named for the credentials when these were the last that failed', () => {
      const last: TransportFailure = {
        _tag: 'NoCredentials',
        transient: true,
        reason: 'the token server is down',
      }
      const at = course({ ...seen, failing })
      expect(nextOnResponse(at, transient(last), T0 + 600_000, rules)).to.deep.equal(
        ended(
          at,
          failed({ ...commonFields(at), _tag: 'CredentialsError', reason: 'the token server is down' }),
        ),
      )
      expect(nextOnResponse(at, transient(last), T0 + 599_999, rules).emission).to.equal(undefined)
    })

    const malformedInARow: readonly (readonly [string, number, PollFailure, number | undefined])[] = [
      ['the first that is no operation', 0, odd, 1],
      ['the second', 1, odd, 2],
      ['the third', 2, odd, undefined],
      ['another failure after two', 2, unavailable, 0],
      ['a lost connection after two', 2, reset, 0],
    ]
    for (const [what, before, failure, after] of malformedInARow)
      it(`should ${after === undefined ? 'be MalformedResponse' : `leave ${after} in a row`} when it is ${what}`, () => {
        const at = course({ ...seen, malformedInARow: before })
        const turn = nextOnResponse(at, transient(failure), T0, rules)
        const end = failed({
          ...commonFields(at),
          _tag: 'MalformedResponse',
          path: 'name',
          reason: 'expected a string, got nothing',
          httpStatus: 200,
        })
        if (after === undefined) expect(turn).to.deep.equal(ended(at, end))
        else expect([turn.state.malformedInARow, turn.emission]).to.deep.equal([after, undefined])
      })

    it('should be MalformedResponse rather than Unreachable when both have come', () => {
      const at = course({ hasResponse: true, malformedInARow: 2, failing })
      expect(nextOnResponse(at, transient(odd), T0 + 600_000, rules)).to.have.nested.property(
        'word.left._tag',
        'MalformedResponse',
      )
    })
  })

  describe('what is final', () => {
    const finals: readonly (readonly [string, Verdict, (at: PollState) => ErrorFields<Json>])[] = [
      [
        'an answer that is refused',
        { _tag: 'Rejected', httpStatus: 302, status: statusOfHttp(302), retryAfter: 5 },
        (at) => ({
          ...commonFields(at),
          _tag: 'RequestRejected',
          httpStatus: 302,
          status: statusOfHttp(302),
        }),
      ],
      [
        'a certificate that is refused',
        { _tag: 'Permanent', failure: { _tag: 'CertificateRefused', code: 'CERT_HAS_EXPIRED' } },
        (at) => ({
          ...commonFields(at),
          _tag: 'Unreachable',
          attempts: 1,
          lasted: 0,
          last: { _tag: 'CertificateRefused', code: 'CERT_HAS_EXPIRED' },
        }),
      ],
      [
        'credentials that do not exist',
        { _tag: 'Permanent', failure: { _tag: 'NoCredentials', transient: false, reason: 'there are none' } },
        (at) => ({ ...commonFields(at), _tag: 'CredentialsError', reason: 'there are none' }),
      ],
      [
        'a body that is too large',
        { _tag: 'Permanent', failure: { _tag: 'BodyTooLarge', maxResponseBytes: 16 } },
        (at) => ({
          ...commonFields(at),
          _tag: 'MalformedResponse',
          path: '',
          reason: 'the response body exceeds 16 bytes',
        }),
      ],
    ]
    it('should count the failures before one that cannot pass', () => {
      const failing = { ...course(), failing: { since: T0 - 4_000, attempts: 3 } }
      const failure = { _tag: 'CertificateRefused', code: 'CERT_HAS_EXPIRED' } as const
      const { emission } = nextOnResponse(failing, { _tag: 'Permanent', failure }, T0, rules)
      expect(emission).to.have.property('left').that.includes({ attempts: 4, lasted: 4_000 })
    })

    for (const [what, verdict, facts] of finals)
      for (const at of [course(), course(seen)])
        it(`should end the watch at once when it is ${what}${at.visible ? ', and tell what was seen' : ''}`, () => {
          expect(nextOnResponse(at, verdict, T0, rules)).to.deep.equal(ended(at, failed(facts(at))))
        })
  })

  it('should end exactly at its last word, never ask before the server wishes, and change nothing it is given', () => {
    const status = statusOfHttp(500)
    const verdict = fc
      .tuple(
        fc.constantFrom<Verdict>(
          { _tag: 'Snapshot', operation: runs },
          { _tag: 'Snapshot', operation: { ...runs, metadata: undefined } },
          { _tag: 'Snapshot', operation: { _tag: 'Succeeded', name, metadata: 1, response: 1 } },
          { _tag: 'Snapshot', operation: { _tag: 'Failed', name, metadata: 1, status } },
          notFound,
          transient(reset),
          transient(unavailable),
          transient(odd),
          { _tag: 'Rejected', httpStatus: 400, status },
          { _tag: 'Permanent', failure: { _tag: 'BodyTooLarge', maxResponseBytes: 1 } },
        ),
        fc.constantFrom({}, { retryAfter: 1 }, { retryAfter: 300_000 }),
      )
      .map(([given, delay]): Verdict => ({ ...given, ...delay }))
    const steps = fc.array(
      fc.tuple(
        verdict,
        fc.integer({ min: -60_000, max: 60_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
      ),
      {
        maxLength: 30,
      },
    )
    fc.assert(
      fc.property(steps, (script) => {
        let at = Object.freeze(initialState(place, T0))
        let now = T0
        for (const [given, passed, chance] of script) {
          now += passed
          const sent = Object.freeze(withPollSent(at, now))
          const turn = nextOnResponse(sent, given, now, {
            ...rules,
            schedule: lagBounded(),
            random: () => chance,
          })
          const isOver = turn.emission !== undefined && isFinal(turn.emission)
          expect(turn.due === Number.POSITIVE_INFINITY).to.equal(isOver)
          expect(turn.notBefore).to.be.at.least(now + (given.retryAfter ?? 0))
          expect(turn.due).to.be.at.least(turn.notBefore)
          if (given._tag === 'Transient' && !isOver) expect(turn.emission).to.equal(undefined)
          if (turn.emission !== undefined && isLeft(turn.emission) && 'resume' in turn.emission.left)
            expect(turn.emission.left.lastSeen).to.equal(sent.lastSeen)
          if (isOver) return
          at = Object.freeze(turn.state)
        }
      }),
    )
  })
})
