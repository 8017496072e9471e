// Calls the methods of a tracker as if the package bullmq was not installed, and prints the results as JSON.
import { register } from 'node:module'
import { lastValueFrom } from 'rxjs'

const hook = `export const resolve = (name, context, next) => {
  if (name === 'bullmq') throw Object.assign(new Error("Cannot find package 'bullmq'"), { code: 'ERR_MODULE_NOT_FOUND' })
  return next(name, context)
}`
register(`data:text/javascript,${encodeURIComponent(hook)}`)
const { createTracker } = await import('../../lib/bullmq/index.js')
const tracker = createTracker({ connection: 'redis://127.0.0.1:1' })
const track = await tracker.track('operations/cp.1')
const watch = await lastValueFrom(tracker.watch('operations/cp.1'))
const stats = await tracker.stats().catch(({ code, message }) => ({ code, message }))
await tracker.close()
console.log(JSON.stringify({ track, watch, stats }))
