// Runs several operations at the same time, and reports each result, including failures and unknown outcomes.
import { either as E } from 'fp-ts'
import { OperationsClient, outcome } from 'rx-longrunning'
import { createProject } from 'rx-longrunning/resource-manager'
import { catchError, defer, from, lastValueFrom, map, mergeMap, of, switchMap, toArray } from 'rxjs'
import { startProject } from './start.js'

await using client = new OperationsClient()

function create(projectId: string) {
  return defer(() => startProject(projectId)).pipe(
    switchMap((started) => client.follow(started, { ...createProject, timeout: 600_000 })),
    outcome(),
    // If an operation cannot be started, the others must continue.
    catchError((error) => of(E.left({ _tag: 'NotStarted' as const, message: String(error) }))),
    map((result) => ({ projectId, result })),
  )
}

const ids = ['some-1', 'no-quota-2', 'some-2', 'BAD']
const all = await lastValueFrom(from(ids).pipe(mergeMap(create, 10), toArray()))

for (const { projectId, result } of all) {
  if (E.isRight(result)) console.log(`${projectId}: created`)
  else if (result.left._tag === 'NotStarted') console.log(`${projectId}: not started`)
  else if (result.left._tag === 'OperationFailed') console.log(`${projectId}: ${result.left.status.codeName}`)
  else console.log(`${projectId}: outcome unknown, ${result.left._tag}`)
}
