// Stops the watch at the first of three events: the final result, a process signal, or a time limit.
import { either as E } from 'fp-ts'
import { OperationsClient, toTaskEither } from 'rx-longrunning'
import { startProject } from './start.js'

await using client = new OperationsClient()
const shutdown = new AbortController()
process.once('SIGTERM', () => shutdown.abort(new Error('SIGTERM received')))

const signal = AbortSignal.any([shutdown.signal, AbortSignal.timeout(60_000)])
const watch = client.follow(await startProject('aborted-1'))

setTimeout(() => process.kill(process.pid, 'SIGTERM'), 50)
try {
  const result = await toTaskEither(watch, { signal })()
  console.log(E.isRight(result) ? 'created' : result.left.message)
} catch (reason) {
  console.log('stopped:', reason instanceof Error && reason.message)
}
