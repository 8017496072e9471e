import type { Attributes, Counter, Histogram, Meter, UpDownCounter } from '@opentelemetry/api'
import type { PollEnded, RateLimitAcquired, WatchEnded, WatchStarted } from '../index.js'
import { errorTypeAttributes, serverAttributes } from './attributes.js'
import { errorTypeOf } from './error-type.js'

/** The facts about an active watch that its metrics need. */
export interface MeasuredWatch {
  /** A value of `performance.now()`. */
  readonly startedAt: number
  readonly server: Attributes
}

/** Bucket boundaries in seconds, for polls and for waits for the rate limit. */
const SHORT_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
/** Bucket boundaries in seconds, for watches and lags, which can take hours. */
const LONG_BUCKETS = [0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400]

/** Records the metrics. No attribute contains an operation name, because each name would create a time series. */
export class Measures {
  readonly #pollDuration: Histogram
  readonly #watchDuration: Histogram
  readonly #activeWatchCount: UpDownCounter
  readonly #lag: Histogram
  readonly #throttledPolls: Counter
  readonly #rateLimitWait: Histogram

  constructor(meter: Meter) {
    // Creates a histogram in seconds.
    const seconds = (name: string, explicitBucketBoundaries: number[], description: string): Histogram =>
      meter.createHistogram(name, { description, unit: 's', advice: { explicitBucketBoundaries } })
    this.#pollDuration = seconds(
      'gcp.client.request.duration',
      SHORT_BUCKETS,
      'Poll duration with the rate limit wait.',
    )
    this.#watchDuration = seconds('rx_longrunning.watch.duration', LONG_BUCKETS, 'Watch duration.')
    this.#activeWatchCount = meter.createUpDownCounter('rx_longrunning.watch.active', {
      description: 'Active watches.',
      unit: '{watch}',
    })
    this.#lag = seconds('rx_longrunning.lag', LONG_BUCKETS, 'Maximum time until the end was detected.')
    this.#throttledPolls = meter.createCounter('rx_longrunning.throttled', {
      description: 'Polls that received HTTP 429.',
      unit: '{poll}',
    })
    this.#rateLimitWait = seconds('rx_longrunning.rate_limit.wait', SHORT_BUCKETS, 'Wait for the rate limit.')
  }

  watchStarted({ endpoint }: WatchStarted): MeasuredWatch {
    const server = serverAttributes(endpoint)
    this.#activeWatchCount.add(1, server)
    return { startedAt: performance.now(), server }
  }

  watchEnded(watch: MeasuredWatch, event: WatchEnded): void {
    const { startedAt, server } = watch
    this.watchStopped(watch)
    this.#watchDuration.record((performance.now() - startedAt) / 1_000, {
      ...server,
      'rx_longrunning.outcome': event.outcome,
      ...errorTypeAttributes(errorTypeOf(event)),
    })
  }

  pollEnded({ took, lag, httpStatus, endpoint }: PollEnded, attributes: Attributes): void {
    this.#pollDuration.record(took / 1_000, attributes)
    if (lag !== undefined) this.#lag.record(lag / 1_000, serverAttributes(endpoint))
    if (httpStatus === 429) this.#throttledPolls.add(1, serverAttributes(endpoint))
  }

  rateLimitAcquired({ waited }: RateLimitAcquired): void {
    this.#rateLimitWait.record(waited / 1_000)
  }

  /** Subtracts a watch from `rx_longrunning.watch.active`. */
  watchStopped({ server }: MeasuredWatch): void {
    this.#activeWatchCount.add(-1, server)
  }
}
