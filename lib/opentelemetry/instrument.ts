import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { diag, type MeterProvider, metrics, type TracerProvider, trace } from '@opentelemetry/api'
import {
  InvalidOption,
  type PollEnded,
  type RateLimitAcquired,
  type WatchEnded,
  type WatchStarted,
} from '../index.js'
import { VERSION } from '../model/version.js'
import { pollMetricAttributes } from './attributes.js'
import { type MeasuredWatch, Measures } from './measures.js'
import { Spans, type WatchSpan } from './spans.js'

/** Options of {@link instrument}. */
export interface InstrumentOptions {
  /**
   * Creates the tracer of the spans.
   * @defaultValue the global provider
   */
  readonly tracerProvider?: TracerProvider | undefined
  /**
   * Creates the meter of the metrics.
   * @defaultValue the global provider at the time of the call
   */
  readonly meterProvider?: MeterProvider | undefined
  /**
   * The maximum number of spans for the polls of each watch, from 0 to 1,000,000. The last poll gets a span even above
   * a maximum of at least 1. 0 disables all poll spans, for example if your HTTP client already creates spans.
   * @defaultValue 50
   */
  readonly pollSpans?: number | undefined
}

/**
 * Records spans and metrics of OpenTelemetry from the diagnostics channels of `rx-longrunning` in this process.
 * Returns a function that stops recording and ends open spans. Throws `InvalidOption` if an option is invalid.
 *
 * ```
 * google.longrunning.Operations/Wait               a watch; its parent is the span that is active at subscription
 *   google.longrunning.Operations/GetOperation     a poll, including its wait for the rate limit
 * ```
 *
 * Each watch has its own span. If watches share polls, the poll spans are children of the oldest active watch. A span
 * has an error status and `error.type` if the operation failed or its outcome (succeeded or failed) is unknown. The
 * span of an unsubscribed watch has no error. Attributes contain the operation name, the host and port of the server,
 * and codes. They contain no URL, no header, and no body. The span status contains the error message.
 *
 * | metric | unit | |
 * |---|---|---|
 * | `gcp.client.request.duration` | s | duration of each poll, by verdict and status |
 * | `rx_longrunning.watch.duration` | s | duration of each watch, by outcome |
 * | `rx_longrunning.watch.active` | | active watches |
 * | `rx_longrunning.lag` | s | maximum time between the end of an operation and the poll that detected it |
 * | `rx_longrunning.throttled` | | polls that received HTTP 429 |
 * | `rx_longrunning.rate_limit.wait` | s | time that each request waited for the rate limit |
 *
 * Sources: https://opentelemetry.io/docs/specs/semconv, and google-cloud-rust for the names of attributes.
 *
 * @example
 * {@includeCode ../../examples/trace-with-opentelemetry.ts}
 */
export function instrument({
  tracerProvider = trace.getTracerProvider(),
  meterProvider = metrics.getMeterProvider(),
  pollSpans = 50,
}: InstrumentOptions = {}): () => void {
  if (!(Number.isInteger(pollSpans) && pollSpans >= 0 && pollSpans <= 1_000_000))
    throw new InvalidOption('pollSpans', 'a whole number from 0 to 1000000', pollSpans)
  const spans = new Spans(tracerProvider.getTracer('rx-longrunning', VERSION), pollSpans)
  const measures = new Measures(meterProvider.getMeter('rx-longrunning', VERSION))
  const activeWatches = new Map<number | undefined, WatchSpan & MeasuredWatch>()
  const stopFunctions = [
    listen<WatchStarted>('watch:start', (event) => {
      activeWatches.set(event.watch, { ...spans.watchStarted(event), ...measures.watchStarted(event) })
    }),
    listen<WatchEnded>('watch:end', (event) => {
      const watch = activeWatches.get(event.watch)
      if (watch === undefined) return
      activeWatches.delete(event.watch)
      spans.watchEnded(watch, event)
      measures.watchEnded(watch, event)
    }),
    listen<PollEnded>('poll:end', (event) => {
      const attributes = pollMetricAttributes(event)
      spans.pollEnded(activeWatches.get(event.watch), event, attributes)
      measures.pollEnded(event, attributes)
    }),
    listen<RateLimitAcquired>('rate-limit:acquire', (event) => measures.rateLimitAcquired(event)),
  ]
  return () => {
    for (const stopListening of stopFunctions.splice(0)) stopListening()
    for (const watch of activeWatches.values()) {
      spans.watchStopped(watch)
      measures.watchStopped(watch)
    }
    activeWatches.clear()
  }
}

/** Subscribes to a channel. Catches errors of the handler, because a subscriber that throws would end the process. */
function listen<E>(name: string, handle: (event: E) => void): () => void {
  const channel = `rx-longrunning:${name}`
  const listener = (event: unknown): void => {
    try {
      handle(event as E)
    } catch (error) {
      diag.error(`rx-longrunning/opentelemetry: ${String(error)}`)
    }
  }
  subscribe(channel, listener)
  return () => unsubscribe(channel, listener)
}
