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
import { pollKindAttributes } from './attributes.js'
import { Measures } from './measures.js'
import { Spans } from './spans.js'

/** Where spans and metrics go. */
export interface InstrumentOptions {
  /**
   * Makes the spans.
   * @defaultValue the global one
   */
  readonly tracerProvider?: TracerProvider | undefined
  /**
   * Makes the metrics.
   * @defaultValue the one that is global when `instrument` is called
   */
  readonly meterProvider?: MeterProvider | undefined
  /**
   * How many polls of a watch have a span at most, from 0 to 1 000 000; one more is kept for the last. With 0 no poll has
   * one, as where the HTTP client makes spans already.
   * @defaultValue 50
   */
  readonly pollSpans?: number | undefined
}

/**
 * Turns what `rx-longrunning` tells on the diagnostics channels of this process into spans and metrics of OpenTelemetry,
 * from now on; what it answers stops that, and ends the spans that are open. Bad options throw `InvalidOption` at once.
 *
 * ```
 * google.longrunning.Operations/Wait               a watch, under the span that is active where it is subscribed to
 *   google.longrunning.Operations/GetOperation     a poll, with what it waited for the budget
 * ```
 *
 * Watches that share their polls have a span each, and the polls belong to the first of them that is still there. A span
 * fails with `error.type` where the operation failed or its end could not be learned; one that was unsubscribed does not.
 * Attributes hold the name of the operation, the server's host and port, and codes: no URL, no header, nothing of a body but
 * the message of the error.
 *
 * | metric | unit | |
 * |---|---|---|
 * | `gcp.client.request.duration` | s | each poll, by verdict and status |
 * | `rx_longrunning.watch.duration` | s | each watch, by outcome |
 * | `rx_longrunning.watch.active` | | watches that go on |
 * | `rx_longrunning.lag` | s | the most that may have passed between an operation's end and its notice |
 * | `rx_longrunning.throttled` | | polls that were answered 429 |
 * | `rx_longrunning.rate_limit.wait` | s | what each request waited for the budget |
 *
 * Source: google-cloud-rust, whose names the attributes have; https://opentelemetry.io/docs/specs/semconv.
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
  const stops = [
    listen<WatchStarted>('watch:start', (event) => {
      spans.watchStarted(event)
      measures.watchStarted(event)
    }),
    listen<WatchEnded>('watch:end', (event) => {
      spans.watchEnded(event)
      measures.watchEnded(event)
    }),
    listen<PollEnded>('poll:end', (event) => {
      const kind = pollKindAttributes(event)
      spans.pollEnded(event, kind)
      measures.pollEnded(event, kind)
    }),
    listen<RateLimitAcquired>('rate-limit:acquire', (event) => measures.rateLimitAcquired(event)),
  ]
  return () => {
    for (const stop of stops.splice(0)) stop()
    spans.stop()
    measures.stop()
  }
}

/** Listens on a channel. A listener that throws would end the process, for the sake of a figure. */
function listen<E>(name: string, hear: (event: E) => void): () => void {
  const channel = `rx-longrunning:${name}`
  const listener = (event: unknown): void => {
    try {
      hear(event as E)
    } catch (defect) {
      diag.error(`rx-longrunning/opentelemetry: ${String(defect)}`)
    }
  }
  subscribe(channel, listener)
  return () => unsubscribe(channel, listener)
}
