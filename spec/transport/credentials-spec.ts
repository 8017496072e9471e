import { once } from 'node:events'
import type { Socket } from 'node:net'
import { expect } from 'chai'
import { isLeft, left, right } from 'fp-ts/lib/Either.js'
import {
  Compute,
  GoogleAuth,
  Impersonated,
  OAuth2Client,
  PassThroughClient,
  UserRefreshClient,
} from 'google-auth-library'
import { concatMap, defer, firstValueFrom, forkJoin, of, Subject, throwIfEmpty, timer } from 'rxjs'
import type { Auth, Transport, TransportRequest, TransportResponse } from '../../lib/index.js'
import { withCredentials } from '../../lib/transport/credentials.js'
import { defaultCredentials } from '../../lib/transport/default-credentials.js'
import { served, servedRaw } from '../loopback.js'
import { inVirtualTime } from '../virtual.js'

const REQUEST: TransportRequest = {
  method: 'GET',
  url: 'https://e.googleapis.com/v3/operations/x',
  headers: { accept: 'a' },
}
const origin = 'https://e.googleapis.com'

/** A server that knows one token at a time, and what it was asked with. */
function knowing(token: () => string) {
  const seen: (string | undefined)[] = []
  const transport: Transport = ({ headers }) =>
    defer(() => {
      seen.push(headers.authorization)
      return of(
        right<never, TransportResponse>({
          httpStatus: headers.authorization === token() ? 200 : 401,
          body: {},
        }),
      )
    })
  return { seen, transport }
}

function ask(auth: Auth, transport: Transport, requestTimeout = 20_000) {
  return firstValueFrom(withCredentials({ auth: of(auth), origin, requestTimeout })(transport)(REQUEST))
}

const NEVER_SETTLED = new Promise(() => undefined)

describe('transport/credentials', () => {
  describe('the headers of a credential', () => {
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
        const { seen, transport } = knowing(() => 'Bearer t')
        expect(await ask(auth, transport)).to.have.nested.property('right.httpStatus', 200)
        expect(seen).to.deep.equal(['Bearer t'])
      })

    it('should be none from a client that passes through', async () => {
      const { seen, transport } = knowing(() => 'Bearer t')
      expect(await ask(new PassThroughClient(), transport)).to.have.nested.property('right.httpStatus', 401)
      expect(seen).to.deep.equal([undefined])
    })

    it('should be asked for the origin alone, once for all who wait, and under the headers of the request', async () => {
      const asked: unknown[] = []
      const auth: Auth = {
        getRequestHeaders: async (url) => {
          asked.push(url)
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
      expect(asked).to.deep.equal([origin])
      expect(sent).to.have.length(100)
      expect(sent[0]?.headers).to.deep.equal({
        authorization: 'Bearer t',
        'x-goog-user-project': 'ours',
        accept: 'a',
      })
    })
  })

  it('should serve for a second, and be asked for again at once after a failure', () => {
    let asked = 0
    const auth: Auth = {
      // Not a promise, which does not settle in virtual time.
      getRequestHeaders: () => {
        if (++asked === 2) throw { status: 503 }
        return { authorization: `Bearer ${asked}` } as never
      },
    }
    const sent: (string | undefined)[] = []
    const asking = withCredentials({ auth: of(auth), origin, requestTimeout: 20_000 })(({ headers }) => {
      sent.push(headers.authorization)
      return of(right({ httpStatus: 200 }))
    })
    inVirtualTime(({ flush }) => {
      for (const at of [0, 500, 999, 1_000, 1_001, 2_000, 2_001])
        timer(at).subscribe(() => asking(REQUEST).subscribe())
      flush()
    })
    expect(sent).to.deep.equal([
      ...Array.from({ length: 3 }, () => 'Bearer 1'),
      ...Array.from({ length: 2 }, () => 'Bearer 3'),
      'Bearer 4',
    ])
  })

  describe('a credential that the server repeats', () => {
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
      it(`should be blotted out of ${JSON.stringify(body).replaceAll('S3CRET', '…')}`, async () => {
        const outcome = await ask(auth, () => of(right({ httpStatus: 403, body })))
        expect(JSON.stringify(outcome)).to.equal(
          JSON.stringify(right({ httpStatus: 403, body })).replaceAll(/ya29\.S3CRET|AIzaS3CRET/g, '…'),
        )
      })

    it('should be blotted out of the head of an answer that failed', async () => {
      const failure = { _tag: 'RequestTimedOut', requestTimeout: 1, httpStatus: 503 } as const
      const headers = { 'retry-after': 'ya29.S3CRET' }
      expect(await ask(auth, () => of(left({ ...failure, headers })))).to.deep.equal(
        left({ ...failure, headers: { 'retry-after': '…' } }),
      )
    })

    it('should never be looked for where it could be any word', async () => {
      const body = { name: 'operations/t', done: true }
      const short: Auth = { getRequestHeaders: async () => ({ authorization: 'Bearer true' }) }
      expect(await ask(short, () => of(right({ httpStatus: 200, body })))).to.deep.equal(
        right({ httpStatus: 200, body }),
      )
    })

    it('should leave an answer without one as it is', async () => {
      const body = { name: 'operations/x' }
      const outcome = await ask(auth, () => of(right({ httpStatus: 200, body })))
      expect(outcome).to.have.property('right').that.has.property('body', body)
      expect(await ask(auth, () => of(right({ httpStatus: 204 })))).to.deep.equal(right({ httpStatus: 204 }))
    })
  })

  describe('a 401', () => {
    it('should be answered by asking once more where the credential gives another header', async () => {
      let n = 0
      const auth: Auth = { getRequestHeaders: async () => ({ authorization: `Bearer ${++n}` }) }
      const { seen, transport } = knowing(() => 'Bearer 2')
      expect(await ask(auth, transport)).to.have.nested.property('right.httpStatus', 200)
      expect(seen).to.deep.equal(['Bearer 1', 'Bearer 2'])
    })

    it('should be final where the header stays the same, and where the second is refused too', async () => {
      const same = knowing(() => 'Bearer other')
      const auth: Auth = { getRequestHeaders: async () => ({ authorization: 'Bearer t' }) }
      expect(await ask(auth, same.transport)).to.have.nested.property('right.httpStatus', 401)
      expect(same.seen).to.deep.equal(['Bearer t'])
      let n = 0
      const changing: Auth = { getRequestHeaders: async () => ({ authorization: `Bearer ${++n}` }) }
      const never = knowing(() => 'Bearer other')
      expect(await ask(changing, never.transport)).to.have.nested.property('right.httpStatus', 401)
      expect(never.seen).to.deep.equal(['Bearer 1', 'Bearer 2'])
    })

    for (const wrapped of [false, true])
      it(`should expire the token of a google-auth client${wrapped ? ' within a GoogleAuth' : ''}, once for a hundred polls`, async () => {
        let issued = 0
        const client = new UserRefreshClient({ clientId: 'c', clientSecret: 's', refreshToken: 'r' })
        client.setCredentials({
          refresh_token: 'r',
          access_token: 'old',
          expiry_date: Date.now() + 3_600_000,
        })
        client.transporter.request = (async () => {
          issued++
          return { data: { access_token: 'new', expires_in: 3_600 }, status: 200, headers: new Headers() }
        }) as unknown as typeof client.transporter.request
        const auth = wrapped ? new GoogleAuth({ authClient: client }) : client
        const { seen, transport } = knowing(() => 'Bearer new')
        const asking = withCredentials({ auth: of(auth), origin, requestTimeout: 20_000 })(transport)
        const outcomes = await firstValueFrom(forkJoin(Array.from({ length: 100 }, () => asking(REQUEST))))
        expect(outcomes.every((outcome) => !isLeft(outcome) && outcome.right.httpStatus === 200)).to.equal(
          true,
        )
        expect(issued).to.equal(1)
        expect(seen.filter((header) => header === 'Bearer old')).to.have.length(100)
        expect(seen.filter((header) => header === 'Bearer new')).to.have.length(100)
      })

    it('should let no other request use the credential that was refused while it is renewed', () => {
      let asked = 0
      const auth = {
        // A thenable, for Promises do not settle in virtual time.
        getRequestHeaders: () => ({
          // biome-ignore lint/suspicious/noThenProperty: it is a thenable.
          then: (resolved: (headers: object) => void) => {
            const headers = { authorization: `Bearer ${++asked}` }
            if (asked === 1) resolved(headers)
            else timer(50).subscribe(() => resolved(headers))
            return NEVER_SETTLED
          },
        }),
      } as never as Auth
      const { seen, transport } = knowing(() => 'Bearer 2')
      const asking = withCredentials({ auth: of(auth), origin, requestTimeout: 20_000 })(transport)
      inVirtualTime(({ flush }) => {
        for (const at of [0, 10, 49]) timer(at).subscribe(() => asking(REQUEST).subscribe())
        flush()
      })
      expect(seen).to.deep.equal(['Bearer 1', 'Bearer 2', 'Bearer 2', 'Bearer 2'])
    })

    it('should leave a token that cannot be renewed as it was, and be final', async () => {
      const client = new OAuth2Client({ credentials: { access_token: 'static' } })
      const { transport } = knowing(() => 'Bearer other')
      expect(await ask(client, transport)).to.have.nested.property('right.httpStatus', 401)
      expect(client.credentials).to.include({ access_token: 'static' }).and.not.have.property('expiry_date')
    })
  })

  describe('failures, reduced to facts', () => {
    const SECRET = 'SECRET'
    const rows: readonly (readonly [string, unknown, object])[] = [
      [
        'a token server that is down',
        { message: SECRET, response: { status: 503, data: SECRET } },
        { transient: true, reason: 'the token server answered HTTP 503', httpStatus: 503 },
      ],
      [
        'when a token server wants to be asked again, and no more of its headers',
        {
          response: {
            status: 503,
            headers: new Headers({ 'retry-after': '7', date: `${SECRET}!`, 'x-echo': SECRET }),
          },
        },
        {
          transient: true,
          reason: 'the token server answered HTTP 503',
          httpStatus: 503,
          headers: { 'retry-after': '7' },
        },
      ],
      [
        'a token request that timed out',
        Object.assign(new Error(SECRET), { cause: Object.assign(new Error(SECRET), { name: 'AbortError' }) }),
        { transient: true, reason: 'they took too long' },
      ],
      [
        'a grant that is revoked',
        {
          message: SECRET,
          status: 400,
          response: { status: 400, data: { error: 'invalid_grant', error_description: SECRET } },
        },
        { transient: false, reason: 'the token server answered HTTP 400 (invalid_grant)', httpStatus: 400 },
      ],
      [
        'words of a token server that may be secret',
        { response: { status: 400, data: { error: 'S3CRET!' } } },
        { transient: false, reason: 'the token server answered HTTP 400', httpStatus: 400 },
      ],
      [
        'no network',
        Object.assign(new Error(SECRET), { code: 'ECONNRESET' }),
        { transient: true, reason: 'the token server could not be reached (ECONNRESET)' },
      ],
      [
        'no such file',
        Object.assign(new Error(`The file at /${SECRET} does not exist, or it is not a file. ENOENT`), {
          code: 'ENOENT',
        }),
        { transient: false, reason: 'the file in GOOGLE_APPLICATION_CREDENTIALS cannot be read' },
      ],
      [
        'no credentials at all',
        new Error('Could not load the default credentials. Browse to ...'),
        { transient: false, reason: 'no Application Default Credentials were found' },
      ],
      [
        'a token that has expired',
        new Error('No refresh token is set.'),
        { transient: false, reason: 'the token has expired and cannot be renewed' },
      ],
      ['anything else', new Error(SECRET), { transient: false, reason: 'the credentials gave no token' }],
      ['what is no error', undefined, { transient: false, reason: 'the credentials gave no token' }],
    ]
    for (const [what, thrown, facts] of rows)
      it(`should tell ${what}`, async () => {
        const auth: Auth = { getRequestHeaders: () => Promise.reject(thrown) }
        const { seen, transport } = knowing(() => '')
        expect(await ask(auth, transport)).to.deep.equal(left({ _tag: 'NoCredentials', ...facts }))
        expect(seen).to.deep.equal([])
      })

    it('should tell an object that is no credential', async () => {
      const auth = {
        getRequestHeaders: () => {
          throw new Error(SECRET)
        },
      }
      expect(await ask(auth, knowing(() => '').transport)).to.have.nested.property(
        'left._tag',
        'NoCredentials',
      )
      expect(
        await ask({ getRequestHeaders: async () => ({ 'bad name': 'x' }) }, knowing(() => '').transport),
      ).to.have.nested.property('left.transient', false)
    })

    it('should tell credentials that take too long, and ask them anew the next time', async () => {
      let asked = 0
      const auth: Auth = {
        getRequestHeaders: () =>
          asked++ === 0 ? new Promise(() => undefined) : Promise.resolve({ authorization: 'Bearer t' }),
      }
      const { transport } = knowing(() => 'Bearer t')
      const asking = withCredentials({ auth: of(auth), origin, requestTimeout: 20 })(transport)
      expect(await firstValueFrom(asking(REQUEST))).to.deep.equal(
        left({ _tag: 'NoCredentials', transient: true, reason: 'they took too long' }),
      )
      expect(await firstValueFrom(asking(REQUEST))).to.have.nested.property('right.httpStatus', 200)
    })

    it('should ask anew after a renewal that hung, through a GoogleAuth too, with the token as it was', async () => {
      let asked = 0
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
          return asked++ === 0
            ? new Promise(() => undefined)
            : Promise.resolve({ authorization: 'Bearer new' })
        },
      }
      const auth = { getClient: async () => inner, getRequestHeaders: () => inner.getRequestHeaders() }
      const { transport } = knowing(() => 'Bearer new')
      const asking = withCredentials({ auth: of(auth), origin, requestTimeout: 20 })(transport)
      expect(await firstValueFrom(asking(REQUEST))).to.have.nested.property(
        'left.reason',
        'they took too long',
      )
      expect(inner.credentials.expiry_date).to.equal(9e15)
      expect(await firstValueFrom(asking(REQUEST))).to.have.nested.property('right.httpStatus', 200)
    })

    it('should take headers that are no promise', async () => {
      const auth = { getRequestHeaders: () => ({ authorization: 'Bearer t' }) } as never as Auth
      expect(await ask(auth, knowing(() => 'Bearer t').transport)).to.have.nested.property(
        'right.httpStatus',
        200,
      )
    })

    it('should ask again later where a renewal fails and may pass', async () => {
      let n = 0
      const auth: Auth = {
        getRequestHeaders: () =>
          n++ === 0 ? Promise.resolve({ authorization: 'Bearer old' }) : Promise.reject({ status: 503 }),
      }
      expect(await ask(auth, knowing(() => 'Bearer new').transport)).to.have.nested.property(
        'left.transient',
        true,
      )
    })
  })

  it('should make one token request for a hundred polls with an expired impersonated credential', async () => {
    let tokens = 0
    await served(
      (request, response) => {
        if (request.url?.includes(':generateAccessToken')) tokens++
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
        const { transport } = knowing(() => 'Bearer imp')
        const asking = withCredentials({ auth: of(auth), origin, requestTimeout: 20_000 })(transport)
        const outcomes = await firstValueFrom(forkJoin(Array.from({ length: 100 }, () => asking(REQUEST))))
        expect(outcomes.every((outcome) => !isLeft(outcome) && outcome.right.httpStatus === 200)).to.equal(
          true,
        )
      },
    )
    expect(tokens).to.equal(1)
  })

  describe('a universe', () => {
    const askIn = (auth: Auth, universeDomain: string, transport: Transport) =>
      firstValueFrom(
        withCredentials({ auth: of(auth), origin, universeDomain, requestTimeout: 20_000 })(transport)(
          REQUEST,
        ),
      )
    const elsewhere = () => {
      const client = new OAuth2Client({ credentials: { access_token: 't' } })
      client.universeDomain = 'cloud.example'
      return client
    }

    for (const [what, auth] of [
      ['a client', elsewhere()],
      ['a GoogleAuth', new GoogleAuth({ authClient: elsewhere() })],
    ] as const)
      it(`should be that of ${what}, or no token is sent`, async () => {
        const { seen, transport } = knowing(() => 'Bearer t')
        expect(await askIn(auth, 'googleapis.com', transport)).to.deep.equal(
          left({
            _tag: 'NoCredentials',
            transient: false,
            reason: 'they are for the universe "cloud.example", and a service of googleapis.com is asked',
          }),
        )
        expect(seen).to.deep.equal([])
        expect(await askIn(auth, 'cloud.example', transport)).to.have.nested.property('right.httpStatus', 200)
      })

    it('should be any for a credential that does not say, and for that of a virtual machine', async () => {
      const { transport } = knowing(() => 'Bearer t')
      const machine = Object.assign(new Compute(), {
        getRequestHeaders: async () => ({ authorization: 'Bearer t' }),
      })
      for (const auth of [
        { getRequestHeaders: async () => ({ authorization: 'Bearer t' }) },
        machine as never as Auth,
      ])
        expect(await askIn(auth, 'cloud.example', transport)).to.have.nested.property('right.httpStatus', 200)
    })
  })

  it('should load Application Default Credentials once, on first use', async () => {
    const { auth, close } = defaultCredentials(['scope'], 20_000)
    expect(await firstValueFrom(auth)).to.equal(await firstValueFrom(auth))
    expect(await firstValueFrom(auth)).to.be.instanceOf(GoogleAuth)
    close()
  })

  it('should end the token requests of clients that Application Default Credentials make, when it is closed', async () => {
    const asked = new Subject<Socket>()
    const firstAsked = firstValueFrom(asked)
    await servedRaw(
      (socket) => asked.next(socket),
      async (oauth2TokenUrl) => {
        const own = defaultCredentials(['scope'], 20_000)
        const { clientOptions } = (await firstValueFrom(own.auth)) as Auth & {
          readonly clientOptions?: object
        }
        const auth = new UserRefreshClient({
          ...clientOptions,
          clientId: 'c',
          clientSecret: 's',
          refreshToken: 'r',
          endpoints: { oauth2TokenUrl },
        })
        const words = ask(auth, knowing(() => '').transport)
        const closed = once(await firstAsked, 'close')
        own.close()
        await closed
        expect(await words).to.have.nested.property('left._tag', 'NoCredentials')
      },
    )
  })

  it('should ask anew for whoever asks again at once when the credential fails', async () => {
    let asked = 0
    const auth: Auth = {
      getRequestHeaders: () =>
        asked++ < 2 ? Promise.reject({ status: 503 }) : Promise.resolve({ authorization: 'Bearer t' }),
    }
    const { transport } = knowing(() => 'Bearer t')
    const asking = withCredentials({ auth: of(auth), origin, requestTimeout: 20_000 })(transport)
    const insistent: typeof asking = (request) =>
      asking(request).pipe(
        concatMap((outcome) => (isLeft(outcome) ? insistent(request) : of(outcome))),
        throwIfEmpty(),
      )
    expect(await firstValueFrom(insistent(REQUEST))).to.have.nested.property('right.httpStatus', 200)
    expect(asked).to.equal(3)
  })

  it('should ask one credential once for all clients that wait for it', async () => {
    let asked = 0
    const auth: Auth = {
      getRequestHeaders: async () => {
        asked++
        return { authorization: 'Bearer t' }
      },
    }
    const { transport } = knowing(() => 'Bearer t')
    await Promise.all(Array.from({ length: 100 }, () => ask(auth, transport)))
    expect(asked).to.equal(1)
  })

  describe('a token server', () => {
    const answers: readonly (readonly [string, string, boolean])[] = [
      ['answers 503', 'HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n', true],
      [
        'answers 400',
        'HTTP/1.1 400 No\r\nContent-Type: application/json\r\nContent-Length: 25\r\n\r\n{"error":"invalid_grant"}',
        false,
      ],
      [
        'is cut short in a chunked body',
        'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"acc\r\n',
        true,
      ],
      ['speaks no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', true],
      [
        'answers with a page',
        'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>',
        true,
      ],
      [
        'answers with null',
        'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\nnull',
        true,
      ],
      [
        'answers without a token',
        'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}',
        true,
      ],
      ['resets the connection', '', true],
    ]
    for (const [what, answer, transient] of answers)
      it(`should be ${transient ? 'asked again' : 'believed'} when it ${what}, and nothing is asked without a token`, () =>
        servedRaw(
          (socket) => socket.once('data', () => (answer ? socket.end(answer) : socket.resetAndDestroy())),
          async (oauth2TokenUrl) => {
            const auth = new UserRefreshClient({
              clientId: 'c',
              clientSecret: 'S3CRET',
              refreshToken: '1//S3CRET',
              endpoints: { oauth2TokenUrl },
              transporterOptions: { retryConfig: { retry: 0 } },
            })
            const { seen, transport } = knowing(() => '')
            const outcome = await ask(auth, transport)
            expect(outcome).to.have.nested.property('left._tag', 'NoCredentials')
            expect(outcome).to.have.nested.property('left.transient', transient)
            expect(JSON.stringify(outcome)).to.not.include('S3CRET')
            expect(seen).to.deep.equal([])
          },
        ))
  })
})
