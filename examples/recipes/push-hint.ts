// Events of Pub/Sub or Eventarc end the wait for the next poll. An event is a hint; the poll decides.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { either as E } from 'fp-ts'
import { constant, OperationsClient } from 'rx-longrunning'
import { filter, lastValueFrom, Subject } from 'rxjs'
import { startProject } from './start.js'

const events = new Subject<string>()

/** A push subscription wraps its message in base64; an Eventarc trigger sends the event as it is. */
function eventIn(body: string): string {
  return body.replace(/(?<="data": ?")[\w+/=]+/, (data) => Buffer.from(data, 'base64').toString())
}

const server = createServer((request, response) => {
  const answer = (httpStatus: number) => () => response.writeHead(httpStatus).end()
  text(request)
    .then((body) => events.next(eventIn(body)))
    .then(answer(204), answer(400))
})
server.listen(0, '127.0.0.1')

await using client = new OperationsClient()
const watch = client.follow(await startProject('hinted-1'), {
  schedule: constant({ interval: 300_000 }),
  hint: events.pipe(filter((event) => event.includes('projects/hinted-1'))),
})
setTimeout(push, 600)
const ended = await lastValueFrom(watch)
console.log(E.isRight(ended) && ended.right._tag, E.isRight(ended) && ended.right.elapsed < 300_000)
server.close()

/** What Pub/Sub would send. */
async function push(): Promise<void> {
  const data = Buffer.from('{"protoPayload":{"resourceName":"projects/hinted-1"}}').toString('base64')
  const body = JSON.stringify({ message: { data }, subscription: 'projects/p/subscriptions/s' })
  await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { method: 'POST', body })
}
