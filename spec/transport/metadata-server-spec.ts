import { once } from 'node:events'
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { GoogleAuth, gcpMetadata } from 'google-auth-library'
import { firstValueFrom, lastValueFrom, of, toArray } from 'rxjs'
import { startEmulator } from '../../lib/emulator/index.js'
import { type Auth, constant, OperationsClient, type Transport, watchOperation } from '../../lib/index.js'
import { right } from '../../lib/model/either.js'
import { withCredentials } from '../../lib/transport/credentials.js'
import { defaultCredentials } from '../../lib/transport/default-credentials.js'
import { forgetMissingServer } from '../../lib/transport/metadata-server.js'
import { NO_CREDENTIALS, withEnvironment } from '../environment.js'
import { NAME, tags } from '../virtual.js'

const API_RESPONSE = { httpStatus: 200, body: {} }
const NO_CREDENTIALS_FAILURE = {
  _tag: 'NoCredentials',
  reason: 'no Application Default Credentials were found',
}

type Respond = (response: ServerResponse) => void

function withToken(response: ServerResponse): void {
  const token = { access_token: 'ya29.token-of-the-machine', expires_in: 3_600, token_type: 'Bearer' }
  response.writeHead(200, { 'metadata-flavor': 'Google' }).end(JSON.stringify(token))
}
/** Returns a function that responds with an HTTP status, as a metadata server does before it is ready. */
function withStatus(status: number): Respond {
  return (response) => response.writeHead(status, { 'metadata-flavor': 'Google' }).end('Not ready')
}
/** Responds with a page, as a proxy does that intercepts the address of the metadata server. */
function withPage(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')
}

/** Returns a listener that sends the responses in order, and repeats the last one. */
function inOrder(responses: readonly Respond[], paths: string[] = []): RequestListener {
  return (request, response) => {
    const respond = responses[Math.min(paths.length, responses.length - 1)] ?? withToken
    paths.push(String(request.url).replace('/computeMetadata/v1/', '').replace(/\?.*/, ''))
    respond(response)
  }
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}

async function listen(server: Server, port = 0): Promise<number> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** Returns a port on which no server listens. */
async function unusedPort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  await close(server)
  return port
}

/** Calls a function while a metadata server sends the responses. Passes the paths of the requests. */
async function withMetadata(responses: readonly Respond[], run: (paths: string[]) => unknown): Promise<void> {
  const paths: string[] = []
  const server = createServer(inOrder(responses, paths))
  const port = await listen(server)
  try {
    await withEnvironment({ ...NO_CREDENTIALS, GCE_METADATA_HOST: `127.0.0.1:${port}` }, () => run(paths))
  } finally {
    await close(server)
  }
}

/** Responds with the first 11 characters of the `authorization` header, which do not include the whole token. */
const echoAuthorization: Transport = ({ headers }) =>
  of(right({ ...API_RESPONSE, body: { authorization: headers.authorization?.slice(0, 11) } }))

/** Returns a function that sends one request with the credentials of `auth`. */
function sender(auth: Auth) {
  const origin = 'https://e.googleapis.com'
  const credentials = { auth: of(auth), origin, requestTimeout: 20_000 }
  const transport = withCredentials(credentials)(echoAuthorization)
  return () => firstValueFrom(transport({ method: 'GET', url: origin, headers: {} }))
}

const SUCCEEDED = right({ ...API_RESPONSE, body: { authorization: 'Bearer ya29' } })

describe('transport/metadata-server', () => {
  // google-auth-library warns about unexpected responses.
  const { emitWarning } = process
  before(() => {
    process.emitWarning = () => undefined
  })
  after(() => {
    process.emitWarning = emitWarning
    gcpMetadata.setGCPResidency()
  })
  beforeEach(() => {
    gcpMetadata.resetIsAvailableCache()
    gcpMetadata.setGCPResidency(false)
  })

  describe('forgetMissingServer', () => {
    for (const variable of ['KUBERNETES_SERVICE_HOST', 'K_SERVICE', 'FUNCTION_TARGET', 'GCE_METADATA_HOST'])
      it(`should return true if ${variable} is set, and false if it is empty`, () =>
        withEnvironment({ ...NO_CREDENTIALS, [variable]: 'a' }, async () => {
          expect(await forgetMissingServer({})).to.equal(true)
          process.env[variable] = ''
          expect(await forgetMissingServer({})).to.equal(false)
        }))

    for (const isGoogleMachine of [true, false])
      it(`should return ${isGoogleMachine} if google-auth-library ${isGoogleMachine ? 'detects' : 'does not detect'} a machine of Google Cloud`, () =>
        withEnvironment(NO_CREDENTIALS, async () => {
          gcpMetadata.setGCPResidency(isGoogleMachine)
          expect(await forgetMissingServer({})).to.equal(isGoogleMachine)
        }))

    for (const detection of ['none', ' NONE ', 'bios-only'])
      it(`should return false if METADATA_SERVER_DETECTION is "${detection}", because google-auth-library then contacts no server`, () =>
        withEnvironment(
          { ...NO_CREDENTIALS, K_SERVICE: 'a', METADATA_SERVER_DETECTION: detection },
          async () => {
            expect(await forgetMissingServer({})).to.equal(false)
          },
        ))
  })

  const responses: readonly (readonly [string, Respond])[] = [
    ['returns 403', withStatus(403)],
    ['returns 404', withStatus(404)],
    ['returns a page', withPage],
  ]
  for (const [behavior, respond] of responses) {
    it(`should be contacted again by the next request if the server ${behavior} to the first request`, () =>
      withMetadata([respond, withToken], async (paths) => {
        const send = sender(new GoogleAuth({ projectId: 'p' }))
        expect(await send()).to.deep.equal({
          _tag: 'Left',
          left: { ...NO_CREDENTIALS_FAILURE, transient: true },
        })
        expect(await send()).to.deep.equal(SUCCEEDED)
        expect(paths).to.deep.equal(['instance', 'instance', 'instance/service-accounts/default/token'])
      }))

    it(`should be contacted again by the next request if the server ${behavior} to the request for a token`, () =>
      withMetadata([withToken, respond, withToken], async (paths) => {
        const send = sender(new GoogleAuth({ projectId: 'p' }))
        expect(await send()).to.have.nested.property('left.transient', true)
        expect(await send()).to.deep.equal(SUCCEEDED)
        expect(paths).to.have.length(3)
      }))
  }

  it('should be contacted again by Application Default Credentials that found no server', () =>
    withMetadata([withStatus(404), withToken], async () => {
      const { auth, close: closeCredentials } = defaultCredentials([], 20_000)
      const send = sender(await firstValueFrom(auth))
      expect(await send()).to.have.nested.property('left.transient', true)
      expect(await send()).to.deep.equal(SUCCEEDED)
      closeCredentials()
    }))

  it('should be contacted again by a watch if the server starts after the watch', async () => {
    const port = await unusedPort()
    const server = createServer(inOrder([withToken]))
    await using emulator = await startEmulator()
    emulator.operations.add(NAME, [{ done: true }])
    let calls = 0
    class StartingAuth extends GoogleAuth {
      override async getRequestHeaders(url?: string): Promise<Headers> {
        if (++calls === 3) await listen(server, port)
        return super.getRequestHeaders(url)
      }
    }
    const auth = new StartingAuth({ projectId: 'p' })
    const options = { endpoint: emulator.endpoint, auth, random: () => 0 }
    await withEnvironment({ ...NO_CREDENTIALS, GCE_METADATA_HOST: `127.0.0.1:${port}` }, async () => {
      const emissions = watchOperation(NAME, { ...options, schedule: constant({ interval: 1 }) })
      const results = lastValueFrom(emissions.pipe(tags(), toArray())).finally(() => close(server))
      expect(await results).to.deep.equal(['Succeeded'])
    })
    expect(calls).to.equal(3)
  })

  it('should end a watch at the end of maxRetryTime if the server does not start', async () => {
    const port = await unusedPort()
    await using emulator = await startEmulator()
    const auth = new GoogleAuth({ projectId: 'p' })
    const options = { endpoint: emulator.endpoint, auth, random: () => 0, maxRetryTime: 20 }
    await withEnvironment({ ...NO_CREDENTIALS, GCE_METADATA_HOST: `127.0.0.1:${port}` }, async () => {
      expect(await lastValueFrom(watchOperation(NAME, options))).to.have.nested.property(
        'left.reason',
        NO_CREDENTIALS_FAILURE.reason,
      )
    })
    expect(emulator.requests).to.deep.equal([])
  })

  it('should be reported as missing within 2 s on a machine outside Google Cloud, and be found by a later request', () =>
    withMetadata([withToken], async (paths) => {
      const { GCE_METADATA_HOST } = process.env
      // No server listens at this address. The real address of the metadata server is not used, because some networks
      // block it.
      const host = `127.0.0.1:${await unusedPort()}`
      const send = sender(new GoogleAuth({ projectId: 'p' }))
      const sentAt = performance.now()
      await withEnvironment({ GCE_METADATA_HOST: undefined, GCE_METADATA_IP: host }, async () => {
        expect(await send()).to.deep.equal({
          _tag: 'Left',
          left: { ...NO_CREDENTIALS_FAILURE, transient: false },
        })
      })
      expect(performance.now() - sentAt).to.be.below(2_000)
      expect([GCE_METADATA_HOST, paths]).to.deep.equal([process.env.GCE_METADATA_HOST, []])
      expect(await send()).to.deep.equal(SUCCEEDED)
      expect(await sender(new GoogleAuth({ projectId: 'p' }))()).to.deep.equal(SUCCEEDED)
    }))

  it('should be found by a later watch of the same client, without a new client', () =>
    withMetadata([withStatus(404), withToken], async () => {
      await using emulator = await startEmulator()
      emulator.operations.add(NAME, [{ done: true }])
      const auth = new GoogleAuth({ projectId: 'p' })
      await using client = new OperationsClient({ endpoint: emulator.endpoint, auth })
      const watch = client.watch(NAME, { maxRetryTime: 0 }).pipe(tags(), toArray())
      expect(await lastValueFrom(watch)).to.deep.equal(['CredentialsError'])
      expect(await lastValueFrom(watch)).to.deep.equal(['Succeeded'])
    }))
})
