// Starts a project at POST /projects, and streams its operation as Server-Sent Events at GET /operations/NAME.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { either as E } from 'fp-ts'
import { OperationsClient } from 'rx-longrunning'
import { firstValueFrom } from 'rxjs'

const client = new OperationsClient()
const projects = `http://${process.env.CLOUDRESOURCEMANAGER_EMULATOR_HOST}/v3/projects`

const server = createServer(async (request, response) => {
  if (request.method === 'POST') {
    const body = await text(request).catch(() => undefined)
    if (body === undefined) return
    const project = client.start(({ signal }) => fetch(projects, { method: 'POST', body, signal }))
    const first = await firstValueFrom(project)
    if (E.isLeft(first)) return void response.writeHead(502).end(first.left.message)
    return void response.writeHead(202, { location: `/${first.right.name}` }).end()
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  const subscription = client.watch(request.url?.slice(1) ?? '').subscribe({
    next: (emission) => {
      const { _tag, ...rest } = E.toUnion(emission)
      response.write(`event: ${_tag}\ndata: ${JSON.stringify(rest)}\n\n`)
    },
    complete: () => response.end(),
  })
  response.on('close', () => subscription.unsubscribe())
})

server.listen(0, '127.0.0.1', async () => {
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const started = await fetch(origin, { method: 'POST', body: '{ "projectId": "streamed-2" }' })
  const events = await fetch(`${origin}${started.headers.get('location')}`)
  console.log(started.status, (await events.text()).match(/(?<=event: )\w+/g)?.join(' '))
  server.close(() => client.close())
})
