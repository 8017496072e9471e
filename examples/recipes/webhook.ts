// Calls a webhook with the final result of each operation, and retries failed deliveries.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { either as E } from 'fp-ts'
import { follow, type OperationError, OperationsClient, type Succeeded } from 'rx-longrunning'
import { catchError, defer, filter, from, lastValueFrom, map, mergeMap, of, retry, timer } from 'rxjs'
import { startProject } from './start.js'

function deliver(result: OperationError | Succeeded) {
  return defer(async () => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': result.name }
    const signal = AbortSignal.timeout(10_000)
    const reply = await fetch(url(), { method: 'POST', headers, body: JSON.stringify(result), signal })
    if (!reply.ok) throw new Error(`the webhook returned HTTP ${reply.status}`)
    return `delivered ${result._tag}`
  }).pipe(
    retry({ count: 8, delay: (_, tries) => timer(Math.random() * 100 * 2 ** tries) }),
    // A failed delivery must not stop the others.
    catchError((error) => of(`not delivered: ${error}`)),
  )
}
const client = new OperationsClient()
const deliveries = from(['hooked-1', 'no-quota-1']).pipe(
  mergeMap((id) => startProject(id)),
  follow(client),
  map((emission) => E.toUnion(emission)),
  filter((emission) => emission._tag !== 'Running'),
  mergeMap(deliver),
)
let calls = 0 // The first two calls fail.
const receiver = createServer((_, response) => response.writeHead(++calls < 3 ? 503 : 204).end())
function url() {
  return `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
}
receiver.listen(0, '127.0.0.1', async () => {
  await lastValueFrom(deliveries.pipe(map((line) => console.log(line))))
  receiver.close()
  client.close()
})
