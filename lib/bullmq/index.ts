export { jobId } from './job-id.js'
export type { JobCounts } from './jobs.js'
export type { QueueOptions } from './queue-options.js'
export type { RedisConnection } from './redis-connection.js'
export { RedisUnavailable } from './redis-unavailable.js'
export {
  createTracker,
  type OperationTracker,
  type TrackedOperation,
  type TrackerOptions,
  type TrackerWatchOptions,
} from './tracker.js'
export { createWorker, type OperationWorker, type WorkerOptions } from './worker.js'
