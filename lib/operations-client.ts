import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { AsyncSubject, defer, map, merge, of, take } from 'rxjs'
import { type ClientOptions, type ClientSettings, type Connection, clientSettings } from './client-options.js'
import { secretsOfUrl, unechoed } from './model/echo.js'
import type { Json } from './model/json.js'
import type { Running } from './model/operation.js'
import type { OperationError } from './model/operation-error.js'
import { getRequest } from './model/request.js'
import { checkRequestOptions, type RequestOptions } from './model/request-options.js'
import { mayFollow, parseTarget, type ResumeToken } from './model/resume-token.js'
import { operationError } from './model/sentence.js'
import { clipped, withoutSecrets } from './model/shown.js'
import { decodeStarted } from './model/started.js'
import { checkDecoders, type Decoders, decoded } from './policy/decoded.js'
import { type Word, wordOf } from './policy/word.js'
import { type PollOptions, pollLoop, pollOnce } from './watch/poll.js'
import { type Loop, type Loops, sharedLoops } from './watch/shared.js'
import { now } from './watch/sleep.js'
import { type Watch, type WatchOptions, type WatchSettings, watch, watchSettings } from './watch/watch.js'

/** Options of {@link OperationsClient.get}. */
export interface GetOptions<R = Json | undefined, M = Json> extends Decoders<R, M> {
  /** The format of errors, for this request alone. */
  readonly xgafv?: '1' | '2' | undefined
}

/**
 * The resource `operations` of a service: one transport and one credential for all who ask.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/operations.
 *
 * @example {@includeCode ../examples/track-many.ts}
 */
export class OperationsClient {
  readonly #settings: ClientSettings
  readonly #connection: Connection
  readonly #loops: Loops = sharedLoops()
  readonly #closed = new AsyncSubject<void>()

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
   * The Left is as that of a watch without patience: a transient failure is `Unreachable` with its facts and the
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
    return defer(() => {
      const resume = { ...target.right, since: target.right.since ?? now() }
      const closed = this.#closed.pipe(
        map((): Word => left(operationError({ _tag: 'ClientClosed', name: resume.name, resume }))),
      )
      const read = decoded(decoders)
      const once = pollOnce({ target: resume, ask: this.#ask(resume, request) })
      return merge(closed, once).pipe(
        take(1),
        map((word) => read(word, { resume })),
      )
    })
  }

  /**
   * Watches an operation to its end.
   *
   * ```
   * --Right(Running)--Right(Running)--Right(Succeeded)|
   * --Right(Running)--Left(OperationError)|
   * ```
   *
   * Watches of this client with equal name, `schedule`, `patience` and `visibilityWindow` share their polls: one that
   * comes late is given the latest snapshot first. Unsubscribing stops the polls with the last subscriber; it never
   * cancels the operation.
   *
   * The Left is the last word: `OperationFailed` when the operation failed, every other kind when its end could not be
   * learned, `ClientClosed` among them when the client is closed meanwhile.
   *
   * Source: https://google.aip.dev/151.
   *
   * @example {@includeCode ../examples/track-many.ts}
   */
  watch<R = Json | undefined, M = Json>(
    nameOrToken: string | ResumeToken,
    options: WatchOptions<R, M> = {},
  ): Watch<R, M> {
    const settings = watchSettings(options)
    const target = this.#target(nameOrToken)
    if (isLeft(target)) return of(target)
    const loop = (): Loop => this.#loop(target.right, settings)
    return watch({ target: target.right, loop, closed: this.#closed }, settings)
  }

  /**
   * Watches an operation that was just started, from what the starting call returned: that is the first snapshot, with
   * `attempt` 0. One that is done needs no request.
   *
   * The Left is that of {@link watch}, and `InvalidName` where it is no operation, or runs and has no name.
   *
   * @example {@includeCode ../examples/chain-two.ts}
   */
  follow<R = Json | undefined, M = Json>(started: unknown, options: WatchOptions<R, M> = {}): Watch<R, M> {
    const settings = watchSettings(options)
    const operation = decodeStarted(started)
    if (isLeft(operation)) return of(invalidName('', `what was started is no operation: ${operation.left}`))
    const { name = '', _tag } = operation.right
    const named = _tag === 'Running' ? this.#target(name) : right({ name, ...this.#settings.place })
    if (isLeft(named)) return of(named)
    const target = named.right
    return defer(() => {
      const started = wordOf(operation.right, { name, attempt: 0, elapsed: 0 })
      const first = isLeft(started) || started.right.done ? undefined : started.right
      const loop = (): Loop => this.#loop(target, settings, first)
      return watch({ target, loop, closed: this.#closed, started }, settings)
    })
  }

  /** Ends live watches with `ClientClosed` and destroys the agents; to call it again does nothing. */
  close(): void {
    this.#closed.next()
    this.#closed.complete()
    this.#connection.close()
  }

  /** Does what {@link close} does, at the end of an `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close()
  }

  #target(nameOrToken: unknown): Either<OperationError<never>, ResumeToken> {
    const { place, universeDomain } = this.#settings
    const target = parseTarget(nameOrToken, place)
    const name = nameOf(nameOrToken)
    if (isLeft(target)) return invalidName(name, target.left)
    if (target.right.endpoint === place.endpoint) return target
    const foreign = mayFollow(target.right, place.endpoint, universeDomain)
      ? `the token is for ${target.right.endpoint}, and this client asks ${place.endpoint}`
      : `the token's endpoint ${target.right.endpoint} is outside ${universeDomain}`
    return invalidName(name, foreign)
  }

  #ask(target: ResumeToken, request: RequestOptions): PollOptions['ask'] {
    return defer(() => {
      const asked = getRequest(target, request)
      return this.#connection
        .transport(asked)
        .pipe(
          map((outcome) =>
            isLeft(outcome) ? outcome : right(unechoed(outcome.right, secretsOfUrl(asked.url))),
          ),
        )
    })
  }

  #loop<R, M>(target: ResumeToken, settings: WatchSettings<R, M>, started?: Running<Json>): Loop {
    const { schedule, patience, visibilityWindow } = settings
    const { random, request } = this.#settings
    return this.#loops({ target, schedule, patience, visibilityWindow }, (since, nudges) =>
      pollLoop({
        target: since,
        ask: this.#ask(since, request),
        started,
        nudges,
        schedule,
        patience,
        visibilityWindow,
        oddities: 2,
        random,
      }),
    )
  }
}

/** What to call the thing that was given in place of a name. */
const nameOf = (given: unknown): string => {
  const name: unknown = typeof given === 'object' && given !== null && 'name' in given ? given.name : given
  return typeof name === 'string' ? clipped(withoutSecrets(name), 400) : ''
}

const invalidName = (name: string, reason: string): Either<OperationError<never>, never> =>
  left(operationError({ _tag: 'InvalidName', name, reason }))
