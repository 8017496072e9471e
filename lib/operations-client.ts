/// <reference lib="esnext.disposable" preserve="true" />
import { type Observable, type ObservableInput, of } from 'rxjs'
import { type ClientOptions, clientSettings } from './client-options.js'
import { type Either, isLeft, right } from './model/either.js'
import type { Json } from './model/json.js'
import type { OperationError } from './model/operation-error.js'
import type { ResumeToken } from './model/target.js'
import { resolveTarget } from './names/resolve-target.js'
import type { PollState } from './polling/poll-state.js'
import { now } from './time/clock.js'
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
import type { Step, StepOptions } from './watch/step.js'
import type { Watch } from './watch/watch.js'
import { type NamedSnapshot, type WatchAllOptions, watchAllSettings } from './watch/watch-all.js'
import { type WatchOptions, watchSettings } from './watch/watch-options.js'

/**
 * A client for the operations of one service. Its methods share a transport, a credential and a rate limit.
 *
 * The Observables that its methods return are cold: nothing is sent without a subscription. A method throws
 * `InvalidOption` when it is called with an invalid option.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/operations.
 *
 * @example
 * {@includeCode ../examples/track-many.ts}
 */
export class OperationsClient {
  readonly #core: ClientCore

  /** Validates the options; throws `InvalidOption`. Opens nothing before the first request. */
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
   * The Left is the same as for {@link watch}, but without retries: a transient failure is `Unreachable`, whose `last`
   * holds the failure and the server's delay. A 404 is `OperationNotFound`.
   */
  get<R = Json | undefined, M = Json>(
    nameOrToken: string | ResumeToken,
    options: GetOptions<R, M> = {},
  ): SingleResult<R, M> {
    return get(this.#core, nameOrToken, options)
  }

  /**
   * Requests the operation once, and lets the server hold the response until the operation is done or `timeout` has
   * passed. The server may respond earlier. The service must have `operations.wait`, such as `service('run')`.
   *
   * ```
   * --------Right(Operation)|  or  --Left(OperationError)|
   * ```
   *
   * The Left is the same as for {@link get}. It is `RequestRejected`, without a request, if the service is known and does
   * not have the method.
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
   * --(abc)----Left(OperationError)|
   * ```
   *
   * A page is requested after all operations of the previous one have been emitted, so `take(10)` requests only the pages
   * it needs. Transient failures are retried, up to `maxRetryTime`.
   *
   * Each operation is one emission. It is a Left if the operation failed (`OperationFailed`) or could not be decoded
   * (`MalformedResponse`). Any other Left concerns the list and completes it. It is `RequestRejected`, without a request,
   * if the service is known and does not have the method.
   *
   * Source: google/longrunning/operations.proto, https://google.aip.dev/158.
   */
  list<R = Json | undefined, M = Json>(parent: string, options: ListOptions<R, M> = {}): OperationList<R, M> {
    return list(this.#core, parent, options)
  }

  /**
   * Requests the cancellation of an operation. The service must have `operations.cancel`, and decides whether it cancels
   * the operation. If it does, a watch ends with `OperationFailed` and code 1 (`CANCELLED`).
   *
   * ```
   * --Right(undefined)|  or  --Left(OperationError)|
   * ```
   *
   * Transient failures are retried, up to `maxRetryTime`. The Left is the same as for {@link watch}. It is
   * `RequestRejected`, without a request, if the service is known and does not have the method.
   *
   * Source: google/longrunning/operations.proto.
   */
  cancel(nameOrToken: string | ResumeToken, options: RetryOptions = {}): Done {
    return cancelOrDelete('cancel', this.#core, nameOrToken, options)
  }

  /**
   * Deletes the record of an operation; it does not cancel the operation. The service must have `operations.delete`.
   *
   * ```
   * --Right(undefined)|  or  --Left(OperationError)|
   * ```
   *
   * The Left is the same as for {@link cancel}. A 404 is a success if the response to an earlier attempt was lost.
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
   * Watches with the same name, `schedule`, `maxRetryTime`, `visibilityWindow` and `longPoll` share their polls. A later
   * subscriber first receives the latest snapshot. The polls stop when the last subscriber unsubscribes. Unsubscribing
   * never cancels the operation.
   *
   * A Left is the final result: `OperationFailed` if the operation failed. Every other error means that the outcome is
   * unknown, such as `ClientClosed` after {@link close}.
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
    const settings = watchSettings(options)
    const target = resolveTarget(nameOrToken, this.#core.settings)
    return isLeft(target) ? of(target) : this.#core.watch(target.right, settings)
  }

  /**
   * Watches many operations until they are done. It needs a fraction of the memory of as many watches, and shares no polls
   * with them.
   *
   * ```
   * names  --a-b-----------------------|
   *        ---{a, Running}--{b, Running}--{a, Left}--{b, Succeeded}|
   * ```
   *
   * `names` is any ObservableInput. An Iterable or AsyncIterable is read only as fast as `concurrency` allows, so it may be
   * endless. Names that an Observable pushes are queued. The watch completes when all names are done.
   *
   * A Left ends its own name only. It is the final result of the name, as for {@link watch}. If the client is closed, names
   * that have not been read have no result.
   *
   * `timeout` applies to each name, in milliseconds from when the name was read. Polls wait for the rate limit, the
   * earliest due first. At most 1000 of them wait at a time, together with the other requests of the client.
   */
  watchAll<R = Json | undefined, M = Json>(
    names: ObservableInput<string | ResumeToken>,
    options: WatchAllOptions<R, M> = {},
  ): Observable<NamedSnapshot<R, M>> {
    return this.#core.watchAll(names, watchAllSettings(options))
  }

  /**
   * Watches an operation from the response of the call that started it. The response is the first snapshot, with `attempt`
   * 0. No request is sent if the operation is already done.
   *
   * ```
   * --Right(Running)--Right(Running)--Right(Succeeded)|
   * --Right(Running)--Left(OperationError)|
   * ```
   *
   * The Left is the same as for {@link watch}. It is `InvalidName` if `started` is not an operation, or is running and has
   * no name.
   *
   * @example
   * {@includeCode ../examples/chain-two.ts}
   */
  follow<R = Json | undefined, M = Json>(started: unknown, options: WatchOptions<R, M> = {}): Watch<R, M> {
    return this.#core.follow(started, watchSettings(options))
  }

  /**
   * Polls once, as the next poll of a watch whose state is stored elsewhere: in a job queue, a workflow or a database.
   * `from` is a name or a token for the first step, and then the `state` of the previous step.
   *
   * ```
   * --Pending{state, wait, snapshot?}|  or  --Ended{result}|
   * ```
   *
   * `Pending` has the state to store, the snapshot if the poll returned one, and the time until the next step. `wait` is in
   * milliseconds, and Infinity if the schedule polls only after a hint. The result of `Ended` is the final result of the
   * watch: `Right(Succeeded)` or a Left.
   *
   * A state is validated like a token. If it is malformed or for another endpoint, the step ends with `InvalidName` and
   * sends no request.
   *
   * @example
   * {@includeCode ../examples/step-by-step.ts}
   */
  step(from: string | ResumeToken | PollState, options: StepOptions = {}): Observable<Step> {
    return step(this.#core, from, options)
  }

  /** Returns the token of an operation without a request. The Left is `InvalidName`. */
  token(nameOrToken: string | ResumeToken): Either<OperationError, ResumeToken> {
    const target = resolveTarget(nameOrToken, this.#core.settings)
    return isLeft(target) ? target : right({ ...target.right, since: target.right.since ?? now() })
  }

  /** The endpoint of this client: scheme, host and port. */
  get endpoint(): string {
    return this.#core.settings.api.endpoint
  }

  /** Returns the current request statistics of this client. */
  stats(): Stats {
    return this.#core.connection.stats()
  }

  /** Ends all watches with `ClientClosed` and destroys the agents. Further calls have no effect. */
  close(): void {
    this.#core.close()
  }

  /** Calls {@link close} at the end of an `await using` block. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close()
  }
}
