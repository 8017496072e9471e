// Starts two projects. The server rejects the second call, because the ID is invalid, so it starts no operation.
import { either as E } from 'fp-ts'
import { isStartFailed, OperationsClient, outcome } from 'rx-longrunning'
import { createProject } from 'rx-longrunning/resource-manager'
import { lastValueFrom } from 'rxjs'

const client = new OperationsClient()
const url = `http://${process.env.CLOUDRESOURCEMANAGER_EMULATOR_HOST}/v3/projects`

for (const projectId of ['start-1', 'Invalid ID']) {
  const project = client.start(
    ({ signal }) => fetch(url, { method: 'POST', body: JSON.stringify({ projectId }), signal }),
    createProject,
  )
  const result = await lastValueFrom(project.pipe(outcome()))
  if (E.isRight(result)) console.log('created:', result.right.projectId)
  else if (!isStartFailed(result.left)) console.log('started, but', result.left.message)
  else if (result.left.mayHaveStarted) console.log('may have started:', result.left.message)
  else console.log('not started:', result.left.status?.codeName)
}
client.close()
