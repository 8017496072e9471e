/// <reference lib="esnext.disposable" preserve="true" />
import { lastValueFrom, type Observable, type ObservableInput, of } from 'rxjs'
import { type ClientOptions, clientSettings } from './client-options.js'
import { type Either, isLeft, right } from './model/either.js'
import type { Json } from './model/json.js'
import type { Operation } from './model/operation.js'
import type { OperationError } from './model/operation-error.js'
import type { ResumeToken } from './model/resume-token.js'
import { resolveTarget } from './names/resolve-target.js'
import { iterate } from './operators/iterate.js'
import { orThrow } from './operators/or-throw.js'
import { outcome } from './operators/outcome.js'
import type { PollState } from './polling/poll-state.js'
import { throwWhenAborted } from './time/abort-signal.js'
import { wallClock } from './time/clock.js'
import type { Stats } from './transport/rate-limiter.js'
import { ClientCore } from './watch/client-core.js'
import { type ListOptions, list, type OperationList } from './watch/list-pages.js'
import type { RetryOptions } from './watch/request-with-retry.js'
import {
  cancelOrDelete,
  type Done,
  type GetOptions,
  get,
  type SingleResult,
  step,
  type WaitOptions,
  wait,
} from './watch/single-request.js'
import { type StartCall, type StartedWatch, type StartOptions, start } from './watch/start.js'
import type { Step, StepOptions } from './watch/step.js'
import type { Watch } from './watch/watch.js'
import {
  type NamedSnapshot,
  type NameWithContext,
  type SnapshotWithContext,
  type WatchAllOptions,
  watchAll,
} from './watch/watch-all.js'
import { type WatchOptions, watchSettings } from './watch/watch-options.js'
import type { Followable } from './wire/started-operation.js'

/**
 * A client for the operations of one service. Its methods share a transport, a credential and a rate limit.
 *
 * The returned Observables are cold: a request is sent only after a subscription. A method throws `InvalidOption`
 * when it is called with an invalid option.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/operations.
 *
 * @example
 * {@includeCode ../examples/track-many.ts}
 */
export class OperationsClient {
  readonly #core: ClientCore

  /** Validates the options. Throws `InvalidOption`. Opens no connection before the first request. */
  constructor(options: ClientOptions = {}) {
    this.#core = new ClientCore(clientSettings(options))
  }

  /**
   * Requests the operation once.
   *
   * ```
   * --Right(Operation)|  or  --Left(OperationError)|
   * ```
   *
   * The Left is an error of {@link watch}. There are no retries: a transient failure is `Unreachable`, whose `last`
   * contains the failure and the delay that the server requested. A 404 is `OperationNotFound`.
   */
  get<R = Json | undefined, M = Json>(
    nameOrToken: string | ResumeToken,
    options: GetOptions<R, M> = {},
  ): SingleResult<R, M> {
    return get(this.#core, nameOrToken, options)
  }

  /**
   * Requests the operation once. The server may hold the response until the operation is done or `timeout` has
   * passed, or may respond earlier. The service must have `operations.wait`, such as `service('run')`.
   *
   * ```
   * --------Right(Operation)|  or  --Left(OperationError)|
   * ```
   *
   * The Left is an error of {@link get}. If the service is known not to have the method, the Left is
   * `RequestRejected` and no request is sent.
   *
   * Source: google/longrunning/operations.proto.
   */
  wait<R = Json | undefined, M = Json>(
    nameOrToken: string | ResumeToken,
    options: WaitOptions<R, M> = {},
  ): SingleResult<R, M> {
    return wait(this.#core, nameOrToken, options)
  }

  /**
   * Lists the operations of a parent, such as `projects/p/locations/l`. The service must have `operations.list`.
   *
   * ```
   * --(abc)----(def)--|
   * --(abc)----Right(Incomplete)(de)--|
   * --(abc)----Left(OperationError)|
   * ```
   *
   * A page is requested after all operations of the previous page have been emitted. With `take(10)`, only the pages
   * that contain the first 10 operations are requested. Transient failures are retried for up to `maxRetryTime`.
   *
   * Each operation is one emission. It is a Left if the operation failed (`OperationFailed`) or could not be decoded
   * (`MalformedResponse`). Any other Left concerns the whole list and completes it. If the service is known not to
   * have the method, the Left is `RequestRejected` and no request is sent.
   *
   * If a location does not respond, or the service sends a warning, an `Incomplete` precedes the operations of the page.
   *
   * Source: google/longrunning/operations.proto, https://google.aip.dev/158, https://google.aip.dev/217.
   */
  list<R = Json | undefined, M = Json>(parent: string, options: ListOptions<R, M> = {}): OperationList<R, M> {
    return list(this.#core, parent, options)
  }

  /**
   * Requests the cancellation of an operation. The service must have `operations.cancel`. The service decides whether
   * it cancels the operation. A watch of a cancelled operation ends with `OperationFailed` and code 1 (`CANCELLED`).
   *
   * ```
   * --Right(undefined)|  or  --Left(OperationError)|
   * ```
   *
   * Transient failures are retried for up to `maxRetryTime`. The Left is an error of {@link watch}. If the service is
   * known not to have the method, the Left is `RequestRejected` and no request is sent.
   *
   * Source: google/longrunning/operations.proto.
   */
  cancel(nameOrToken: string | ResumeToken, options: RetryOptions = {}): Done {
    return cancelOrDelete('cancel', this.#core, nameOrToken, options)
  }

  /**
   * Deletes the record of an operation. Does not cancel the operation. The service must have `operations.delete`.
   *
   * ```
   * --Right(undefined)|  or  --Left(OperationError)|
   * ```
   *
   * The Left is an error of {@link cancel}. A 404 is a success if the response to an earlier attempt was lost,
   * because the server may have deleted the record in that attempt.
   *
   * Source: google/longrunning/operations.proto.
   */
  delete(nameOrToken: string | ResumeToken, options: RetryOptions = {}): Done {
    return cancelOrDelete('delete', this.#core, nameOrToken, options)
  }

  /**
   * Watches an operation until it is done.
   *
   * ```
   * --Right(Running)--Right(Running)--Right(Succeeded)|
   * --Right(Running)--Left(OperationError)|
   * ```
   *
   * Watches with the same name, `schedule`, `maxRetryTime`, `visibilityWindow` and `longPoll` share their polls. A
   * later subscriber first receives the latest snapshot. The polls stop when the last subscriber unsubscribes.
   * Unsubscribing never cancels the operation.
   *
   * A Left is the final result. `OperationFailed` means that the operation failed. Every other error, such as
   * `ClientClosed` after {@link close}, means that it is unknown whether the operation succeeds or fails.
   *
   * Source: https://google.aip.dev/151.
   *
   * @example
   * {@includeCode ../examples/track-many.ts}
   */
  watch<R = Json | undefined, M = Json>(
    nameOrToken: string | ResumeToken,
    options: WatchOptions<R, M> = {},
  ): Watch<R, M> {
    const settings = watchSettings(options, this.#core.settings.schedule)
    const target = resolveTarget(nameOrToken, this.#core.settings)
    return isLeft(target) ? of(target) : this.#core.watch(target.right, settings)
  }

  /**
   * Watches many operations until they are done. Needs much less memory than one {@link watch} for each operation.
   * Equal names share their polls, but not with other watches. Each name of the input has its own final result.
   *
   * ```
   * names  --a-b-----------------------|
   *        ---{a, Running}--{b, Running}--{a, Left}--{b, Succeeded}|
   * ```
   *
   * `names` is any ObservableInput. An Iterable or AsyncIterable is read only as fast as `concurrency` allows, so it
   * may be endless. Names that an Observable emits are buffered. The Observable completes when every name has its
   * final result.
   *
   * A name may be an object `{ name, context }`, for example with the acknowledgement handle of a message. Its `name` is
   * a name or a token. Each snapshot is then emitted with the same `context`.
   *
   * A Left is the final result of one name, as for {@link watch}; the other names continue. If the client is closed,
   * names that have not been read yet get no result.
   *
   * `timeout` applies to each name, and starts when the name is read. After the `deadline`, each further name ends with
   * `TimedOut`. Polls are sent in the order in which they are
   * due. At most 1,000 polls are in flight or wait for the rate limit at the same time.
   */
  watchAll<R = Json | undefined, M = Json>(
    names: ObservableInput<string | ResumeToken>,
    options?: WatchAllOptions<R, M>,
  ): Observable<NamedSnapshot<R, M>>
  /** Watches many operations, and emits each snapshot with the context of its name. */
  watchAll<C, R = Json | undefined, M = Json>(
    names: ObservableInput<NameWithContext<C>>,
    options?: WatchAllOptions<R, M>,
  ): Observable<SnapshotWithContext<C, R, M>>
  watchAll<R, M>(
    names: ObservableInput<unknown>,
    options: WatchAllOptions<R, M> = {},
  ): Observable<NamedSnapshot<R, M>> {
    return watchAll(this.#core, names, options)
  }

  /**
   * Watches an operation from the response of the call that started it. The response is the first snapshot, with
   * `attempt` 0. No request is sent if the operation is already done.
   *
   * ```
   * --Right(Running)--Right(Running)--Right(Succeeded)|
   * --Right(Running)--Left(OperationError)|
   * ```
   *
   * The Left is an error of {@link watch}. It is `InvalidName` if `started` is not an operation, or is a running
   * operation without a name. The `reason` names the correction for a known mistake, such as a Promise without `await`.
   * Most of these mistakes do not compile. The Left of a descriptor for another method is `MalformedResponse`.
   *
   * @example
   * {@includeCode ../examples/chain-two.ts}
   */
  follow<R = Json | undefined, M = Json, S = unknown>(
    started: S & Followable<S>,
    options: WatchOptions<R, M> = {},
  ): Watch<R, M> {
    const watch = this.#core.follow(started, watchSettings(options, this.#core.settings.schedule))
    return isLeft(watch) ? of(watch) : watch.right
  }

  /**
   * Watches an operation, and returns a Promise of its response. It is {@link watch} for programs without RxJS.
   *
   * ```
   * --Right(Running)--Right(Running)--Right(Succeeded)|
   *          Promise of the response
   * --Right(Running)--Left(OperationError)|
   *          rejection with OperationException
   * ```
   *
   * The Promise rejects with an `OperationException` for each Left of {@link watch}; its `error` is the Left. When
   * `signal` is aborted, the polls stop, and the Promise rejects with the `reason` of the signal, as `fetch` does.
   *
   * @example
   * {@includeCode ../examples/await-result.ts}
   */
  result<R = Json | undefined, M = Json>(
    nameOrToken: string | ResumeToken,
    options: WatchOptions<R, M> = {},
  ): Promise<R> {
    const response: Observable<R> = this.watch(nameOrToken, options).pipe(outcome(), orThrow())
    return lastValueFrom(throwWhenAborted(response, options.signal))
  }

  /**
   * Watches an operation, and returns an AsyncIterable of its snapshots. The last one is `Succeeded`.
   *
   * ```
   * --Right(Running)--Right(Running)--Right(Succeeded)|
   *          for await (const snapshot of client.snapshots(name))
   * --Running--Running--Succeeded|
   * ```
   *
   * The loop throws an `OperationException` for each Left of {@link watch}. The operation is polled as scheduled, also
   * if the body of the loop is slow. A slow loop receives only the latest snapshot, and always the final result. `break`,
   * `return` and an exception stop the polls at once. When `signal` is aborted, the loop throws its `reason`.
   *
   * @example
   * {@includeCode ../examples/await-result.ts}
   */
  snapshots<R = Json | undefined, M = Json>(
    nameOrToken: string | ResumeToken,
    options: WatchOptions<R, M> = {},
  ): AsyncIterable<Operation<R, M>> {
    const operations: Observable<Operation<R, M>> = this.watch(nameOrToken, options).pipe(orThrow())
    return iterate(throwWhenAborted(operations, options.signal))
  }

  /**
   * Calls a function that starts an operation, and watches the operation. The function sends the request with any
   * client of Google, axios or fetch, and returns its result as a Promise or an Observable.
   *
   * ```
   * --Right(Running)--Right(Running)--Right(Succeeded)|
   * --Right(Running)--Left(OperationError)|
   * --Left(StartFailed)|
   * ```
   *
   * The Left is an error of {@link watch}, or `StartFailed` if the call fails or if its response contains no operation.
   * Its `mayHaveStarted` is false if no operation was started: the request was not sent, or the server rejected it.
   *
   * Each subscription calls the function once, with the same `requestId`. The library never repeats the call. Send the
   * ID as the `requestId` of the request, so that a service that has this field starts only one operation. Without such
   * a field, use `share`, because each subscription starts an operation.
   *
   * If the `deadline` passes during the call, `signal` is aborted, and the Left is `StartFailed`.
   * Unsubscribing before the response aborts `signal`. If an operation is started nevertheless, the diagnostics channel
   * `rx-longrunning:start:unwatched` reports its name.
   *
   * A client of Google may repeat a request by itself. `{ retry: null }` prevents this in google-gax, and
   * `{ retry: false }` in googleapis and gaxios.
   *
   * Source: https://google.aip.dev/155.
   *
   * @example
   * {@includeCode ../examples/start-and-watch.ts}
   */
  start<R = Json | undefined, M = Json>(
    call: StartCall,
    options: StartOptions<R, M> = {},
  ): StartedWatch<R, M> {
    return start(this.#core, call, options)
  }

  /**
   * Polls once, as one step of a watch whose state your program stores, for example in a job queue, a workflow or a
   * database. For the first step, `from` is a name or a token. For each later step, it is the `state` of the previous
   * step.
   *
   * ```
   * --Pending{state, wait, snapshot?}|  or  --Ended{result}|
   * ```
   *
   * `Pending` contains the state to store, the snapshot if the poll returned one, and `wait`, the time until the next
   * step in milliseconds. `wait` is Infinity if the schedule polls only after a hint. `result` of `Ended` is the
   * final result of the watch: `Right(Succeeded)` or a Left.
   *
   * If a state or token is malformed or for another endpoint, the step ends with `InvalidName` and sends no request.
   *
   * @example
   * {@includeCode ../examples/step-by-step.ts}
   */
  step(from: string | ResumeToken | PollState, options: StepOptions = {}): Observable<Step> {
    return step(this.#core, from, options)
  }

  /** Returns the resume token of an operation without sending a request. The Left is `InvalidName`. */
  token(nameOrToken: string | ResumeToken): Either<OperationError<never>, ResumeToken> {
    const target = resolveTarget(nameOrToken, this.#core.settings)
    return isLeft(target) ? target : right({ ...target.right, since: target.right.since ?? wallClock() })
  }

  /** The endpoint of this client: scheme, host and port. */
  get endpoint(): string {
    return this.#core.settings.api.endpoint
  }

  /** Returns the current request statistics of this client. */
  stats(): Stats {
    return this.#core.connection.stats()
  }

  /** Ends all watches with `ClientClosed` and closes all sockets. Further calls of this method have no effect. */
  close(): void {
    this.#core.close()
  }

  /** Calls {@link close} at the end of an `await using` block. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close()
  }
}
