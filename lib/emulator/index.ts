/**
 * An emulator of long-running operations, for tests and demonstrations.
 *
 * @module rx-longrunning/emulator
 */

export type { Json, JsonObject } from '../model/json.js'
export { type Emulator, type EmulatorOptions, startEmulator } from './emulator.js'
export type { BatchPart } from './http/batch-request.js'
export type {
  Aborted,
  Answered,
  Closed,
  Connected,
  Dropped,
  EmulatorEvent,
  Request,
  SeenRequest,
} from './http/events.js'
export type { Query, SeenHeaders } from './http/format.js'
export type { Operations, StoredOperation } from './operations/operation-store.js'
export type { StartMethod } from './resource-manager/method-names.js'
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
  ResponseHeaders,
  RunningFrame,
  StallFrame,
  SucceededFrame,
} from './script/frame.js'
export { type RandomFaultsOptions, randomFaults } from './script/random-faults.js'
export type { EmulatedService } from './services/service-state.js'
export type { EmulatorStateOptions, Started } from './state.js'
