// Stop at whichever comes first: the end, a signal to the process, or a limit of time.
import { either as E } from 'fp-ts'
import { OperationsClient, toTaskEither } from 'rx-longrunning'
import { startProject } from './start.js'

await using client = new OperationsClient()
const stopping = new AbortController()
process.once('SIGTERM', () => stopping.abort(new Error('the process is asked to end')))

const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(60_000)])
const watch = client.follow(await startProject('aborted-1'))

setTimeout(() => process.kill(process.pid, 'SIGTERM'), 50)
try {
  const ended = await toTaskEither(watch, { signal })()
  console.log(E.isRight(ended) ? 'created' : ended.left.message)
} catch (reason) {
  console.log('stopped:', reason instanceof Error && reason.message)
}
