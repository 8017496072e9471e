import { setTimeout as sleep } from 'node:timers/promises'
import type { ClusterManagerClient } from '@google-cloud/container'
import { either as E } from 'fp-ts'
import type { OperationsClient } from 'rx-longrunning'
import { lastValueFrom } from 'rxjs'

const parent = 'projects/p/locations/europe-west1'

/** Creates a cluster with a poll loop. */
export async function createWithPollLoop(clusters: ClusterManagerClient): Promise<unknown> {
  let [operation] = await clusters.createCluster({ parent, cluster: { name: 'c', initialNodeCount: 1 } })
  while (operation.status !== 'DONE') {
    await sleep(1_000)
    ;[operation] = await clusters.getOperation({ name: `${parent}/operations/${operation.name}` })
  }
  if (operation.error) throw new Error(operation.error.message ?? 'failed')
  return operation.targetLink
}

/** Creates a cluster with a watch of this library. */
export async function createWithWatch(
  clusters: ClusterManagerClient,
  client: OperationsClient,
): Promise<unknown> {
  const started = await clusters.createCluster({ parent, cluster: { name: 'c', initialNodeCount: 1 } })
  const ended = await lastValueFrom(client.follow(started))
  if (E.isLeft(ended)) throw new Error(ended.left.message)
  return ended.right.target
}
