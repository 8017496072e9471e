// Runs operations as steps of a TaskEither. The first Left ends the pipeline.
import { taskEither as TE } from 'fp-ts'
import { pipe } from 'fp-ts/lib/function.js'
import { OperationsClient, toTaskEither, type WatchOptions } from 'rx-longrunning'
import { createFolder, createProject } from 'rx-longrunning/resource-manager'
import { startFolder, startProject } from './start.js'

await using client = new OperationsClient()

function run<R, M>(start: () => Promise<unknown>, options: WatchOptions<R, M>) {
  return pipe(
    TE.tryCatch(start, (error) => ({ _tag: 'NotStarted' as const, message: String(error) })),
    TE.chainW((started) => toTaskEither(client.follow(started, options))),
    TE.map((succeeded) => succeeded.response),
  )
}

const team = pipe(
  run(() => startFolder('Tasks'), createFolder),
  TE.bindTo('folder'),
  TE.bindW('project', ({ folder }) => run(() => startProject('tasks-1', folder.name), createProject)),
  TE.match(
    (error) => `${error._tag}: ${error.message}`,
    ({ folder, project }) => `${project.projectId} in ${folder.displayName}`,
  ),
)
console.log(await team())
