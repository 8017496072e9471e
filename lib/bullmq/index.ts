export { RedisUnavailable } from './connection.js'
export { type JobCounts, jobId } from './job-store.js'
export type { QueueOptions } from './queue-options.js'
export type { RedisConnection } from './redis-options.js'
export {
  createTracker,
  type OperationTracker,
  type TrackedOperation,
  type TrackerOptions,
  type TrackerWatchOptions,
} from './tracker.js'
export { createWorker, type OperationWorker, type WorkerOptions } from './worker.js'
