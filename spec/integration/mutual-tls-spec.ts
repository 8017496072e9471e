import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'chai'

/** The folder of the certificates, for the source of this file and for its compiled form. */
const CERTIFICATES = [
  new URL('../certificates/', import.meta.url),
  new URL('../../../spec/certificates/', import.meta.url),
].find((folder) => existsSync(folder)) as URL
/** Returns the content of a file in the folder of the certificates. */
function pem(file: string): string {
  return readFileSync(new URL(file, CERTIFICATES), 'utf8')
}
/** The library as source if the source exists, or as compiled file. */
const SOURCE_URL = new URL('../../lib/index.ts', import.meta.url)
const [LIBRARY_URL, LOADER_ARGUMENTS] = existsSync(SOURCE_URL)
  ? [SOURCE_URL.href, ['--import', 'tsx']]
  : [new URL('../../lib/index.js', import.meta.url).href, []]

/**
 * Returns the result of a watch in another process, because trusted certificate authorities can only be
 * configured when a process starts.
 */
async function watchWith(endpoint: string, certificate: object | undefined): Promise<unknown> {
  const program = `
    import { lastValueFrom } from 'rxjs'
    import { watchOperation } from ${JSON.stringify(LIBRARY_URL)}
    const options = { endpoint: ${JSON.stringify(endpoint)}, auth: false, maxRetryTime: 0, clientCertificate: ${JSON.stringify(certificate)} }
    const result = await lastValueFrom(watchOperation('operations/x', options))
    console.log(JSON.stringify(result))`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...LOADER_ARGUMENTS, '--input-type=module', '--eval', program],
    {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: fileURLToPath(new URL('ca.pem', CERTIFICATES)) },
      timeout: 20_000,
    },
  )
  return JSON.parse(stdout)
}

describe('integration/mutual-tls', () => {
  it('should send the client certificate to a server that requests it, and end the watch with Unreachable if the client has no certificate', async () => {
    const clientSubjects: string[] = []
    const server = createServer(
      {
        cert: pem('server.pem'),
        key: pem('server.key'),
        ca: pem('ca.pem'),
        requestCert: true,
        rejectUnauthorized: true,
      },
      (request, response) => {
        clientSubjects.push(String((request.socket as TLSSocket).getPeerCertificate().subject.CN))
        response.setHeader('content-type', 'application/json')
        response.end('{"name": "operations/x", "done": true}')
      },
    ).listen(0, '127.0.0.1')
    await once(server, 'listening')
    try {
      const endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
      const [resultWithCertificate, resultWithoutCertificate] = await Promise.all([
        watchWith(endpoint, { cert: pem('client.pem'), key: pem('client.key') }),
        watchWith(endpoint, undefined),
      ])
      expect(resultWithCertificate).to.have.nested.property('right._tag', 'Succeeded')
      expect(resultWithoutCertificate).to.have.nested.property('left._tag', 'Unreachable')
      expect(JSON.stringify(resultWithoutCertificate)).to.not.include('PRIVATE KEY')
      expect(clientSubjects).to.deep.equal(['spec-client'])
    } finally {
      server.closeAllConnections()
      server.close()
    }
  }).timeout(60_000)
})
