import { setTimeout as sleep } from 'node:timers/promises'
import type { cloudresourcemanager_v3 } from '@googleapis/cloudresourcemanager'
import { either as E } from 'fp-ts'
import { type OperationsClient, outcome } from 'rx-longrunning'
import { createProject } from 'rx-longrunning/resource-manager'
import { lastValueFrom } from 'rxjs'

type Crm = cloudresourcemanager_v3.Cloudresourcemanager

/** Creates a project with googleapis and a poll loop. */
export async function createWithPollLoop(crm: Crm): Promise<unknown> {
  let { data: operation } = await crm.projects.create({ requestBody: { projectId: 'tokyo-rain-123' } })
  while (!operation.done) {
    await sleep(1_000)
    operation = (await crm.operations.get({ name: operation.name ?? '' })).data
  }
  if (operation.error) throw new Error(operation.error.message ?? 'failed')
  return operation.response?.projectId
}

/** Creates a project with googleapis and a watch of this library. */
export async function createWithWatch(crm: Crm, client: OperationsClient): Promise<unknown> {
  const started = await crm.projects.create({ requestBody: { projectId: 'tokyo-rain-123' } })
  const ended = await lastValueFrom(client.follow(started, createProject).pipe(outcome()))
  if (E.isLeft(ended)) throw new Error(ended.left.message)
  return ended.right.projectId
}
