import { isObservable, type Observable } from 'rxjs'
import { checkNames, InvalidOption, inRange, milliseconds } from '../messages/invalid-option.js'
import type { Json } from '../model/json.js'
import { checkDecoders, type Decoders } from '../polling/apply-decoders.js'
import { balanced, isSchedule, type Schedule } from '../polling/schedule.js'
import type { AbortSignalLike } from '../time/abort-signal.js'
import { isDecoder } from '../wire/decoder.js'
import { type DeadlineOption, deadlineTime } from './deadline.js'

/** Options of a watch. */
export interface WatchOptions<R = Json | undefined, M = Json> extends Decoders<R, M>, DeadlineOption {
  /**
   * When to poll a running operation.
   * @defaultValue `balanced()`, whose shortest wait is the documented poll interval of the service, if known
   */
  readonly schedule?: Schedule | undefined
  /**
   * Whether to forecast the end of an operation whose metadata contain its progress, and to poll just after it. The waits
   * are from `min` to `max` of the schedule. If the fraction is 0, or has not increased since the last poll, the wait is the
   * wait of the schedule. The progress of Compute Engine, GKE and Cloud SQL is never used.
   * @defaultValue true
   */
  readonly progressAware?: boolean | undefined
  /**
   * The time from the subscription until the watch ends with `TimedOut`, in milliseconds, at least 1. By default there
   * is no limit. If no poll is due before the end, the last poll is sent earlier than the end by the `min` of the schedule, or
   * by 750 ms if it has none. If this time ends while the process is frozen, the watch first polls once more.
   */
  readonly timeout?: number | undefined
  /**
   * How long to retry consecutive transient failures before the watch ends with `Unreachable`, in milliseconds, at
   * least 0. The time restarts after each valid response. Before the first HTTP response, the limit is at most 30,000.
   * Time in which no poll could be sent does not count. 0 disables retries.
   * @defaultValue 600_000
   */
  readonly maxRetryTime?: number | undefined
  /**
   * How long to retry a 404 after the start of the watch, in milliseconds, at least 0. A new operation may not be
   * visible on every server. If the watch has the response of the start call, a 403 is also retried.
   * @defaultValue 10_000
   */
  readonly visibilityWindow?: number | undefined
  /**
   * Triggers a poll on each emission. The poll is sent at the earliest 500 ms after the previous poll, and not before
   * the `Retry-After` of the server. If the hint completes, the watch continues. If the hint errors, the
   * watch errors.
   */
  readonly hint?: Observable<unknown> | undefined
  /**
   * Whether the server may hold the response of each poll, except the first, for up to 30 s until the operation is
   * done. The option has no effect for services without `operations.wait`. If a `hint` emits during a poll, the next
   * poll is sent after the response of the current poll.
   * @defaultValue true for Compute Engine, otherwise false
   */
  readonly longPoll?: boolean | undefined
  /** Completes the watch without emitting when the signal is aborted. */
  readonly signal?: AbortSignalLike | undefined
}

/** Validated options with defaults. */
export interface WatchSettings<R, M> extends WatchOptions<R, M> {
  /** Milliseconds since 1970. */
  readonly deadline: number | undefined
  readonly schedule: Schedule
  readonly progressAware: boolean
  readonly maxRetryTime: number
  readonly visibilityWindow: number
}

/** The names of {@link WatchOptions}, and of the options that only `start` and `watchAll` have. */
const OPTION_NAMES: readonly string[] =
  /* @__PURE__ */ `response metadata schedule progressAware timeout deadline maxRetryTime visibilityWindow hint longPoll
  signal requestId concurrency`.split(/\s+/)

/** The schedule of watches without another one. It records nothing. */
export const DEFAULT_SCHEDULE: Schedule = /* @__PURE__ */ balanced()

/** Returns the schedule for a service. `pollInterval` is its documented wait between polls, in milliseconds. */
export function scheduleOf(pollInterval: number | undefined): Schedule {
  return pollInterval === undefined ? DEFAULT_SCHEDULE : balanced({ min: pollInterval })
}

/** Validates the options of a watch and applies the defaults. Throws {@link InvalidOption}. */
export function watchSettings<R, M>(
  options: WatchOptions<R, M>,
  defaultSchedule: Schedule = DEFAULT_SCHEDULE,
): WatchSettings<R, M> {
  if (typeof options !== 'object' || isDecoder(options))
    throw new InvalidOption('options', 'an object such as { response: decoder }', options)
  checkNames(options, OPTION_NAMES)
  const { schedule = defaultSchedule, maxRetryTime = 600_000, visibilityWindow = 10_000 } = options
  const { response, metadata, timeout, hint, signal, longPoll, progressAware = true } = options
  if (!isSchedule(schedule)) throw new InvalidOption('schedule', 'a schedule such as balanced()', schedule)
  const { min = 0, max = 0 } = schedule
  inRange('schedule.min', min, 'milliseconds', { from: 0, to: Infinity })
  inRange('schedule.max', max, 'milliseconds', { from: 0, to: Infinity })
  milliseconds('maxRetryTime', maxRetryTime, 0)
  milliseconds('visibilityWindow', visibilityWindow, 0)
  if (timeout !== undefined) milliseconds('timeout', timeout, 1)
  if (hint !== undefined && !isObservable(hint)) throw new InvalidOption('hint', 'an Observable', hint)
  if (signal !== undefined && typeof signal?.addEventListener !== 'function')
    throw new InvalidOption('signal', 'an AbortSignal', signal)
  for (const [option, value] of Object.entries({ longPoll, progressAware }))
    if (value !== undefined && typeof value !== 'boolean')
      throw new InvalidOption(option, 'true or false', value)
  checkDecoders(options)
  const limits = { timeout, deadline: deadlineTime(options), maxRetryTime, visibilityWindow }
  return { response, metadata, schedule, progressAware, ...limits, hint, signal, longPoll }
}
