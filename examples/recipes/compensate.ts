// Undoes the completed steps in reverse order if a later step fails.
import { either as E } from 'fp-ts'
import { OperationException, OperationsClient, outcome, type WatchOptions } from 'rx-longrunning'
import { createFolder, createProject, deleteFolder, deleteProject } from 'rx-longrunning/resource-manager'
import { lastValueFrom } from 'rxjs'
import { startDeletion, startFolder, startProject } from './start.js'

await using client = new OperationsClient()

async function complete<R, M>(started: Promise<unknown>, options: WatchOptions<R, M>): Promise<R> {
  const result = await lastValueFrom(client.follow(await started, options).pipe(outcome()))
  if (E.isLeft(result)) throw new OperationException(result.left)
  return result.right
}

const undo: (() => Promise<unknown>)[] = []
try {
  const folder = await complete(startFolder('Undone'), createFolder)
  undo.unshift(() => complete(startDeletion(folder.name), deleteFolder))
  const first = await complete(startProject('undone-1', folder.name), createProject)
  undo.unshift(() => complete(startDeletion(first.name), deleteProject))
  await complete(startProject('no-quota-3', folder.name), createProject)
} catch (error) {
  const isFailed = error instanceof OperationException && error.error._tag === 'OperationFailed'
  // After any other error the outcome is unknown: resume the watch before you undo anything.
  if (!isFailed) throw error
  console.log('undo:', error.message)
  for (const step of undo) await step()
  console.log('undone:', undo.length)
}
