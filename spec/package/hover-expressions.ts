// The hovers of these constants are in hovers.txt. The program is not run.
import { either as E } from 'fp-ts'
import {
  andThen,
  isFinal,
  type OperationsClient,
  orThrow,
  outcome,
  progress,
  toTaskEither,
  watchOperation,
} from 'rx-longrunning'
import { createFolder, createProject, gettable } from 'rx-longrunning/resource-manager'
import { catchError, filter, merge, of, switchMap } from 'rxjs'

export function expressions(client: OperationsClient, startFolder: () => Promise<object>): unknown {
  const json = watchOperation('operations/cp.1')
  const project = client.watch('operations/cp.1', createProject)
  const response = project.pipe(outcome())
  const metadata = project.pipe(progress())
  const snapshots = project.pipe(orThrow())
  const final = project.pipe(filter(isFinal))
  const readable = project.pipe(gettable())
  const folder = of(1).pipe(
    switchMap(startFolder),
    switchMap((started) => client.follow(started, createFolder)),
  )
  const chain = folder.pipe(andThen(() => project))
  const task = toTaskEither(chain)
  const started = client.start(startFolder, createFolder)
  const result = client.result('operations/cp.1', createProject)
  const recovered = chain.pipe(
    catchError(() => of(E.left({ _tag: 'NotStarted' as const }))),
    outcome(),
  )
  const merged = merge(project, folder).pipe(outcome())
  return [
    json,
    project,
    response,
    metadata,
    snapshots,
    final,
    readable,
    chain,
    task,
    started,
    result,
    recovered,
    merged,
  ]
}
