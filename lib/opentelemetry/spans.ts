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
import { GET, pollAttributes, WAIT, watchEndAttributes, watchStartAttributes } from './attributes.js'
import { errorTypeOfPoll, errorTypeOfWatch, statusOfPoll } from './error-type.js'

/** The span of an active watch. */
interface WatchSpan {
  readonly span: Span
  /** The context that makes the watch the parent of poll spans. */
  readonly context: Context
  readonly startTime: number
  polls: number
  /** How many more polls may have a span. */
  remaining: number
}

/**
 * Records a span for each watch, and a child span for each poll. The span of a poll is created when the poll ends, so
 * at most one span of a watch is open.
 */
export class Spans {
  readonly #tracer: Tracer
  readonly #pollSpans: number
  readonly #active = new Map<number, WatchSpan>()

  constructor(tracer: Tracer, pollSpans: number) {
    this.#tracer = tracer
    this.#pollSpans = pollSpans
  }

  watchStarted(event: WatchStarted): void {
    const startTime = Date.now()
    const parent = context.active()
    const options = { kind: SpanKind.INTERNAL, startTime, attributes: watchStartAttributes(event) }
    const span = this.#tracer.startSpan(WAIT, options, parent)
    const watchContext = trace.setSpan(parent, span)
    this.#active.set(event.watch, {
      span,
      context: watchContext,
      startTime,
      polls: 0,
      remaining: this.#pollSpans,
    })
  }

  watchEnded(event: WatchEnded): void {
    const watch = this.#active.get(event.watch)
    if (watch === undefined) return
    this.#active.delete(event.watch)
    watch.span.setAttributes(watchEndAttributes(event))
    if (errorTypeOfWatch(event) !== undefined) setError(watch.span, event.error?.message)
    this.#end(watch)
  }

  pollEnded(event: PollEnded, metricAttributes: Attributes): void {
    if (event.watch === undefined) {
      this.#recordPoll(event, metricAttributes, context.active())
      return
    }
    const watch = this.#active.get(event.watch)
    if (watch === undefined) return
    watch.polls += 1
    if (!watch.span.isRecording()) return
    const isLast = event.nextDelay === undefined
    if (watch.remaining === 0 && !(isLast && this.#pollSpans > 0)) return
    watch.remaining = Math.max(0, watch.remaining - 1)
    this.#recordPoll(event, metricAttributes, watch.context, watch.startTime)
  }

  /** Ends all open spans. */
  stop(): void {
    for (const watch of this.#active.values()) this.#end(watch)
    this.#active.clear()
  }

  #end({ span, polls }: WatchSpan): void {
    span.setAttribute('gcp.longrunning.poll_attempt_count', polls)
    span.end(Date.now())
  }

  #recordPoll(event: PollEnded, metricAttributes: Attributes, parent: Context, earliest = 0): void {
    const endTime = Date.now()
    const startTime = Math.max(earliest, endTime - event.took)
    const attributes = pollAttributes(event, metricAttributes)
    const span = this.#tracer.startSpan(GET, { kind: SpanKind.CLIENT, startTime, attributes }, parent)
    if (errorTypeOfPoll(event) !== undefined) setError(span, statusOfPoll(event)?.message)
    span.end(endTime)
  }
}

function setError(span: Span, message: string | undefined): void {
  span.setStatus({ code: SpanStatusCode.ERROR, ...(message && { message }) })
}
