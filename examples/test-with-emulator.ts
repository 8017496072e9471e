// Tests your code against the emulator: with real HTTP requests and scripted responses, without credentials.
import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { either as E } from 'fp-ts'
import { OperationsClient, outcome } from 'rx-longrunning'
import { startEmulator } from 'rx-longrunning/emulator'
import { lastValueFrom } from 'rxjs'

/** The code under test. */
async function waitForProject(client: OperationsClient, name: string): Promise<string> {
  const result = await lastValueFrom(client.watch(name).pipe(outcome()))
  return E.isRight(result) ? 'created' : result.left._tag
}

test('reports a failed operation after one retry', async () => {
  await using emulator = await startEmulator()
  await using client = new OperationsClient({ endpoint: emulator.endpoint })
  emulator.operations.add('operations/x', [
    { httpResponse: { httpStatus: 503 } },
    { polls: 2, done: true, error: { code: 8, message: 'The project quota is used up.' } },
  ])
  equal(await waitForProject(client, 'operations/x'), 'OperationFailed')
  deepEqual(
    emulator.requests.map(({ method, path }) => `${method} ${path}`),
    ['GET /v3/operations/x', 'GET /v3/operations/x'],
  )
})
