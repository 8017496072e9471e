import { expect } from 'chai'
import { firstValueFrom } from 'rxjs'
import { startEmulator } from '../lib/emulator/index.js'
import {
  type ClientOptions,
  constant,
  InvalidOption,
  locate,
  OperationsClient,
  resumeToken,
  service,
  type WatchOperationOptions,
  watchOperation,
} from '../lib/index.js'
import { withEnvironment } from './environment.js'
import { inVirtualTime, NAME, running, scripted, succeeded } from './virtual.js'

const EMULATOR_VARIABLE = 'CLOUDRESOURCEMANAGER_EMULATOR_HOST'
const auth = { getRequestHeaders: async () => ({ authorization: 'Bearer t' }) }

/** Returns the request that a client with `options` sends. */
async function sentRequest(options: object) {
  const { transport, requests } = scripted(running())
  await firstValueFrom(new OperationsClient({ transport, ...options }).get(NAME))
  return requests[0]
}

function withEmulatorHost(host: string, body: () => unknown): Promise<void> {
  return withEnvironment({ [EMULATOR_VARIABLE]: host }, body)
}

describe('client-options', () => {
  describe('the error of an invalid option', () => {
    const rows: readonly (readonly [object, string])[] = [
      [
        { clientCertificate: { cert: 'S3CRET', key: 'S3CRET' } },
        'clientCertificate must be a cert and a key, both PEM, got an object',
      ],
      [
        { proxy: 'socks5://me:S3CRET@p:1080' },
        'proxy must be false or an http or https URL with only scheme, user, password, host and port, got the scheme "socks5"',
      ],
      [{ service: 'run' }, 'service must be the service returned by service(\'NAME\'), got "run"'],
      [
        { endpoint: 'cloudresourcemanager.googleapis.com' },
        'endpoint must be an http or https URL, got "cloudresourcemanager.googleapis.com"',
      ],
      [{ endpoint: 'ftp://x.example' }, 'endpoint must be an http or https URL, got "ftp://x.example"'],
      [{ endpoint: 7 }, 'endpoint must be an http or https URL, got 7'],
      [
        { endpoint: 'https://e.example/v3' },
        'endpoint must be a URL with only scheme, host and port, got "https://e.example/v3"',
      ],
      [
        { endpoint: 'https://me:SECRET@e.example' },
        'endpoint must be a URL with only scheme, host and port, got "https://…@e.example"',
      ],
      [
        { endpoint: 'https://e.example?key=SECRET' },
        'endpoint must be a URL with only scheme, host and port, got "https://e.example?…"',
      ],
      [
        { endpoint: 'http://e.example' },
        'endpoint must be https, or a loopback host, unless auth is false, got "http://e.example"',
      ],
      [
        { endpoint: 'http://e.example', auth },
        'endpoint must be https, or a loopback host, unless auth is false, got "http://e.example"',
      ],
      [
        { endpoint: 'http://localhost.e.example', auth },
        'endpoint must be https, or a loopback host, unless auth is false, got "http://localhost.e.example"',
      ],
      [{ apiVersion: 'v3/../v1' }, 'apiVersion must be a version such as "v3", got "v3/../v1"'],
      [{ auth: 'ya29.SECRET' }, 'auth must be false or an object with getRequestHeaders, got a string'],
      [{ auth: null }, 'auth must be false or an object with getRequestHeaders, got null'],
      ...['', 'S3CRET key', 'S3CRET-k\u00e9y', 'S3CRET\n', 'S3CRET'.repeat(84)].map(
        (apiKey) =>
          [
            { apiKey },
            'apiKey must be 1 to 500 characters of printable ASCII, no spaces, got a string',
          ] as const,
      ),
      [{ apiKey: null }, 'apiKey must be 1 to 500 characters of printable ASCII, no spaces, got null'],
      [{ apiKey: 'S3CRET', auth }, 'apiKey must be undefined if auth is set, got a string'],
      [{ apiKey: 'S3CRET', auth: false }, 'apiKey must be undefined if auth is set, got a string'],
      [
        { endpoint: 'http://e.example', apiKey: 'S3CRET' },
        'endpoint must be https, or a loopback host, unless auth is false, got "http://e.example"',
      ],
      [{ scopes: 'cloud-platform' }, 'scopes must be a list of OAuth scopes, got "cloud-platform"'],
      [{ requestTimeout: 0 }, 'requestTimeout must be a number of milliseconds from 1 to 2147483647, got 0'],
      [
        { requestTimeout: 2 ** 31 },
        'requestTimeout must be a number of milliseconds from 1 to 2147483647, got 2147483648',
      ],
      [{ maxResponseBytes: -1 }, 'maxResponseBytes must be a number of bytes from 1 to 536870912, got -1'],
      [
        { universeDomain: 'https://googleapis.com' },
        'universeDomain must be a domain such as "googleapis.com", got "https://googleapis.com"',
      ],
      [
        { universeDomain: ['googleapis.com'] },
        'universeDomain must be a domain such as "googleapis.com", got an array',
      ],
      [{ transport: {} }, 'transport must be a function, got an object'],
      [{ random: 4 }, 'random must be a function, got 4'],
      [{ xgafv: 1 }, 'xgafv must be "1" or "2", got 1'],
      [
        { quotaUser: 'x'.repeat(41) },
        `quotaUser must be 1 to 40 characters of printable ASCII, got "${'x'.repeat(41)}"`,
      ],
      [
        { fields: 'name,done' },
        'fields must be a field mask that contains name, done and error, got "name,done"',
      ],
    ]
    for (const [options, message] of rows)
      it(`should contain the name, the range and the value: ${message}`, () => {
        expect(message).to.not.include('S3CRET')
        expect(() => new OperationsClient(options))
          .to.throw(InvalidOption)
          .with.property('message', message)
        expect(() => watchOperation(NAME, options))
          .to.throw(InvalidOption)
          .with.property('message', message)
      })
  })

  describe('the endpoint', () => {
    const rows: readonly (readonly [object, string])[] = [
      [{}, `https://cloudresourcemanager.googleapis.com/v3/${NAME}`],
      [{ apiVersion: 'v1' }, `https://cloudresourcemanager.googleapis.com/v1/${NAME}`],
      [{ universeDomain: 'u.example' }, `https://cloudresourcemanager.u.example/v3/${NAME}`],
      [{ endpoint: 'https://run.googleapis.com/' }, `https://run.googleapis.com/v3/${NAME}`],
      [{ endpoint: 'http://e.example:80', auth: false }, `http://e.example/v3/${NAME}`],
    ]
    for (const [options, url] of rows)
      it(`should cause requests to ${url}`, async () => {
        expect((await sentRequest(options))?.url).to.equal(url)
      })

    it('should be the emulator of the environment variable if no endpoint is set', async () => {
      await withEmulatorHost('emulator.example:8080', async () => {
        expect((await sentRequest({}))?.url).to.equal(`http://emulator.example:8080/v3/${NAME}`)
        expect((await sentRequest({ endpoint: 'https://e.example' }))?.url).to.equal(
          `https://e.example/v3/${NAME}`,
        )
      })
      await withEmulatorHost('', async () => {
        expect((await sentRequest({}))?.url).to.equal(
          `https://cloudresourcemanager.googleapis.com/v3/${NAME}`,
        )
      })
      await withEmulatorHost('http://x/y', () => {
        expect(() => new OperationsClient()).to.throw(
          `${EMULATOR_VARIABLE} must be host:port, got "http://x/y"`,
        )
      })
    })
  })

  describe('the environment variables', () => {
    const UNIVERSE_VARIABLE = 'GOOGLE_CLOUD_UNIVERSE_DOMAIN'
    const MTLS_VARIABLE = 'GOOGLE_API_USE_MTLS_ENDPOINT'
    const clientCertificate = { cert: '-----BEGIN CERTIFICATE-----', key: '-----BEGIN PRIVATE KEY-----' }
    const hosts: readonly (readonly [Readonly<Record<string, string>>, object, string])[] = [
      [{ [UNIVERSE_VARIABLE]: 'cloud.example' }, {}, 'cloudresourcemanager.cloud.example'],
      [{ [UNIVERSE_VARIABLE]: '' }, {}, 'cloudresourcemanager.googleapis.com'],
      [
        { [UNIVERSE_VARIABLE]: 'cloud.example' },
        { universeDomain: 'other.example' },
        'cloudresourcemanager.other.example',
      ],
      [{ [UNIVERSE_VARIABLE]: 'cloud.example' }, { endpoint: 'https://e.example' }, 'e.example'],
      [{ [MTLS_VARIABLE]: 'always' }, {}, 'cloudresourcemanager.mtls.googleapis.com'],
      [{ [MTLS_VARIABLE]: 'auto' }, {}, 'cloudresourcemanager.googleapis.com'],
      [{}, { clientCertificate }, 'cloudresourcemanager.mtls.googleapis.com'],
      [{ [MTLS_VARIABLE]: 'never' }, { clientCertificate }, 'cloudresourcemanager.googleapis.com'],
      [{ [MTLS_VARIABLE]: 'always' }, { endpoint: 'https://e.example' }, 'e.example'],
    ]
    for (const [variables, options, host] of hosts)
      it(`should select ${host} for ${JSON.stringify(variables)} and ${Object.keys(options)[0] ?? 'no option'}`, () =>
        withEnvironment({ [EMULATOR_VARIABLE]: undefined, ...variables }, async () => {
          expect(new URL((await sentRequest(options))?.url ?? '').host).to.equal(host)
        }))

    it('should also apply to service() and locate(), because no credential may be sent to another cloud', () =>
      withEnvironment({ [UNIVERSE_VARIABLE]: 'cloud.example' }, async () => {
        const name = 'projects/p/locations/l/operations/x'
        expect(service('run')).to.include({
          endpoint: 'https://run.cloud.example',
          universeDomain: 'cloud.example',
        })
        expect(locate(`https://run.googleapis.com/v2/${name}`))
          .to.have.property('left')
          .that.includes('is not a service host of cloud.example')
        const googleapisAuth = { ...auth, universeDomain: 'googleapis.com' }
        const { transport, requests } = scripted(running())
        const client = new OperationsClient({ ...service('run'), transport, auth: googleapisAuth })
        expect(await firstValueFrom(client.get(name))).to.have.nested.property(
          'left._tag',
          'CredentialsError',
        )
        expect(requests).to.deep.equal([])
      }))

    it('should not select a host for mutual TLS if the universe domain is not googleapis.com', async () => {
      const universeDomain = 'cloud.example'
      expect((await sentRequest({ clientCertificate, universeDomain }))?.url).to.match(
        /^https:\/\/cloudresourcemanager.cloud.example\//,
      )
      await withEnvironment({ [MTLS_VARIABLE]: 'always' }, () => {
        expect(() => new OperationsClient({ universeDomain })).to.throw(InvalidOption, MTLS_VARIABLE)
      })
    })

    it('should be rejected if their values are invalid', async () => {
      await withEnvironment({ [MTLS_VARIABLE]: 'sometimes' }, () => {
        expect(() => new OperationsClient()).to.throw(
          InvalidOption,
          'GOOGLE_API_USE_MTLS_ENDPOINT must be "always", "auto" or "never", got "sometimes"',
        )
      })
      await withEnvironment({ [UNIVERSE_VARIABLE]: 'https://x' }, () => {
        expect(() => new OperationsClient()).to.throw(InvalidOption, 'universeDomain must be a domain')
      })
    })
  })

  describe('credentials', () => {
    it('should be sent to the endpoint, even a loopback address, if the option `auth` is set', async () => {
      const emulator = await startEmulator()
      emulator.operations.add(NAME, [{}])
      const client = new OperationsClient({ endpoint: emulator.endpoint, auth })
      await firstValueFrom(client.get(NAME))
      client.close()
      await emulator.close()
      expect(emulator.requests[0]?.headers.authorization).to.equal('Bearer t')
    })

    const anonymous: readonly (readonly [string, object])[] = [
      ['auth is false', { auth: false }],
      ['the endpoint is plain http and the option `auth` is not set', {}],
    ]
    for (const [description, options] of anonymous)
      it(`should not be sent if ${description}`, async () => {
        const emulator = await startEmulator()
        emulator.operations.add(NAME, [{}])
        const client = new OperationsClient({ endpoint: emulator.endpoint, ...options })
        await firstValueFrom(client.get(NAME))
        client.close()
        await emulator.close()
        expect(emulator.requests[0]?.headers).to.not.have.property('authorization')
      })

    it('should never be sent to the emulator of the environment variable', async () => {
      const emulator = await startEmulator()
      emulator.operations.add(NAME, [{}])
      await withEmulatorHost(new URL(emulator.endpoint).host, async () => {
        for (const credentials of [{ auth }, { apiKey: 'S3CRET' }]) {
          const client = new OperationsClient(credentials)
          await firstValueFrom(client.get(NAME))
          client.close()
        }
      })
      await emulator.close()
      expect(emulator.requests).to.have.length(2)
      for (const { headers } of emulator.requests)
        expect(headers).to.not.have.any.keys('authorization', 'x-goog-api-key')
    })

    it('should not be passed to a custom transport for the emulator of the environment variable', () =>
      withEmulatorHost('emulator.example:8080', async () => {
        expect((await sentRequest({ auth }))?.headers).to.not.have.property('authorization')
      }))

    it('should not be sent to the loopback endpoint of a token, unless the option `endpoint` has the endpoint of the token', async () => {
      const emulator = await startEmulator()
      emulator.operations.add(NAME, [{ done: true }])
      const token = { name: NAME, endpoint: emulator.endpoint, apiVersion: 'v3' }
      const ownOptions = { auth, quotaProject: 'mine', quotaUser: 'me', headers: { 'x-mine': 'yes' } }
      await firstValueFrom(watchOperation(token, ownOptions))
      await firstValueFrom(watchOperation(token, { ...ownOptions, endpoint: emulator.endpoint }))
      await emulator.close()
      expect(emulator.requests.map(({ query }) => query.quotaUser)).to.deep.equal([undefined, 'me'])
      expect(emulator.requests.map(({ headers }) => headers['x-mine'])).to.deep.equal([undefined, 'yes'])
      expect(emulator.requests.map(({ headers }) => headers['x-goog-user-project'])).to.deep.equal([
        undefined,
        'mine',
      ])
      expect(emulator.requests.map(({ headers }) => headers.authorization)).to.deep.equal([
        undefined,
        'Bearer t',
      ])
    })

    it('should be added to the requests of a custom transport only if the option `auth` is set', async () => {
      expect((await sentRequest({ auth }))?.headers).to.include({ authorization: 'Bearer t' })
      expect((await sentRequest({}))?.headers).to.not.have.property('authorization')
    })
  })

  describe('the rate limit', () => {
    const rateOf = (options: ClientOptions): number => new OperationsClient(options).stats().currentRate

    it('should be the documented read quota of the service, in requests per second', () => {
      expect(rateOf(service('compute'))).to.equal(25)
      expect(rateOf(service('osconfig'))).to.equal(1)
      expect(rateOf(service('container', { version: 'v9' }))).to.equal(50)
    })

    it('should be 10 requests per second for other services', () => {
      expect(rateOf({})).to.equal(10)
      expect(rateOf(service('run'))).to.equal(10)
      expect(rateOf({ endpoint: 'https://e.example' })).to.equal(10)
    })

    it('should be the option rateLimit if it is set', () => {
      expect(rateOf({ ...service('compute'), rateLimit: { requests: 3, per: 1_000 } })).to.equal(3)
      expect(rateOf({ ...service('compute'), rateLimit: false })).to.equal(Number.POSITIVE_INFINITY)
    })
  })

  describe('the schedule', () => {
    /** Returns the times of the first four polls of a watch in seconds. */
    function pollTimes(options: WatchOperationOptions): readonly number[] {
      const times: number[] = []
      inVirtualTime(({ flush }) => {
        const { transport, polledAt } = scripted(running(), running(), running(), succeeded())
        watchOperation(`projects/p/locations/l/${NAME}`, { transport, ...options }).subscribe()
        flush()
        times.push(...polledAt.map((time) => time / 1_000))
      })
      return times
    }

    it('should wait at least the documented poll interval of the service by default', () => {
      expect(pollTimes(service('documentai'))).to.deep.equal([0, 10, 20, 30])
      expect(pollTimes(service('run'))).to.deep.equal([0, 0.75, 1.5, 2.312])
    })

    it('should be the option schedule if it is set', () => {
      const schedule = constant({ interval: 2_000 })
      expect(pollTimes({ ...service('documentai'), schedule })).to.deep.equal([0, 2, 4, 6])
    })
  })

  it('should send the location of Cloud Build in a header of each request', async () => {
    const request = await sentRequest(service('cloudbuild', { location: 'europe-west9' }))
    expect(request?.headers).to.include({ 'x-goog-request-params': 'location=europe-west9' })
  })

  describe('resumeToken', () => {
    it('should return the endpoint, the version and the start time', () => {
      expect(resumeToken(NAME, { since: 5 })).to.deep.equal({
        name: NAME,
        endpoint: 'https://cloudresourcemanager.googleapis.com',
        apiVersion: 'v3',
        since: 5,
      })
      const token = resumeToken(NAME, { endpoint: 'https://run.googleapis.com', apiVersion: 'v2' })
      expect(token).to.include({ endpoint: 'https://run.googleapis.com', apiVersion: 'v2' })
      expect(token.since).to.be.closeTo(Date.now(), 10_000)
      expect(JSON.parse(JSON.stringify(token))).to.deep.equal(token)
    })

    it('should throw if the name or the time is invalid', () => {
      expect(() => resumeToken('x')).to.throw('name must be the name of an operation, got "x"')
      expect(() => resumeToken(NAME, { since: Number.NaN })).to.throw(
        'since must be milliseconds since 1970, got NaN',
      )
    })

    it('should be accepted by watchOperation', async () => {
      const { transport, requests } = scripted(succeeded())
      await firstValueFrom(
        watchOperation(resumeToken(NAME, { endpoint: 'https://run.googleapis.com', apiVersion: 'v2' }), {
          transport,
        }),
      )
      expect(requests[0]?.url).to.equal(`https://run.googleapis.com/v2/${NAME}`)
    })
  })
})
