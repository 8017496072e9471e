import {
  type Attributes,
  type Context,
  context,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import type { PollEnded, WatchEnded, WatchStarted } from '../index.js'
import { GET_RPC, pollAttributes, WAIT_RPC, watchEndAttributes, watchStartAttributes } from './attributes.js'
import { errorTypeOf, statusOf } from './error-type.js'

/** The span of an active watch. */
export interface WatchSpan {
  readonly span: Span
  /** A context in which the watch span is the parent of new spans. */
  readonly context: Context
  readonly startTime: number
  pollCount: number
  /** The number of further polls that may get a span. */
  remainingPollSpans: number
}

/**
 * Records a span for each watch. Also records child spans for its first `maxPollSpans` polls and its last poll. A
 * poll span is created when the poll has ended, so the only open span of a watch is its own span.
 */
export class Spans {
  readonly #tracer: Tracer
  readonly #maxPollSpans: number

  constructor(tracer: Tracer, maxPollSpans: number) {
    this.#tracer = tracer
    this.#maxPollSpans = maxPollSpans
  }

  watchStarted(event: WatchStarted): WatchSpan {
    const startTime = Date.now()
    const parent = context.active()
    const options = { kind: SpanKind.INTERNAL, startTime, attributes: watchStartAttributes(event) }
    const span = this.#tracer.startSpan(WAIT_RPC, options, parent)
    const spanContext = trace.setSpan(parent, span)
    return { span, context: spanContext, startTime, pollCount: 0, remainingPollSpans: this.#maxPollSpans }
  }

  watchEnded(watch: WatchSpan, event: WatchEnded): void {
    watch.span.setAttributes(watchEndAttributes(event))
    if (errorTypeOf(event) !== undefined) setError(watch.span, event.error?.message)
    this.watchStopped(watch)
  }

  /** `watch` is the active watch that sent the poll, if there is one. */
  pollEnded(watch: WatchSpan | undefined, event: PollEnded, metricAttributes: Attributes): void {
    if (event.watch === undefined) {
      this.#recordPoll(event, metricAttributes, context.active())
      return
    }
    if (watch === undefined) return
    watch.pollCount += 1
    if (!watch.span.isRecording()) return
    const isLast = event.nextDelay === undefined
    if (watch.remainingPollSpans === 0 && !(isLast && this.#maxPollSpans > 0)) return
    watch.remainingPollSpans = Math.max(0, watch.remainingPollSpans - 1)
    this.#recordPoll(event, metricAttributes, watch.context, watch.startTime)
  }

  /** Ends the span of a watch. */
  watchStopped({ span, pollCount }: WatchSpan): void {
    span.setAttribute('gcp.longrunning.poll_attempt_count', pollCount)
    span.end(Date.now())
  }

  #recordPoll(event: PollEnded, metricAttributes: Attributes, parent: Context, earliestStartTime = 0): void {
    const endTime = Date.now()
    const startTime = Math.max(earliestStartTime, endTime - event.took)
    const attributes = pollAttributes(event, metricAttributes)
    const span = this.#tracer.startSpan(GET_RPC, { kind: SpanKind.CLIENT, startTime, attributes }, parent)
    if (errorTypeOf(event) !== undefined) setError(span, statusOf(event)?.message)
    span.end(endTime)
  }
}

function setError(span: Span, message: string | undefined): void {
  span.setStatus({ code: SpanStatusCode.ERROR, ...(message && { message }) })
}
