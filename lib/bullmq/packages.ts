// Imported when a worker or tracker is created, because these packages take most of the import time of the entry point.
// The imports here are static, because esbuild with code splitting has the exports of ioredis, a CommonJS package, only
// in `default` if ioredis is imported dynamically.
export { Queue, QueueEvents, Worker } from 'bullmq'
export { Redis } from 'ioredis'
