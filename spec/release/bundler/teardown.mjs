// Ends 30 watches in three ways, and prints how many of them left a socket open.
import { createServer } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { constant, watchOperation } from 'rx-longrunning'
import { lastValueFrom } from 'rxjs'

const schedule = constant({ interval: 20 })
let leftOpen = 0

for (let n = 0; n < 30; n += 1) {
  const method = ['done', 'unsubscribe', 'timeout'][n % 3]
  const sockets = new Set()
  let requests = 0
  let onSecondRequest
  const secondRequest = new Promise((resolve) => {
    onSecondRequest = resolve
  })
  const server = createServer((_, response) => {
    requests += 1
    if (requests === 2) onSecondRequest()
    // The second request of a watch that is unsubscribed or times out is in flight at its end.
    if (requests > 1 && method !== 'done') return
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ name: 'operations/a', done: requests > 1 }))
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${server.address().port}`
  const timeout = method === 'timeout' ? { timeout: 300 } : {}
  const watch = watchOperation('operations/a', { endpoint, auth: false, schedule, ...timeout })
  if (method === 'unsubscribe') {
    const subscription = watch.subscribe()
    await secondRequest
    subscription.unsubscribe()
  } else await lastValueFrom(watch)
  for (let waits = 0; sockets.size > 0 && waits < 50; waits += 1) await setTimeout(20)
  if (sockets.size > 0) leftOpen += 1
  for (const socket of sockets) socket.destroy()
  server.close()
}
console.log(`${leftOpen} of 30`)
