// The process of the emulator: begins the operations that the parent names, and counts what is asked for each.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startEmulator } from '../../lib/emulator/index.ts'
import { TOKEN } from './limits.ts'
import type { FromServer, ToServer } from './messages.ts'
import { PROJECT, ROWS } from './rows.ts'

function say(message: FromServer): void {
  return void process.send?.(message)
}

const emulator = await startEmulator()

// Another host, where redirects lead: it says that every operation is done, and remembers who asked.
const strays: { readonly path: string; readonly withToken: boolean }[] = []
const elsewhere = createServer((incoming, outgoing) => {
  strays.push({ path: incoming.url ?? '', withToken: JSON.stringify(incoming.headers).includes(TOKEN) })
  outgoing.writeHead(200, { 'content-type': 'application/json' }).end(`{"done":true,"response":${PROJECT}}`)
})
await new Promise<void>((resolve) => void elsewhere.listen(0, '127.0.0.1', () => resolve()))
const { port } = elsewhere.address() as AddressInfo
const places = { otherHost: `localhost:${port}`, otherPort: `127.0.0.1:${port}` }

process.on('message', (message: ToServer) => {
  const { operation } = message
  if (message._tag === 'Begin') {
    emulator.operations.add(operation, ROWS[message.row]?.frames(operation, places) ?? [])
    say({ _tag: 'Begun', operation })
    return
  }
  const asked = emulator.requests.filter(({ path }) => path.endsWith(`/${operation}`))
  const strayed = strays.filter(({ path }) => path.endsWith(`/${operation}`))
  emulator.operations.forget(operation)
  const gaps = asked.slice(1, 9).map(({ at }, n) => Math.round(at - (asked[n]?.at ?? 0)))
  const tokenElsewhere = strayed.some(({ withToken }) => withToken)
  say({
    _tag: 'Ended',
    operation,
    counts: { requests: asked.length, gaps, elsewhere: strayed.length, tokenElsewhere },
  })
})
process.on('disconnect', () => process.exit())
say({ _tag: 'Listening', endpoint: emulator.endpoint })
