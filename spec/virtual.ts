import { expect } from 'chai'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { asyncScheduler, defer, map, NEVER, Observable, type OperatorFunction, of, tap, timer } from 'rxjs'
import { type RunHelpers, TestScheduler } from 'rxjs/testing'
import type { Answer, Failure, Json, Operation, OperationError, Request, Transport } from '../lib/index.js'

/** Runs marbles in virtual time; what was expected is compared deeply. */
export const inVirtualTime = (run: (helpers: RunHelpers) => void): void =>
  new TestScheduler((actual, expected) => {
    expect(actual).to.deep.equal(expected)
  }).run(run)

export const NAME = 'operations/cp.6403723248945195918'

export type Outcome = Either<Failure, Answer>
/** One answer of a script: at once, or after a time, or never, or as the time of the question makes it. */
export type Reply =
  | Outcome
  | { readonly after: number; readonly reply: Outcome }
  | 'never'
  | ((now: number) => Outcome)

export const http = (httpStatus: number, body?: unknown, headers?: Record<string, string>): Outcome =>
  right({ httpStatus, body, ...(headers && { headers }) })
export const running = (metadata?: Json): Outcome =>
  http(200, { name: NAME, ...(metadata !== undefined && { metadata }) })
export const succeeded = (response?: Json): Outcome =>
  http(200, { name: NAME, done: true, ...(response !== undefined && { response }) })
export const failed = (code: number, message = '', details: Json = []): Outcome =>
  http(200, { name: NAME, done: true, error: { code, message, details } })
export const rpcError = (
  httpStatus: number,
  status: string,
  more: object = {},
  headers?: Record<string, string>,
): Outcome =>
  http(httpStatus, { error: { code: httpStatus, message: 'said the server', status, ...more } }, headers)
export const lost = (code = 'ECONNRESET'): Outcome => left({ _tag: 'ConnectionFailed', code })
export const unavailable: Outcome = rpcError(503, 'UNAVAILABLE')
export const notFound: Outcome = rpcError(404, 'NOT_FOUND')
export const delayed = (ms: number, reply: Outcome): Reply => ({ after: ms, reply })

export const doneAt =
  (duration: number): Reply =>
  (now) =>
    now < duration ? running() : succeeded()

/** A transport that plays a script, its last reply for ever, and remembers when it was asked and when aborted. */
export interface Scripted {
  readonly transport: Transport
  readonly askedAt: number[]
  readonly abortedAt: number[]
  readonly requests: Request[]
}

export const scripted = (...replies: readonly Reply[]): Scripted => {
  const askedAt: number[] = []
  const abortedAt: number[] = []
  const requests: Request[] = []
  const transport: Transport = (request) =>
    defer(() => {
      const reply = replies[Math.min(askedAt.length, replies.length - 1)] ?? 'never'
      askedAt.push(asyncScheduler.now())
      requests.push(request)
      return withAborts(answersOf(reply), () => abortedAt.push(asyncScheduler.now()))
    })
  return { transport, askedAt, abortedAt, requests }
}

const answersOf = (reply: Reply): Observable<Outcome> => {
  if (reply === 'never') return NEVER
  if (typeof reply === 'function') return of(reply(asyncScheduler.now()))
  return 'after' in reply ? timer(reply.after).pipe(map(() => reply.reply)) : of(reply)
}

const withAborts = <A>(source: Observable<A>, aborted: () => void): Observable<A> =>
  new Observable((subscriber) => {
    let answered = false
    subscriber.add(() => answered || aborted())
    subscriber.add(source.pipe(tap(() => (answered = true))).subscribe(subscriber))
  })

/** The tag of each word, as marbles draw it. */
export const tags = <R, M>(): OperatorFunction<Either<OperationError<M>, Operation<R, M>>, string> =>
  map((word) => (isLeft(word) ? word.left._tag : word.right._tag))

/** Marbles of {@link tags}. */
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
