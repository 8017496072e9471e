import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { GoogleAuth, UserRefreshClient } from 'google-auth-library'
import { firstValueFrom, lastValueFrom, NEVER, of } from 'rxjs'
import { createClients } from '../lib/cli/clients.js'
import { followNames } from '../lib/cli/follow-names.js'
import { displayFor } from '../lib/cli/output/displays.js'
import { type Emulator, type Frame, startEmulator } from '../lib/emulator/index.js'
import { type OperationError, OperationException, watchOperation } from '../lib/index.js'
import { FakeIo } from './cli/fake.js'
import { startLro } from './cli/lro.js'
import { served } from './loopback.js'

const NAME = 'operations/cp.1'
const TOKEN = 'ya29.S3CRET-TOKEN'
const KEY = 'AIzaS3CRET-KEY'
const auth = {
  getRequestHeaders: async () => ({ authorization: `Bearer ${TOKEN}`, 'x-goog-api-key': KEY }),
}

/** Every way in which a record is written down by those who log it. */
function written(value: unknown): string {
  return [
    JSON.stringify(value),
    String(value),
    inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true }),
  ].join('\n')
}

const page = '<html>The requested URL /v3/operations/cp.1?quotaUser=S3CRET was not found'
const echo = `Denied: GET /v3/operations/cp.1?quotaUser=S3CRET-user with ${TOKEN}, ${KEY}`
const frames: Readonly<Record<string, readonly Frame[]>> = {
  OperationFailed: [{ done: true, error: { code: 8, message: 'no quota' } }],
  OperationNotFound: [
    { httpResponse: { httpStatus: 404, body: { error: { code: 404, status: 'NOT_FOUND' } } } },
  ],
  RequestRejected: [
    {
      httpResponse: {
        httpStatus: 403,
        body: { error: { code: 403, message: echo, status: 'PERMISSION_DENIED' } },
      },
    },
  ],
  MalformedResponse: [{ httpResponse: { httpStatus: 200, body: page } }],
  Unreachable: [{ httpResponse: { httpStatus: 503, body: page } }],
  TimedOut: [{ stall: true }],
}

describe('secrets', () => {
  let emulator: Emulator
  const heard: string[] = []
  const listener = (event: unknown): void => void heard.push(written(event))
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

  const clean = (value: unknown): void => {
    for (const text of [written(value), ...heard])
      for (const secret of ['S3CRET', 'Bearer', 'quotaUser', 'authorization'])
        expect(text).to.not.include(secret)
  }

  const lastWord = async (options: object): Promise<OperationError> => {
    const base = {
      endpoint: emulator.endpoint,
      auth,
      quotaUser: 'S3CRET-user',
      maxRetryTime: 0,
      visibilityWindow: 0,
      random: () => 0,
    }
    const word = await lastValueFrom(watchOperation(NAME, { ...base, ...options }))
    if (!isLeft(word)) throw new Error('expected a Left')
    return word.left
  }

  for (const [tag, script] of Object.entries(frames))
    it(`should not stand in ${tag}, nor in what it throws, nor in the diagnostics`, async () => {
      emulator.operations.forget(NAME)
      emulator.operations.add(NAME, script)
      const options =
        tag === 'TimedOut' ? { timeout: 100 } : { maxRetryTime: tag === 'MalformedResponse' ? 60_000 : 0 }
      const error = await lastWord(options)
      expect(error._tag).to.equal(tag)
      expect(emulator.requests.at(-1)?.headers.authorization).to.equal(`Bearer ${TOKEN}`)
      clean(error)
      clean(new OperationException(error))
      expect(heard).to.not.deep.equal([])
    })

  it('should not stand in a failed connection', async () => {
    const gone = await startEmulator()
    await gone.close()
    const error = await lastWord({ endpoint: gone.endpoint })
    expect(error).to.have.nested.property('last.code', 'ECONNREFUSED')
    clean(error)
  })

  // anchor: credentials-errors
  it('should not stand in the errors of credentials, which carry refresh tokens and client secrets', () =>
    served(
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
        const error = await lastWord({ auth: new GoogleAuth({ authClient }) })
        expect(error).to.include({
          _tag: 'CredentialsError',
          reason: 'the token server answered HTTP 400 (invalid_grant)',
        })
        clean(error)
      },
    ))

  for (const given of [{}, { json: true }, { isTTY: true }])
    for (const [tag, script] of Object.entries(frames))
      it(`should not be shown of ${tag} by the command line, ${Object.keys(given)[0] ?? 'line by line'}`, async () => {
        emulator.operations.forget(NAME)
        emulator.operations.add(NAME, script)
        const io = new FakeIo(given)
        const { endpoint } = emulator
        const report = await followNames({
          clients: createClients({ endpoint, auth, quotaUser: 'S3CRET-user', random: () => 0 }),
          names: of(NAME),
          options: {
            visibilityWindow: 0,
            maxRetryTime: tag === 'MalformedResponse' ? 60_000 : 20,
            ...(tag === 'TimedOut' && { timeout: 100 }),
          },
          display: displayFor(io, given),
          stops: NEVER,
          quiet: false,
        })
        const word = report.results.get(NAME)
        expect(word?._tag === 'Left' && word.left._tag).to.equal(tag)
        const shown = io.stdout.written + io.stderr.written
        expect(shown).to.include('cp.1')
        for (const secret of ['S3CRET', 'Bearer', 'quotaUser']) expect(shown).to.not.include(secret)
      })

  it('should not be printed by lro when the token server refuses its credentials', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rx-longrunning-'))
    const asked: (string | undefined)[] = []
    await served(
      (request, response) => {
        asked.push(request.url)
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
        const { code, stdout, stderr } = await startLro(['get', NAME], env).ended
        expect({ code, asked }).to.deep.equal({ code: 3, asked: ['/token'] })
        expect(stdout).to.include('the token server answered HTTP 400')
        expect(stdout + stderr).to.not.include('S3CRET')
      },
    ).finally(() => rm(folder, { recursive: true }))
  }).timeout(60_000)

  it('should not stand in InvalidName, whatever was given for a name', async () => {
    for (const name of [
      'operations/x?access_token=S3CRET',
      'https://me:S3CRET@e.example/operations/x',
      'operations/x%3Fkey=S3CRET',
      'operations/x#S3CRET',
    ])
      clean(await firstValueFrom(watchOperation(name)))
  })
})
