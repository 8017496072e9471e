import { setTimeout as sleep } from 'node:timers/promises'
import type { SqlInstancesServiceClient, SqlOperationsServiceClient } from '@google-cloud/sql'
import { either as E } from 'fp-ts'
import type { OperationsClient } from 'rx-longrunning'
import { lastValueFrom } from 'rxjs'

const [project, instance] = ['p', 'i']

/** Restarts an instance with a poll loop. */
export async function restartWithPollLoop(
  instances: SqlInstancesServiceClient,
  operations: SqlOperationsServiceClient,
): Promise<unknown> {
  let [operation] = await instances.restart({ project, instance })
  while (operation.status !== 'DONE') {
    await sleep(1_000)
    ;[operation] = await operations.get({ project, operation: operation.name ?? '' })
  }
  if (operation.error) throw new Error(operation.error.errors?.[0]?.message ?? 'failed')
  return operation.targetLink
}

/** Restarts an instance with a watch of this library. */
export async function restartWithWatch(
  instances: SqlInstancesServiceClient,
  client: OperationsClient,
): Promise<unknown> {
  const started = await instances.restart({ project, instance })
  const ended = await lastValueFrom(client.follow(started))
  if (E.isLeft(ended)) throw new Error(ended.left.message)
  return ended.right.target
}
