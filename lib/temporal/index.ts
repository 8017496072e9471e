/**
 * A Temporal activity that waits for an operation, and its failures.
 *
 * @module rx-longrunning/temporal
 */

export { toApplicationFailure } from './application-failure.js'
export {
  type HeartbeatDetails,
  type WaitActivity,
  type WaitActivityOptions,
  waitOperation,
} from './wait-operation.js'
