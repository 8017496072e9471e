// Steps that belong together: where one fails, those before it are undone, the last one first.
import { either as E } from 'fp-ts'
import { OperationException, OperationsClient, outcome, type WatchOptions } from 'rx-longrunning'
import { createFolder, createProject, deleteFolder, deleteProject } from 'rx-longrunning/resource-manager'
import { lastValueFrom } from 'rxjs'
import { startDeletion, startFolder, startProject } from './start.js'

await using client = new OperationsClient()

async function finish<R, M>(started: Promise<unknown>, options: WatchOptions<R, M>): Promise<R> {
  const ended = await lastValueFrom(client.follow(await started, options).pipe(outcome()))
  if (E.isLeft(ended)) throw new OperationException(ended.left)
  return ended.right
}

const undo: (() => Promise<unknown>)[] = []
try {
  const folder = await finish(startFolder('Undone'), createFolder)
  undo.unshift(() => finish(startDeletion(folder.name), deleteFolder))
  const first = await finish(startProject('undone-1', folder.name), createProject)
  undo.unshift(() => finish(startDeletion(first.name), deleteProject))
  await finish(startProject('no-quota-3', folder.name), createProject)
} catch (thrown) {
  const isFailed = thrown instanceof OperationException && thrown.error._tag === 'OperationFailed'
  // Of any other error the step may yet succeed: watch on by its token before anything is undone.
  if (!isFailed) throw thrown
  console.log('undo:', thrown.message)
  for (const step of undo) await step()
  console.log('undone:', undo.length)
}
