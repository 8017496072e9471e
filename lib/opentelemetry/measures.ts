import type { Attributes, Counter, Histogram, Meter, UpDownCounter } from '@opentelemetry/api'
import type { PollEnded, RateLimitAcquired, WatchEnded, WatchStarted } from '../index.js'
import { serverAttributes } from './attributes.js'
import { errorTypeOfWatch } from './error-type.js'

interface ActiveWatch {
  readonly since: number
  readonly server: Attributes
}

/** In seconds: a poll takes milliseconds, an operation takes hours, and whoever polls seldom learns late of its end. */
const QUICK = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const LONG = [0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400]

/** What is counted and measured. No attribute names an operation: each of its values would be a series of its own. */
export class Measures {
  readonly #polls: Histogram
  readonly #watches: Histogram
  readonly #active: UpDownCounter
  readonly #lag: Histogram
  readonly #throttled: Counter
  readonly #waited: Histogram
  readonly #live = new Map<number, ActiveWatch>()

  constructor(meter: Meter) {
    const seconds = (name: string, explicitBucketBoundaries: number[], description: string): Histogram =>
      meter.createHistogram(name, { description, unit: 's', advice: { explicitBucketBoundaries } })
    this.#polls = seconds(
      'gcp.client.request.duration',
      QUICK,
      'A poll, from when it was due to its answer, with what it waited for the budget.',
    )
    this.#watches = seconds(
      'rx_longrunning.watch.duration',
      LONG,
      'A watch, from its subscription to its end.',
    )
    this.#active = meter.createUpDownCounter('rx_longrunning.watch.active', {
      description: 'Watches that go on.',
      unit: '{watch}',
    })
    this.#lag = seconds(
      'rx_longrunning.lag',
      LONG,
      'At most this passed between the end of an operation and its notice: since the snapshot before.',
    )
    this.#throttled = meter.createCounter('rx_longrunning.throttled', {
      description: 'Polls that were answered 429.',
      unit: '{poll}',
    })
    this.#waited = seconds('rx_longrunning.rate_limit.wait', QUICK, 'What a request waited for the budget.')
  }

  watchStarted({ watch, endpoint }: WatchStarted): void {
    const server = serverAttributes(endpoint)
    this.#live.set(watch, { since: performance.now(), server })
    this.#active.add(1, server)
  }

  watchEnded(event: WatchEnded): void {
    const watching = this.#live.get(event.watch)
    if (watching === undefined) return
    const { since, server } = watching
    const type = errorTypeOfWatch(event)
    this.#live.delete(event.watch)
    this.#active.add(-1, server)
    this.#watches.record((performance.now() - since) / 1_000, {
      ...server,
      'rx_longrunning.outcome': event.outcome,
      ...(type && { 'error.type': type }),
    })
  }

  pollEnded({ took, lag, httpStatus, endpoint }: PollEnded, kind: Attributes): void {
    this.#polls.record(took / 1_000, kind)
    if (lag !== undefined) this.#lag.record(lag / 1_000, serverAttributes(endpoint))
    if (httpStatus === 429) this.#throttled.add(1, serverAttributes(endpoint))
  }

  rateLimitAcquired({ waited }: RateLimitAcquired): void {
    this.#waited.record(waited / 1_000)
  }

  /** Takes the watches that go on out of their count, for nobody will tell of their ends. */
  stop(): void {
    for (const { server } of this.#live.values()) this.#active.add(-1, server)
    this.#live.clear()
  }
}
