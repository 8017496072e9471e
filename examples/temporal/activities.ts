import { type Auth, OperationsClient } from 'rx-longrunning'
import { type WaitActivityOptions, waitOperation } from 'rx-longrunning/temporal'
import { startOperation } from './start-operation.js'

/** The endpoint and the credentials of the activities. */
export interface ActivitiesOptions extends WaitActivityOptions {
  readonly endpoint: string
  readonly auth: Auth | false
}

/** Creates the activities of a worker. They share one client with its connections, rate limit and polls. */
export function createActivities({ endpoint, auth, ...options }: ActivitiesOptions) {
  return {
    startOperation: startOperation(endpoint, auth),
    waitOperation: waitOperation(new OperationsClient({ endpoint, auth }), options),
  }
}

export type Activities = ReturnType<typeof createActivities>
