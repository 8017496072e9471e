// Limits the retry time of a watch, and resumes the watch when the service is available again.
import { either as E } from 'fp-ts'
import { isUnreachable, OperationsClient, outcome } from 'rx-longrunning'
import { startEmulator } from 'rx-longrunning/emulator'
import { lastValueFrom } from 'rxjs'

let isDown = true
await using emulator = await startEmulator({
  fault: () => (isDown ? { httpResponse: { httpStatus: 503 } } : undefined),
})
emulator.operations.add('operations/x', [{ done: true, response: { name: 'projects/1' } }])

await using client = new OperationsClient({ endpoint: emulator.endpoint })
const first = await lastValueFrom(client.watch('operations/x', { maxRetryTime: 1_000 }).pipe(outcome()))

if (E.isLeft(first) && isUnreachable(first.left)) {
  console.log('unreachable:', first.left.last._tag)
  isDown = false
  const second = await lastValueFrom(client.watch(first.left.resume).pipe(outcome()))
  console.log(E.isRight(second) ? 'succeeded' : second.left.message)
}
