// Watches an operation through the proxy in HTTP_PROXY, and unsubscribes while the proxy does not respond to CONNECT.
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { watchOperation } from 'rx-longrunning'
import { startEmulator } from 'rx-longrunning/emulator'
import { lastValueFrom } from 'rxjs'

const emulator = await startEmulator()
emulator.operations.add('operations/x', [{ done: true, response: {} }])
const hosts = []
const sockets = []
const proxy = createServer().on('connect', ({ url, headers }, socket) => {
  hosts.push(`${url} ${headers['proxy-authorization'] === `Basic ${btoa('me:pass')}`}`)
  sockets.push(new Promise((resolve) => socket.on('error', () => undefined).on('close', resolve)))
  if (hosts.length > 1) return subscription.unsubscribe() ?? socket.on('end', () => socket.end()).resume()
  socket.write('HTTP/1.1 200 OK\r\n\r\n')
  socket.pipe(connect(new URL(emulator.endpoint).port, '127.0.0.1')).pipe(socket)
})
await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve))
process.env.HTTP_PROXY = `http://me:pass@127.0.0.1:${proxy.address().port}`
const options = { endpoint: 'http://operations.example.test', auth: false }
const { _tag } = await lastValueFrom(watchOperation('operations/x', options))
const subscription = watchOperation('operations/x', options).subscribe()
while (hosts.length < 2) await new Promise((resolve) => setTimeout(resolve, 10))
await Promise.all(sockets)
console.log(_tag, hosts.join(' '))
proxy.close()
await emulator.close()
