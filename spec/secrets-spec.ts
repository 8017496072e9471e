import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { GoogleAuth, UserRefreshClient } from 'google-auth-library'
import { firstValueFrom, lastValueFrom, NEVER, of, toArray } from 'rxjs'
import { createClients } from '../lib/cli/clients.js'
import { followNames } from '../lib/cli/follow-names.js'
import { displayFor } from '../lib/cli/output/displays.js'
import { type Emulator, type Frame, startEmulator } from '../lib/emulator/index.js'
import {
  constant,
  InvalidOption,
  locate,
  type OperationError,
  OperationException,
  OperationsClient,
  watchOperation,
} from '../lib/index.js'
import { FakeIo } from './cli/fake.js'
import { startLro } from './cli/lro.js'
import { withHttpServer } from './loopback.js'

const NAME = 'operations/cp.1'
const TOKEN = 'ya29.S3CRET-TOKEN'
const KEY = 'AIzaS3CRET-KEY'
const HEADERS = { 'X-Api-Key': 'S3CRET-header, 1' }
const ECHOES = [
  HEADERS['X-Api-Key'],
  encodeURIComponent(HEADERS['X-Api-Key']),
  JSON.stringify(HEADERS),
  { headers: HEADERS, [HEADERS['X-Api-Key']]: HEADERS['X-Api-Key'] },
]
const auth = {
  getRequestHeaders: async () => ({ authorization: `Bearer ${TOKEN}`, 'x-goog-api-key': KEY }),
}

/** Returns a value in every form that programs log. */
function logged(value: unknown): string {
  return [
    JSON.stringify(value),
    String(value),
    inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true }),
  ].join('\n')
}

const htmlPage = '<html>The requested URL /v3/operations/cp.1?quotaUser=S3CRET was not found'
const echoedRequest = `Denied: GET /v3/operations/cp.1?quotaUser=S3CRET-user with ${TOKEN}, ${KEY}, ${ECHOES.slice(0, 3)}`
const frames: Readonly<Record<string, readonly Frame[]>> = {
  OperationFailed: [{ done: true, error: { code: 8, message: 'no quota' } }],
  OperationNotFound: [
    { httpResponse: { httpStatus: 404, body: { error: { code: 404, status: 'NOT_FOUND' } } } },
  ],
  RequestRejected: [
    {
      httpResponse: {
        httpStatus: 403,
        body: { error: { code: 403, message: echoedRequest, status: 'PERMISSION_DENIED' } },
      },
    },
  ],
  MalformedResponse: [{ httpResponse: { httpStatus: 200, body: htmlPage } }],
  Unreachable: [{ httpResponse: { httpStatus: 503, body: htmlPage } }],
  TimedOut: [{ stall: true }],
}

describe('secrets', () => {
  let emulator: Emulator
  const events: string[] = []
  const listener = (event: unknown): void => void events.push(logged(event))
  const channels = ['watch:start', 'watch:end', 'poll:start', 'poll:end'].map(
    (name) => `rx-longrunning:${name}`,
  )
  before(async () => {
    emulator = await startEmulator()
    for (const channel of channels) subscribe(channel, listener)
  })
  after(async () => {
    for (const channel of channels) unsubscribe(channel, listener)
    await emulator.close()
  })

  const expectNoSecrets = (value: unknown): void => {
    for (const text of [logged(value), ...events])
      for (const secret of ['S3CRET', 'Bearer', 'quotaUser', 'authorization'])
        expect(text).to.not.include(secret)
  }

  const finalError = async (options: object): Promise<OperationError> => {
    const base = {
      endpoint: emulator.endpoint,
      auth,
      quotaUser: 'S3CRET-user',
      headers: HEADERS,
      maxRetryTime: 0,
      visibilityWindow: 0,
      random: () => 0,
    }
    const result = await lastValueFrom(watchOperation(NAME, { ...base, ...options }))
    if (!isLeft(result)) throw new Error('expected a Left')
    return result.left
  }

  for (const [tag, script] of Object.entries(frames))
    it(`should not be in ${tag}, in its OperationException or in the diagnostics events`, async () => {
      emulator.operations.forget(NAME)
      emulator.operations.add(NAME, script)
      const options =
        tag === 'TimedOut' ? { timeout: 100 } : { maxRetryTime: tag === 'MalformedResponse' ? 60_000 : 0 }
      const error = await finalError(options)
      expect(error._tag).to.equal(tag)
      expect(emulator.requests.at(-1)?.headers.authorization).to.equal(`Bearer ${TOKEN}`)
      expectNoSecrets(error)
      expectNoSecrets(new OperationException(error))
      expect(events).to.not.deep.equal([])
    })

  it('should not be in any error if the credential is an API key', async () => {
    for (const [tag, script] of Object.entries(frames)) {
      emulator.operations.forget(NAME)
      // A client redacts only the credentials that it sends.
      emulator.operations.add(NAME, JSON.parse(JSON.stringify(script).replaceAll(TOKEN, KEY)))
      const options = tag === 'TimedOut' ? { timeout: 100 } : {}
      const error = await finalError({ ...options, auth: undefined, apiKey: KEY })
      expect(emulator.requests.at(-1)).to.have.nested.property('headers.x-goog-api-key', KEY)
      expect(emulator.requests.at(-1)?.headers).to.not.have.property('authorization')
      expectNoSecrets(error)
      expectNoSecrets(new OperationException(error))
    }
  })

  it('should not be in a snapshot or in the state of a step if the server echoes a value of headers', async () => {
    emulator.operations.forget(NAME)
    const detail = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'S3CRET-header, 1' }
    const error = { code: 8, message: `got ${ECHOES[0]}`, details: [detail] }
    emulator.operations.add(NAME, [
      { metadata: { echoes: ECHOES } },
      { polls: 2, metadata: { echoes: ECHOES }, done: true, error },
    ])
    const options = { endpoint: emulator.endpoint, headers: HEADERS, auth }
    await using client = new OperationsClient(options)
    const schedule = constant({ interval: 10 })
    const emissions = await lastValueFrom(client.watch(NAME, { schedule }).pipe(toArray()))
    expect(
      emissions.map((emission) => (isLeft(emission) ? emission.left._tag : emission.right._tag)),
    ).to.deep.equal(['Running', 'OperationFailed'])
    expectNoSecrets(emissions)
    const steps = await lastValueFrom(client.step(NAME))
    expect(logged(steps)).to.include('OperationFailed')
    expectNoSecrets(steps)
    const listed = await lastValueFrom(client.watchAll([NAME]))
    expectNoSecrets(listed)
  })

  it('should not be printed by lro if the server echoes the value of --header', async () => {
    emulator.operations.forget(NAME)
    emulator.operations.add(NAME, [
      { metadata: { echoes: ECHOES }, done: true, response: { echoes: ECHOES } },
    ])
    for (const options of [['--json'], []]) {
      const header = ['--header', `X-Api-Key: ${HEADERS['X-Api-Key']}`]
      const argv = ['get', NAME, '--endpoint', emulator.endpoint, ...header, ...options]
      const { code, stdout, stderr } = await startLro(argv).result
      expect(code).to.equal(0)
      expect(stdout).to.include('echoes').and.include('…')
      expect(stdout + stderr).to.not.include('S3CRET')
    }
  }).timeout(60_000)

  it('should not be in the message of an invalid name or endpoint if white space precedes a URL', async () => {
    for (const prefix of ['', ' ', '\t', '\n', '\u00a0', '\ufeff', '\u3000', '\u200b', '"', 'url=']) {
      const url = `${prefix}https://me:S3CRET@e.example/operations/x`
      expectNoSecrets(await firstValueFrom(watchOperation(url)))
      expectNoSecrets(locate(url))
      expectNoSecrets(
        await firstValueFrom(watchOperation({ name: 'operations/x', endpoint: url, apiVersion: 'v3' })),
      )
      expect(() => new OperationsClient({ endpoint: url }))
        .to.throw(InvalidOption)
        .and.satisfy((thrown: Error) => {
          expectNoSecrets(thrown)
          return true
        })
    }
  })

  it('should not be in the error of a failed connection', async () => {
    const closedEmulator = await startEmulator()
    await closedEmulator.close()
    const error = await finalError({ endpoint: closedEmulator.endpoint })
    expect(error).to.have.nested.property('last.code', 'ECONNREFUSED')
    expectNoSecrets(error)
  })

  // Cited in docs/COMPARISON.md as: credentials-errors
  it('should not be in a CredentialsError, although the error of google-auth-library contains secrets', () =>
    withHttpServer(
      (_, response) =>
        response
          .writeHead(400, { 'content-type': 'application/json' })
          .end('{"error": "invalid_grant", "error_description": "S3CRET"}'),
      async (oauth2TokenUrl) => {
        const authClient = new UserRefreshClient({
          clientId: 'c',
          clientSecret: 'S3CRET',
          refreshToken: '1//S3CRET',
          endpoints: { oauth2TokenUrl },
        })
        const thrown: unknown = await authClient.getRequestHeaders().catch((error: unknown) => error)
        expect(inspect(thrown, { depth: Number.POSITIVE_INFINITY })).to.include('S3CRET')
        const error = await finalError({ auth: new GoogleAuth({ authClient }) })
        expect(error).to.include({
          _tag: 'CredentialsError',
          reason: 'the token server returned HTTP 400 (invalid_grant)',
        })
        expectNoSecrets(error)
      },
    ))

  const formats: readonly (readonly [string, { readonly json?: true; readonly isTTY?: true }])[] = [
    ['line-by-line', {}],
    ['JSON', { json: true }],
    ['terminal', { isTTY: true }],
  ]
  for (const [format, options] of formats)
    for (const [tag, script] of Object.entries(frames))
      it(`should not be in the ${format} output of the command line for ${tag}`, async () => {
        emulator.operations.forget(NAME)
        emulator.operations.add(NAME, script)
        const io = new FakeIo(options)
        const { endpoint } = emulator
        const report = await followNames({
          clients: createClients({
            endpoint,
            auth,
            quotaUser: 'S3CRET-user',
            headers: HEADERS,
            random: () => 0,
          }),
          names: of(NAME),
          options: {
            visibilityWindow: 0,
            maxRetryTime: tag === 'MalformedResponse' ? 60_000 : 20,
            ...(tag === 'TimedOut' && { timeout: 100 }),
          },
          display: displayFor(io, options),
          stops: NEVER,
        })
        const result = report.results.get(NAME)
        expect(result?._tag === 'Left' && result.left._tag).to.equal(tag)
        const output = io.stdout.written + io.stderr.written
        expect(output).to.include('cp.1')
        for (const secret of ['S3CRET', 'Bearer', 'quotaUser']) expect(output).to.not.include(secret)
      })

  it('should not be printed by lro if the token server rejects the credentials', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rx-longrunning-'))
    const urls: (string | undefined)[] = []
    await withHttpServer(
      (request, response) => {
        urls.push(request.url)
        response
          .writeHead(400, { 'content-type': 'application/json' })
          .end('{"error": "invalid_grant", "error_description": "S3CRET"}')
      },
      async (server) => {
        const subject = join(folder, 'subject')
        const credentials = join(folder, 'credentials.json')
        await writeFile(subject, 'S3CRET-subject')
        await writeFile(
          credentials,
          JSON.stringify({
            type: 'external_account',
            audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/p',
            subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
            token_url: `${server}/token`,
            credential_source: { file: subject },
            client_id: 'c',
            client_secret: 'S3CRET-client',
          }),
        )
        const env = { GOOGLE_APPLICATION_CREDENTIALS: credentials, GOOGLE_CLOUD_PROJECT: 'p' }
        const { code, stdout, stderr } = await startLro(['get', NAME], env).result
        expect({ code, urls }).to.deep.equal({ code: 3, urls: ['/token'] })
        expect(stdout).to.include('the token server returned HTTP 400')
        expect(stdout + stderr).to.not.include('S3CRET')
      },
    ).finally(() => rm(folder, { recursive: true }))
  }).timeout(60_000)

  it('should not be in InvalidName for any invalid name', async () => {
    for (const name of [
      'operations/x?access_token=S3CRET',
      'https://me:S3CRET@e.example/operations/x',
      'operations/x%3Fkey=S3CRET',
      'operations/x#S3CRET',
    ])
      expectNoSecrets(await firstValueFrom(watchOperation(name)))
  })
})
