/**
 * A NestJS module that provides a client, and an operator for server-sent events.
 *
 * @module rx-longrunning/nestjs
 */

export {
  messageEvents,
  type OperationEvent,
  type OperationEventData,
  type OperationEventError,
} from './message-events.js'
export {
  OperationsModule,
  type OperationsModuleAsyncOptions,
  type OperationsModuleOptions,
} from './operations-module.js'
