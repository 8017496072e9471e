import { EMPTY, mergeMap, type Observable, of } from 'rxjs'
import { isJsonObject, type JsonObject, parseJsonOrText } from '../model/json.js'

/** The operation that an event reports. */
export interface OperationHint {
  /** The name of the operation, or only its ID, which is the last segment of the name. */
  readonly name: string
  /** Whether the event reports the end of the operation. Only a poll returns its result. */
  readonly done: boolean
}

/** The number of messages that may contain each other: an event of Pub/Sub contains a message with a log entry. */
const MAX_NESTING = 4

/**
 * Returns the operation that a Cloud Audit Logs entry reports. Returns undefined if the event reports none.
 *
 * Accepts a CloudEvent of Eventarc with the type `google.cloud.audit.log.v1.written`, a log entry, and a Pub/Sub message
 * of a log sink. The message may be the body of a push request or a CloudEvent. Also accepts their JSON as a text or as
 * bytes. Compute Engine and GKE report the ID of an operation without its path.
 *
 * Source: https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#LogEntryOperation,
 * https://cloud.google.com/eventarc/docs/cloudevents.
 *
 * @example
 * {@includeCode ../../examples/recipes/push-hint.ts}
 */
export function operationHint(event: unknown): OperationHint | undefined {
  const { operation } = logEntryIn(event, MAX_NESTING) ?? {}
  if (!isJsonObject(operation) || typeof operation.id !== 'string' || operation.id === '') return undefined
  return { name: operation.id, done: operation.last === true }
}

/**
 * Emits the hints for one operation, for the option `hint` of a watch.
 *
 * ```
 * --event(a)--event(b)--event(a)-->
 *          hintsFor('operations/a')
 * --a-------------------a--------->
 * ```
 *
 * An event without an operation, or of another operation, emits nothing. The ID of an operation equals the last segment of
 * its name.
 */
export function hintsFor(name: string): (events: Observable<unknown>) => Observable<OperationHint> {
  return mergeMap((event) => {
    const hint = operationHint(event)
    return hint !== undefined && `/${name}`.endsWith(`/${hint.name}`) ? of(hint) : EMPTY
  })
}

function logEntryIn(event: unknown, depth: number): JsonObject | undefined {
  if (event instanceof Uint8Array) return logEntryIn(new TextDecoder().decode(event), depth)
  const value = typeof event === 'string' ? parseJsonOrText(event) : event
  if (!isJsonObject(value) || depth === 0) return undefined
  if (isJsonObject(value.operation)) return value
  const { data, data_base64: encoded, message } = value
  // The `data` of a message in Pub/Sub, and the `data_base64` of a CloudEvent in JSON, are base64.
  if (isJsonObject(message) && typeof message.data === 'string')
    return logEntryIn(decode(message.data), depth - 1)
  if (typeof encoded === 'string') return logEntryIn(decode(encoded), depth - 1)
  return logEntryIn(data, depth - 1)
}

function decode(base64: string): string {
  return Buffer.from(base64, 'base64').toString()
}
