import type { ProjectsClient } from '@google-cloud/resource-manager'
import { either as E } from 'fp-ts'
import { type OperationsClient, outcome, progress } from 'rx-longrunning'
import { createProject } from 'rx-longrunning/resource-manager'
import { lastValueFrom } from 'rxjs'

type Report = (metadata: { readonly ready?: unknown }) => void

/** Creates a project with google-gax only. */
export async function createWithGax(projects: ProjectsClient, report: Report): Promise<unknown> {
  const [operation] = await projects.createProject({ project: { projectId: 'tokyo-rain-123' } })
  operation.on('progress', (metadata) => report(metadata))
  const [project] = await operation.promise()
  return project.projectId
}

/** Creates a project as `createWithGax` does, but with a watch of this library. */
export async function createWithWatch(
  projects: ProjectsClient,
  report: Report,
  client: OperationsClient,
): Promise<unknown> {
  const started = await projects.createProject({ project: { projectId: 'tokyo-rain-123' } })
  const watch = client.follow(started, createProject)
  watch.pipe(progress()).subscribe((metadata) => report(metadata))
  const ended = await lastValueFrom(watch.pipe(outcome()))
  if (E.isLeft(ended)) throw new Error(ended.left.message)
  return ended.right.projectId
}

/** Continues with only the name of an operation, with google-gax. */
export async function resumeWithGax(projects: ProjectsClient, name: string): Promise<unknown> {
  const operation = await projects.checkCreateProjectProgress(name)
  const [project] = await operation.promise()
  return Object(project).projectId
}

/** Continues with only the name of an operation, with a watch of this library. */
export async function resumeWithWatch(client: OperationsClient, name: string): Promise<unknown> {
  const ended = await lastValueFrom(client.watch(name, createProject).pipe(outcome()))
  return E.isRight(ended) && ended.right.projectId
}
