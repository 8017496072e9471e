// Creates a project with typed metadata and response, and continues as soon as the project is readable.
import { either as E } from 'fp-ts'
import { OperationsClient, outcome } from 'rx-longrunning'
import { startEmulator } from 'rx-longrunning/emulator'
import { createProject, gettable, parseTimestamp } from 'rx-longrunning/resource-manager'
import { lastValueFrom } from 'rxjs'

await using emulator = await startEmulator({ duration: 1_000 })
await using client = new OperationsClient({ endpoint: emulator.endpoint })

const reply = await fetch(`${emulator.endpoint}/v3/projects`, {
  method: 'POST',
  body: JSON.stringify({ projectId: 'tokyo-rain-123' }),
})
const watch = client.follow(await reply.json(), createProject)

const [readable, result] = await Promise.all([
  lastValueFrom(watch.pipe(gettable())),
  lastValueFrom(watch.pipe(outcome())),
])
if (E.isRight(readable)) console.log('readable:', readable.right.metadata?.gettable)
if (E.isRight(result)) {
  const { projectId, state, createTime } = result.right
  console.log('created:', projectId, state, parseTimestamp(createTime) instanceof Date)
} else {
  console.log('not created:', result.left.message)
}
