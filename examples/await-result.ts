// Waits for one operation with async and await, without RxJS and fp-ts in the program.
import { OperationException, OperationsClient } from 'rx-longrunning'
import { createProject } from 'rx-longrunning/resource-manager'

const [name = 'operations/cp.1'] = process.argv.slice(2)
const client = new OperationsClient()

try {
  for await (const snapshot of client.snapshots(name, createProject)) console.log(snapshot._tag)

  const project = await client.result(name, createProject)
  console.log('created:', project.projectId)
} catch (thrown) {
  if (!(thrown instanceof OperationException)) throw thrown
  console.log(thrown.error._tag, thrown.message)
}
client.close()
