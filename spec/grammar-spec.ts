import { expect } from 'chai'
import { isRight, left } from 'fp-ts/lib/Either.js'
import { EMPTY, type Observable, throwError } from 'rxjs'
import { type Transport, watchOperation } from '../lib/index.js'
import { PROTOCOLS, type ProtocolCase, resultOf } from './protocols.js'
import {
  connectionLost,
  delayed,
  failed,
  httpReply,
  inVirtualTime,
  NAME,
  notFound,
  type Reply,
  rpcError,
  running,
  scripted,
  succeeded,
  TAGS,
  type TransportResult,
  tags,
  unavailable,
} from './virtual.js'

function random() {
  return 1
}

function watchTags(protocol: ProtocolCase, replies: readonly Reply[]): Observable<string> {
  const { transport } = scripted(...replies.map((reply) => replyOf(protocol, reply)))
  return watchOperation(protocol.nameOf(NAME), { ...protocol.options, transport, random }).pipe(tags())
}

/** Converts the operation in a reply. A reply without a name contains no operation. */
function replyOf(protocol: ProtocolCase, reply: Reply): Reply {
  if (typeof reply !== 'object') return reply
  if ('result' in reply) return { ...reply, result: replyOf(protocol, reply.result) as TransportResult }
  return isRight(reply) && Object(reply.right.body).name !== undefined ? resultOf(protocol, reply) : reply
}

describe('the grammar of a watch: Right(Running)* ( Right(Succeeded) | Left(OperationError) ) then complete', () => {
  const rows: readonly (readonly [string, string, readonly Reply[]])[] = [
    ['each snapshot and the final result', 'r 749ms r 749ms (s|)', [running(), running(), succeeded()]],
    ['the final result of the first poll', '(s|)', [succeeded()]],
    ['OperationFailed if the operation fails', 'r 749ms (f|)', [running(), failed(8)]],
    ['nothing for a transient failure', 'r 749ms 500ms (s|)', [running(), unavailable, succeeded()]],
    ['nothing for a lost connection', '500ms r 749ms (s|)', [connectionLost(), running(), succeeded()]],
    [
      'nothing for two responses without an operation',
      '1500ms (s|)',
      [httpReply(200, {}), httpReply(200, '<p>'), succeeded()],
    ],
    [
      'RequestRejected if the request is rejected',
      'r 749ms (j|)',
      [running(), rpcError(403, 'PERMISSION_DENIED')],
    ],
    ['OperationNotFound if the operation is deleted', 'r 9999ms (n|)', [running(), notFound]],
    [
      'nothing for a 404 between two snapshots',
      'r 1499ms r 811ms (s|)',
      [running(), notFound, running(), succeeded()],
    ],
    ['OperationNotFound if the operation does not become visible', '10s (n|)', [notFound]],
    [
      'a snapshot when the operation becomes visible',
      '1500ms r 811ms (s|)',
      [notFound, notFound, running(), succeeded()],
    ],
    ['MalformedResponse after three responses without an operation', '1500ms (m|)', [httpReply(200, [])]],
    [
      'Unreachable if the certificate is rejected',
      '(u|)',
      [left({ _tag: 'CertificateRefused', code: 'CERT_HAS_EXPIRED' })],
    ],
    [
      'each snapshot at the time of its response if responses are slow',
      '100ms r 749ms 200ms (s|)',
      [delayed(100, running()), delayed(200, succeeded())],
    ],
  ]
  for (const protocol of PROTOCOLS)
    for (const [description, marbles, replies] of rows)
      it(`should emit ${description}: ${protocol.title}`, () =>
        inVirtualTime(({ expectObservable }) => {
          expectObservable(watchTags(protocol, replies)).toBe(marbles, TAGS)
        }))

  // Cited in docs/COMPARISON.md as: last-snapshot
  it('should complete with the final result, and send no further polls', () =>
    inVirtualTime(({ expectObservable, flush }) => {
      const { transport, polledAt } = scripted(running(), succeeded(), succeeded())
      expectObservable(watchOperation(NAME, { transport }).pipe(tags())).toBe('r 749ms (s|)', TAGS)
      flush()
      expect(polledAt).to.deep.equal([0, 750])
    }))

  // Cited in docs/COMPARISON.md as: virtual-time
  it('should poll when `hint` emits, before the wait of the schedule ends', () =>
    inVirtualTime(({ cold, expectObservable, flush }) => {
      const { transport, polledAt } = scripted(running(), running(), succeeded())
      const hint = cold('600ms h')
      expectObservable(watchOperation(NAME, { transport, hint }).pipe(tags())).toBe(
        'r 599ms r 749ms (s|)',
        TAGS,
      )
      flush()
      expect(polledAt).to.deep.equal([0, 600, 1350])
    }))

  it('should send one request at a time, and none after the final result', () =>
    inVirtualTime(({ expectObservable, flush }) => {
      const { transport, polledAt, abortedAt } = scripted(
        delayed(5_000, running()),
        delayed(5_000, succeeded()),
      )
      expectObservable(watchOperation(NAME, { transport }).pipe(tags())).toBe('5s r 2125ms 5s (s|)', TAGS)
      flush()
      expect(polledAt).to.deep.equal([0, 7_126])
      expect(abortedAt).to.deep.equal([])
    }))

  const defectiveTransports: readonly (readonly [string, Transport])[] = [
    ['errors', () => throwError(() => new Error('a bug'))],
    ['completes without a response', () => EMPTY],
  ]
  for (const [description, transport] of defectiveTransports)
    it(`should error if the transport ${description}`, () =>
      inVirtualTime(({ expectObservable }) => {
        const message = description === 'errors' ? 'a bug' : 'the transport completed without a response'
        expectObservable(watchOperation(NAME, { transport })).toBe('#', {}, new Error(message))
      }))

  it('should error if `hint` errors, and if the schedule returns an invalid wait', () =>
    inVirtualTime(({ cold, expectObservable }) => {
      const { transport } = scripted(running())
      const options = { transport, hint: cold('100ms #', {}, new Error('a bug in the hint')) }
      expectObservable(watchOperation(NAME, options).pipe(tags())).toBe(
        'r 99ms #',
        TAGS,
        new Error('a bug in the hint'),
      )
      const schedule = { next: () => Number.NaN }
      expectObservable(
        watchOperation(NAME, { transport: scripted(running()).transport, schedule }).pipe(tags()),
      ).toBe('#', {}, new RangeError('a schedule must return milliseconds, at least 0, got NaN'))
    }))

  it('should start a separate watch for each subscription', () =>
    inVirtualTime(({ expectObservable, flush }) => {
      const { transport, polledAt } = scripted(running(), running(), running(), succeeded())
      const watch = watchOperation(NAME, { transport }).pipe(tags())
      expectObservable(watch, '^ 100ms !').toBe('r', TAGS)
      expectObservable(watch, '200ms ^').toBe('200ms r 749ms r 749ms (s|)', TAGS)
      flush()
      expect(polledAt).to.deep.equal([0, 200, 950, 1700])
    }))

  it('should abort the poll in flight and send no more polls when the watch is unsubscribed', () =>
    inVirtualTime(({ expectObservable, flush }) => {
      const { transport, polledAt, abortedAt } = scripted(running(), 'never')
      expectObservable(watchOperation(NAME, { transport }).pipe(tags()), '^ 999ms !').toBe('r', TAGS)
      flush()
      expect(polledAt).to.deep.equal([0, 750])
      expect(abortedAt).to.deep.equal([1_000])
    }))

  it('should emit InvalidName without a request if the name is invalid', () =>
    inVirtualTime(({ expectObservable, flush }) => {
      const { transport, polledAt } = scripted(running())
      expectObservable(watchOperation('operations/../x', { transport }).pipe(tags())).toBe('(i|)', TAGS)
      flush()
      expect(polledAt).to.deep.equal([])
    }))
})
