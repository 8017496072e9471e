// Create a project, typed to the end: go on as soon as it can be read, and learn when it is done.
import { either as E } from 'fp-ts'
import { OperationsClient, outcome } from 'rx-longrunning'
import { startEmulator } from 'rx-longrunning/emulator'
import { createProject, gettable, parseTimestamp } from 'rx-longrunning/resource-manager'
import { lastValueFrom } from 'rxjs'

await using emulator = await startEmulator({ duration: 1_000 })
await using client = new OperationsClient({ endpoint: emulator.endpoint })

const answer = await fetch(`${emulator.endpoint}/v3/projects`, {
  method: 'POST',
  body: JSON.stringify({ projectId: 'tokyo-rain-123' }),
})
const watch = client.follow(await answer.json(), createProject)

const [readable, ended] = await Promise.all([
  lastValueFrom(watch.pipe(gettable())),
  lastValueFrom(watch.pipe(outcome())),
])
if (E.isRight(readable)) console.log('can be read:', readable.right.metadata?.gettable)
if (E.isRight(ended)) {
  const { projectId, state, createTime } = ended.right
  console.log('done:', projectId, state, parseTimestamp(createTime) instanceof Date)
} else {
  console.log('not created:', ended.left.message)
}
