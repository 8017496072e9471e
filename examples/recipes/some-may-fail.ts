// Several operations at once, of which some may fail: what was made, what was not, and what is not known.
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
    // What the starting call throws is of this one alone, too.
    catchError((thrown) => of(E.left({ _tag: 'NotStarted' as const, message: String(thrown) }))),
    map((ended) => ({ projectId, ended })),
  )
}

const ids = ['some-1', 'no-quota-2', 'some-2', 'BAD']
const all = await lastValueFrom(from(ids).pipe(mergeMap(create, 10), toArray()))

for (const { projectId, ended } of all) {
  if (E.isRight(ended)) console.log(`${projectId}: made`)
  else if (ended.left._tag === 'NotStarted') console.log(`${projectId}: not begun`)
  else if (ended.left._tag === 'OperationFailed') console.log(`${projectId}: ${ended.left.status.codeName}`)
  else console.log(`${projectId}: not known, ${ended.left._tag}`)
}
