// Polls as soon as Pub/Sub or Eventarc delivers the audit log of the operation. The event only triggers a poll, which
// reads the state.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { either as E } from 'fp-ts'
import { constant, OperationsClient } from 'rx-longrunning'
import { hintsFor } from 'rx-longrunning/cloudevents'
import { lastValueFrom, Subject } from 'rxjs'
import { startProject } from './start.js'

const events = new Subject<string>()

const server = createServer(async (request, response) => {
  const body = await text(request).catch(() => undefined)
  if (body !== undefined) events.next(body)
  response.writeHead(body === undefined ? 400 : 204).end()
})
server.listen(0, '127.0.0.1')

await using client = new OperationsClient()
const started = await startProject('hinted-1')
const watch = client.follow(started, {
  schedule: constant({ interval: 300_000 }),
  hint: events.pipe(hintsFor(started.name)),
})
setTimeout(push, 600)
const result = await lastValueFrom(watch)
console.log(E.isRight(result) && result.right._tag, E.isRight(result) && result.right.elapsed < 300_000)
server.close()

/** Sends a log entry in the format of a Pub/Sub push request. */
async function push(): Promise<void> {
  const operation = { id: started.name, producer: 'cloudresourcemanager.googleapis.com', last: true }
  const data = Buffer.from(JSON.stringify({ operation })).toString('base64')
  const body = JSON.stringify({ message: { data }, subscription: 'projects/p/subscriptions/s' })
  await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { method: 'POST', body })
}
