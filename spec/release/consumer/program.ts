// A program that the release check compiles and does not run. It uses the most important types of the package.
import { either as E } from 'fp-ts'
import {
  type Operation,
  type OperationError,
  OperationsClient,
  orThrow,
  outcome,
  progress,
  type ResumeToken,
  toTaskEither,
  watchOperation,
} from 'rx-longrunning'
import { type Emulator, startEmulator } from 'rx-longrunning/emulator'
import { createProject, type Project } from 'rx-longrunning/resource-manager'
import { lastValueFrom, map, type Observable } from 'rxjs'

export async function project(name: string): Promise<Project | ResumeToken | undefined> {
  await using emulator: Emulator = await startEmulator({
    fault: ({ headers }) => (headers['x-slow'] ? { stall: true } : undefined),
  })
  await using client = new OperationsClient({ endpoint: emulator.endpoint, auth: false })
  const result = await lastValueFrom(client.watch(name, createProject).pipe(outcome()))
  if (E.isRight(result)) return result.right
  return 'resume' in result.left ? result.left.resume : undefined
}

export const ready: Observable<boolean> = watchOperation('operations/cp.1', createProject).pipe(
  progress(),
  map((metadata) => metadata.ready),
)

export const operations: Observable<Operation<Project, unknown>> = watchOperation(
  'operations/cp.1',
  createProject,
).pipe(orThrow())

export const task: () => Promise<E.Either<OperationError, unknown>> = toTaskEither(
  watchOperation('operations/cp.1'),
)
