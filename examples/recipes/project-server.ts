// A server that starts a project for each POST, and streams its state as lines of JSON until the end.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { either as E } from 'fp-ts'
import { OperationsClient } from 'rx-longrunning'
import { createProject } from 'rx-longrunning/resource-manager'
import { defer, switchMap } from 'rxjs'
import { startProject } from './start.js'

const client = new OperationsClient()

const server = createServer((request, response) => {
  const states = defer(async () => startProject(await text(request))).pipe(
    switchMap((started) => client.follow(started, createProject)),
  )
  const streaming = states.subscribe({
    next: (word) => response.write(`${JSON.stringify(E.toUnion(word))}\n`),
    error: () => (response.headersSent ? response.destroy() : response.writeHead(502).end('not started')),
    complete: () => response.end(),
  })
  // The caller has gone: stop polling. The project is created all the same.
  response.on('close', () => streaming.unsubscribe())
})

server.listen(0, '127.0.0.1', async () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const answer = await fetch(url, { method: 'POST', body: 'streamed-1' })
  for (const line of (await answer.text()).trim().split('\n')) console.log(JSON.parse(line)._tag)
  server.close()
  client.close()
})
