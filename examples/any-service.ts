// Operations of another service: watch one of Vertex AI by long polls, list all that run, and cancel them.
import { either as E } from 'fp-ts'
import { OperationsClient, outcome, service } from 'rx-longrunning'
import { startEmulator } from 'rx-longrunning/emulator'
import { lastValueFrom, mergeMap, tap } from 'rxjs'

await using emulator = await startEmulator({ resourceManager: false })
const parent = 'projects/p/locations/us-central1'
emulator.operations.add(`${parent}/operations/tuning`, [{ metadata: { progress: 10 } }])

const vertex = service('aiplatform', { location: 'us-central1' })
await using client = new OperationsClient({ ...vertex, endpoint: emulator.endpoint })

const ended = lastValueFrom(client.watch(`${parent}/operations/tuning`, { longPoll: true }).pipe(outcome()))

const cancelled = client.list(parent, { filter: 'done=false' }).pipe(
  tap((word) => console.log('found:', E.isRight(word) && word.right.name)),
  mergeMap((word) => (E.isRight(word) ? client.cancel(word.right.name) : [word])),
)
await lastValueFrom(cancelled)

const word = await ended
if (E.isLeft(word) && word.left._tag === 'OperationFailed') console.log('ended:', word.left.status.codeName)
