import { ApplicationFailure } from '@temporalio/activity'
import { matchOperationError, type OperationError } from 'rx-longrunning'

/** Whether it may help to ask again, here or on another worker. */
const mayPass = matchOperationError<unknown, boolean>({
  Unreachable: () => true,
  TimedOut: () => true,
  ClientClosed: () => true,
  CredentialsError: () => true,
  // A proxy that answers in the place of the service goes away; a response that its decoder refused does not.
  MalformedResponse: ({ outcome }) => outcome === undefined,
  OperationFailed: () => false,
  OperationNotFound: () => false,
  RequestRejected: () => false,
  InvalidName: () => false,
})

/** The last word of a watch as Temporal's failure: its type is the `_tag`, its one detail the whole error. */
export function failureOf(error: OperationError): ApplicationFailure {
  return ApplicationFailure.create({
    type: error._tag,
    message: error.message,
    nonRetryable: !mayPass(error),
    details: [error],
  })
}
