import { randomUUID } from 'node:crypto'
import { catchError, defer, first, from, isObservable, map, merge, mergeMap, Observable, of } from 'rxjs'
import { deadlineText, makeStartFailed, type StartFacts } from '../messages/error-message.js'
import { quote } from '../messages/format-value.js'
import { InvalidOption } from '../messages/invalid-option.js'
import { type Either, isLeft, left, right } from '../model/either.js'
import { type Json, parseJsonOrText } from '../model/json.js'
import type { Operation } from '../model/operation.js'
import type { OperationError, StartFailed } from '../model/operation-error.js'
import { type AbortSignalLike, untilAborted } from '../time/abort-signal.js'
import { decodeStarted } from '../wire/started-operation.js'
import type { ClientCore } from './client-core.js'
import { diagnostics } from './diagnostics.js'
import { factsOfError, factsOfResponse } from './start-failure.js'
import type { Interruption } from './watch.js'
import { type WatchOptions, watchSettings } from './watch-options.js'

/** The type `AbortSignal`, if the program declares it. */
export type StartSignal = typeof globalThis extends { AbortSignal: { prototype: infer S } }
  ? S
  : AbortSignalLike

/** The argument of a {@link StartCall}. */
export interface StartContext {
  /** The ID to send as `requestId` of the request, if the method has this field. It is a UUID by default. */
  readonly requestId: string
  /** Aborted when the subscriber unsubscribes before the response. */
  readonly signal: StartSignal
}

/**
 * A function that sends the request that starts an operation, and returns the result of any Google client, axios or
 * fetch.
 */
export type StartCall = (context: StartContext) => PromiseLike<unknown> | Observable<unknown>

/** Options of {@link OperationsClient.start}. */
export interface StartOptions<R = Json | undefined, M = Json> extends WatchOptions<R, M> {
  /**
   * The time from the response of the call until the watch ends with `TimedOut`, in milliseconds, at least 1. It does
   * not include the call; `deadline` does. By default there is no limit.
   */
  readonly timeout?: number | undefined
  /**
   * The request ID of the call: 1 to 128 visible ASCII characters. A stored ID lets a later process repeat the call.
   * @defaultValue a random UUID for each call of `start`
   */
  readonly requestId?: string | undefined
}

/** A watch that begins with the call that starts the operation. */
export type StartedWatch<R = Json | undefined, M = Json> = Observable<
  Either<StartFailed | OperationError<M>, Operation<R, M>>
>

/** Implements {@link OperationsClient.start}. */
export function start<R, M>(
  client: ClientCore,
  call: StartCall,
  { requestId = randomUUID(), ...options }: StartOptions<R, M>,
): StartedWatch<R, M> {
  if (typeof call !== 'function') throw new InvalidOption('call', 'a function that sends the request', call)
  if (typeof requestId !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(requestId))
    throw new InvalidOption('requestId', 'a string of 1 to 128 visible ASCII characters', requestId)
  const settings = watchSettings(options, client.settings.schedule)
  const fail = (facts: StartFacts): StartedWatch<R, M> => of(left(makeStartFailed(requestId, facts)))
  const watch = defer(() => {
    let isCalled = false
    const interrupted = client
      .interruption(settings.deadline)
      .pipe(map((cause): CallResult => left({ mayHaveStarted: isCalled, ...interruptionFacts(cause) })))
    const result = defer(() => {
      isCalled = true
      return sendCall(client, call, requestId)
    })
    return merge(interrupted, result).pipe(first())
  }).pipe(
    mergeMap((result): StartedWatch<R, M> => {
      if (isLeft(result)) return fail(result.left)
      const watched = client.follow(result.right, settings)
      return isLeft(watched) ? fail(factsOfResponse(result.right, reasonOf(watched.left))) : watched.right
    }),
  )
  return untilAborted(watch, settings.signal)
}

function interruptionFacts(cause: Interruption): Pick<StartFacts, 'code' | 'reason'> {
  return cause._tag === 'ClientClosed'
    ? { code: 'CLIENT_CLOSED', reason: 'the client was closed' }
    : { code: 'DEADLINE_PASSED', reason: `${deadlineText(cause.deadline)} has passed` }
}

/** The response of a call, or the facts about its failure. */
type CallResult = Either<StartFacts, unknown>

/** Calls the function once. Aborts its signal if it is unsubscribed before the response. */
function sendCall(client: ClientCore, call: StartCall, requestId: string): Observable<CallResult> {
  const response = new Observable<unknown>((subscriber) => {
    const abortController = new AbortController()
    let isPending = true
    const onResponse = (response: unknown): void => {
      isPending = false
      if (subscriber.closed) reportUnwatched(client, requestId, response)
      subscriber.next(response)
      subscriber.complete()
    }
    const onError = (error: unknown): void => {
      isPending = false
      subscriber.error(error)
    }
    const returned = call({ requestId, signal: abortController.signal })
    const responses = isObservable(returned) ? returned : from(Promise.resolve(returned))
    const subscription = responses
      .pipe(
        first(null, undefined),
        mergeMap((response) => withBody(response) ?? of(response)),
      )
      .subscribe({ next: onResponse, error: onError })
    // A Promise cannot be unsubscribed from. If it resolves later, its operation is reported.
    if (isObservable(returned)) subscriber.add(subscription)
    return () => {
      if (isPending) abortController.abort()
    }
  })
  return response.pipe(
    map(right),
    catchError((thrown: unknown) => of(left(factsOfError(thrown)))),
  )
}

/** Reads the body of a `Response` of fetch. Returns undefined for any other value. */
function withBody(response: unknown): Promise<unknown> | undefined {
  const { status, ok, text, data }: Partial<Record<string, unknown>> = Object(response)
  // gaxios adds `data` to a Response whose body has been read.
  if (typeof ok !== 'boolean' || typeof text !== 'function' || data !== undefined) return undefined
  const body = (response as Response).text().then(parseJsonOrText)
  return body.catch(() => undefined).then((data) => ({ status, data }))
}

function reportUnwatched(client: ClientCore, requestId: string, response: unknown): void {
  const { protocol, api } = client.settings
  const operation = decodeStarted(response, protocol)
  const name = isLeft(operation) ? undefined : operation.right.name
  if (name !== undefined) diagnostics.startUnwatched(() => ({ requestId, name, endpoint: api.endpoint }))
}

function reasonOf(error: OperationError<never>): string {
  const reason = 'reason' in error ? error.reason : error.message
  return error.name === '' ? reason : `${quote(error.name)}: ${reason}`
}
