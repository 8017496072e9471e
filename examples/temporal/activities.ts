import { type Auth, OperationsClient } from 'rx-longrunning'
import { startOperation } from './start-operation.js'
import { type WaitOptions, waitOperation } from './wait-operation.js'

/** The endpoint and the credentials of the activities. */
export interface ActivitiesOptions extends WaitOptions {
  readonly endpoint: string
  readonly auth: Auth | false
}

/** Creates the activities of a worker. They share one client with its connections, rate limit and polls. */
export function createActivities({ endpoint, auth, ...options }: ActivitiesOptions) {
  return {
    startOperation: startOperation(endpoint, auth),
    waitOperation: waitOperation(new OperationsClient({ endpoint, auth }), { endpoint, ...options }),
  }
}

export type Activities = ReturnType<typeof createActivities>
