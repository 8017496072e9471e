// Tests code that creates a disk of Compute Engine against the emulator: the request that starts the operation, and its
// failure.
import { equal } from 'node:assert/strict'
import { test } from 'node:test'
import { either as E } from 'fp-ts'
import { OperationsClient, outcome, service } from 'rx-longrunning'
import { startEmulator } from 'rx-longrunning/emulator'
import { lastValueFrom } from 'rxjs'

/** The code under test. */
async function createDisk(endpoint: string): Promise<string> {
  await using client = new OperationsClient({ ...service('compute'), endpoint })
  const url = `${endpoint}/compute/v1/projects/p/zones/europe-west1-b/disks`
  const started = await fetch(url, { method: 'POST', body: JSON.stringify({ name: 'data', sizeGb: '10' }) })
  const result = await lastValueFrom(client.follow(await started.json()).pipe(outcome()))
  return E.isRight(result) ? 'created' : result.left.message
}

test('reports that the zone has no capacity', async () => {
  await using emulator = await startEmulator({
    services: ['compute'],
    timeline: () => [
      { metadata: { progress: 40 } },
      { polls: 1, done: true, error: { code: 8, message: 'The zone has no capacity.' } },
    ],
  })
  equal((await createDisk(emulator.endpoint)).endsWith('RESOURCE_EXHAUSTED: The zone has no capacity.'), true)
  const disk = await fetch(`${emulator.endpoint}/compute/v1/projects/p/zones/europe-west1-b/disks/data`)
  equal(disk.status, 404)
})
