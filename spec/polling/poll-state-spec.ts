import { expect } from 'chai'
import fc from 'fast-check'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { type ErrorFields, makeOperationError } from '../../lib/messages/error-message.js'
import type { PollFailure, TransportFailure } from '../../lib/model/failure.js'
import type { Json } from '../../lib/model/json.js'
import type { Operation, Running } from '../../lib/model/operation.js'
import type { OperationError } from '../../lib/model/operation-error.js'
import { statusOfHttp } from '../../lib/model/status.js'
import type { Classification } from '../../lib/polling/classify.js'
import { isFinal, isOutcome, type JsonEmission, toEmission } from '../../lib/polling/emission.js'
import {
  commonFields,
  dueAfterHint,
  elapsedOf,
  initialState,
  nextOnResponse,
  type PollPolicy,
  type PollResult,
  type PollState,
  scheduleContext,
  withPollSent,
} from '../../lib/polling/poll-state.js'
import { constant, lagBounded } from '../../lib/polling/schedule.js'
import type { DecodedOperation } from '../../lib/wire/protocol.js'

const T0 = 1_700_000_000_000
const name = 'operations/cp.5'
const target = { name, endpoint: 'https://cloudresourcemanager.googleapis.com', apiVersion: 'v3' }
const policy: PollPolicy = {
  schedule: constant({ interval: 1_000 }),
  maxRetryTime: 600_000,
  visibilityWindow: 10_000,
  random: () => 1,
}

/** Returns the state after one poll at T0, with the members of `more`. */
function stateWith(more: Partial<PollState> = {}): PollState {
  return { ...withPollSent(initialState(target, T0), T0), ...more }
}
const lastSeen: Running<Json> = { _tag: 'Running', done: false, name, metadata: 1, attempt: 1, elapsed: 0 }
const snapshotFields: Partial<PollState> = { hasResponse: true, visible: true, lastSeen }
const failing = { since: T0, attempts: 3 }

const runningOperation: DecodedOperation = { _tag: 'Running', name, metadata: { step: 2 } }
const connectionReset: PollFailure = { _tag: 'ConnectionFailed', code: 'ECONNRESET' }
const unavailable: PollFailure = { _tag: 'HttpFailure', httpStatus: 503, status: statusOfHttp(503) }
const malformed: PollFailure = {
  _tag: 'NotAnOperation',
  httpStatus: 200,
  path: 'name',
  message: 'expected a string, got nothing',
}
function transient(failure: PollFailure, retryAfter?: number): Classification {
  return {
    _tag: 'Transient',
    failure,
    ...(retryAfter !== undefined && { retryAfter }),
  }
}
const notFound: Classification = { _tag: 'NotFound', status: statusOfHttp(404) }

/** Returns the result of the last poll of a watch. */
function finalResult(state: PollState, emission: JsonEmission): PollResult {
  return {
    state,
    emission,
    due: Number.POSITIVE_INFINITY,
    notBefore: Number.POSITIVE_INFINITY,
  }
}
function failed(fields: ErrorFields<Json>): Either<OperationError<Json>, never> {
  return left(makeOperationError<Json>(fields))
}
const resume = { ...target, since: T0 }

describe('polling/poll-state', () => {
  describe('initialState', () => {
    const initial: Omit<PollState, 'target'> = {
      startedAt: T0,
      polledAt: Number.NEGATIVE_INFINITY,
      attempt: 0,
      hasResponse: false,
      visible: false,
      lastSeen: undefined,
      failing: undefined,
      malformedInARow: 0,
    }

    it('should use the current time as start time if the token has none', () => {
      expect(initialState(target, T0)).to.deep.equal({
        ...initial,
        target: { ...target, since: T0 },
      })
    })

    for (const since of [T0 - 5_000, 0, -1, T0 + 5_000])
      it(`should use the start time of the token if it has one (${since})`, () => {
        expect(initialState({ ...target, since }, T0)).to.deep.equal({
          ...initial,
          target: { ...target, since },
        })
      })

    it('should change only the attempt and the poll time when a poll is sent', () => {
      const first = initialState(target, T0)
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
      it(`should return ${elapsed} ms as the elapsed time if the start time is ${since} and the time is ${now}`, () => {
        expect(elapsedOf(initialState({ ...target, since }, T0), now)).to.equal(elapsed)
      })
  })

  describe('scheduleContext', () => {
    it('should contain the attempt, the elapsed time and the metadata of the last snapshot', () => {
      expect(scheduleContext(stateWith({ lastSeen, attempt: 4 }), T0 + 7)).to.deep.equal({
        attempt: 4,
        elapsed: 7,
        metadata: 1,
      })
    })

    it('should not contain metadata if the server sent none', () => {
      const { metadata: _, ...withoutMetadata } = lastSeen
      expect(scheduleContext(stateWith(), T0)).to.deep.equal({ attempt: 1, elapsed: 0 })
      expect(scheduleContext(stateWith({ lastSeen: withoutMetadata }), T0)).to.deep.equal({
        attempt: 1,
        elapsed: 0,
      })
    })

    it('should contain the metadata of the started operation before the first poll', () => {
      const initial = initialState({ ...target, since: T0 - 40 }, T0, 0, lastSeen)
      expect(scheduleContext(initial, T0)).to.deep.equal({
        attempt: 0,
        elapsed: 40,
        metadata: lastSeen.metadata,
      })
      expect(initial.visible).to.equal(false)
    })
  })

  describe('toEmission, isFinal and isOutcome', () => {
    const polled = stateWith({ attempt: 2 })
    const running = { _tag: 'Running', done: false, name, attempt: 2, elapsed: 5 } as const
    const succeeded = { _tag: 'Succeeded', done: true, name, attempt: 2, elapsed: 5 } as const
    const status = statusOfHttp(409)
    const emissions: readonly (readonly [string, DecodedOperation, JsonEmission])[] = [
      ['a running operation', runningOperation, right({ ...running, metadata: { step: 2 } })],
      ['a running operation without metadata', { ...runningOperation, metadata: undefined }, right(running)],
      [
        'a running operation with false as metadata',
        { ...runningOperation, metadata: false },
        right({ ...running, metadata: false }),
      ],
      [
        'a running operation with another name',
        { ...runningOperation, name: 'operations/other', metadata: undefined },
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
    for (const [what, operation, emission] of emissions)
      it(`should return the emission for ${what}`, () => {
        expect(
          toEmission(operation, { name, attempt: polled.attempt, elapsed: elapsedOf(polled, T0 + 5) }),
        ).to.deep.equal(emission)
      })

    const done: Operation = { ...succeeded, response: undefined }
    const kinds: readonly (readonly [string, JsonEmission | undefined, boolean, boolean])[] = [
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
    for (const [tag, emission, expectedFinal, expectedOutcome] of kinds)
      it(`should return that ${tag} is ${expectedFinal ? '' : 'not '}final, and is ${expectedOutcome ? '' : 'not '}an outcome`, () => {
        expect([emission && isFinal(emission), isOutcome(emission)]).to.deep.equal([
          expectedFinal,
          expectedOutcome,
        ])
      })

    it('should return that undefined is not an outcome', () => {
      expect(isOutcome(undefined)).to.equal(false)
    })
  })

  it('commonFields should return the name, a resume token and the last snapshot', () => {
    expect(commonFields(stateWith())).to.deep.equal({ name, resume })
    expect(commonFields(stateWith({ lastSeen }))).to.deep.equal({ name, resume, lastSeen })
  })

  describe('a snapshot', () => {
    const snapshot = (value: DecodedOperation, retryAfter?: number): Classification => ({
      _tag: 'Decoded',
      value,
      ...(retryAfter !== undefined && { retryAfter }),
    })

    it('should be emitted, be stored as the last snapshot, and reset the failure counts', () => {
      const now = T0 + 40
      const snapshotNow: Running<Json> = {
        _tag: 'Running',
        done: false,
        name,
        metadata: { step: 2 },
        attempt: 1,
        elapsed: 40,
      }
      expect(
        nextOnResponse(stateWith({ failing, malformedInARow: 2 }), snapshot(runningOperation), now, policy),
      ).to.deep.equal({
        state: stateWith({ hasResponse: true, visible: true, lastSeen: snapshotNow }),
        emission: right(snapshotNow),
        due: now + 1_000,
        notBefore: now,
      })
    })

    const delays: readonly (readonly [number, number, number])[] = [
      [1, 1_000, 1],
      [999, 1_000, 999],
      [1_000, 1_000, 1_000],
      [1_001, 1_001, 1_001],
      [300_000, 300_000, 300_000],
    ]
    for (const [retryAfter, wait, earliest] of delays)
      it(`should cause a poll after ${wait} ms, or ${earliest} ms if there is a hint, if Retry-After is ${retryAfter} ms`, () => {
        const { due, notBefore } = nextOnResponse(
          stateWith(),
          snapshot(runningOperation, retryAfter),
          T0,
          policy,
        )
        expect([due - T0, notBefore - T0]).to.deep.equal([wait, earliest])
      })

    it('should cause a poll only after a hint if the schedule returns Infinity', () => {
      const schedule = { next: () => Number.POSITIVE_INFINITY }
      const { due, notBefore } = nextOnResponse(stateWith(), snapshot(runningOperation), T0, {
        ...policy,
        schedule,
      })
      expect([due, notBefore]).to.deep.equal([Number.POSITIVE_INFINITY, T0])
    })

    it('should pass its metadata to the schedule instead of the previous metadata', () => {
      const received: unknown[] = []
      const schedule = { next: (context: unknown) => received.push(context) }
      nextOnResponse(stateWith(snapshotFields), snapshot({ ...runningOperation, metadata: 'new' }), T0 + 3, {
        ...policy,
        schedule,
      })
      nextOnResponse(
        stateWith(snapshotFields),
        snapshot({ ...runningOperation, metadata: undefined }),
        T0 + 3,
        {
          ...policy,
          schedule,
        },
      )
      expect(received).to.deep.equal([
        { attempt: 1, elapsed: 3, metadata: 'new', lastRunningAt: 3 },
        { attempt: 1, elapsed: 3, lastRunningAt: 3 },
      ])
    })

    const outcomes: readonly (readonly [string, DecodedOperation])[] = [
      ['a success', { _tag: 'Succeeded', name, metadata: undefined, response: 1 }],
      ['a failure', { _tag: 'Failed', name, metadata: undefined, status: statusOfHttp(409) }],
    ]
    for (const [what, operation] of outcomes)
      it(`should be the final result if it is ${what}, despite a Retry-After`, () => {
        const state = stateWith({ ...snapshotFields, failing })
        expect(nextOnResponse(state, snapshot(operation, 5_000), T0, policy)).to.deep.equal(
          finalResult(
            state,
            toEmission(operation, { name, attempt: state.attempt, elapsed: elapsedOf(state, T0) }),
          ),
        )
      })
  })

  describe('a 404', () => {
    const notFoundResult = (state: PollState): PollResult =>
      finalResult(
        state,
        failed({ ...commonFields(state), _tag: 'OperationNotFound', status: statusOfHttp(404) }),
      )

    const waits: readonly (readonly [number, number | undefined])[] = [
      [-60_000, 1_000],
      [0, 1_000],
      [9_000, 1_000],
      [9_001, 999],
      [9_999, 1],
      [10_000, undefined],
      [10_001, undefined],
    ]
    for (const [watchAge, wait] of waits)
      it(`should ${wait === undefined ? 'end the watch' : `cause a poll after ${wait} ms`} if the watch started ${watchAge} ms ago`, () => {
        const now = T0 + watchAge
        const state = stateWith({ failing, malformedInARow: 1 })
        expect(nextOnResponse(state, notFound, now, policy)).to.deep.equal(
          wait === undefined
            ? notFoundResult(state)
            : { state: stateWith({ hasResponse: true }), due: now + wait, notBefore: now },
        )
      })

    it('should not end the watch within visibilityWindow of its start, even if the start time in the token is earlier', () => {
      const resumed = withPollSent(initialState({ ...target, since: T0 - 3_600_000 }, T0), T0)
      expect(nextOnResponse(resumed, notFound, T0, policy).due).to.equal(T0 + 1_000)
    })

    it('should cause a poll after the delay in Retry-After if this delay ends after the visibility window', () => {
      const result = nextOnResponse(stateWith(), { ...notFound, retryAfter: 60_000 }, T0 + 9_999, policy)
      expect([result.due, result.notBefore]).to.deep.equal([T0 + 69_999, T0 + 69_999])
    })

    it('should not end the watch within visibilityWindow if there was a snapshot, because a server may be behind', () => {
      const state = stateWith(snapshotFields)
      expect(nextOnResponse(state, notFound, T0 + 9_000, policy)).to.deep.equal({
        state,
        due: T0 + 10_000,
        notBefore: T0 + 9_000,
      })
    })

    it('should end the watch after visibilityWindow if there was a snapshot, with a message that the operation no longer exists', () => {
      const state = stateWith(snapshotFields)
      expect(nextOnResponse(state, notFound, T0 + 10_000, policy)).to.deep.equal(notFoundResult(state))
      expect(nextOnResponse(state, notFound, T0 + 10_000, policy)).to.have.nested.property(
        'emission.left.message',
        `${name} no longer exists: NOT_FOUND.`,
      )
    })
  })

  describe('a 403', () => {
    const forbidden: Classification = { _tag: 'Rejected', httpStatus: 403, status: statusOfHttp(403) }
    const started: Partial<PollState> = { lastSeen }
    const rows: readonly (readonly [string, Partial<PollState>, Classification, number, boolean])[] = [
      ['within visibilityWindow after a start call', started, forbidden, 9_999, false],
      ['after visibilityWindow', started, forbidden, 10_000, true],
      ['if no start call is known', {}, forbidden, 0, true],
      ['if there was a snapshot', snapshotFields, forbidden, 0, true],
      ['and another status after a start call', started, { ...forbidden, httpStatus: 401 }, 0, true],
    ]
    for (const [when, more, problem, after, isFinal] of rows)
      it(`should ${isFinal ? '' : 'not '}end the watch ${when}`, () => {
        const { due, emission, state } = nextOnResponse(stateWith(more), problem, T0 + after, policy)
        if (isFinal) expect(emission).to.have.nested.property('left._tag', 'RequestRejected')
        else expect([emission, due, state.hasResponse]).to.deep.equal([undefined, T0 + 10_000, true])
      })
  })

  describe('a transient failure', () => {
    const unreachable = (state: PollState, last: PollFailure, attempts: number, lasted: number): PollResult =>
      finalResult(state, failed({ ...commonFields(state), _tag: 'Unreachable', attempts, lasted, last }))

    it('should cause no emission, and keep the time of the first failure', () => {
      const first = nextOnResponse(stateWith(), transient(connectionReset), T0 + 5, policy)
      expect(first).to.deep.equal({
        state: stateWith({ failing: { since: T0 + 5, attempts: 1 } }),
        due: T0 + 505,
        notBefore: T0 + 5,
        failure: connectionReset,
      })
      const second = nextOnResponse(first.state, transient(unavailable), T0 + 600, policy)
      expect(second).to.deep.equal({
        state: stateWith({ hasResponse: true, failing: { since: T0 + 5, attempts: 2 } }),
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
      it(`should be retried after ${wait} ms if it is failure ${attempts} in a row and random returns ${random}`, () => {
        const state = stateWith({ hasResponse: true, failing: { since: T0, attempts: attempts - 1 } })
        expect(
          nextOnResponse(state, transient(unavailable), T0, { ...policy, random: () => random }).due,
        ).to.equal(T0 + wait)
      })

    // Cited in docs/COMPARISON.md as: retry-after
    it('should be retried once after the delay in Retry-After, if this delay is longer than the backoff', () => {
      const first = nextOnResponse(stateWith(), transient(unavailable, 7_000), T0, policy)
      expect([first.due, first.notBefore]).to.deep.equal([T0 + 7_000, T0 + 7_000])
      const second = nextOnResponse(first.state, transient(unavailable), T0 + 7_000, policy)
      expect([second.due, second.notBefore]).to.deep.equal([T0 + 8_000, T0 + 7_000])
    })

    const retryTimes: readonly (readonly [
      string,
      Partial<PollState>,
      PollFailure,
      number,
      number | undefined,
    ])[] = [
      ['has not responded', {}, connectionReset, 29_999, 1],
      ['has not responded', {}, connectionReset, 30_000, undefined],
      ['responds for the first time', {}, unavailable, 30_000, 4_000],
      ['responds without an operation for the first time', {}, malformed, 30_000, 4_000],
      ['responded once', { hasResponse: true }, connectionReset, 30_000, 4_000],
      ['responded once', { hasResponse: true }, connectionReset, 599_999, 1],
      ['responded once', { hasResponse: true }, connectionReset, 600_000, undefined],
      ['responded once, and the clock was set back', { hasResponse: true }, connectionReset, -600_000, 4_000],
      ['sent a snapshot', snapshotFields, unavailable, 600_001, undefined],
    ]
    for (const [what, more, failure, lasted, wait] of retryTimes)
      it(`should ${wait === undefined ? 'end the watch' : `be retried after ${wait} ms`} if failures have lasted ${lasted} ms and the server ${what}`, () => {
        const state = stateWith({ ...more, failing })
        const result = nextOnResponse(state, transient(failure), T0 + lasted, policy)
        if (wait === undefined) expect(result).to.deep.equal(unreachable(state, failure, 4, lasted))
        else expect([result.due, result.emission]).to.deep.equal([T0 + lasted + wait, undefined])
      })

    it('should be retried forever if maxRetryTime is infinite and the server has responded', () => {
      const state = stateWith({ hasResponse: true, failing: { since: 0, attempts: 1_000_000 } })
      expect(
        nextOnResponse(state, transient(connectionReset), T0, {
          ...policy,
          maxRetryTime: Number.POSITIVE_INFINITY,
        }).due,
      ).to.equal(T0 + 30_000)
    })

    it('should end the watch with CredentialsError if the last failure is NoCredentials', () => {
      const last: TransportFailure = {
        _tag: 'NoCredentials',
        transient: true,
        reason: 'the token server is down',
      }
      const state = stateWith({ ...snapshotFields, failing })
      expect(nextOnResponse(state, transient(last), T0 + 600_000, policy)).to.deep.equal(
        finalResult(
          state,
          failed({ ...commonFields(state), _tag: 'CredentialsError', reason: 'the token server is down' }),
        ),
      )
      expect(nextOnResponse(state, transient(last), T0 + 599_999, policy).emission).to.equal(undefined)
    })

    const malformedInARow: readonly (readonly [string, number, PollFailure, number | undefined])[] = [
      ['the first malformed response', 0, malformed, 1],
      ['the second malformed response', 1, malformed, 2],
      ['the third malformed response', 2, malformed, undefined],
      ['an HTTP 503 after two malformed responses', 2, unavailable, 0],
      ['a lost connection after two malformed responses', 2, connectionReset, 0],
    ]
    for (const [what, countBefore, failure, countAfter] of malformedInARow)
      it(`should ${countAfter === undefined ? 'end the watch with MalformedResponse' : `set the number of consecutive malformed responses to ${countAfter}`} if it is ${what}`, () => {
        const state = stateWith({ ...snapshotFields, malformedInARow: countBefore })
        const result = nextOnResponse(state, transient(failure), T0, policy)
        const end = failed({
          ...commonFields(state),
          _tag: 'MalformedResponse',
          path: 'name',
          reason: 'expected a string, got nothing',
          httpStatus: 200,
        })
        if (countAfter === undefined) expect(result).to.deep.equal(finalResult(state, end))
        else expect([result.state.malformedInARow, result.emission]).to.deep.equal([countAfter, undefined])
      })

    it('should end the watch with MalformedResponse if it is the third malformed response in a row, even after maxRetryTime', () => {
      const state = stateWith({ hasResponse: true, malformedInARow: 2, failing })
      expect(nextOnResponse(state, transient(malformed), T0 + 600_000, policy)).to.have.nested.property(
        'emission.left._tag',
        'MalformedResponse',
      )
    })
  })

  describe('a final failure', () => {
    const finals: readonly (readonly [string, Classification, (state: PollState) => ErrorFields<Json>])[] = [
      [
        'a rejected request',
        { _tag: 'Rejected', httpStatus: 302, status: statusOfHttp(302), retryAfter: 5 },
        (state) => ({
          ...commonFields(state),
          _tag: 'RequestRejected',
          httpStatus: 302,
          status: statusOfHttp(302),
        }),
      ],
      [
        'a rejected certificate',
        { _tag: 'Permanent', failure: { _tag: 'CertificateRefused', code: 'CERT_HAS_EXPIRED' } },
        (state) => ({
          ...commonFields(state),
          _tag: 'Unreachable',
          attempts: 1,
          lasted: 0,
          last: { _tag: 'CertificateRefused', code: 'CERT_HAS_EXPIRED' },
        }),
      ],
      [
        'missing credentials',
        { _tag: 'Permanent', failure: { _tag: 'NoCredentials', transient: false, reason: 'there are none' } },
        (state) => ({ ...commonFields(state), _tag: 'CredentialsError', reason: 'there are none' }),
      ],
      [
        'a body over the limit',
        { _tag: 'Permanent', failure: { _tag: 'BodyTooLarge', maxResponseBytes: 16 } },
        (state) => ({
          ...commonFields(state),
          _tag: 'MalformedResponse',
          path: '',
          reason: 'the response body exceeds 16 bytes',
        }),
      ],
    ]
    it('should include the preceding transient failures in the number of attempts', () => {
      const failing = { ...stateWith(), failing: { since: T0 - 4_000, attempts: 3 } }
      const failure = { _tag: 'CertificateRefused', code: 'CERT_HAS_EXPIRED' } as const
      const { emission } = nextOnResponse(failing, { _tag: 'Permanent', failure }, T0, policy)
      expect(emission).to.have.property('left').that.includes({ attempts: 4, lasted: 4_000 })
    })

    for (const [what, classification, fields] of finals)
      for (const state of [stateWith(), stateWith(snapshotFields)])
        it(`should end the watch${state.visible ? ' with the last snapshot' : ''} if it is ${what}`, () => {
          expect(nextOnResponse(state, classification, T0, policy)).to.deep.equal(
            finalResult(state, failed(fields(state))),
          )
        })
  })

  it('nextOnResponse should end a watch only with a final result, not poll before Retry-After, and not mutate its input', () => {
    const status = statusOfHttp(500)
    const classifications = fc
      .tuple(
        fc.constantFrom<Classification>(
          { _tag: 'Decoded', value: runningOperation },
          { _tag: 'Decoded', value: { ...runningOperation, metadata: undefined } },
          { _tag: 'Decoded', value: { _tag: 'Succeeded', name, metadata: 1, response: 1 } },
          { _tag: 'Decoded', value: { _tag: 'Failed', name, metadata: 1, status } },
          notFound,
          transient(connectionReset),
          transient(unavailable),
          transient(malformed),
          { _tag: 'Rejected', httpStatus: 400, status },
          { _tag: 'Permanent', failure: { _tag: 'BodyTooLarge', maxResponseBytes: 1 } },
        ),
        fc.constantFrom({}, { retryAfter: 1 }, { retryAfter: 300_000 }),
      )
      .map(([base, delay]): Classification => ({ ...base, ...delay }))
    const steps = fc.array(
      fc.tuple(
        classifications,
        fc.integer({ min: -60_000, max: 60_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
      ),
      {
        maxLength: 30,
      },
    )
    fc.assert(
      fc.property(steps, (script) => {
        let state = Object.freeze(initialState(target, T0))
        let now = T0
        for (const [classification, passed, fraction] of script) {
          now += passed
          const sent = Object.freeze(withPollSent(state, now))
          const result = nextOnResponse(sent, classification, now, {
            ...policy,
            schedule: lagBounded(),
            random: () => fraction,
          })
          const isDone = result.emission !== undefined && isFinal(result.emission)
          expect(result.due === Number.POSITIVE_INFINITY).to.equal(isDone)
          expect(result.notBefore).to.be.at.least(now + (classification.retryAfter ?? 0))
          expect(result.due).to.be.at.least(result.notBefore)
          if (classification._tag === 'Transient' && !isDone) expect(result.emission).to.equal(undefined)
          if (result.emission !== undefined && isLeft(result.emission) && 'resume' in result.emission.left)
            expect(result.emission.left.lastSeen).to.equal(sent.lastSeen)
          if (isDone) return
          state = Object.freeze(result.state)
        }
      }),
    )
  })
})

describe('polling/poll-state, hints', () => {
  const next = { state: stateWith(), due: T0 + 60_000, notBefore: T0 }
  const EVEN_IF_DUE_SOON = Number.NEGATIVE_INFINITY

  it('should make a poll due immediately, but at the earliest 500 ms after the last poll', () => {
    expect(dueAfterHint(next, EVEN_IF_DUE_SOON, T0 + 2_000)).to.equal(T0 + 2_000)
    expect(dueAfterHint(next, EVEN_IF_DUE_SOON, T0 + 100)).to.equal(T0 + 500)
    expect(dueAfterHint({ ...next, notBefore: T0 + 9_000 }, EVEN_IF_DUE_SOON, T0 + 100)).to.equal(T0 + 9_000)
  })

  it('should not change the next poll if an earlier hint has already moved it', () => {
    const due = dueAfterHint(next, EVEN_IF_DUE_SOON, T0 + 100)
    expect(due).to.equal(T0 + 500)
    for (const now of [T0 + 100, T0 + 499, T0 + 500])
      expect(dueAfterHint({ ...next, due: T0 + 500 }, EVEN_IF_DUE_SOON, now)).to.equal(undefined)
  })

  it('should not change the next poll if it is due before the time of the hint', () => {
    expect(dueAfterHint(next, T0 + 60_001, T0 + 100)).to.equal(undefined)
    expect(dueAfterHint(next, T0 + 60_000, T0 + 100)).to.equal(T0 + 500)
  })
})
