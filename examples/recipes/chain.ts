// A folder, then a project in it: one stream, one deadline for both.
import { either as E } from 'fp-ts'
import { andThen, OperationsClient } from 'rx-longrunning'
import { createFolder, createProject } from 'rx-longrunning/resource-manager'
import { defer, lastValueFrom, switchMap } from 'rxjs'
import { startFolder, startProject } from './start.js'

await using client = new OperationsClient()

const deadline = Date.now() + 600_000
function inTime() {
  return { timeout: Math.max(1, deadline - Date.now()) }
}

const folder = defer(() => startFolder('Chained')).pipe(
  switchMap((started) => client.follow(started, { ...createFolder, ...inTime() })),
)
function projectIn(parent: string) {
  return defer(() => startProject('chained-1', parent)).pipe(
    switchMap((started) => client.follow(started, { ...createProject, ...inTime() })),
  )
}

const ended = await lastValueFrom(folder.pipe(andThen(({ name }) => projectIn(name))))
if (E.isLeft(ended)) console.log('not both:', ended.left.message)
else if (ended.right.done) console.log('both:', ended.right.response.projectId)
