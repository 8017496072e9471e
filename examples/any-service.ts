// Watches an operation of Vertex AI with long polling. Meanwhile, lists and cancels all running operations.
import { either as E } from 'fp-ts'
import { OperationsClient, outcome, service } from 'rx-longrunning'
import { startEmulator } from 'rx-longrunning/emulator'
import { lastValueFrom, mergeMap } from 'rxjs'

await using emulator = await startEmulator({ resourceManager: false })
const parent = 'projects/p/locations/us-central1'
emulator.operations.add(`${parent}/operations/tuning`, [{ metadata: { progress: 10 } }])

const vertex = service('aiplatform', { location: 'us-central1' })
await using client = new OperationsClient({ ...vertex, endpoint: emulator.endpoint })

const result = lastValueFrom(client.watch(`${parent}/operations/tuning`, { longPoll: true }).pipe(outcome()))

const cancellations = client.list(parent, { filter: 'done=false' }).pipe(
  mergeMap((item) => {
    if (E.isLeft(item) || item.right._tag === 'Incomplete') return [item]
    console.log('running:', item.right.name)
    return client.cancel(item.right.name)
  }),
)
await lastValueFrom(cancellations)

const final = await result
if (E.isLeft(final) && final.left._tag === 'OperationFailed')
  console.log('final result:', final.left.status.codeName)
