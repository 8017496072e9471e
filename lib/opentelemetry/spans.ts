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

/** The span of a watch that goes on. */
interface WatchSpan {
  readonly span: Span
  readonly parent: Context
  readonly since: number
  polls: number
  left: number
}

/**
 * A span for each watch, under what is active where it is subscribed to, and below it one for each poll. That of a poll is
 * made when it ends, so that an operation of hours holds no more than one span.
 */
export class Spans {
  readonly #tracer: Tracer
  readonly #pollSpans: number
  readonly #live = new Map<number, WatchSpan>()

  constructor(tracer: Tracer, pollSpans: number) {
    this.#tracer = tracer
    this.#pollSpans = pollSpans
  }

  watchStarted(event: WatchStarted): void {
    const since = Date.now()
    const active = context.active()
    const span = this.#tracer.startSpan(
      WAIT,
      { kind: SpanKind.INTERNAL, startTime: since, attributes: watchStartAttributes(event) },
      active,
    )
    const around = trace.setSpan(active, span)
    this.#live.set(event.watch, { span, parent: around, since, polls: 0, left: this.#pollSpans })
  }

  watchEnded(event: WatchEnded): void {
    const watching = this.#live.get(event.watch)
    if (watching === undefined) return
    const { span } = watching
    this.#live.delete(event.watch)
    span.setAttributes(watchEndAttributes(event))
    if (errorTypeOfWatch(event) !== undefined) fail(span, event.error?.message)
    this.#end(watching)
  }

  pollEnded(event: PollEnded, kind: Attributes): void {
    const now = Date.now()
    if (event.watch === undefined) {
      this.#poll(event, kind, context.active(), now - event.took, now)
      return
    }
    const watching = this.#live.get(event.watch)
    if (watching === undefined) return
    watching.polls += 1
    if (!watching.span.isRecording()) return
    const isLast = event.nextDelay === undefined
    if (watching.left === 0 && !(isLast && this.#pollSpans > 0)) return
    watching.left = Math.max(0, watching.left - 1)
    this.#poll(event, kind, watching.parent, Math.max(watching.since, now - event.took), now)
  }

  /** Ends what is open, as it is. */
  stop(): void {
    for (const watching of this.#live.values()) this.#end(watching)
    this.#live.clear()
  }

  #end({ span, polls }: WatchSpan): void {
    span.setAttribute('gcp.longrunning.poll_attempt_count', polls)
    span.end(Date.now())
  }

  #poll(event: PollEnded, kind: Attributes, parent: Context, startTime: number, endTime: number): void {
    const span = this.#tracer.startSpan(
      GET,
      { kind: SpanKind.CLIENT, startTime, attributes: pollAttributes(event, kind) },
      parent,
    )
    if (errorTypeOfPoll(event) !== undefined) fail(span, statusOfPoll(event)?.message)
    span.end(endTime)
  }
}

function fail(span: Span, message: string | undefined): void {
  span.setStatus({ code: SpanStatusCode.ERROR, ...(message && { message }) })
}
