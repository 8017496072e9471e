// Creates a folder, then a project in it. One deadline applies to the two operations together.
import { either as E } from 'fp-ts'
import { andThen, OperationsClient } from 'rx-longrunning'
import { createFolder, createProject } from 'rx-longrunning/resource-manager'
import { defer, lastValueFrom, switchMap, tap } from 'rxjs'
import { startFolder, startProject } from './start.js'

await using client = new OperationsClient()

const deadline = Date.now() + 600_000

const folder = defer(() => startFolder('Chained')).pipe(
  switchMap((started) => client.follow(started, { ...createFolder, deadline })),
)
function projectIn(parent: string) {
  return defer(() => startProject('chained-1', parent)).pipe(
    switchMap((started) => client.follow(started, { ...createProject, deadline })),
  )
}

const chain = folder.pipe(
  tap((emission) => E.isRight(emission) && emission.right.done && console.log('folder created')),
  andThen(({ name }) => projectIn(name)),
)

const result = await lastValueFrom(chain)
if (E.isLeft(result)) console.log('not completed:', result.left.message)
else if (result.right.done) console.log('both created:', result.right.response.projectId)
