import type { DisksClient, ZoneOperationsClient } from '@google-cloud/compute'
import { either as E } from 'fp-ts'
import type { OperationsClient } from 'rx-longrunning'
import { lastValueFrom } from 'rxjs'

const [project, zone] = ['p', 'europe-west1-b']

/** Creates a disk with the loop of Google's samples. */
export async function createWithWaitLoop(
  disks: DisksClient,
  operations: ZoneOperationsClient,
): Promise<unknown> {
  const [started] = await disks.insert({ project, zone, diskResource: { name: 'data', sizeGb: 10 } })
  let operation = Object(started.latestResponse)
  while (operation.status !== 'DONE') {
    ;[operation] = await operations.wait({ operation: operation.name, project, zone })
  }
  return operation.targetLink
}

/** Creates a disk with a watch of this library. */
export async function createWithWatch(disks: DisksClient, client: OperationsClient): Promise<unknown> {
  const started = await disks.insert({ project, zone, diskResource: { name: 'data', sizeGb: 10 } })
  const ended = await lastValueFrom(client.follow(started))
  if (E.isLeft(ended)) throw new Error(ended.left.message)
  return ended.right.target
}
