import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createServer as createTcpServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { gaxios } from 'google-auth-library'
import { EMPTY, firstValueFrom, lastValueFrom, toArray } from 'rxjs'
import {
  type ClientOptions,
  constant,
  InvalidOption,
  OperationsClient,
  type ProxyConnect,
  watchOperation,
} from '../../lib/index.js'
import { defaultCredentials } from '../../lib/transport/default-credentials.js'
import { startLro } from '../cli/lro.js'
import { read, root } from '../documents.js'
import { NO_CREDENTIALS, withEnvironment } from '../environment.js'
import {
  CERTIFICATE,
  type Connect,
  type HttpProxy,
  listen,
  PROXY_PASSWORD,
  trackedSockets,
  withProxy,
} from '../http-proxy.js'

const NAME = 'operations/cp.1'
const RUNNING = JSON.stringify({ name: NAME })
const DONE = JSON.stringify({ name: NAME, done: true, response: { ok: true } })
/** A host that only the proxy can resolve. */
const ENDPOINT = 'https://operations.example.test'
const KEY = read('spec/certificates/proxy.key')
const SECRETS = ['S3CRET', Buffer.from(`me:${PROXY_PASSWORD}`).toString('base64'), 'token-of-the-server']
/** The client trusts the certificate of the server. The agent for https receives all members. */
const TRUST = {
  clientCertificate: {
    cert: read('spec/certificates/client.pem'),
    key: read('spec/certificates/client.key'),
    ca: CERTIFICATE,
  },
} as ClientOptions
const schedule = constant({ interval: 5 })
const auth = { getRequestHeaders: async () => ({ authorization: 'Bearer token-of-the-server' }) }

/** A server behind the proxy. */
interface Target {
  readonly port: number
  readonly requests: readonly IncomingMessage[]
  readonly sockets: ReadonlySet<Socket>
}

/** Calls `body` with a server that sends `bodies` in order, and then the last one again. */
async function withTarget(
  scheme: string,
  bodies: readonly string[],
  body: (target: Target) => Promise<void>,
) {
  const requests: IncomingMessage[] = []
  const server = scheme === 'https' ? createTlsServer({ key: KEY, cert: CERTIFICATE }) : createServer()
  server.on('request', (request, response) => {
    requests.push(request)
    response.end(bodies[requests.length - 1] ?? bodies.at(-1))
  })
  const sockets = trackedSockets(server)
  const port = await listen(server)
  try {
    await body({ port, requests, sockets })
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

/** Calls `body` with a proxy that opens each tunnel to one server. */
function withTunnels(
  scheme: string,
  bodies: readonly string[],
  body: (proxy: HttpProxy, target: Target) => Promise<void>,
): Promise<void> {
  return withTarget(scheme, bodies, (target) =>
    withProxy(
      ({ open }) => open(target.port),
      (proxy) => body(proxy, target),
    ),
  )
}

function expectNoSecrets(...values: readonly unknown[]): void {
  const texts = values.flatMap((value) => [
    JSON.stringify(value),
    String(value),
    inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true }),
  ])
  for (const secret of SECRETS) expect(texts.join('\n')).to.not.include(secret)
}

/** Returns the error of one poll through a proxy, without a retry. Adds the classification of the poll to `verdicts`. */
async function failureOf(options: ClientOptions, verdicts: unknown[] = []): Promise<Record<string, unknown>> {
  const listener = (event: unknown): void => void verdicts.push(Object(event).verdict)
  subscribe('rx-longrunning:poll:end', listener)
  const settings = { endpoint: ENDPOINT, auth, maxRetryTime: 0, ...TRUST, ...options }
  const result = await lastValueFrom(watchOperation(NAME, settings))
  unsubscribe('rx-longrunning:poll:end', listener)
  expectNoSecrets(result)
  if (!isLeft(result)) throw new Error('expected a Left')
  return result.left as never
}

describe('transport/tunnels', () => {
  describe('a watch through a proxy', () => {
    for (const scheme of ['https', 'http'])
      it(`should send all polls of a ${scheme} server in one tunnel, and the credentials only inside the tunnel`, () =>
        withTunnels(scheme, [RUNNING, RUNNING, DONE], async (proxy, { requests }) => {
          const endpoint = ENDPOINT.replace('https', scheme)
          const headers = { 'x-key': 'token-of-the-server' }
          const credentials =
            scheme === 'https' ? { apiKey: 'token-of-the-server' } : { auth: false as const }
          const options = { endpoint, headers, schedule, proxy: proxy.url, ...credentials, ...TRUST }
          const emissions = await lastValueFrom(watchOperation(NAME, options).pipe(toArray()))
          await proxy.idle()
          expect(emissions.map((emission) => !isLeft(emission) && emission.right._tag)).to.deep.equal([
            'Running',
            'Running',
            'Succeeded',
          ])
          expect(requests.map(({ headers }) => headers['x-key'])).to.deep.equal(
            new Array(3).fill('token-of-the-server'),
          )
          const [connect] = proxy.connects
          const host = `operations.example.test:${scheme === 'https' ? 443 : 80}`
          expect(proxy.connects).to.have.length(1)
          expect(proxy.exposed).to.deep.equal([])
          expect(connect).to.include({ target: host })
          expect(connect?.headers).to.deep.equal({
            host,
            connection: 'keep-alive',
            'proxy-authorization': `Basic ${SECRETS[1]}`,
          })
          expectNoSecrets(emissions)
        }))

    it('should open a tunnel to an IPv6 address', () =>
      // Not https, because Node.js 22.23 rejects the certificate of every IPv6 address, also without a proxy.
      withTunnels('http', [DONE], async (proxy) => {
        const endpoint = 'http://[2001:db8::1]:8443'
        const options = { endpoint, auth: false as const, proxy: proxy.origin }
        expect(await lastValueFrom(watchOperation(NAME, options))).to.have.nested.property(
          'right._tag',
          'Succeeded',
        )
        expect(proxy.connects.map(({ target }) => target)).to.deep.equal(['[2001:db8::1]:8443'])
        expect(proxy.connects[0]?.headers).to.not.have.property('proxy-authorization')
      }))

    it('should use the environment variables at the time of the connection', () =>
      withTunnels('https', [RUNNING], async (proxy) => {
        await using client = new OperationsClient({ endpoint: ENDPOINT, auth, ...TRUST })
        const proxies = {
          HTTPS_PROXY: undefined,
          https_proxy: undefined,
          HTTP_PROXY: undefined,
          http_proxy: proxy.url,
        }
        await withEnvironment({ ...proxies, NO_PROXY: undefined, no_proxy: undefined }, async () => {
          expect(await firstValueFrom(client.get(NAME))).to.have.property('_tag', 'Right')
        })
        expect(proxy.connects).to.have.length(1)
      }))

    it('should not use a proxy for a loopback address', () =>
      withTunnels('http', [DONE], async (proxy, { port }) => {
        const endpoint = `http://127.0.0.1:${port}`
        const result = await lastValueFrom(watchOperation(NAME, { endpoint, proxy: proxy.url }))
        expect(result).to.have.property('_tag', 'Right')
        expect(proxy.connects).to.deep.equal([])
      }))

    it('should reject the certificate of a server that has another name', () =>
      withTunnels('https', [DONE], async (proxy) => {
        const error = await failureOf({ endpoint: 'https://other.example.test', proxy: proxy.url })
        expect(error.last).to.deep.equal({ _tag: 'CertificateRefused', code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
      }))

    it('should report a client certificate that cannot be used', () =>
      withTunnels('https', [DONE], async (proxy) => {
        const pem = (type: string): string => `-----BEGIN ${type}-----\nAAAA\n-----END ${type}-----\n`
        const clientCertificate = { cert: pem('CERTIFICATE'), key: pem('PRIVATE KEY') }
        const error = await failureOf({ proxy: proxy.url, clientCertificate })
        expect(error).to.have.nested.property('last._tag', 'CertificateRefused')
        await proxy.idle()
      }))

    it('should send a request once more, in a new tunnel, if an idle tunnel was closed', () =>
      withTunnels('https', [RUNNING], async (proxy, { sockets }) => {
        await using client = new OperationsClient({ endpoint: ENDPOINT, auth, proxy: proxy.url, ...TRUST })
        await firstValueFrom(client.get(NAME))
        await new Promise((resolve) => setTimeout(resolve, 20))
        for (const socket of sockets) socket.destroy()
        expect(await firstValueFrom(client.get(NAME))).to.have.property('_tag', 'Right')
        expect(proxy.connects.length).to.equal(2)
      }))
  })

  describe('teardown', () => {
    const states: Readonly<Record<string, (connect: Connect, port: number) => void>> = {
      'the proxy does not respond to CONNECT': () => undefined,
      'the proxy sends a part of its response': ({ socket }) => socket.write('HTTP/1.1 200 OK\r\nX-A: '),
      'the server does not respond to the TLS handshake': ({ open }, port) => open(port),
    }
    const aborts: Readonly<Record<string, (client: OperationsClient, end: () => void) => void>> = {
      'the watch is unsubscribed': (_, end) => end(),
      'the client is closed': (client) => client.close(),
    }
    for (const [state, onConnect] of Object.entries(states))
      for (const [abort, run] of Object.entries(aborts))
        it(`should close all sockets immediately when ${abort} while ${state}`, async () => {
          const silentServer = createTcpServer((socket) => socket.resume())
          const serverSockets = trackedSockets(silentServer)
          const port = await listen(silentServer)
          try {
            await withProxy(
              (connect) => onConnect(connect, port),
              async (proxy) => {
                const options = {
                  endpoint: ENDPOINT,
                  auth,
                  proxy: proxy.url,
                  requestTimeout: 600_000,
                  ...TRUST,
                }
                const client = new OperationsClient(options)
                const emissions: unknown[] = []
                const subscription = client.watch(NAME).subscribe((emission) => emissions.push(emission))
                await proxy.received(1)
                await new Promise((resolve) => setTimeout(resolve, 20))
                run(client, () => subscription.unsubscribe())
                await proxy.idle()
                expect(proxy.sockets.size).to.equal(0)
                expect(proxy.connects).to.have.length(1)
                expect(emissions).to.have.length(abort === 'the client is closed' ? 1 : 0)
                expectNoSecrets(emissions, client)
                client.close()
              },
            )
            for (const socket of serverSockets) await new Promise((resolve) => socket.once('close', resolve))
          } finally {
            silentServer.close()
          }
        })

    it('should close the idle tunnel when the client is closed', () =>
      withTunnels('https', [RUNNING], async (proxy) => {
        const client = new OperationsClient({ endpoint: ENDPOINT, auth, proxy: proxy.url, ...TRUST })
        await firstValueFrom(client.get(NAME))
        expect(proxy.sockets.size).to.equal(1)
        client.close()
        await proxy.idle()
        expect(proxy.sockets.size).to.equal(0)
      }))

    it('should open no second tunnel for a watch that is unsubscribed before the first tunnel is open', async () => {
      const held: Connect[] = []
      await withTarget('https', [RUNNING], ({ port }) =>
        withProxy(
          (connect) => (held.length < 2 ? held.push(connect) : connect.open(port)),
          async (proxy) => {
            await using client = new OperationsClient({
              endpoint: ENDPOINT,
              auth,
              proxy: proxy.url,
              ...TRUST,
            })
            const subscriptions = [client.get(NAME), client.get(NAME)].map((get) => get.subscribe())
            await proxy.received(2)
            for (const subscription of subscriptions) subscription.unsubscribe()
            await proxy.idle()
            expect(await firstValueFrom(client.get(NAME))).to.have.property('_tag', 'Right')
            expect(proxy.connects).to.have.length(3)
          },
        ),
      )
    })
  })

  describe('a fault of the proxy', () => {
    const respond =
      (head: string) =>
      ({ socket }: Connect): void =>
        void socket.end(`HTTP/1.1 ${head}\r\nContent-Length: 6\r\n\r\nS3CRET`)
    const rejections = [
      ['407 Proxy Authentication Required', 407, 'Permanent'],
      ['403 Forbidden', 403, 'Permanent'],
      ['404 Not Found', 404, 'Permanent'],
      ['302 Found\r\nLocation: http://S3CRET', 302, 'Permanent'],
      ['502 Bad Gateway', 502, 'Transient'],
      ['503 Service Unavailable\r\nRetry-After: 1', 503, 'Transient'],
      ['429 Too Many Requests', 429, 'Transient'],
    ] as const
    for (const [head, proxyStatus, verdict] of rejections)
      it(`should be reported in Unreachable, and be ${verdict}, if the response to CONNECT is ${proxyStatus}`, () =>
        withProxy(respond(head), async (proxy) => {
          const verdicts: unknown[] = []
          const error = await failureOf({ proxy: proxy.url }, verdicts)
          expect(error).to.include({
            _tag: 'Unreachable',
            message: `${NAME} is unreachable: the proxy ${proxy.origin} returned HTTP ${proxyStatus}.`,
          })
          expect(error.last).to.deep.equal({
            _tag: 'ConnectionFailed',
            code: 'ERR_PROXY_TUNNEL',
            proxy: proxy.origin,
            proxyStatus,
          })
          expect(verdicts).to.deep.equal([verdict])
          await proxy.idle()
        }))

    it('should be retried if it is transient', async () => {
      let count = 0
      await withTarget('https', [DONE], ({ port }) =>
        withProxy(
          (connect) => (count++ === 0 ? respond('502 Bad Gateway')(connect) : connect.open(port)),
          async (proxy) => {
            const options = { endpoint: ENDPOINT, auth, proxy: proxy.url, random: () => 0, ...TRUST }
            expect(await lastValueFrom(watchOperation(NAME, options))).to.have.property('_tag', 'Right')
            expect(proxy.connects).to.have.length(2)
          },
        ),
      )
    })

    const faults: readonly (readonly [string, (connect: Connect) => void, RegExp, boolean])[] = [
      ['resets the connection', ({ socket }) => (socket as Socket).resetAndDestroy(), /^ECONNRESET$/, true],
      ['closes the connection', ({ socket }) => socket.destroy(), /^ECONNRESET$/, true],
      ['sends a response that is not HTTP', ({ socket }) => socket.end('SSH-2.0-S3CRET\r\n'), /^HPE_/, true],
      [
        'closes the connection after it has opened the tunnel',
        ({ socket }) => socket.end('HTTP/1.1 200 OK\r\n\r\n'),
        /^ECONNRESET$/,
        false,
      ],
      [
        'sends text instead of the TLS handshake',
        ({ socket }) =>
          socket.write('HTTP/1.1 200 OK\r\n\r\n', () => socket.once('data', () => socket.end('S3CRET'))),
        /^(?:ERR_SSL_|EPROTO)/,
        false,
      ],
    ]
    for (const [fault, onConnect, code, namesProxy] of faults)
      it(`should be reported as a failed connection ${namesProxy ? 'with' : 'without'} the proxy if it ${fault}`, () =>
        withProxy(onConnect, async (proxy) => {
          const { last, message } = await failureOf({ proxy: proxy.url })
          expect(last).to.have.property('_tag', 'ConnectionFailed')
          expect(last).to.have.property('code').that.matches(code)
          if (namesProxy) expect(last).to.have.property('proxy', proxy.origin)
          else expect(last).to.not.have.property('proxy')
          if (namesProxy) expect(message).to.include(`the proxy ${proxy.origin} is unreachable (`)
          await proxy.idle()
        }))

    it('should be reported as a timeout with the proxy if the proxy does not respond to CONNECT', () =>
      withProxy(
        () => undefined,
        async (proxy) => {
          const error = await failureOf({ proxy: proxy.url, requestTimeout: 100 })
          expect(error.message).to.equal(
            `${NAME} is unreachable: the proxy ${proxy.origin} opened no tunnel within 100 ms.`,
          )
          expect(error.last).to.deep.equal({
            _tag: 'RequestTimedOut',
            requestTimeout: 100,
            proxy: proxy.origin,
          })
          await proxy.idle()
        },
      ))

    it('should close the connection to a proxy that does not respond if another adapter sends the request', () =>
      withProxy(
        () => undefined,
        async ({ url, received, idle }) => {
          await using client = new OperationsClient({
            endpoint: ENDPOINT,
            auth,
            proxy: url,
            requestTimeout: 100,
            axios: { adapter: 'http' },
          })
          expect(await firstValueFrom(client.get(NAME))).to.have.nested.property('left._tag', 'Unreachable')
          await received(1)
          await idle()
        },
      ))

    it('should be reported as a failed connection with the proxy if the proxy does not listen', async () => {
      const server = createTcpServer()
      const origin = `http://127.0.0.1:${await listen(server)}`
      await new Promise((resolve) => server.close(resolve))
      const { last } = await failureOf({ proxy: origin.replace('://', '://me:S3CRET@') })
      expect(last).to.deep.equal({ _tag: 'ConnectionFailed', code: 'ECONNREFUSED', proxy: origin })
    })

    it('should not occur if the environment variable is invalid, because the client is not created', async () => {
      await withEnvironment({ https_proxy: 'http://me:S3CRET@[bad' }, () => {
        expect(() => new OperationsClient({ endpoint: ENDPOINT, auth }))
          .to.throw(InvalidOption, /^https_proxy must be an http or https URL .*, got a string$/)
          .and.not.match(/S3CRET/)
        new OperationsClient({ endpoint: ENDPOINT, auth, proxy: false }).close()
        new OperationsClient({ endpoint: 'http://127.0.0.1:1' }).close()
        new OperationsClient({ transport: () => EMPTY }).close()
      })
      const { code, stderr } = await startLro(['get', NAME], { https_proxy: 'http://me:S3CRET@[bad' }).result
      expect(code).to.equal(2)
      expect(stderr)
        .to.match(/^lro get: https_proxy must be an http or https URL /)
        .and.not.include('S3CRET')
    }).timeout(60_000)
  })

  describe('Application Default Credentials', () => {
    let folder: string
    const environment = (): NodeJS.ProcessEnv => ({
      ...NO_CREDENTIALS,
      GOOGLE_APPLICATION_CREDENTIALS: join(folder, 'adc.json'),
    })
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'rx-longrunning-proxy-'))
      writeFileSync(join(folder, 'subject'), 'S3CRET-subject')
    })
    afterEach(() => rmSync(folder, { recursive: true }))
    const setTokenUrl = (token_url: string): void =>
      writeFileSync(
        join(folder, 'adc.json'),
        JSON.stringify({
          type: 'external_account',
          audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/p',
          subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
          token_url,
          credential_source: { file: join(folder, 'subject') },
        }),
      )
    const TOKEN = JSON.stringify({
      access_token: 'token-of-the-server',
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      token_type: 'Bearer',
      expires_in: 3_600,
    })

    for (const [scheme, options] of [
      ['http', ['--proxy']],
      ['https', ['--proxy']],
      ['http', []],
    ] as const)
      it(`should be obtained by lro through the same ${scheme} proxy as the poll, without printing the password, if the proxy is set with ${options[0] ?? 'HTTPS_PROXY'}`, () =>
        withTarget('https', [TOKEN, DONE], ({ port, requests }) =>
          withProxy(
            ({ open }) => open(port),
            async (proxy) => {
              setTokenUrl(`${ENDPOINT}/token`)
              const env = {
                ...environment(),
                NODE_EXTRA_CA_CERTS: fileURLToPath(new URL('spec/certificates/proxy.pem', root)),
                ...(options.length === 0 ? { HTTPS_PROXY: proxy.url } : {}),
                NODE_DEBUG: 'https,http,net,tls',
              }
              const words = ['get', NAME, '--endpoint', ENDPOINT, '--json']
              const { code, stdout, stderr } = await startLro(
                [...words, ...options.flatMap((option) => [option, proxy.url])],
                env,
              ).result
              expect(stdout).to.include('"ok":true')
              expect(code).to.equal(0)
              expect(requests.map(({ url, headers }) => [url, headers.authorization])).to.deep.equal([
                ['/token', undefined],
                [`/v3/${NAME}`, 'Bearer token-of-the-server'],
              ])
              expect(proxy.connects.map(({ headers }) => headers['proxy-authorization'])).to.deep.equal(
                new Array(2).fill(`Basic ${SECRETS[1]}`),
              )
              expect(proxy.exposed).to.deep.equal([])
              for (const secret of SECRETS.slice(0, 2)) expect(stdout + stderr).to.not.include(secret)
            },
            scheme,
          ),
        )).timeout(60_000)

    const rejections = [
      ['407 No', 'Permanent', 'returned HTTP 407'],
      ['502 No', 'Transient', 'returned HTTP 502'],
      [undefined, 'Transient', 'is unreachable (ECONNRESET)'],
    ] as const
    for (const [head, verdict, reason] of rejections)
      it(`should cause CredentialsError with the proxy, and be ${verdict}, if the proxy ${reason}`, () =>
        withProxy(
          ({ socket }) =>
            head === undefined ? socket.destroy() : socket.end(`HTTP/1.1 ${head}\r\n\r\nS3CRET`),
          async (proxy) => {
            setTokenUrl('http://sts.example.test/token')
            await withEnvironment(environment(), async () => {
              const verdicts: unknown[] = []
              const error = await failureOf({ proxy: proxy.url, auth: undefined }, verdicts)
              expect(verdicts).to.deep.equal([verdict])
              expect(error).to.have.property('_tag', 'CredentialsError')
              expect(error.message).to.match(/\.$/).and.include(`: the proxy ${proxy.origin} ${reason}`)
              expect(proxy.connects[0]).to.have.property('target', 'sts.example.test:80')
            })
          },
        ))

    const user = { type: 'authorized_user', client_id: 'c', client_secret: 'S3CRET', refresh_token: 'S3CRET' }
    const impersonation =
      'https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/a:generateAccessToken'
    for (const file of [
      user,
      {
        type: 'impersonated_service_account',
        source_credentials: user,
        service_account_impersonation_url: impersonation,
      },
    ])
      it(`should be obtained through the proxy of the option if they are of type ${file.type}`, () =>
        withProxy(
          ({ socket }) => socket.end('HTTP/1.1 407 No\r\n\r\n'),
          async (proxy) => {
            writeFileSync(join(folder, 'adc.json'), JSON.stringify(file))
            await withEnvironment(environment(), async () => {
              const error = await failureOf({ proxy: proxy.url, auth: undefined })
              expect(error).to.have.property('_tag', 'CredentialsError')
              expect(proxy.connects[0]).to.have.property('target', 'oauth2.googleapis.com:443')
            })
          },
        ))

    for (const [ending, requestTimeout] of [
      ['the client is closed', 600_000],
      ['requestTimeout has passed', 200],
    ] as const)
      it(`should close the socket when ${ending} if the proxy does not respond to CONNECT`, () =>
        withProxy(
          () => undefined,
          async (proxy) => {
            setTokenUrl('http://sts.example.test/token')
            await withEnvironment(environment(), async () => {
              const options = { endpoint: ENDPOINT, proxy: proxy.url, requestTimeout }
              await using client = new OperationsClient(options)
              const result = firstValueFrom(client.get(NAME))
              await proxy.received(1)
              if (requestTimeout > 200) client.close()
              await proxy.idle()
              expect(await result).to.have.nested.property(
                'left._tag',
                requestTimeout > 200 ? 'ClientClosed' : 'CredentialsError',
              )
            })
          },
        ))

    it('should be requested from a metadata server without the proxy, and from other hosts through the proxy', () =>
      withProxy(
        ({ socket }) => void socket.end('HTTP/1.1 502 No\r\n\r\n'),
        async (proxy) => {
          const { close, auth: defaults } = defaultCredentials(['scope'], 1_000)
          await firstValueFrom(defaults)
          const proxies = {
            HTTP_PROXY: proxy.url,
            HTTPS_PROXY: proxy.url,
            NO_PROXY: undefined,
            no_proxy: undefined,
          }
          await withEnvironment(proxies, async () => {
            const { request } = gaxios
            const options = { timeout: 200, retry: false }
            for (const host of ['169.254.169.254', 'metadata.google.internal.'])
              await request({ url: `http://${host}/computeMetadata/v1/instance`, ...options }).catch(
                () => undefined,
              )
            expect(proxy.connects).to.deep.equal([])
            await request({ url: 'http://other.example.test', ...options }).catch(() => undefined)
            expect(proxy.connects.map(({ target }) => target)).to.deep.equal(['other.example.test:80'])
          })
          close()
        },
      ))
  })

  describe('the diagnostics event', () => {
    const results: readonly (readonly [string, (connect: Connect, port: number) => void, object])[] = [
      ['opens the tunnel', ({ open }, port) => open(port), { proxyStatus: 200 }],
      ['rejects the tunnel', ({ socket }) => socket.end('HTTP/1.1 407 No\r\n\r\n'), { proxyStatus: 407 }],
      ['closes the connection', ({ socket }) => socket.destroy(), { code: 'ECONNRESET' }],
      ['does not respond', () => undefined, { code: 'ABORT_ERR' }],
    ]
    for (const [description, onConnect, result] of results)
      it(`should name the proxy without its user if the proxy ${description}`, () =>
        withTarget('https', [RUNNING], ({ port }) =>
          withProxy(
            (connect) => onConnect(connect, port),
            async (proxy) => {
              const events: ProxyConnect[] = []
              const listener = (event: unknown): void => void events.push(event as ProxyConnect)
              subscribe('rx-longrunning:proxy:connect', listener)
              const options = { endpoint: ENDPOINT, auth, proxy: proxy.url, requestTimeout: 500, ...TRUST }
              await using client = new OperationsClient(options)
              await firstValueFrom(client.get(NAME))
              await firstValueFrom(client.get(NAME))
              unsubscribe('rx-longrunning:proxy:connect', listener)
              const count = description === 'opens the tunnel' ? 1 : 2
              const expected = { proxy: proxy.origin, host: 'operations.example.test:443', ...result }
              expect(events.map(({ took, ...event }) => event)).to.deep.equal(new Array(count).fill(expected))
              expect(events[0]?.took).to.be.within(0, 20_000)
              expectNoSecrets(events)
            },
          ),
        ))
  })
})
