// Wait for a moment; where that is not enough, keep the token by which to ask again.
import { either as E } from 'fp-ts'
import { OperationsClient, outcome } from 'rx-longrunning'
import { createProject } from 'rx-longrunning/resource-manager'
import { lastValueFrom } from 'rxjs'
import { startProject } from './start.js'

await using client = new OperationsClient()

const created = client.follow(await startProject('patient-1'), { ...createProject, timeout: 100 })
const soon = await lastValueFrom(created.pipe(outcome()))

if (E.isRight(soon)) {
  console.log('200:', soon.right.projectId)
} else if (soon.left._tag === 'TimedOut') {
  console.log('202: ask again with', soon.left.resume)
  const later = await lastValueFrom(client.watch(soon.left.resume, createProject).pipe(outcome()))
  console.log('later:', E.isRight(later) ? later.right.projectId : later.left.message)
} else {
  console.log('failed, or not known:', soon.left.message)
}
