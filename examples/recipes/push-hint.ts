// Polls as soon as Pub/Sub or Eventarc delivers an event. The event only triggers a poll, which reads the state.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { either as E } from 'fp-ts'
import { constant, OperationsClient } from 'rx-longrunning'
import { filter, lastValueFrom, Subject } from 'rxjs'
import { startProject } from './start.js'

const events = new Subject<string>()

/** Decodes the base64 data of a push subscription; an Eventarc trigger sends plain JSON. */
function decodeEvent(body: string): string {
  return body.replace(/(?<="data": ?")[\w+/=]+/, (data) => Buffer.from(data, 'base64').toString())
}
const server = createServer(async (request, response) => {
  const body = await text(request).catch(() => undefined)
  if (body !== undefined) events.next(decodeEvent(body))
  response.writeHead(body === undefined ? 400 : 204).end()
})
server.listen(0, '127.0.0.1')

await using client = new OperationsClient()
const watch = client.follow(await startProject('hinted-1'), {
  schedule: constant({ interval: 300_000 }),
  hint: events.pipe(filter((event) => event.includes('projects/hinted-1'))),
})
setTimeout(push, 600)
const result = await lastValueFrom(watch)
console.log(E.isRight(result) && result.right._tag, E.isRight(result) && result.right.elapsed < 300_000)
server.close()

/** Sends a message in the format of Pub/Sub. */
async function push(): Promise<void> {
  const data = Buffer.from('{"protoPayload":{"resourceName":"projects/hinted-1"}}').toString('base64')
  const body = JSON.stringify({ message: { data }, subscription: 'projects/p/subscriptions/s' })
  await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { method: 'POST', body })
}
