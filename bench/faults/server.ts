// The emulator process. It starts the operations that the parent names and counts their requests.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startEmulator } from '../../lib/emulator/index.ts'
import { TOKEN } from './limits.ts'
import type { FromServer, ToServer } from './protocol.ts'
import { PROJECT, ROWS } from './rows.ts'

function send(message: FromServer): void {
  return void process.send?.(message)
}

const emulator = await startEmulator()

// The target of redirects on another host. It responds to every poll with a success and records the requests.
const redirected: { readonly path: string; readonly withToken: boolean }[] = []
const otherServer = createServer((request, response) => {
  redirected.push({ path: request.url ?? '', withToken: JSON.stringify(request.headers).includes(TOKEN) })
  response.writeHead(200, { 'content-type': 'application/json' }).end(`{"done":true,"response":${PROJECT}}`)
})
await new Promise<void>((resolve) => void otherServer.listen(0, '127.0.0.1', () => resolve()))
const { port } = otherServer.address() as AddressInfo
const elsewhere = { otherHost: `localhost:${port}`, otherPort: `127.0.0.1:${port}` }

process.on('message', (message: ToServer) => {
  const { operation } = message
  if (message._tag === 'Start') {
    emulator.operations.add(operation, ROWS[message.row]?.frames(operation, elsewhere) ?? [])
    send({ _tag: 'Started', operation })
    return
  }
  const requests = emulator.requests.filter(({ path }) => path.endsWith(`/${operation}`))
  const requestsElsewhere = redirected.filter(({ path }) => path.endsWith(`/${operation}`))
  emulator.operations.forget(operation)
  const gaps = requests.slice(1, 9).map(({ at }, n) => Math.round(at - (requests[n]?.at ?? 0)))
  const tokenElsewhere = requestsElsewhere.some(({ withToken }) => withToken)
  send({
    _tag: 'Stopped',
    operation,
    counts: { requests: requests.length, gaps, elsewhere: requestsElsewhere.length, tokenElsewhere },
  })
})
process.on('disconnect', () => process.exit())
send({ _tag: 'Listening', endpoint: emulator.endpoint })
