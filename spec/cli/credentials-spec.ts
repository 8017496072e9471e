import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { withHttpServer } from '../loopback.js'
import { startLro } from './lro.js'

// Compiled specs are in another folder, which does not contain the certificates.
const CERTIFICATES = [
  new URL('../certificates/', import.meta.url),
  new URL('../../../spec/certificates/', import.meta.url),
].find((folder) => existsSync(folder)) as URL
function pem(file: string): string {
  return readFileSync(new URL(file, CERTIFICATES), 'utf8')
}
const NAME = 'projects/p/locations/l/operations/x'

/** Uses a token server over http and an API over https, both on a loopback address. */
describe('cli, credentials over https', () => {
  const authorizations: (string | undefined)[] = []
  const keys: (string | string[] | undefined)[] = []
  let tokenRequests = 0
  const server = createServer({ cert: pem('server.pem'), key: pem('server.key') }, (request, response) => {
    authorizations.push(request.headers.authorization)
    keys.push(request.headers['x-goog-api-key'])
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ name: NAME, done: true }))
  })
  let endpoint = ''
  let folder = ''
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rx-longrunning-'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(async () => {
    server.closeAllConnections()
    server.close()
    await rm(folder, { recursive: true })
  })

  /** Runs lro get, and returns the Authorization headers that the API received. */
  const sentAuthorizations = (...argv: readonly string[]): Promise<readonly (string | undefined)[]> =>
    withHttpServer(
      (_, response) => {
        tokenRequests += 1
        response.setHeader('content-type', 'application/json')
        response.end(
          JSON.stringify({
            access_token: 'ya29.S3CRET',
            issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
            token_type: 'Bearer',
            expires_in: 3_600,
          }),
        )
      },
      async (tokenOrigin) => {
        const subjectTokenFile = join(folder, 'subject')
        const credentialsFile = join(folder, 'credentials.json')
        await writeFile(subjectTokenFile, 'S3CRET-subject')
        await writeFile(
          credentialsFile,
          JSON.stringify({
            type: 'external_account',
            audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/p',
            subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
            token_url: `${tokenOrigin}/token`,
            credential_source: { file: subjectTokenFile },
          }),
        )
        authorizations.length = 0
        keys.length = 0
        tokenRequests = 0
        const env = {
          GOOGLE_APPLICATION_CREDENTIALS: credentialsFile,
          GOOGLE_CLOUD_PROJECT: 'p',
          NODE_EXTRA_CA_CERTS: fileURLToPath(new URL('ca.pem', CERTIFICATES)),
        }
        const { code, stdout, stderr } = await startLro(['get', ...argv], env).result
        expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
        expect(stdout).to.include('succeeded').and.not.include('S3CRET')
        return [...authorizations]
      },
    )

  it('should send credentials to the host of --endpoint, for a name and for a URL', async () => {
    expect(await sentAuthorizations('--endpoint', endpoint, NAME)).to.deep.equal(['Bearer ya29.S3CRET'])
    expect(await sentAuthorizations('--endpoint', endpoint, `${endpoint}/v1/${NAME}`)).to.deep.equal([
      'Bearer ya29.S3CRET',
    ])
  }).timeout(60_000)

  it('should send the key in --api-key-file to the host of --endpoint, and request no token', async () => {
    const keyFile = join(folder, 'key')
    await writeFile(keyFile, 'AIzaS3CRET-key\n')
    const options = ['--api-key-file', keyFile, '--endpoint', endpoint]
    for (const name of [NAME, `${endpoint}/v1/${NAME}`]) {
      expect(await sentAuthorizations(...options, name)).to.deep.equal([undefined])
      expect({ keys, tokenRequests }).to.deep.equal({ keys: ['AIzaS3CRET-key'], tokenRequests: 0 })
    }
    expect(await sentAuthorizations('--api-key-file', keyFile, `${endpoint}/v1/${NAME}`)).to.deep.equal([
      undefined,
    ])
    expect({ keys, tokenRequests }).to.deep.equal({ keys: [undefined], tokenRequests: 0 })
  }).timeout(60_000)

  it('should send no credentials to the host of a loopback URL if --endpoint is not set', async () => {
    expect(await sentAuthorizations(`${endpoint}/v1/${NAME}`)).to.deep.equal([undefined])
  }).timeout(60_000)
})
