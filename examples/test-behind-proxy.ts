// Tests code that sends its requests through a proxy: the proxy of the test opens all tunnels to the emulator.
import { deepEqual, equal } from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { test } from 'node:test'
import { either as E } from 'fp-ts'
import { OperationsClient, outcome } from 'rx-longrunning'
import { startEmulator } from 'rx-longrunning/emulator'
import { lastValueFrom } from 'rxjs'

test('polls through the proxy', async () => {
  await using emulator = await startEmulator()
  emulator.operations.add('operations/x', [{ done: true }])

  const targets: (string | undefined)[] = []
  const proxy = createServer().on('connect', ({ url }, socket) => {
    targets.push(url)
    const tunnel = connect(Number(new URL(emulator.endpoint).port), '127.0.0.1')
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    socket.pipe(tunnel).pipe(socket)
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')

  const client = new OperationsClient({
    endpoint: 'http://operations.test',
    auth: false,
    proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
  })
  const result = await lastValueFrom(client.watch('operations/x').pipe(outcome()))
  client.close()
  proxy.close()
  equal(E.isRight(result), true)
  deepEqual(targets, ['operations.test:80'])
})
