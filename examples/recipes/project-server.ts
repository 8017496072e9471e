// A server that starts a project for each POST request and streams its snapshots as JSON lines.
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
  const emissions = defer(async () => startProject(await text(request))).pipe(
    switchMap((started) => client.follow(started, createProject)),
  )
  const subscription = emissions.subscribe({
    next: (emission) => response.write(`${JSON.stringify(E.toUnion(emission))}\n`),
    error: () => (response.headersSent ? response.destroy() : response.writeHead(502).end('not started')),
    complete: () => response.end(),
  })
  // When the caller disconnects, polling stops. The operation continues.
  response.on('close', () => subscription.unsubscribe())
})

server.listen(0, '127.0.0.1', async () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const reply = await fetch(url, { method: 'POST', body: 'streamed-1' })
  for (const line of (await reply.text()).trim().split('\n')) console.log(JSON.parse(line)._tag)
  server.close()
  client.close()
})
