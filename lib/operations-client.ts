/// <reference lib="esnext.disposable" preserve="true" />
import type { Either } from 'fp-ts/lib/Either.js'
import {
  concat,
  concatMap,
  defer,
  EMPTY,
  map,
  type Observable,
  type ObservableInput,
  of,
  take,
  takeUntil,
  tap,
} from 'rxjs'
import {
  type ClientConnection,
  type ClientOptions,
  type ClientSettings,
  clientSettings,
} from './client-options.js'
import { makeOperationError } from './messages/error-message.js'
import { clip, redactUrl } from './messages/format-value.js'
import { InvalidOption, inRange, milliseconds } from './messages/invalid-option.js'
import { redactEchoes, secretsIn, secretsInUrl } from './messages/redact.js'
import { isLeft, left, right } from './model/either.js'
import type { TransportFailure, TransportResponse } from './model/failure.js'
import type { Json } from './model/json.js'
import type { Running } from './model/operation.js'
import type { OperationError } from './model/operation-error.js'
import { Code } from './model/status.js'
import { parseParent } from './names/operation-name.js'
import { isAllowedEndpoint, parseTarget, type ResumeToken } from './names/resume-token.js'
import { type OperationVerb, templateProblem } from './names/service.js'
import { applyDecoders, checkDecoders, type Decoders } from './polling/apply-decoders.js'
import { classify } from './polling/classify.js'
import { type Emission, toEmission } from './polling/emission.js'
import { isSerializedState, parsePollState } from './polling/parse-poll-state.js'
import { initialState, type PollState, withPollSent } from './polling/poll-state.js'
import { now } from './time/clock.js'
import type { Stats } from './transport/rate-limiter.js'
import { CloseSignal } from './watch/close-signal.js'
import { listPages } from './watch/list-pages.js'
import { pollOnce, type SendPoll, sendOnce } from './watch/poll-once.js'
import { type RetriedRequest, requestWithRetry } from './watch/request-with-retry.js'
import { type SharedPoll, type SharedPolls, sharedPolls } from './watch/shared-polls.js'
import { type Step, type StepOptions, toStep } from './watch/step.js'
import { type Watch, watch } from './watch/watch.js'
import { type NamedSnapshot, type WatchAllOptions, watchAll, watchAllSettings } from './watch/watch-all.js'
import { type WatchOptions, type WatchSettings, watchSettings } from './watch/watch-options.js'
import { decodePage, decodeStartedOperation } from './wire/decode-operation.js'
import {
  cancelRequest,
  deleteRequest,
  getRequest,
  listRequest,
  type TransportRequest,
  waitRequest,
} from './wire/request.js'
import { checkRequestOptions } from './wire/request-options.js'

/** Options of {@link OperationsClient.get}. */
export interface GetOptions<R = Json | undefined, M = Json> extends Decoders<R, M> {
  /** The format of errors, for this request alone. */
  readonly xgafv?: '1' | '2' | undefined
}

/** Options of {@link OperationsClient.wait}. */
export interface WaitOptions<R = Json | undefined, M = Json> extends Decoders<R, M> {
  /**
   * Milliseconds that the server may hold its answer, from 1 to 1 073 741 824, beside `requestTimeout`.
   * @defaultValue 30 000
   */
  readonly timeout?: number | undefined
}

/** Options of {@link OperationsClient.cancel} and {@link OperationsClient.delete}. */
export interface RetryOptions {
  /**
   * Milliseconds of unbroken transient failure before `Unreachable`; with 0 it is asked once.
   * @defaultValue 30 000
   */
  readonly maxRetryTime?: number | undefined
}

/** Options of {@link OperationsClient.list}. */
export interface ListOptions<R = Json | undefined, M = Json> extends RetryOptions, Decoders<R, M> {
  /** Which operations, in the service's own words, such as `done=true`. */
  readonly filter?: string | undefined
  /** The most operations of a page, at least 1; the service may send fewer. */
  readonly pageSize?: number | undefined
}

/** Emits once that the server has done what it was asked, or why not. */
export type Done = Observable<Either<OperationError, void>>

type RequestHandling<A> = Pick<RetriedRequest<A>, 'decode' | 'maxRetryTime' | 'missing'>

const DEFAULT_MAX_RETRY_TIME = 30_000

/** How long a server may hold an answer of a watch: many a proxy ends what is silent for a minute. */
const LONG_POLL_TIMEOUT = 30_000

/** Whether a wait was refused for good, though a get may not be: it may not be served, or be for others than readers. */
function isUnsupported(outcome: Either<TransportFailure, TransportResponse>): boolean {
  const { _tag } = classify(outcome, now())
  return !isLeft(outcome) && outcome.right.httpStatus !== 401 && (_tag === 'Rejected' || _tag === 'NotFound')
}

/**
 * The resource `operations` of a service: one transport and one credential for all who ask.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/operations.
 *
 * @example
 * {@includeCode ../examples/track-many.ts}
 */
export class OperationsClient {
  readonly #settings: ClientSettings
  readonly #connection: ClientConnection
  readonly #sharedPolls: SharedPolls = sharedPolls()
  readonly #closeSignal = new CloseSignal()

  /** Checks the options at once; throws `InvalidOption`. Nothing is opened before the first request. */
  constructor(options: ClientOptions = {}) {
    this.#settings = clientSettings(options)
    this.#connection = this.#settings.connect()
  }

  /**
   * Asks once.
   *
   * ```
   * --Right(Operation)|  or  --Left(OperationError)|
   * ```
   *
   * The Left is as that of a watch without maxRetryTime: a transient failure is `Unreachable` with its facts and the
   * server's delay in `last`, a 404 is `OperationNotFound` at once.
   */
  get<R = Json | undefined, M = Json>(
    nameOrToken: string | ResumeToken,
    { xgafv, ...decoders }: GetOptions<R, M> = {},
  ): Watch<R, M> {
    const request = { ...this.#settings.request, ...(xgafv !== undefined && { xgafv }) }
    checkRequestOptions(request)
    checkDecoders(decoders)
    const target = this.#target(nameOrToken)
    if (isLeft(target)) return of(target)
    return this.#once(target.right, () => this.#send(getRequest(target.right, request)), decoders)
  }

  /**
   * Asks once, and lets the server hold its answer until the operation is done or `timeout` is over; it may answer
   * sooner. For services that have `operations.wait`, such as `service('run')`.
   *
   * ```
   * --------Right(Operation)|  or  --Left(OperationError)|
   * ```
   *
   * The Left is that of {@link get}, and `RequestRejected` without a request where the service is known not to have it.
   *
   * Source: google/longrunning/operations.proto.
   */
  wait<R = Json | undefined, M = Json>(
    nameOrToken: string | ResumeToken,
    { timeout = 30_000, ...decoders }: WaitOptions<R, M> = {},
  ): Watch<R, M> {
    inRange('timeout', timeout, 'milliseconds', { from: 1, to: 2 ** 30 })
    checkDecoders(decoders)
    const target = this.#serving('wait', this.#target(nameOrToken))
    if (isLeft(target)) return of(target)
    const { request } = this.#settings
    return this.#once(target.right, () => this.#send(waitRequest(target.right, timeout, request)), decoders)
  }

  /**
   * Lists the operations of a parent, such as `projects/p/locations/l`, for services that have `operations.list`. A page
   * is asked for when those before it were emitted, so `take(10)` asks for no more than it needs; a transient failure is
   * asked again, up to `maxRetryTime`.
   *
   * ```
   * --(abc)----(def)--|
   * --(abc)----Left(OperationError)|
   * ```
   *
   * Each operation is one emission: `OperationFailed` on the Left where it failed, `MalformedResponse` where it could not
   * be read. Any other Left is about the list, and ends it; `RequestRejected` comes without a request where the service
   * is known not to have it.
   *
   * Source: google/longrunning/operations.proto, https://google.aip.dev/158.
   */
  list<R = Json | undefined, M = Json>(parent: string, options: ListOptions<R, M> = {}): Watch<R, M> {
    const { filter, pageSize, maxRetryTime = DEFAULT_MAX_RETRY_TIME, ...decoders } = options
    if (filter !== undefined && typeof filter !== 'string')
      throw new InvalidOption('filter', 'a text', filter)
    if (pageSize !== undefined && !(Number.isInteger(pageSize) && pageSize >= 1 && pageSize <= 2 ** 31 - 1))
      throw new InvalidOption('pageSize', 'a whole number from 1 to 2147483647', pageSize)
    milliseconds('maxRetryTime', maxRetryTime, 0)
    checkDecoders(decoders)
    const target = this.#serving('list', this.#parent(parent))
    if (isLeft(target)) return of(target)
    const { request } = this.#settings
    const resume = target.right
    const read = applyDecoders(decoders)
    return this.#untilClosed(
      resume,
      listPages(resume, (pageToken) =>
        this.#requestWithRetry(resume, listRequest(resume, { filter, pageSize, pageToken }, request), {
          decode: decodePage,
          maxRetryTime,
          missing: ({ status, ...rest }) => ({ ...rest, _tag: 'Rejected', httpStatus: 404, status }),
        }),
      ),
    ).pipe(map((word) => read(word, { resume: { ...resume, name: nameIn(word) } })))
  }

  /**
   * Asks the server to end an operation, for services that have `operations.cancel`. Whether it does so is up to the
   * service: a watch tells, by `OperationFailed` with code 1 (`CANCELLED`) where it did.
   *
   * ```
   * --Right(undefined)|  or  --Left(OperationError)|
   * ```
   *
   * The Left is that of {@link list}: a transient failure is asked again, up to `maxRetryTime`.
   *
   * Source: google/longrunning/operations.proto.
   */
  cancel(nameOrToken: string | ResumeToken, options: RetryOptions = {}): Done {
    return this.#done('cancel', cancelRequest, nameOrToken, options)
  }

  /**
   * Lets the server forget an operation, for services that have `operations.delete`; it does not end it.
   *
   * ```
   * --Right(undefined)|  or  --Left(OperationError)|
   * ```
   *
   * The Left is that of {@link cancel}. A 404 after an answer that was lost is taken for a success.
   *
   * Source: google/longrunning/operations.proto.
   */
  delete(nameOrToken: string | ResumeToken, options: RetryOptions = {}): Done {
    return this.#done('delete', deleteRequest, nameOrToken, options)
  }

  /**
   * Watches an operation to its end.
   *
   * ```
   * --Right(Running)--Right(Running)--Right(Succeeded)|
   * --Right(Running)--Left(OperationError)|
   * ```
   *
   * Watches of this client with equal name, `schedule`, `maxRetryTime` and `visibilityWindow` share their polls: one that
   * comes late is given the latest snapshot first. Unsubscribing stops the polls with the last subscriber; it never
   * cancels the operation.
   *
   * The Left is the last word: `OperationFailed` when the operation failed, every other kind when its end could not be
   * learned, `ClientClosed` among them when the client is closed meanwhile.
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
    const target = this.#target(nameOrToken)
    if (isLeft(target)) return of(target)
    const loop = (): SharedPoll => this.#sharedPoll(target.right, settings)
    return watch({ target: target.right, polls: loop, closeSignal: this.#closeSignal }, settings)
  }

  /**
   * Watches many operations to their ends, at a fraction of the memory of as many watches; it shares no polls with those.
   *
   * ```
   * names  --a-b-----------------------|
   *        ---{a, Running}--{b, Running}--{a, Left}--{b, Succeeded}|
   * ```
   *
   * `names` is anything that an Observable can be made of. What is iterated is read no faster than `concurrency` allows, so
   * it may be endless; what pushes is kept until it is wanted. It completes when all names are done. One failure ends only
   * its own name: the Left is the last word of that name, as that of {@link watch}. When the client is closed, names that
   * were not read have no word.
   *
   * `timeout` is each name's own, in milliseconds from when it was read. Polls wait for the client's budget in the order in which
   * they are due, up to a thousand of them, and so does whatever else the client is asked meanwhile.
   */
  watchAll<R = Json | undefined, M = Json>(
    names: ObservableInput<string | ResumeToken>,
    options: WatchAllOptions<R, M> = {},
  ): Observable<NamedSnapshot<R, M>> {
    const settings = watchAllSettings(options)
    if ((typeof names !== 'object' && typeof names !== 'function') || names === null)
      throw new InvalidOption('names', 'what an Observable can be made of, such as an array', names)
    const { schedule, maxRetryTime, visibilityWindow } = settings
    const { random } = this.#settings
    const policy = { schedule, maxRetryTime, visibilityWindow, random, maxMalformedInARow: 2 }
    const targetOf = (given: unknown) => this.#target(given)
    const source = { names, targetOf, nameOf, send: this.#get, policy, closeSignal: this.#closeSignal }
    return watchAll(source, settings)
  }

  /**
   * Watches an operation that was just started, from what the starting call returned: that is the first snapshot, with
   * `attempt` 0. One that is done needs no request.
   *
   * The Left is that of {@link watch}, and `InvalidName` where it is no operation, or runs and has no name.
   *
   * @example
   * {@includeCode ../examples/chain-two.ts}
   */
  follow<R = Json | undefined, M = Json>(started: unknown, options: WatchOptions<R, M> = {}): Watch<R, M> {
    const settings = watchSettings(options)
    const operation = decodeStartedOperation(started)
    if (isLeft(operation)) return of(invalidName('', `what was started is no operation: ${operation.left}`))
    const { name = '', _tag } = operation.right
    const named = _tag === 'Running' ? this.#target(name) : right({ name, ...this.#settings.api })
    if (isLeft(named)) return of(named)
    const target = named.right
    return defer(() => {
      const started = toEmission(operation.right, { name, attempt: 0, elapsed: 0 })
      const first = isLeft(started) || started.right.done ? undefined : started.right
      const loop = (): SharedPoll => this.#sharedPoll(target, settings, first)
      return watch({ target, polls: loop, closeSignal: this.#closeSignal, started }, settings)
    })
  }

  /**
   * Polls once, as the next poll of a watch whose state is kept elsewhere: in a job queue, a workflow, a database. It says
   * what the watch would say, what to keep, and when the next step is due; schedule, maxRetryTime and verdicts are those of
   * {@link watch}. What came before is a name or a token at first, and then the `course` of the step before.
   *
   * ```
   * --Pending{course, wait, snapshot?}|  or  --Ended{word}|
   * ```
   *
   * The word of `Ended` is the last one: `Succeeded`, or the Left of a watch. A course comes from outside, so it is
   * checked as a token is: one that is none, or leads elsewhere, ends with `InvalidName` and is not asked for.
   *
   * `wait` is in milliseconds, and Infinity where the schedule leaves it to a hint.
   *
   * @example
   * {@includeCode ../examples/step-by-step.ts}
   */
  step(from: string | ResumeToken | PollState, options: StepOptions = {}): Observable<Step> {
    const { schedule, maxRetryTime, visibilityWindow } = watchSettings(options)
    const course = this.#initialState(from)
    if (isLeft(course)) return of({ _tag: 'Ended', result: course })
    const { random } = this.#settings
    const policy = {
      send: this.#get,
      schedule,
      maxRetryTime,
      visibilityWindow,
      random,
      maxMalformedInARow: 2,
    }
    return defer(() => {
      const sent = withPollSent(course.right, now())
      const turns = sendOnce(policy, sent).pipe(map((turn) => right(toStep(turn, now()))))
      return this.#untilClosed(sent.target, turns)
    }).pipe(
      take(1),
      map((step): Step => (isLeft(step) ? { _tag: 'Ended', result: step } : step.right)),
    )
  }

  /** Where and by what name this client would ask, nothing being sent; the Left is `InvalidName`. */
  token(nameOrToken: string | ResumeToken): Either<OperationError, ResumeToken> {
    const target = this.#target(nameOrToken)
    return isLeft(target) ? target : right({ ...target.right, since: target.right.since ?? now() })
  }

  /** Whom this client asks: scheme, host and port. */
  get endpoint(): string {
    return this.#settings.api.endpoint
  }

  /** What this client is doing at this moment. */
  stats(): Stats {
    return this.#connection.stats()
  }

  /** Ends live watches with `ClientClosed` and destroys the agents; to call it again does nothing. */
  close(): void {
    this.#closeSignal.close()
    this.#connection.close()
  }

  /** Does what {@link close} does, at the end of an `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close()
  }

  #target(nameOrToken: unknown): Either<OperationError<never>, ResumeToken> {
    const { api, universeDomain, service } = this.#settings
    const target = parseTarget(nameOrToken, api)
    const name = nameOf(nameOrToken)
    if (isLeft(target)) return invalidName(name, target.left)
    if (target.right.endpoint !== api.endpoint) {
      const foreign = isAllowedEndpoint(target.right, api.endpoint, universeDomain)
        ? `the token is for ${target.right.endpoint}, and this client asks ${api.endpoint}`
        : `the token's endpoint ${target.right.endpoint} is outside ${universeDomain}`
      return invalidName(name, foreign)
    }
    // A token of another version may be for names of another form.
    const isOurs = target.right.apiVersion === api.apiVersion
    const misfit = isOurs && service ? templateProblem(target.right.name, service) : undefined
    return misfit === undefined ? target : invalidName(name, misfit)
  }

  /** A course that was kept, or one that begins. */
  #initialState(from: unknown): Either<OperationError<never>, PollState> {
    const target = this.#target(isSerializedState(from) ? from.target : from)
    if (isLeft(target)) return target
    if (!isSerializedState(from)) return right(initialState(target.right, now()))
    const course = parsePollState(from, this.#settings.api, now())
    return isLeft(course) ? invalidName(target.right.name, course.left) : course
  }

  #parent(parent: unknown): Either<OperationError<never>, ResumeToken> {
    const { api, service } = this.#settings
    const collection = parseParent(parent)
    if (isLeft(collection)) return invalidName(nameOf(parent), collection.left)
    const misfit = service && templateProblem(`${collection.right}/x`, service)
    return misfit === undefined
      ? right({ name: collection.right, ...api })
      : invalidName(nameOf(parent), misfit)
  }

  /** A target as it is, or why the service cannot be asked this of it. */
  #serving(
    verb: OperationVerb,
    target: Either<OperationError<never>, ResumeToken>,
  ): Either<OperationError<never>, ResumeToken> {
    const { service } = this.#settings
    if (isLeft(target) || service === undefined || service.verbs.includes(verb)) return target
    const message = `nothing was sent, for ${service.title ?? service.name} has no operations.${verb}`
    const status = { code: Code.UNIMPLEMENTED, codeName: 'UNIMPLEMENTED', message, details: [] } as const
    const { name } = target.right
    return left(
      makeOperationError({ _tag: 'RequestRejected', name, httpStatus: 501, status, resume: target.right }),
    )
  }

  #once<R, M>(target: ResumeToken, ask: SendPoll, decoders: Decoders<R, M>): Watch<R, M> {
    return defer(() => {
      const resume = { ...target, since: target.since ?? now() }
      const read = applyDecoders(decoders)
      return this.#untilClosed(resume, pollOnce({ target: resume, send: ask })).pipe(
        take(1),
        map((word) => read(word, { resume })),
      )
    })
  }

  #done(
    verb: 'cancel' | 'delete',
    request: typeof cancelRequest,
    nameOrToken: unknown,
    { maxRetryTime = DEFAULT_MAX_RETRY_TIME }: RetryOptions,
  ): Done {
    milliseconds('maxRetryTime', maxRetryTime, 0)
    const target = this.#serving(verb, this.#target(nameOrToken))
    if (isLeft(target)) return of(target)
    const resume = target.right
    const done = { _tag: 'Read', value: undefined } as const
    const question: RequestHandling<void> = {
      decode: () => right(undefined),
      maxRetryTime,
      missing: (trouble, mayBeDone) => (verb === 'delete' && mayBeDone ? done : trouble),
    }
    return this.#untilClosed(
      resume,
      this.#requestWithRetry(resume, request(resume, this.#settings.request), question),
    ).pipe(take(1))
  }

  #requestWithRetry<A>(
    target: ResumeToken,
    request: TransportRequest,
    question: RequestHandling<A>,
  ): Observable<Either<OperationError<Json>, A>> {
    return requestWithRetry({ target, send: this.#send(request), random: this.#settings.random, ...question })
  }

  /** Ends a question that has no watch with `ClientClosed`. */
  #untilClosed<A>(
    resume: ResumeToken,
    words: Observable<Either<OperationError<Json>, A>>,
  ): Observable<Either<OperationError<Json>, A>> {
    return defer(() => {
      let isCut = false
      const closed = this.#closeSignal.whenClosed.pipe(tap(() => (isCut = true)))
      const last = (): Either<OperationError<Json>, never> =>
        left(makeOperationError({ _tag: 'ClientClosed', name: resume.name, resume }))
      return concat(
        words.pipe(takeUntil(closed)),
        defer(() => (isCut ? of(last()) : EMPTY)),
      )
    })
  }

  #send(request: TransportRequest): Observable<Either<TransportFailure, TransportResponse>> {
    const secrets = secretsInUrl(request.url)
    const answer = this.#connection.transport(request)
    if (secrets.length === 0) return answer
    // In what the server tells of the operation, the user may be a word like any other.
    const inErrors = [...secrets, ...secretsIn([this.#settings.request.quotaUser ?? ''])]
    return answer.pipe(
      map((outcome) => {
        const isError = isLeft(outcome) || outcome.right.httpStatus >= 300
        return redactEchoes(outcome, isError ? inErrors : secrets)
      }),
    )
  }

  readonly #get: SendPoll = (target) => this.#send(getRequest(target, this.#settings.request))

  /** Asks for the first snapshot at once, for others by a wait, as long as the server has it. */
  #longPolling(): SendPoll {
    let isServed = true
    return (target, attempt) => {
      if (attempt === 1 || !isServed) return this.#get(target, attempt)
      return this.#send(waitRequest(target, LONG_POLL_TIMEOUT, this.#settings.request)).pipe(
        concatMap((outcome) => {
          isServed = !isUnsupported(outcome)
          return isServed ? of(outcome) : this.#get(target, attempt)
        }),
      )
    }
  }

  #sharedPoll<R, M>(target: ResumeToken, settings: WatchSettings<R, M>, started?: Running<Json>): SharedPoll {
    const { schedule, maxRetryTime, visibilityWindow } = settings
    const { random, service } = this.#settings
    const longPoll = settings.longPoll && service?.verbs.includes('wait') === true
    return this.#sharedPolls({ target, schedule, maxRetryTime, visibilityWindow, longPoll }, (since) => ({
      target: since,
      send: longPoll ? this.#longPolling() : this.#get,
      started,
      schedule,
      maxRetryTime,
      visibilityWindow,
      longPoll,
      maxMalformedInARow: 2,
      random,
    }))
  }
}

function nameIn(word: Emission): string {
  return isLeft(word) ? word.left.name : word.right.name
}

/** What to call the thing that was given in place of a name. */
function nameOf(given: unknown): string {
  const name: unknown = typeof given === 'object' && given !== null && 'name' in given ? given.name : given
  return typeof name === 'string' ? clip(redactUrl(name), 400) : ''
}

function invalidName(name: string, reason: string): Either<OperationError<never>, never> {
  return left(makeOperationError({ _tag: 'InvalidName', name, reason }))
}
