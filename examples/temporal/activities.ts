import { type Auth, OperationsClient } from 'rx-longrunning'
import { startOperation } from './start-operation.js'
import { type WaitOptions, waitOperation } from './wait-operation.js'

/** Where the activities ask, and as whom. */
export interface ActivitiesOptions extends WaitOptions {
  readonly endpoint: string
  readonly auth: Auth | false
}

/** The activities of a worker. They share one client: its connections, its budget, and the polls of equal names. */
export function createActivities({ endpoint, auth, ...options }: ActivitiesOptions) {
  return {
    startOperation: startOperation(endpoint, auth),
    waitOperation: waitOperation(new OperationsClient({ endpoint, auth }), { endpoint, ...options }),
  }
}

export type Activities = ReturnType<typeof createActivities>
