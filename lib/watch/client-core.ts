import { merge, Observable, of, Subscription } from 'rxjs'
import { leftError } from '../messages/error-message.js'
import { type Either, isLeft, right } from '../model/either.js'
import type { Json } from '../model/json.js'
import type { Running } from '../model/operation.js'
import type { OperationError } from '../model/operation-error.js'
import type { ResumeToken } from '../model/resume-token.js'
import { invalidName, nameHint, resolveTarget, type TargetSettings } from '../names/resolve-target.js'
import { type JsonEmission, toEmission } from '../polling/emission.js'
import type { PollPolicy } from '../polling/poll-state.js'
import type { Schedule } from '../polling/schedule.js'
import { NEVER, now, sleepThen, wallClock } from '../time/clock.js'
import { type Connection, type ConnectionSettings, connect } from '../transport/connect.js'
import { snapshotRequest, type TransportRequest } from '../wire/request.js'
import { decodeStarted } from '../wire/started-operation.js'
import { CloseSignal } from './close-signal.js'
import { timedOut, timeLimit } from './deadline.js'
import { type LongPolls, longPolls } from './long-poll.js'
import { type PollSource, type PollTable, sharedLoop } from './poll-loop.js'
import type { SendOptions, SendPoll } from './poll-once.js'
import { type Interruption, type Watch, watch } from './watch.js'
import type { WatchSettings } from './watch-options.js'

/** Validated options of a client. */
export interface ClientSettings extends ConnectionSettings, TargetSettings {
  /** The source of jitter: returns a number that is at least 0 and less than 1. */
  readonly random: () => number
  /** The schedule of watches that have none. */
  readonly schedule: Schedule
}

/** The parts that all methods of a client share: its connection, its poll loops and its close signal. */
export class ClientCore {
  readonly settings: ClientSettings
  readonly connection: Connection
  readonly sendGet: SendPoll
  readonly #closeSignal = new CloseSignal()
  readonly #pollTable: PollTable = new Map()
  readonly #longPolls: LongPolls

  constructor(settings: ClientSettings) {
    this.settings = settings
    this.connection = connect(settings)
    const { replayingTransport } = this.connection
    this.sendGet = (target) => replayingTransport(this.snapshotRequest(target))
    this.#longPolls = longPolls(replayingTransport, settings.request)
  }

  /** Returns the request for a snapshot of an operation. */
  snapshotRequest(target: ResumeToken): TransportRequest {
    const { protocol, request } = this.settings
    return snapshotRequest(protocol.get(target.name), target, request)
  }

  /** Returns the documented names of the service if the name of a target matches none of them. */
  readonly nameHint = (target: ResumeToken): string | undefined => nameHint(target, this.settings)

  /** Returns the options of the polls that `send` sends. One literal, because a spread would take longer than 1 µs. */
  sendOptions(policy: Omit<PollPolicy, 'random' | 'longPoll'>, send: SendPoll = this.sendGet): SendOptions {
    const { protocol, random } = this.settings
    return {
      send,
      protocol,
      schedule: policy.schedule,
      progressAware: policy.progressAware === true && protocol.hasUsableProgress !== false,
      maxRetryTime: policy.maxRetryTime,
      visibilityWindow: policy.visibilityWindow,
      maxMalformedInARow: policy.maxMalformedInARow,
      random,
      nameHint: this.nameHint,
    }
  }

  /** Watches a target. `started` is the first emission, from the response of the call that started the operation. */
  watch<R, M>(target: ResumeToken, settings: WatchSettings<R, M>, started?: JsonEmission): Watch<R, M> {
    const running = started === undefined || isLeft(started) || started.right.done ? undefined : started.right
    const openPolls = (): PollSource => this.#openPolls(target, settings, running)
    const source = { target, openPolls, closeSignal: this.#closeSignal, ...(started && { started }) }
    return watch(source, settings)
  }

  /**
   * Returns a watch of an operation, from the response of the call that started it. The Left is `InvalidName`, and no
   * request can be sent.
   */
  follow<R, M>(started: unknown, settings: WatchSettings<R, M>): Either<OperationError<never>, Watch<R, M>> {
    const operation = decodeStarted(started, this.settings.protocol)
    if (isLeft(operation)) return invalidName('', `the value is not a started operation: ${operation.left}`)
    const { name = '', _tag } = operation.right
    // An operation that is done needs no further request, so its name is not checked.
    const target =
      _tag === 'Running' ? resolveTarget(name, this.settings) : right({ name, ...this.settings.api })
    if (isLeft(target)) return target
    const emission = toEmission(operation.right, { name, attempt: 0, elapsed: 0 })
    return right(this.watch(target.right, settings, emission))
  }

  /**
   * Emits the result of a request. If the interruption is first, unsubscribes from the request and emits `ClientClosed` or
   * `TimedOut`. If the interruption is immediate, does not send the request.
   */
  untilInterrupted<A, M = Json>(
    target: ResumeToken,
    request: Observable<Either<OperationError<M>, A>>,
    interruption: Observable<Interruption>,
  ): Observable<Either<OperationError<M>, A>> {
    // Uses no operators, because each operator would create another Observable for each `get`.
    return new Observable((subscriber) => {
      const subscription = new Subscription()
      let hasResult = false
      const next = (result: Either<OperationError<M>, A>): void => {
        // An operator may close the client when it receives the result, which must not be lost.
        if (hasResult) return
        hasResult = true
        subscriber.next(result)
        subscriber.complete()
      }
      const onInterruption = (cause: Interruption): void => {
        subscription.unsubscribe()
        next(leftError<M>({ ...cause, name: target.name, resume: target }))
      }
      const error = (thrown: unknown): void => subscriber.error(thrown)
      subscriber.add(subscription)
      subscriber.add(interruption.subscribe(onInterruption))
      if (!subscriber.closed) subscription.add(request.subscribe({ next, error }))
    })
  }

  /** Emits the cause when the client is closed or the deadline passes. The time begins at the call. */
  interruption(deadline?: number): Observable<Interruption> {
    const { whenClosed } = this.#closeSignal
    const timeout = timeLimit(deadline)
    if (timeout === NEVER) return whenClosed
    const timeIsUp = of(timedOut(timeout, deadline))
    return merge(whenClosed, timeout === 0 ? timeIsUp : sleepThen(now() + timeout, () => timeIsUp))
  }

  close(): void {
    this.#closeSignal.close()
    this.connection.close()
  }

  #openPolls<R, M>(target: ResumeToken, settings: WatchSettings<R, M>, running?: Running): PollSource {
    const { service, protocol } = this.settings
    const { longPoll = protocol.usesWait === true } = settings
    const hasWait =
      (service?.verbs.includes('wait') ?? protocol.usesWait === true) &&
      protocol.hasMethod?.('wait', target.name) !== false
    const usesLongPoll = longPoll && hasWait
    const send = usesLongPoll ? this.#longPolls(protocol, this.sendGet) : this.sendGet
    const { endpoint, apiVersion, name, since = wallClock() } = target
    return sharedLoop(this.#pollTable, {
      ...this.sendOptions(settings, send),
      target: { name, endpoint, apiVersion, since: Math.min(since, wallClock()) },
      started: running,
      longPoll: usesLongPoll,
    })
  }
}
