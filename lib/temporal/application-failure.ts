import { ApplicationFailure } from '@temporalio/activity'
import { matchOperationError, type OperationError } from '../model/operation-error.js'

/** Returns whether a retry can succeed, on this worker or on another one. */
const isRetryable: (error: OperationError<unknown>) => boolean = /* @__PURE__ */ matchOperationError<
  unknown,
  boolean
>({
  Unreachable: () => true,
  TimedOut: () => true,
  ClientClosed: () => true,
  CredentialsError: () => true,
  // If `outcome` is set, the decoder rejected the final response, and would reject it again. Otherwise the response
  // may come from a proxy, and a retry can succeed.
  MalformedResponse: ({ outcome }) => outcome === undefined,
  OperationFailed: () => false,
  OperationNotFound: () => false,
  RequestRejected: () => false,
  InvalidName: () => false,
})

/**
 * Converts an error of a watch to a Temporal failure. Its type is the `_tag`, and its only detail is the whole error.
 * Temporal retries the failure only if a later attempt can succeed.
 *
 * Source: https://docs.temporal.io/references/failures#application-failure.
 */
export function toApplicationFailure(error: OperationError<unknown>): ApplicationFailure {
  return ApplicationFailure.create({
    type: error._tag,
    message: error.message,
    nonRetryable: !isRetryable(error),
    details: [error],
  })
}
