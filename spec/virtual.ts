import { expect } from 'chai'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { asyncScheduler, defer, map, NEVER, Observable, type OperatorFunction, of, tap, timer } from 'rxjs'
import { type RunHelpers, TestScheduler } from 'rxjs/testing'
import type {
  Json,
  OperationError,
  Transport,
  TransportFailure,
  TransportRequest,
  TransportResponse,
} from '../lib/index.js'

/** Runs a marble test in virtual time, and compares emissions by deep equality. */
export function inVirtualTime(run: (helpers: RunHelpers) => void): void {
  new TestScheduler((actual, expected) => {
    expect(actual).to.deep.equal(expected)
  }).run(run)
}

export const NAME = 'operations/cp.6403723248945195918'

export type TransportResult = Either<TransportFailure, TransportResponse>
/** A scripted result of one request: immediate, delayed, absent, or computed from the current time. */
export type Reply =
  | TransportResult
  | { readonly delayMilliseconds: number; readonly result: TransportResult }
  | 'never'
  | ((now: number) => TransportResult)

export function httpReply(
  httpStatus: number,
  body?: unknown,
  headers?: Record<string, string>,
): TransportResult {
  return right({ httpStatus, body, ...(headers && { headers }) })
}
export function running(metadata?: Json): TransportResult {
  return httpReply(200, { name: NAME, ...(metadata !== undefined && { metadata }) })
}
export function succeeded(response?: Json): TransportResult {
  return httpReply(200, { name: NAME, done: true, ...(response !== undefined && { response }) })
}
export function failed(code: number, message = '', details: Json = []): TransportResult {
  return httpReply(200, { name: NAME, done: true, error: { code, message, details } })
}
export function rpcError(
  httpStatus: number,
  status: string,
  errorMembers: object = {},
  headers?: Record<string, string>,
): TransportResult {
  return httpReply(
    httpStatus,
    { error: { code: httpStatus, message: 'server message', status, ...errorMembers } },
    headers,
  )
}
export function connectionLost(code = 'ECONNRESET'): TransportResult {
  return left({ _tag: 'ConnectionFailed', code })
}
export const unavailable: TransportResult = rpcError(503, 'UNAVAILABLE')
export const notFound: TransportResult = rpcError(404, 'NOT_FOUND')
export function delayed(delayMilliseconds: number, result: TransportResult): Reply {
  return { delayMilliseconds, result }
}

/**
 * Returns a reply: the operation is running during the first `duration` milliseconds of virtual time, then
 * done.
 */
export function doneAfter(duration: number): Reply {
  return (now) => (now < duration ? running() : succeeded())
}

/** A transport with scripted responses, of which the last is repeated, and records of its requests. */
export interface Scripted {
  readonly transport: Transport
  /** The times of all requests, in milliseconds of virtual time. */
  readonly polledAt: number[]
  /** The times at which requests were aborted, in milliseconds of virtual time. */
  readonly abortedAt: number[]
  readonly requests: TransportRequest[]
}

export function scripted(...replies: readonly Reply[]): Scripted {
  const polledAt: number[] = []
  const abortedAt: number[] = []
  const requests: TransportRequest[] = []
  const transport: Transport = (request) =>
    defer(() => {
      const reply = replies[Math.min(polledAt.length, replies.length - 1)] ?? 'never'
      polledAt.push(asyncScheduler.now())
      requests.push(request)
      return withAborts(resultOf(reply), () => abortedAt.push(asyncScheduler.now()))
    })
  return { transport, polledAt, abortedAt, requests }
}

function resultOf(reply: Reply): Observable<TransportResult> {
  if (reply === 'never') return NEVER
  if (typeof reply === 'function') return of(reply(asyncScheduler.now()))
  return 'result' in reply ? timer(reply.delayMilliseconds).pipe(map(() => reply.result)) : of(reply)
}

/** Calls `onAbort` if `source` is unsubscribed before its first emission. */
function withAborts<A>(source: Observable<A>, onAbort: () => void): Observable<A> {
  return new Observable((subscriber) => {
    let hasEmitted = false
    subscriber.add(() => hasEmitted || onAbort())
    subscriber.add(source.pipe(tap(() => (hasEmitted = true))).subscribe(subscriber))
  })
}

/** Maps each emission to its tag. */
export function tags<M>(): OperatorFunction<Either<OperationError<M>, { readonly _tag: string }>, string> {
  return map((emission) => (isLeft(emission) ? emission.left._tag : emission.right._tag))
}

/** The letters for the results of {@link tags} in marble diagrams. */
export const TAGS = {
  r: 'Running',
  s: 'Succeeded',
  f: 'OperationFailed',
  n: 'OperationNotFound',
  j: 'RequestRejected',
  u: 'Unreachable',
  t: 'TimedOut',
  m: 'MalformedResponse',
  c: 'CredentialsError',
  i: 'InvalidName',
  x: 'ClientClosed',
} as const
