/**
 * An emulator of long-running operations, for tests and demonstrations.
 *
 * @module rx-longrunning/emulator
 */

export type { ResponseHeaders } from './answer.js'
export { type Emulator, type EmulatorOptions, startEmulator } from './emulator.js'
export type {
  Aborted,
  Answered,
  Closed,
  Connected,
  Dropped,
  EmulatorEvent,
  Request,
  SeenRequest,
} from './events.js'
export type { Query, SeenHeaders } from './format.js'
export type {
  FailedFrame,
  Fault,
  Frame,
  FrameCondition,
  FrameStatus,
  NetworkFault,
  NetworkFrame,
  RawResponse,
  ResponseFrame,
  RunningFrame,
  StallFrame,
  SucceededFrame,
} from './frame.js'
export type { Json, JsonObject } from './json.js'
export type { BatchPart } from './multipart.js'
export type { Operations, StoredOperation } from './operations.js'
export { type RandomFaultsOptions, randomFaults } from './sometimes.js'
export type { StartMethod } from './start-method.js'
export type { EmulatorStateOptions, Started } from './world.js'
