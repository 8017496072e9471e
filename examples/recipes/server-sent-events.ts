// Streams an operation as Server-Sent Events at GET /operations/NAME. All viewers of one operation share its polls.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { either as E } from 'fp-ts'
import { OperationsClient } from 'rx-longrunning'
import { startProject } from './start.js'

const client = new OperationsClient()

const server = createServer((request, response) => {
  const name = request.url?.slice(1) ?? ''
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  const subscription = client.watch(name).subscribe({
    next: (emission) => {
      const { _tag, ...rest } = E.toUnion(emission)
      response.write(`event: ${_tag}\ndata: ${JSON.stringify(rest)}\n\n`)
    },
    complete: () => response.end(),
  })
  // Proxies close idle connections. A line that starts with a colon is a comment.
  const heartbeat = setInterval(() => response.write(':\n\n'), 15_000)
  response.on('close', () => {
    clearInterval(heartbeat)
    subscription.unsubscribe()
  })
})

server.listen(0, '127.0.0.1', async () => {
  const { name } = await startProject('watched-1')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`
  const streams = await Promise.all([url, url].map(async (each) => (await fetch(each)).text()))
  for (const events of streams) console.log(events.match(/(?<=event: )\w+/g)?.join(' '))
  server.close()
  client.close()
})
