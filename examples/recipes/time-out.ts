// Waits for a limited time. If the operation takes longer, keeps a resume token to continue later.
import { either as E } from 'fp-ts'
import { OperationsClient, outcome } from 'rx-longrunning'
import { createProject } from 'rx-longrunning/resource-manager'
import { lastValueFrom } from 'rxjs'
import { startProject } from './start.js'

await using client = new OperationsClient()

const watch = client.follow(await startProject('slow-1'), { ...createProject, timeout: 100 })
const first = await lastValueFrom(watch.pipe(outcome()))

if (E.isRight(first)) {
  console.log('200:', first.right.projectId)
} else if (first.left._tag === 'TimedOut') {
  console.log('202: resume with', first.left.resume)
  const second = await lastValueFrom(client.watch(first.left.resume, createProject).pipe(outcome()))
  console.log('later:', E.isRight(second) ? second.right.projectId : second.left.message)
} else {
  console.log('failed or unknown:', first.left.message)
}
