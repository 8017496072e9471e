// Call a webhook at the last word of each operation, again where the webhook does not take it.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { either as E } from 'fp-ts'
import { follow, type OperationError, OperationsClient, type Succeeded } from 'rx-longrunning'
import { catchError, defer, filter, from, lastValueFrom, map, mergeMap, of, retry, timer } from 'rxjs'
import { startProject } from './start.js'

function deliver(word: OperationError | Succeeded) {
  return defer(async () => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': word.name }
    const signal = AbortSignal.timeout(10_000)
    const answer = await fetch(hook(), { method: 'POST', headers, body: JSON.stringify(word), signal })
    if (!answer.ok) throw new Error(`the webhook answered ${answer.status}`)
    return `delivered ${word._tag}`
  }).pipe(
    retry({ count: 8, delay: (_, tries) => timer(Math.random() * 100 * 2 ** tries) }),
    // One that cannot be delivered is no end of the others.
    catchError((thrown) => of(`not delivered: ${thrown}`)),
  )
}

const client = new OperationsClient()
const delivered = from(['hooked-1', 'no-quota-1']).pipe(
  mergeMap((id) => startProject(id)),
  follow(client),
  map((word) => E.toUnion(word)),
  filter((word) => word._tag !== 'Running'),
  mergeMap(deliver),
)

/** One that is down at first. */
let calls = 0
const receiver = createServer((_, response) => response.writeHead(++calls < 3 ? 503 : 204).end())
function hook() {
  return `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
}
receiver.listen(0, '127.0.0.1', async () => {
  await lastValueFrom(delivered.pipe(map((told) => console.log(told))))
  receiver.close()
  client.close()
})
