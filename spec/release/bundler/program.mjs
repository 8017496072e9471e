// Watches one operation of an emulator, and one of an HTTPS server that requires the token of a metadata server. Prints
// both results. The folder in CERTIFICATES contains the key and the certificate of the server.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { OperationsClient, watchOperation } from 'rx-longrunning'
import { startEmulator } from 'rx-longrunning/emulator'
import { lastValueFrom } from 'rxjs'

main().catch((error) => {
  console.error(error)
  process.exitCode = 1
})

// A function, because bundles in the format of CommonJS cannot contain a top-level await.
async function main() {
  const metadataServer = await listening(
    createServer((request, response) => {
      response.setHeader('Metadata-Flavor', 'Google')
      sendJson(
        response,
        200,
        request.url.includes('/token') ? { access_token: 'adc', expires_in: 3_600 } : {},
      )
    }),
  )
  process.env.GCE_METADATA_HOST = `127.0.0.1:${metadataServer.address().port}`

  const tlsServer = await listening(
    createTlsServer({ cert: pem('server.pem'), key: pem('server.key') }, ({ headers }, response) => {
      if (headers.authorization === 'Bearer adc')
        sendJson(response, 200, { name: 'operations/x', done: true })
      else sendJson(response, 403, {})
    }),
  )

  const emulator = await startEmulator({ resourceManager: false })
  emulator.operations.add('operations/x', [{}, { polls: 2, done: true }])
  const polled = await lastValueFrom(watchOperation('operations/x', { endpoint: emulator.endpoint }))
  const client = new OperationsClient({ endpoint: `https://127.0.0.1:${tlsServer.address().port}` })
  const authorized = await lastValueFrom(client.watch('operations/x', { maxRetryTime: 0 }))
  client.close()
  await emulator.close()
  for (const server of [metadataServer, tlsServer]) {
    server.close()
    server.closeAllConnections()
  }
  console.log(polled.right?._tag ?? polled.left.message, authorized.right?._tag ?? authorized.left.message)
}

function pem(file) {
  return readFileSync(`${process.env.CERTIFICATES}/${file}`)
}

async function listening(server) {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return server
}

function sendJson(response, httpStatus, body) {
  response.writeHead(httpStatus, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
