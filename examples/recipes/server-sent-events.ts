// GET /operations/NAME as Server-Sent Events, from a plain server. However many look at one, it is polled once.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { either as E } from 'fp-ts'
import { OperationsClient } from 'rx-longrunning'
import { startProject } from './start.js'

const client = new OperationsClient()

const server = createServer((request, response) => {
  const name = request.url?.slice(1) ?? ''
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  const words = client.watch(name).subscribe({
    next: (word) => {
      const { _tag, ...rest } = E.toUnion(word)
      response.write(`event: ${_tag}\ndata: ${JSON.stringify(rest)}\n\n`)
    },
    complete: () => response.end(),
  })
  // A proxy cuts what is silent; a line that begins with a colon is no event.
  const alive = setInterval(() => response.write(':\n\n'), 15_000)
  response.on('close', () => {
    clearInterval(alive)
    words.unsubscribe()
  })
})

server.listen(0, '127.0.0.1', async () => {
  const { name } = await startProject('watched-1')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`
  const seen = await Promise.all([url, url].map(async (each) => (await fetch(each)).text()))
  for (const events of seen) console.log(events.match(/(?<=event: )\w+/g)?.join(' '))
  server.close()
  client.close()
})
