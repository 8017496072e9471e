import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { isLeft, left, right } from 'fp-ts/lib/Either.js'
import {
  Compute,
  EXTERNAL_ACCOUNT_AUTHORIZED_USER_TYPE,
  ExternalAccountAuthorizedUserClient,
  GoogleAuth,
  IdentityPoolClient,
  Impersonated,
  JWT,
  OAuth2Client,
  PassThroughClient,
  UserRefreshClient,
} from 'google-auth-library'
import { concatMap, defer, firstValueFrom, forkJoin, of, Subject, throwIfEmpty, timer } from 'rxjs'
import type { Auth, Transport, TransportRequest, TransportResponse } from '../../lib/index.js'
import { withCredentials } from '../../lib/transport/credentials.js'
import { defaultCredentials } from '../../lib/transport/default-credentials.js'
import { NO_CREDENTIALS, withEnvironment } from '../environment.js'
import { withHttpServer, withTcpServer } from '../loopback.js'
import { inVirtualTime } from '../virtual.js'

const REQUEST: TransportRequest = {
  method: 'GET',
  url: 'https://e.googleapis.com/v3/operations/x',
  headers: { accept: 'a' },
}
const origin = 'https://e.googleapis.com'

/** Creates a transport that accepts one `authorization` header, and records this header of each request. */
function serverFor(acceptedHeader: string) {
  const received: (string | undefined)[] = []
  const transport: Transport = ({ headers }) =>
    defer(() => {
      received.push(headers.authorization)
      return of(
        right<never, TransportResponse>({
          httpStatus: headers.authorization === acceptedHeader ? 200 : 401,
          body: {},
        }),
      )
    })
  return { received, transport }
}

function send(auth: Auth, transport: Transport, requestTimeout = 20_000) {
  const options = { auth: of(auth), origin, requestTimeout }
  return firstValueFrom(withCredentials(options)(transport)(REQUEST))
}

/** The body of a token response. It has the fields that each kind of credentials reads. */
const GOOD_TOKEN = JSON.stringify({
  access_token: 'good',
  accessToken: 'good',
  token_type: 'Bearer',
  expires_in: 3_600,
  expireTime: new Date(Date.now() + 3_600_000).toISOString(),
})

/** Returns the configuration of a federated identity, as a credentials file contains it. */
function externalAccount(more: object) {
  return {
    type: 'external_account',
    audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: 'http://127.0.0.1:1/token',
    ...more,
  }
}

/** Returns the client of a federated identity, whose subject token is always available. */
function federatedIdentity(more: object): Auth {
  const subject_token_supplier = { getSubjectToken: async () => 'subject' }
  return new IdentityPoolClient({ ...externalAccount(more), subject_token_supplier } as never)
}

/** Returns the client of a service account that sends its token requests to `server`. */
function serviceAccount(server: string): Auth {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = String(privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const client = new JWT({ email: 'a@b.c', key, scopes: ['s'] })
  const { transporter } = client
  const request = transporter.request.bind(transporter)
  transporter.request = ((options) => request({ ...options, url: server })) as typeof request
  return client
}

/** Returns the client of a user that sends its token requests to `oauth2TokenUrl`, without retries. */
function userAt(oauth2TokenUrl: string): Auth {
  return new UserRefreshClient({
    clientId: 'c',
    clientSecret: 'S3CRET',
    refreshToken: '1//S3CRET',
    endpoints: { oauth2TokenUrl },
    transporterOptions: { retryConfig: { retry: 0 } },
  })
}

function applicationDefaultCredentials(): Auth {
  return new GoogleAuth({ projectId: 'p' })
}

/** The folder of the certificates, for the source of this file and for its compiled form. */
const CERTIFICATES = [
  new URL('../certificates/', import.meta.url),
  new URL('../../../spec/certificates/', import.meta.url),
].find((folder) => existsSync(folder)) as URL

const NEVER_SETTLED = new Promise(() => undefined)

describe('transport/credentials', () => {
  describe('headers', () => {
    const forms: readonly (readonly [string, Auth])[] = [
      ['a plain object', { getRequestHeaders: async () => ({ Authorization: 'Bearer t' }) }],
      ['Headers', { getRequestHeaders: async () => new Headers({ authorization: 'Bearer t' }) }],
      ['an OAuth2Client', new OAuth2Client({ credentials: { access_token: 't' } })],
      [
        'a GoogleAuth',
        new GoogleAuth({ authClient: new OAuth2Client({ credentials: { access_token: 't' } }) }),
      ],
    ]
    for (const [form, auth] of forms)
      it(`should be read from ${form}`, async () => {
        const { received, transport } = serverFor('Bearer t')
        expect(await send(auth, transport)).to.have.nested.property('right.httpStatus', 200)
        expect(received).to.deep.equal(['Bearer t'])
      })

    it('should be empty for a PassThroughClient', async () => {
      const { received, transport } = serverFor('Bearer t')
      expect(await send(new PassThroughClient(), transport)).to.have.nested.property('right.httpStatus', 401)
      expect(received).to.deep.equal([undefined])
    })

    it('should be obtained once for concurrent requests to an origin, and be overridden by the headers of each request', async () => {
      const urls: unknown[] = []
      const auth: Auth = {
        getRequestHeaders: async (url) => {
          urls.push(url)
          return { authorization: 'Bearer t', 'x-goog-user-project': 'theirs', accept: 'b' }
        },
      }
      const sent: TransportRequest[] = []
      const transport = withCredentials({ auth: of(auth), origin, requestTimeout: 20_000 })((request) => {
        sent.push(request)
        return of(right({ httpStatus: 200 }))
      })
      const request = { ...REQUEST, headers: { accept: 'a', 'x-goog-user-project': 'ours' } }
      await firstValueFrom(forkJoin(Array.from({ length: 100 }, () => transport(request))))
      expect(urls).to.deep.equal([origin])
      expect(sent).to.have.length(100)
      expect(sent[0]?.headers).to.deep.equal({
        authorization: 'Bearer t',
        'x-goog-user-project': 'ours',
        accept: 'a',
      })
    })
  })

  it('should reuse a credential for one second, and request it again immediately after a failure', () => {
    let calls = 0
    const auth: Auth = {
      // The headers are not in a promise, because promises do not settle in virtual time.
      getRequestHeaders: () => {
        if (++calls === 2) throw { status: 503 }
        return { authorization: `Bearer ${calls}` } as never
      },
    }
    const sent: (string | undefined)[] = []
    const authenticated = withCredentials({ auth: of(auth), origin, requestTimeout: 20_000 })(
      ({ headers }) => {
        sent.push(headers.authorization)
        return of(right({ httpStatus: 200 }))
      },
    )
    inVirtualTime(({ flush }) => {
      for (const at of [0, 500, 999, 1_000, 1_001, 2_000, 2_001])
        timer(at).subscribe(() => authenticated(REQUEST).subscribe())
      flush()
    })
    expect(sent).to.deep.equal([
      ...Array.from({ length: 3 }, () => 'Bearer 1'),
      ...Array.from({ length: 2 }, () => 'Bearer 3'),
      'Bearer 4',
    ])
  })

  describe('a credential that the server echoes', () => {
    const auth: Auth = {
      getRequestHeaders: async () => ({
        authorization: 'Bearer ya29.S3CRET',
        'x-goog-api-key': 'AIzaS3CRET',
      }),
    }
    const bodies: readonly unknown[] = [
      { error: { message: 'Bearer ya29.S3CRET may not', details: [{ key: ['AIzaS3CRET'] }] } },
      '<p>ya29.S3CRET and ya29.S3CRET',
      { name: 'operations/x', done: true, error: { message: 'AIzaS3CRET' } },
    ]
    for (const body of bodies)
      it(`should be redacted in ${JSON.stringify(body).replaceAll('S3CRET', '…')}`, async () => {
        const outcome = await send(auth, () => of(right({ httpStatus: 403, body })))
        expect(JSON.stringify(outcome)).to.equal(
          JSON.stringify(right({ httpStatus: 403, body })).replaceAll(/ya29\.S3CRET|AIzaS3CRET/g, '…'),
        )
      })

    it('should be redacted in the headers of a failed response', async () => {
      const failure = { _tag: 'RequestTimedOut', requestTimeout: 1, httpStatus: 503 } as const
      const headers = { 'retry-after': 'ya29.S3CRET' }
      expect(await send(auth, () => of(left({ ...failure, headers })))).to.deep.equal(
        left({ ...failure, headers: { 'retry-after': '…' } }),
      )
    })

    it('should not be redacted if the credential is so short that it can equal ordinary text', async () => {
      const body = { name: 'operations/t', done: true }
      const shortToken: Auth = { getRequestHeaders: async () => ({ authorization: 'Bearer true' }) }
      expect(await send(shortToken, () => of(right({ httpStatus: 200, body })))).to.deep.equal(
        right({ httpStatus: 200, body }),
      )
    })

    it('should not change a response that does not contain the credential', async () => {
      const body = { name: 'operations/x' }
      const outcome = await send(auth, () => of(right({ httpStatus: 200, body })))
      expect(outcome).to.have.property('right').that.has.property('body', body)
      expect(await send(auth, () => of(right({ httpStatus: 204 })))).to.deep.equal(right({ httpStatus: 204 }))
    })
  })

  describe('a 401', () => {
    it('should cause a second request if the renewed header is different', async () => {
      let n = 0
      const auth: Auth = { getRequestHeaders: async () => ({ authorization: `Bearer ${++n}` }) }
      const { received, transport } = serverFor('Bearer 2')
      expect(await send(auth, transport)).to.have.nested.property('right.httpStatus', 200)
      expect(received).to.deep.equal(['Bearer 1', 'Bearer 2'])
    })

    it('should be emitted if the renewed header is unchanged, or if the second request also returns a 401', async () => {
      const unchanged = serverFor('Bearer other')
      const auth: Auth = { getRequestHeaders: async () => ({ authorization: 'Bearer t' }) }
      expect(await send(auth, unchanged.transport)).to.have.nested.property('right.httpStatus', 401)
      expect(unchanged.received).to.deep.equal(['Bearer t'])
      let n = 0
      const changing: Auth = { getRequestHeaders: async () => ({ authorization: `Bearer ${++n}` }) }
      const rejecting = serverFor('Bearer other')
      expect(await send(changing, rejecting.transport)).to.have.nested.property('right.httpStatus', 401)
      expect(rejecting.received).to.deep.equal(['Bearer 1', 'Bearer 2'])
    })

    for (const isWrapped of [false, true])
      it(`should expire the token of a google-auth client${isWrapped ? ' in a GoogleAuth' : ''}, only once for 100 polls`, async () => {
        let issuedTokens = 0
        const client = new UserRefreshClient({ clientId: 'c', clientSecret: 's', refreshToken: 'r' })
        client.setCredentials({
          refresh_token: 'r',
          access_token: 'old',
          expiry_date: Date.now() + 3_600_000,
        })
        client.transporter.request = (async () => {
          issuedTokens++
          return { data: { access_token: 'new', expires_in: 3_600 }, status: 200, headers: new Headers() }
        }) as unknown as typeof client.transporter.request
        const auth = isWrapped ? new GoogleAuth({ authClient: client }) : client
        const { received, transport } = serverFor('Bearer new')
        const authenticated = withCredentials({ auth: of(auth), origin, requestTimeout: 20_000 })(transport)
        const outcomes = await firstValueFrom(
          forkJoin(Array.from({ length: 100 }, () => authenticated(REQUEST))),
        )
        expect(outcomes.every((outcome) => !isLeft(outcome) && outcome.right.httpStatus === 200)).to.equal(
          true,
        )
        expect(issuedTokens).to.equal(1)
        expect(received.filter((header) => header === 'Bearer old')).to.have.length(100)
        expect(received.filter((header) => header === 'Bearer new')).to.have.length(100)
      })

    it('should not use a rejected credential for other requests while the credential is renewed', () => {
      let calls = 0
      const auth = {
        // A thenable, because Promises do not settle in virtual time.
        getRequestHeaders: () => ({
          // biome-ignore lint/suspicious/noThenProperty: this object is a thenable.
          then: (resolved: (headers: object) => void) => {
            const headers = { authorization: `Bearer ${++calls}` }
            if (calls === 1) resolved(headers)
            else timer(50).subscribe(() => resolved(headers))
            return NEVER_SETTLED
          },
        }),
      } as never as Auth
      const { received, transport } = serverFor('Bearer 2')
      const authenticated = withCredentials({ auth: of(auth), origin, requestTimeout: 20_000 })(transport)
      inVirtualTime(({ flush }) => {
        for (const at of [0, 10, 49]) timer(at).subscribe(() => authenticated(REQUEST).subscribe())
        flush()
      })
      expect(received).to.deep.equal(['Bearer 1', 'Bearer 2', 'Bearer 2', 'Bearer 2'])
    })

    it('should be emitted, and should not remove the token, if the token cannot be renewed', async () => {
      const client = new OAuth2Client({ credentials: { access_token: 'static' } })
      const { transport } = serverFor('Bearer other')
      expect(await send(client, transport)).to.have.nested.property('right.httpStatus', 401)
      expect(client.credentials).to.include({ access_token: 'static' }).and.not.have.property('expiry_date')
    })
  })

  describe('credentials failures, which contain only known texts', () => {
    const SECRET = 'SECRET'
    const rows: readonly (readonly [string, unknown, object])[] = [
      [
        'a token server that is down',
        { message: SECRET, response: { status: 503, data: SECRET } },
        { transient: true, reason: 'the token server returned HTTP 503', httpStatus: 503 },
      ],
      [
        'the Retry-After of a token server, without the other headers of the token server',
        {
          response: {
            status: 503,
            headers: new Headers({ 'retry-after': '7', date: `${SECRET}!`, 'x-echo': SECRET }),
          },
        },
        {
          transient: true,
          reason: 'the token server returned HTTP 503',
          httpStatus: 503,
          headers: { 'retry-after': '7' },
        },
      ],
      [
        'a token request that timed out',
        Object.assign(new Error(SECRET), { cause: Object.assign(new Error(SECRET), { name: 'AbortError' }) }),
        { transient: true, reason: 'the request for an access token timed out' },
      ],
      [
        'a grant that is revoked',
        {
          message: SECRET,
          status: 400,
          response: { status: 400, data: { error: 'invalid_grant', error_description: SECRET } },
        },
        { transient: false, reason: 'the token server returned HTTP 400 (invalid_grant)', httpStatus: 400 },
      ],
      [
        'an error of a token server that may contain a secret',
        { response: { status: 400, data: { error: 'S3CRET!' } } },
        { transient: false, reason: 'the token server returned HTTP 400', httpStatus: 400 },
      ],
      [
        'no network',
        Object.assign(new Error(SECRET), { code: 'ECONNRESET' }),
        { transient: true, reason: 'the token server is unreachable (ECONNRESET)' },
      ],
      [
        'no such file',
        Object.assign(new Error(SECRET), { code: 'ENOENT', syscall: 'lstat', path: `/${SECRET}` }),
        { transient: false, reason: 'a file that the credentials refer to cannot be read (ENOENT)' },
      ],
      [
        'too many open files',
        Object.assign(new Error(SECRET), { code: 'EMFILE', syscall: 'open', path: `/${SECRET}` }),
        { transient: true, reason: 'a file that the credentials refer to cannot be read (EMFILE)' },
      ],
      [
        'a certificate of the token server that has expired',
        Object.assign(new Error(SECRET), { code: 'CERT_HAS_EXPIRED', config: { body: SECRET } }),
        { transient: false, reason: 'a certificate or key was rejected (CERT_HAS_EXPIRED)' },
      ],
      [
        'a private key that cannot be parsed',
        Object.assign(new Error(SECRET), { code: 'ERR_OSSL_UNSUPPORTED' }),
        { transient: false, reason: 'a certificate or key was rejected (ERR_OSSL_UNSUPPORTED)' },
      ],
      [
        'a request that failed without a code',
        Object.assign(new Error(SECRET), { config: { body: SECRET } }),
        { transient: true, reason: 'the token server is unreachable (UNKNOWN)' },
      ],
      [
        'a code that may contain a secret',
        Object.assign(new Error(SECRET), { code: `ERR ${SECRET}`, config: {} }),
        { transient: true, reason: 'the token server is unreachable (UNKNOWN)' },
      ],
      [
        'a failure of fetch',
        new TypeError('fetch failed', { cause: { code: 'UND_ERR_SOCKET' } }),
        { transient: true, reason: 'the token server is unreachable (UND_ERR_SOCKET)' },
      ],
      [
        'a failure of fetch without a code',
        new TypeError('fetch failed', { cause: new Error(SECRET) }),
        { transient: true, reason: 'the token server is unreachable (UNKNOWN)' },
      ],
      [
        'a failure of fetch for each address of a host',
        new TypeError('fetch failed', {
          cause: new AggregateError([Object.assign(new Error(SECRET), { code: 'EHOSTUNREACH' })]),
        }),
        { transient: true, reason: 'the token server is unreachable (EHOSTUNREACH)' },
      ],
      [
        'an error that other code has wrapped twice',
        new Error(SECRET, { cause: new Error(SECRET, { cause: { response: { status: 503 } } }) }),
        { transient: true, reason: 'the token server returned HTTP 503', httpStatus: 503 },
      ],
      [
        'the plain headers of gaxios 6',
        { response: { status: 503, headers: { 'retry-after': '7' } } },
        {
          transient: true,
          reason: 'the token server returned HTTP 503',
          httpStatus: 503,
          headers: { 'retry-after': '7' },
        },
      ],
      [
        'a subject token server whose response contains no token',
        new Error('Unable to parse the subject_token from the credential_source URL'),
        { transient: true, reason: 'the response of the token server contains no token' },
      ],
      [
        'a URL that is invalid',
        Object.assign(new TypeError(SECRET), { code: 'ERR_INVALID_URL' }),
        { transient: false, reason: 'no access token could be obtained' },
      ],
      [
        'a module that does not exist',
        Object.assign(new Error(SECRET), { code: 'ERR_MODULE_NOT_FOUND' }),
        { transient: false, reason: 'no access token could be obtained' },
      ],
      [
        'a code that is not a code of the system',
        Object.assign(new Error(SECRET), { code: 'MISSING_CREDENTIALS' }),
        { transient: false, reason: 'no access token could be obtained' },
      ],
      [
        'an unlisted status of a token server',
        { response: { status: 520, data: SECRET } },
        { transient: true, reason: 'the token server returned HTTP 520', httpStatus: 520 },
      ],
      [
        'a status that is not valid',
        { response: { status: 999, data: SECRET } },
        { transient: true, reason: 'the token server returned HTTP 999', httpStatus: 999 },
      ],
      [
        'missing credentials',
        new Error('Could not load the default credentials. Browse to ...'),
        { transient: false, reason: 'no Application Default Credentials were found' },
      ],
      [
        'a token that has expired',
        new Error('No refresh token is set.'),
        { transient: false, reason: 'the token has expired and cannot be renewed' },
      ],
      [
        'an unknown error',
        new Error(SECRET),
        { transient: false, reason: 'no access token could be obtained' },
      ],
      ['a thrown undefined', undefined, { transient: false, reason: 'no access token could be obtained' }],
    ]
    for (const [description, thrown, fields] of rows)
      it(`should report ${description}`, () =>
        withEnvironment(NO_CREDENTIALS, async () => {
          const auth: Auth = { getRequestHeaders: () => Promise.reject(thrown) }
          const { received, transport } = serverFor('')
          expect(await send(auth, transport)).to.deep.equal(left({ _tag: 'NoCredentials', ...fields }))
          expect(received).to.deep.equal([])
        }))

    const codes =
      'ENETDOWN ENETUNREACH EHOSTUNREACH EHOSTDOWN EADDRNOTAVAIL EADDRINUSE EMFILE ENFILE ENOBUFS ENOMEM EPERM EACCES ' +
      'ECONNABORTED ECONNREFUSED ETIMEDOUT ENOTCONN EAI_FAIL EAI_AGAIN EAI_NODATA EAI_MEMORY ENOTFOUND EPIPE EPROTO ' +
      'ERR_SSL_WRONG_VERSION_NUMBER ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR ERR_SOCKET_CONNECTION_TIMEOUT ' +
      'ERR_STREAM_PREMATURE_CLOSE ERR_HTTP2_STREAM_ERROR ERR_NETWORK HPE_INVALID_CONSTANT Z_DATA_ERROR UND_ERR_CONNECT_TIMEOUT'
    for (const code of codes.split(' '))
      it(`should report ${code} as a transient failure, as for a poll`, async () => {
        const failure = { _tag: 'NoCredentials', transient: true }
        const reason = `the token server is unreachable (${code})`
        for (const fields of [{}, { syscall: 'connect' }, { config: {} }]) {
          const thrown = Object.assign(new Error(SECRET), { code, ...fields })
          const auth: Auth = { getRequestHeaders: () => Promise.reject(thrown) }
          expect(await send(auth, serverFor('').transport)).to.deep.equal(left({ ...failure, reason }))
        }
      })

    it('should report credentials that throw or return malformed headers', async () => {
      const auth = {
        getRequestHeaders: () => {
          throw new Error(SECRET)
        },
      }
      expect(await send(auth, serverFor('').transport)).to.have.nested.property('left._tag', 'NoCredentials')
      expect(
        await send({ getRequestHeaders: async () => ({ 'bad name': 'x' }) }, serverFor('').transport),
      ).to.have.nested.property('left.transient', false)
    })

    it('should report credentials that time out, and call the credentials again for the next request', async () => {
      let calls = 0
      const auth: Auth = {
        getRequestHeaders: () =>
          calls++ === 0 ? new Promise(() => undefined) : Promise.resolve({ authorization: 'Bearer t' }),
      }
      const { transport } = serverFor('Bearer t')
      const authenticated = withCredentials({ auth: of(auth), origin, requestTimeout: 20 })(transport)
      expect(await firstValueFrom(authenticated(REQUEST))).to.deep.equal(
        left({ _tag: 'NoCredentials', transient: true, reason: 'the request for an access token timed out' }),
      )
      expect(await firstValueFrom(authenticated(REQUEST))).to.have.nested.property('right.httpStatus', 200)
    })

    it('should restore the token of a GoogleAuth if the renewal times out, and renew the token later', async () => {
      let calls = 0
      interface Tokens {
        readonly access_token: string
        readonly expiry_date: number
      }
      const inner: Auth & { credentials: Tokens; setCredentials(credentials: Tokens): void } = {
        credentials: { access_token: 'old', expiry_date: 9e15 },
        setCredentials: (credentials) => {
          inner.credentials = credentials
        },
        getRequestHeaders: (): Promise<object> => {
          if (inner.credentials.expiry_date !== 1) return Promise.resolve({ authorization: 'Bearer old' })
          return calls++ === 0
            ? new Promise(() => undefined)
            : Promise.resolve({ authorization: 'Bearer new' })
        },
      }
      const auth = { cachedCredential: inner, getRequestHeaders: () => inner.getRequestHeaders() }
      const { transport } = serverFor('Bearer new')
      const authenticated = withCredentials({ auth: of(auth), origin, requestTimeout: 20 })(transport)
      expect(await firstValueFrom(authenticated(REQUEST))).to.have.nested.property(
        'left.reason',
        'the request for an access token timed out',
      )
      expect(inner.credentials.expiry_date).to.equal(9e15)
      expect(await firstValueFrom(authenticated(REQUEST))).to.have.nested.property('right.httpStatus', 200)
    })

    it('should accept headers that are not a promise', async () => {
      const auth = { getRequestHeaders: () => ({ authorization: 'Bearer t' }) } as never as Auth
      expect(await send(auth, serverFor('Bearer t').transport)).to.have.nested.property(
        'right.httpStatus',
        200,
      )
    })

    it('should report a transient failure if the renewal of a credential fails transiently', async () => {
      let n = 0
      const auth: Auth = {
        getRequestHeaders: () =>
          n++ === 0 ? Promise.resolve({ authorization: 'Bearer old' }) : Promise.reject({ status: 503 }),
      }
      expect(await send(auth, serverFor('Bearer new').transport)).to.have.nested.property(
        'left.transient',
        true,
      )
    })
  })

  it('should send one token request for 100 polls with an expired impersonated credential', async () => {
    let tokenRequests = 0
    await withHttpServer(
      (request, response) => {
        if (request.url?.includes(':generateAccessToken')) tokenRequests++
        response.setHeader('content-type', 'application/json')
        response.end(
          JSON.stringify({ accessToken: 'imp', expireTime: new Date(Date.now() + 3_600_000).toISOString() }),
        )
      },
      async (server) => {
        const auth = new Impersonated({
          sourceClient: new OAuth2Client({ credentials: { access_token: 'src' } }),
          targetPrincipal: 'sa@p.iam.gserviceaccount.com',
          targetScopes: ['https://www.googleapis.com/auth/cloud-platform'],
          endpoint: server,
        })
        const { transport } = serverFor('Bearer imp')
        const authenticated = withCredentials({ auth: of(auth), origin, requestTimeout: 20_000 })(transport)
        const outcomes = await firstValueFrom(
          forkJoin(Array.from({ length: 100 }, () => authenticated(REQUEST))),
        )
        expect(outcomes.every((outcome) => !isLeft(outcome) && outcome.right.httpStatus === 200)).to.equal(
          true,
        )
      },
    )
    expect(tokenRequests).to.equal(1)
  })

  describe('a universe', () => {
    const sendIn = (auth: Auth, universeDomain: string, transport: Transport) =>
      firstValueFrom(
        withCredentials({ auth: of(auth), origin, universeDomain, requestTimeout: 20_000 })(transport)(
          REQUEST,
        ),
      )
    const clientOfOtherUniverse = () => {
      const client = new OAuth2Client({ credentials: { access_token: 't' } })
      client.universeDomain = 'cloud.example'
      return client
    }

    for (const [description, auth] of [
      ['a client', clientOfOtherUniverse()],
      ['a GoogleAuth', new GoogleAuth({ authClient: clientOfOtherUniverse() })],
    ] as const)
      it(`should be compared with the universe of ${description}, and no token should be sent if the universes differ`, async () => {
        const { received, transport } = serverFor('Bearer t')
        expect(await sendIn(auth, 'googleapis.com', transport)).to.deep.equal(
          left({
            _tag: 'NoCredentials',
            transient: false,
            reason:
              'the credentials are for the universe "cloud.example", but the service is in googleapis.com',
          }),
        )
        expect(received).to.deep.equal([])
        expect(await sendIn(auth, 'cloud.example', transport)).to.have.nested.property(
          'right.httpStatus',
          200,
        )
      })

    it('should not be compared if the credentials have no universe or belong to a virtual machine', async () => {
      const { transport } = serverFor('Bearer t')
      const machine = Object.assign(new Compute(), {
        getRequestHeaders: async () => ({ authorization: 'Bearer t' }),
      })
      for (const auth of [
        { getRequestHeaders: async () => ({ authorization: 'Bearer t' }) },
        machine as never as Auth,
      ])
        expect(await sendIn(auth, 'cloud.example', transport)).to.have.nested.property(
          'right.httpStatus',
          200,
        )
    })
  })

  it('should load Application Default Credentials once, when the first request is sent', async () => {
    const { auth, close } = defaultCredentials(['scope'], 20_000)
    expect(await firstValueFrom(auth)).to.equal(await firstValueFrom(auth))
    expect(await firstValueFrom(auth)).to.be.instanceOf(GoogleAuth)
    close()
  })

  it('should send no request for a project, whose failure would be reported as a failure of the credentials', () => {
    const urls: string[] = []
    return withHttpServer(
      ({ url = '' }, response) => {
        urls.push(url)
        response.writeHead(url === '/token' ? 200 : 401, { 'content-type': 'application/json' })
        response.end(urls.length === 1 ? '{}' : GOOD_TOKEN)
      },
      async (server) => {
        const folder = mkdtempSync(join(tmpdir(), 'credentials-'))
        const [file, token] = [join(folder, 'adc.json'), join(folder, 'token')] as const
        const endpoints = { token_url: `${server}/token`, cloud_resource_manager_url: `${server}/projects/` }
        writeFileSync(
          file,
          JSON.stringify(externalAccount({ ...endpoints, credential_source: { file: token } })),
        )
        writeFileSync(token, 'subject')
        await withEnvironment({ ...NO_CREDENTIALS, GOOGLE_APPLICATION_CREDENTIALS: file }, async () => {
          const own = defaultCredentials(['scope'], 20_000)
          const auth = await firstValueFrom(own.auth)
          const { transport } = serverFor('Bearer good')
          expect(await send(auth, transport)).to.have.nested.property('left.transient', true)
          expect(await send(auth, transport)).to.have.nested.property('right.httpStatus', 200)
          own.close()
        })
        rmSync(folder, { recursive: true })
        expect(urls).to.deep.equal(['/token', '/token'])
      },
    )
  })

  it('should abort the token requests of Application Default Credentials when the client is closed', async () => {
    const connections = new Subject<Socket>()
    const firstConnection = firstValueFrom(connections)
    await withTcpServer(
      (socket) => connections.next(socket),
      async (oauth2TokenUrl) => {
        const defaults = defaultCredentials(['scope'], 20_000)
        const { clientOptions } = (await firstValueFrom(defaults.auth)) as Auth & {
          readonly clientOptions?: object
        }
        const auth = new UserRefreshClient({
          ...clientOptions,
          clientId: 'c',
          clientSecret: 's',
          refreshToken: 'r',
          endpoints: { oauth2TokenUrl },
        })
        const result = send(auth, serverFor('').transport)
        const closed = once(await firstConnection, 'close')
        defaults.close()
        await closed
        expect(await result).to.have.nested.property('left._tag', 'NoCredentials')
      },
    )
  })

  it('should call the credentials again if a request is repeated as soon as the credentials fail', async () => {
    let calls = 0
    const auth: Auth = {
      getRequestHeaders: () =>
        calls++ < 2 ? Promise.reject({ status: 503 }) : Promise.resolve({ authorization: 'Bearer t' }),
    }
    const { transport } = serverFor('Bearer t')
    const authenticated = withCredentials({ auth: of(auth), origin, requestTimeout: 20_000 })(transport)
    const repeating: typeof authenticated = (request) =>
      authenticated(request).pipe(
        concatMap((outcome) => (isLeft(outcome) ? repeating(request) : of(outcome))),
        throwIfEmpty(),
      )
    expect(await firstValueFrom(repeating(REQUEST))).to.have.nested.property('right.httpStatus', 200)
    expect(calls).to.equal(3)
  })

  it('should call credentials once for all clients that wait for the same credentials', async () => {
    let calls = 0
    const auth: Auth = {
      getRequestHeaders: async () => {
        calls++
        return { authorization: 'Bearer t' }
      },
    }
    const { transport } = serverFor('Bearer t')
    await Promise.all(Array.from({ length: 100 }, () => send(auth, transport)))
    expect(calls).to.equal(1)
  })

  describe('invalid_grant', () => {
    const grants: readonly (readonly [string, number, object, boolean])[] = [
      ['an hour behind', 3_600_000, { error: 'invalid_grant' }, true],
      ['an hour ahead', -3_600_000, { error: 'invalid_grant' }, true],
      ['correct', 0, { error: 'invalid_grant' }, false],
      ['unknown because the date is invalid', Number.NaN, { error: 'invalid_grant' }, false],
      ['30 s ahead', -30_000, { error: 'invalid_grant' }, false],
      ['an hour behind, but the error is another', 3_600_000, { error: 'invalid_client' }, false],
    ]
    for (const [clock, difference, data, transient] of grants)
      it(`should be ${transient ? 'transient' : 'permanent'} if the clock of this machine is ${clock}`, async () => {
        const headers = new Headers({ date: new Date(Date.now() + difference).toUTCString() })
        const auth: Auth = {
          getRequestHeaders: () => Promise.reject({ response: { status: 400, data, headers } }),
        }
        const outcome = await send(auth, serverFor('').transport)
        expect(outcome).to.have.nested.property('left.transient', transient)
        expect(outcome).to.have.nested.property('left.httpStatus', 400)
        expect(outcome)
          .to.have.nested.property('left.reason')
          .that.matches(
            transient
              ? /^the token server returned HTTP 400 \(invalid_grant\); the clocks .* differ by (3599|360[01]) s$/
              : /^the token server returned HTTP 400 \(invalid_[a-z]+\)$/,
          )
      })
  })

  describe('a file that cannot be read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'credentials-'))
    const existing = join(folder, 'exists.json')
    const token = join(folder, 'token')
    before(() => {
      const external = externalAccount({ credential_source: { file: token } })
      writeFileSync(existing, JSON.stringify(external))
    })
    after(() => rmSync(folder, { recursive: true }))

    const variableReason = 'the file in GOOGLE_APPLICATION_CREDENTIALS cannot be read (ENOENT)'
    const otherReason = 'a file that the credentials refer to cannot be read (ENOENT)'
    const rows: readonly (readonly [string, string | undefined, () => Auth, string])[] = [
      ['the file in the variable', join(folder, 'none.json'), applicationDefaultCredentials, variableReason],
      [
        'the folder of the file in the variable',
        join(folder, 'a', 'b', 'none.json'),
        applicationDefaultCredentials,
        variableReason,
      ],
      [
        'the file in the variable, as a relative path',
        'none/none.json',
        applicationDefaultCredentials,
        variableReason,
      ],
      [
        'the contents of a file in the variable',
        '{"private_key": "S3CRET/S3CRET"}',
        applicationDefaultCredentials,
        'the file in GOOGLE_APPLICATION_CREDENTIALS cannot be read (ENOENT)',
      ],
      [
        'a folder in the variable',
        folder,
        applicationDefaultCredentials,
        'a file that the credentials refer to is not a regular file',
      ],
      ['the file in credential_source', existing, applicationDefaultCredentials, otherReason],
      [
        'the file in credential_source, without the variable',
        undefined,
        () => new GoogleAuth({ credentials: externalAccount({ credential_source: { file: token } }) }),
        otherReason,
      ],
      [
        'another file whose path begins with the variable',
        join(folder, 'tok'),
        () => new GoogleAuth({ credentials: externalAccount({ credential_source: { file: token } }) }),
        otherReason,
      ],
      [
        'a folder that is the key file of a GoogleAuth',
        undefined,
        () => new GoogleAuth({ keyFilename: folder }),
        'a file that the credentials refer to cannot be read (EISDIR)',
      ],
      [
        'the key file of a GoogleAuth',
        existing,
        () => new GoogleAuth({ keyFilename: '/none/key.json' }),
        otherReason,
      ],
    ]
    for (const [file, value, auth, reason] of rows)
      it(`should be described correctly if it is ${file}`, () =>
        withEnvironment({ ...NO_CREDENTIALS, GOOGLE_APPLICATION_CREDENTIALS: value }, async () => {
          expect(await send(auth(), serverFor('').transport)).to.deep.equal(
            left({ _tag: 'NoCredentials', transient: false, reason }),
          )
        }))
  })

  describe('a successful response of a token server without a token', () => {
    const impersonated = 'v1/projects/-/serviceAccounts/a@b.c:generateAccessToken'
    const clients: readonly (readonly [string, (server: string) => Auth])[] = [
      ['a federated identity', (server) => federatedIdentity({ token_url: server })],
      [
        'a federated identity that impersonates a service account',
        (server) =>
          federatedIdentity({
            token_url: server,
            service_account_impersonation_url: `${server}/${impersonated}`,
          }),
      ],
      [
        'a workforce identity',
        (server) =>
          new ExternalAccountAuthorizedUserClient({
            type: EXTERNAL_ACCOUNT_AUTHORIZED_USER_TYPE,
            audience: '//iam.googleapis.com/locations/global/workforcePools/p/providers/q',
            client_id: 'c',
            client_secret: 's',
            refresh_token: 'r',
            token_url: server,
            token_info_url: server,
          }),
      ],
      ['a service account', (server) => serviceAccount(server)],
      ['a user', userAt],
      [
        'an impersonated service account',
        (endpoint) =>
          new Impersonated({
            sourceClient: new OAuth2Client({ credentials: { access_token: 'src' } }),
            targetPrincipal: 'a@b.c',
            targetScopes: ['s'],
            endpoint,
          }),
      ],
    ]
    const bodies = [
      '{}',
      '{"expires_in": 3600}',
      '{"access_token": null}',
      '{"access_token": ""}',
      '<html>',
      'null',
    ]
    for (const [client, create] of clients)
      for (const body of bodies)
        it(`should cause a token request for the next poll if the credentials are of ${client}, and the body is ${body}`, () => {
          const urls: string[] = []
          return withHttpServer(
            ({ url = '' }, response) => {
              // The first response to each URL is bad. If a federated identity impersonates a service account, only the second URL is bad.
              const isBad = !urls.includes(url) && (!client.includes('impersonates') || url.includes('/v1'))
              urls.push(url)
              response.setHeader(
                'content-type',
                isBad && body === '<html>' ? 'text/html' : 'application/json',
              )
              response.end(isBad ? body : GOOD_TOKEN)
            },
            async (server) => {
              const auth = create(server)
              const { received, transport } = serverFor('Bearer good')
              const reason = 'the response of the token server contains no token'
              expect(await send(auth, transport)).to.deep.equal(
                left({ _tag: 'NoCredentials', transient: true, reason }),
              )
              const before = urls.length
              expect(await send(auth, transport)).to.have.nested.property('right.httpStatus', 200)
              expect(urls).to.have.lengthOf.above(before)
              expect(received).to.deep.equal(['Bearer good'])
            },
          )
        })
  })

  it('should report a token server without TLS as a transient failure with the code', () =>
    withTcpServer(
      (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
      async (server) => {
        const outcome = await send(userAt(server.replace('http', 'https')), serverFor('').transport)
        expect(outcome).to.have.nested.property('left.transient', true)
        expect(outcome)
          .to.have.nested.property('left.reason')
          .that.matches(/^the token server is unreachable \((?:EPROTO|ERR_SSL_[A-Z_]+)\)$/)
      },
    ))

  it('should report an unknown certificate of the token server as a permanent failure with the code', async () => {
    const [key, cert] = ['server.key', 'server.pem'].map((file) => readFileSync(new URL(file, CERTIFICATES)))
    const server = createServer({ key, cert })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const outcome = await send(userAt(`https://127.0.0.1:${port}`), serverFor('').transport)
    server.close()
    const reason = 'a certificate or key was rejected (UNABLE_TO_VERIFY_LEAF_SIGNATURE)'
    expect(outcome).to.deep.equal(left({ _tag: 'NoCredentials', transient: false, reason }))
  })

  describe('a token server', () => {
    const responses: readonly (readonly [string, string, boolean])[] = [
      ['returns 503', 'HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n', true],
      [
        'returns 400',
        'HTTP/1.1 400 No\r\nContent-Type: application/json\r\nContent-Length: 25\r\n\r\n{"error":"invalid_grant"}',
        false,
      ],
      [
        'truncates a chunked body',
        'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"acc\r\n',
        true,
      ],
      ['returns data that is not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', true],
      [
        'returns an HTML page',
        'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>',
        true,
      ],
      [
        'returns null',
        'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\nnull',
        true,
      ],
      [
        'returns no token',
        'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}',
        true,
      ],
      ['resets the connection', '', true],
    ]
    for (const [description, response, transient] of responses)
      it(`should cause a ${transient ? 'transient' : 'permanent'} failure without an API request if the token server ${description}`, () =>
        withTcpServer(
          (socket) => socket.once('data', () => (response ? socket.end(response) : socket.resetAndDestroy())),
          async (oauth2TokenUrl) => {
            const { received, transport } = serverFor('')
            const outcome = await send(userAt(oauth2TokenUrl), transport)
            expect(outcome).to.have.nested.property('left._tag', 'NoCredentials')
            expect(outcome).to.have.nested.property('left.transient', transient)
            expect(JSON.stringify(outcome)).to.not.include('S3CRET')
            expect(received).to.deep.equal([])
          },
        ))
  })
})
