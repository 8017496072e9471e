import { expect } from 'chai'
import { left } from 'fp-ts/lib/Either.js'
import { EMPTY, type Observable, throwError } from 'rxjs'
import { type Transport, watchOperation } from '../lib/index.js'
import {
  delayed,
  failed,
  http,
  inVirtualTime,
  lost,
  NAME,
  notFound,
  type Reply,
  rpcError,
  running,
  scripted,
  succeeded,
  TAGS,
  tags,
  unavailable,
} from './virtual.js'

function random() {
  return 1
}

function words(...replies: readonly Reply[]): Observable<string> {
  return watchOperation(NAME, { transport: scripted(...replies).transport, random }).pipe(tags())
}

describe('the grammar: Right(Running)* ( Right(Succeeded) | Left(OperationError) ) then complete', () => {
  const rows: readonly (readonly [string, string, readonly Reply[]])[] = [
    ['every snapshot, the last one too', 'r 749ms r 749ms (s|)', [running(), running(), succeeded()]],
    ['one done at the first poll', '(s|)', [succeeded()]],
    ['an operation that failed', 'r 749ms (f|)', [running(), failed(8)]],
    ['nothing of a transient failure', 'r 749ms 500ms (s|)', [running(), unavailable, succeeded()]],
    ['nothing of a lost connection', '500ms r 749ms (s|)', [lost(), running(), succeeded()]],
    ['nothing of two answers that are none', '1500ms (s|)', [http(200, {}), http(200, '<p>'), succeeded()]],
    ['an answer that is refused', 'r 749ms (j|)', [running(), rpcError(403, 'PERMISSION_DENIED')]],
    ['an operation that is gone', 'r 749ms (n|)', [running(), notFound]],
    ['an operation that is never visible', '10s (n|)', [notFound]],
    ['one that becomes visible', '1500ms r 749ms (s|)', [notFound, notFound, running(), succeeded()]],
    ['answers that are no operation', '1500ms (m|)', [http(200, [])]],
    [
      'a certificate that is refused',
      '(u|)',
      [left({ _tag: 'CertificateRefused', code: 'CERT_HAS_EXPIRED' })],
    ],
    [
      'answers that take their time',
      '100ms r 749ms 200ms (s|)',
      [delayed(100, running()), delayed(200, succeeded())],
    ],
  ]
  for (const [what, marbles, replies] of rows)
    it(`should say ${what}`, () =>
      inVirtualTime(({ expectObservable }) => {
        expectObservable(words(...replies)).toBe(marbles, TAGS)
      }))

  it('should let the last snapshot pass through takeWhile, and stop there (takeWhile, inclusive)', () =>
    inVirtualTime(({ expectObservable, flush }) => {
      const { transport, polledAt } = scripted(running(), succeeded(), succeeded())
      expectObservable(watchOperation(NAME, { transport }).pipe(tags())).toBe('r 749ms (s|)', TAGS)
      flush()
      expect(polledAt).to.deep.equal([0, 750])
    }))

  it('should replace the wait by a hint, and poll once where it would have polled twice (switchMap)', () =>
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

  it('should send one request at a time, and none after the last word', () =>
    inVirtualTime(({ expectObservable, flush }) => {
      const { transport, polledAt, abortedAt } = scripted(
        delayed(5_000, running()),
        delayed(5_000, succeeded()),
      )
      expectObservable(watchOperation(NAME, { transport }).pipe(tags())).toBe('5s r 1249ms 5s (s|)', TAGS)
      flush()
      expect(polledAt).to.deep.equal([0, 6_250])
      expect(abortedAt).to.deep.equal([])
    }))

  const defects: readonly (readonly [string, Transport])[] = [
    ['throws', () => throwError(() => new Error('a bug'))],
    ['ends without an answer', () => EMPTY],
  ]
  for (const [what, transport] of defects)
    it(`should keep the error channel for defects: a transport that ${what}`, () =>
      inVirtualTime(({ expectObservable }) => {
        const message = what === 'throws' ? 'a bug' : 'the transport completed without an answer'
        expectObservable(watchOperation(NAME, { transport })).toBe('#', {}, new Error(message))
      }))

  it('should send the error of a hint and of a schedule through the error channel', () =>
    inVirtualTime(({ cold, expectObservable }) => {
      const { transport } = scripted(running())
      const options = { transport, hint: cold('100ms #', {}, new Error('of the hint')) }
      expectObservable(watchOperation(NAME, options).pipe(tags())).toBe(
        'r 99ms #',
        TAGS,
        new Error('of the hint'),
      )
      const schedule = { next: () => Number.NaN }
      expectObservable(
        watchOperation(NAME, { transport: scripted(running()).transport, schedule }).pipe(tags()),
      ).toBe('#', {}, new RangeError('a schedule must give milliseconds from 0 up, got NaN'))
    }))

  it('should be born at subscription: two subscriptions of one watch are two watches', () =>
    inVirtualTime(({ expectObservable, flush }) => {
      const { transport, polledAt } = scripted(running(), running(), running(), succeeded())
      const watch = watchOperation(NAME, { transport }).pipe(tags())
      expectObservable(watch, '^ 100ms !').toBe('r', TAGS)
      expectObservable(watch, '200ms ^').toBe('200ms r 749ms r 749ms (s|)', TAGS)
      flush()
      expect(polledAt).to.deep.equal([0, 200, 950, 1700])
    }))

  it('should abort the poll in flight and send nothing more when it is unsubscribed', () =>
    inVirtualTime(({ expectObservable, flush }) => {
      const { transport, polledAt, abortedAt } = scripted(running(), 'never')
      expectObservable(watchOperation(NAME, { transport }).pipe(tags()), '^ 999ms !').toBe('r', TAGS)
      flush()
      expect(polledAt).to.deep.equal([0, 750])
      expect(abortedAt).to.deep.equal([1_000])
    }))

  it('should refuse a bad name without a request', () =>
    inVirtualTime(({ expectObservable, flush }) => {
      const { transport, polledAt } = scripted(running())
      expectObservable(watchOperation('operations/../x', { transport }).pipe(tags())).toBe('(i|)', TAGS)
      flush()
      expect(polledAt).to.deep.equal([])
    }))
})
