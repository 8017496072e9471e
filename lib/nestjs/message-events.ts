import type { MessageEvent } from '@nestjs/common'
import { map, type Observable } from 'rxjs'
import { type Either, isLeft } from '../model/either.js'
import type { Detail } from '../model/error-details.js'
import type { Operation } from '../model/operation.js'
import type { ErrorTag, OperationError, StartFailed } from '../model/operation-error.js'
import type { ResumeToken } from '../model/resume-token.js'
import { progressFraction } from '../polling/progress-fraction.js'

/** The data of a server-sent event. It contains only JSON. */
export interface OperationEventData<R, M> {
  readonly name: string
  /** Milliseconds since the watch began, or since the time in its resume token. */
  readonly elapsed?: number
  /** The progress from 0 to 1, if the metadata contains it. */
  readonly fraction?: number
  readonly metadata?: M
  /** The response of an operation that succeeded. */
  readonly response?: R
  /** Why the operation failed, or why its outcome is unknown. */
  readonly error?: OperationEventError
  /** The token that continues the watch, if the event is `unknown` and the error has one. */
  readonly resume?: ResumeToken
}

/** The error of an {@link OperationEventData}. */
export interface OperationEventError {
  /** The tag of the `OperationError` or `StartFailed`. */
  readonly tag: ErrorTag | 'StartFailed'
  readonly message: string
  /** The name of the canonical code, such as `RESOURCE_EXHAUSTED`. */
  readonly code?: string
  readonly details?: readonly Detail[]
  /** Whether an operation may exist after `StartFailed`. */
  readonly mayHaveStarted?: boolean
  /** `succeeded` if the operation succeeded, but its response could not be decoded. */
  readonly outcome?: 'succeeded'
}

/** A server-sent event of an operation. */
export interface OperationEvent<R, M> extends MessageEvent {
  /**
   * `failed` if the operation failed, or if the call that starts it certainly started none. `unknown` for every other
   * error, such as `Unreachable` or `ClientClosed`.
   */
  readonly type: 'running' | 'succeeded' | 'failed' | 'unknown'
  readonly data: OperationEventData<R, M>
}

/**
 * Converts the emissions of `client.watch`, `client.follow` or `client.start` to server-sent events for a handler with
 * `@Sse()`.
 *
 * ```
 * --Right(Running)--Right(Succeeded)|  or  --Left(OperationError)|
 *          messageEvents()
 * --running---------succeeded-------|  or  --failed or unknown---|
 * ```
 *
 * The data of `failed` and `unknown` contain `error`: its `tag` and `message`, the `code` and `details` of the server,
 * `mayHaveStarted` after `StartFailed`, and `outcome`. The data of `unknown` also contain the token `resume`, if the error
 * has one.
 *
 * A Left becomes an event, not an error of the Observable. Otherwise Nest would send an `error` event without the reason,
 * and the browser would reconnect. After the final event, the page must close its `EventSource`, because a browser also
 * reconnects to a completed stream. After `unknown` with the tag `ClientClosed`, keep it open: the server is shutting
 * down, and the next server continues the watch. The events contain the metadata, the response and the error details:
 * decode or map them first if a visitor must not see them.
 *
 * Source: https://docs.nestjs.com/techniques/server-sent-events.
 *
 * @example
 * {@includeCode ../../examples/nestjs/operations.controller.ts}
 */
export function messageEvents<R, M>(): (
  watch: Observable<Either<StartFailed | OperationError<M>, Operation<R, M>>>,
) => Observable<OperationEvent<R, M>> {
  return map((emission): OperationEvent<R, M> => {
    if (isLeft(emission)) return failureEvent(emission.left)
    const operation = emission.right
    const { name, elapsed, metadata, done } = operation
    const response = done && { response: operation.response }
    const data = { name, elapsed, ...metadataFields(metadata), ...response }
    return { type: done ? 'succeeded' : 'running', data }
  })
}

function failureEvent<M>(error: StartFailed | OperationError<M>): OperationEvent<never, M> {
  const status = 'status' in error ? error.status : undefined
  const hasFailed = 'mayHaveStarted' in error ? !error.mayHaveStarted : error._tag === 'OperationFailed'
  const data = {
    name: error.name,
    ...metadataFields('metadata' in error ? error.metadata : undefined),
    error: {
      tag: error._tag,
      message: status?.message || error.message,
      ...(status && { code: status.codeName, details: status.details }),
      ...('mayHaveStarted' in error && { mayHaveStarted: error.mayHaveStarted }),
      ...('outcome' in error && { outcome: error.outcome }),
    },
    ...('resume' in error && { resume: error.resume }),
  }
  return { type: hasFailed ? 'failed' : 'unknown', data }
}

function metadataFields<M>(
  metadata: M | undefined,
): Pick<OperationEventData<never, M>, 'fraction' | 'metadata'> {
  const fraction = progressFraction(metadata)
  return { ...(fraction !== undefined && { fraction }), ...(metadata !== undefined && { metadata }) }
}
