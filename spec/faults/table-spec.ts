import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { inspect } from 'node:util'
import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { GoogleAuth, gcpMetadata, IdentityPoolClient, UserRefreshClient } from 'google-auth-library'
import { filter, firstValueFrom, lastValueFrom, startWith, toArray } from 'rxjs'
import { type Emulator, type Frame, startEmulator } from '../../lib/emulator/index.js'
import { type Auth, constant, service, watchOperation } from '../../lib/index.js'
import { PROTOCOLS, type ProtocolCase } from '../protocols.js'
import {
  type Credentials,
  type Expectation,
  inLegacyFormat,
  inProtocol,
  NAME,
  type Row,
  TABLE,
  toFrames,
} from './table.js'

/** Compute Engine, whose watches use `wait`. */
const HELD: ProtocolCase = {
  title: 'held wait',
  nameOf: () => 'projects/p/zones/z/operations/1',
  options: service('compute'),
  bodyOf: (operation) => operation,
}

const [LONGRUNNING, ...OTHER_PROTOCOLS] = PROTOCOLS as [ProtocolCase, ...ProtocolCase[]]

const TOKEN = 'ya29.S3CRET-TOKEN'
const API_KEY = 'AIzaS3CRET-KEY'

/** How much shorter than expected a wait may be, in milliseconds. Two timers may each be inaccurate by one millisecond. */
const TIMER_TOLERANCE = 2

const CHANNELS = ['watch:start', 'watch:end', 'poll:start', 'poll:end'].map(
  (name) => `rx-longrunning:${name}`,
)

/** Formats a value in every way in which a logger may format it. */
function logForms(value: unknown): string {
  return [
    JSON.stringify(value),
    String(value),
    inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true }),
  ].join('\n')
}

/** Resolves when the emulator has no open socket. */
function socketsClosed(emulator: Emulator): Promise<unknown> {
  return firstValueFrom(
    emulator.events.pipe(
      startWith(undefined),
      filter(() => emulator.sockets === 0),
    ),
  )
}

function expectationText({ emits, requests }: Expectation): string {
  const requestsText = requests === undefined ? '' : ` after ${requests} request${requests === 1 ? '' : 's'}`
  return `${emits.join(', ')}${requestsText}`
}

/** Returns a credential whose token is constant, or new for each call if the row has `renews`. */
function credentialOf({ renews }: { readonly renews: true | undefined }) {
  let calls = 0
  return {
    getRequestHeaders: async () => ({
      authorization: `Bearer ${TOKEN}${renews ? calls++ : ''}`,
      'x-goog-api-key': API_KEY,
    }),
  }
}

/** Starts a token server that sends the responses in order. Resolves with a credential for it, and its request times. */
async function tokenServer(
  responses: readonly (string | undefined)[],
  timeout: number,
  kind: Credentials = 'user',
) {
  const requestedAt: number[] = []
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => {
      const response = responses[Math.min(requestedAt.length, responses.length - 1)]
      requestedAt.push(performance.now())
      if (response === '') socket.resetAndDestroy()
      else if (response !== undefined) socket.end(response)
    })
  })
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const { GCE_METADATA_HOST } = process.env
  if (kind === 'machine') {
    process.env.GCE_METADATA_HOST = host
    gcpMetadata.resetIsAvailableCache()
    gcpMetadata.setGCPResidency(false)
  }
  const close = async (): Promise<void> => {
    if (GCE_METADATA_HOST === undefined) delete process.env.GCE_METADATA_HOST
    else process.env.GCE_METADATA_HOST = GCE_METADATA_HOST
    gcpMetadata.setGCPResidency()
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  }
  return { auth: clients[kind](host, timeout), requestedAt, [Symbol.asyncDispose]: close }
}

/** Create the credential of each kind, which sends its token requests to `host`. */
const clients: Readonly<Record<Credentials, (host: string, timeout: number) => Auth>> = {
  user: (host, timeout) =>
    new UserRefreshClient({
      clientId: 'c',
      clientSecret: 'S3CRET',
      refreshToken: '1//S3CRET',
      endpoints: { oauth2TokenUrl: `http://${host}` },
      // Retries of google-auth-library would hide the retries of the watch. Without a timeout, it would wait forever.
      transporterOptions: { retryConfig: { retry: 0 }, timeout },
    }),
  federated: (host) =>
    new IdentityPoolClient({
      audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      subject_token_supplier: { getSubjectToken: async () => 'S3CRET' },
      token_url: `http://${host}`,
    }),
  machine: () => new GoogleAuth({ projectId: 'p' }),
}

describe(`faults/table: ${TABLE.length} faults over real sockets`, () => {
  /** The server that no request may reach. */
  let elsewhere: Emulator
  const events: string[] = []
  const listener = (event: unknown): void => void events.push(logForms(event))

  before(async () => {
    elsewhere = await startEmulator()
    elsewhere.operations.add(NAME, [{ done: true }])
    for (const channel of CHANNELS) subscribe(channel, listener)
    // Load lazily imported modules before the first measured request.
    await runWatch({ options: { maxRetryTime: 0 } }, [{ done: true }])
  })
  after(async () => {
    for (const channel of CHANNELS) unsubscribe(channel, listener)
    await elsewhere.close()
  })
  beforeEach(() => {
    events.length = 0
  })

  const runWatch = async (
    {
      options,
      renews,
      tokenResponses,
      credentials,
    }: Pick<Row, 'options' | 'renews' | 'tokenResponses' | 'credentials'>,
    steps: readonly Frame[],
    extraOptions: Row['options'] & { readonly xgafv?: '1' } = {},
    { nameOf, options: protocolOptions }: ProtocolCase = LONGRUNNING,
  ) => {
    await using emulator = await startEmulator({ services: ['compute'] })
    await using credential = await tokenServer(
      tokenResponses ?? [],
      options?.requestTimeout ?? 10_000,
      credentials,
    )
    emulator.operations.add(nameOf(NAME), toFrames(steps, new URL(elsewhere.endpoint).host))
    const watch = watchOperation(nameOf(NAME), {
      ...protocolOptions,
      endpoint: emulator.endpoint,
      auth: tokenResponses ? credential.auth : credentialOf({ renews }),
      quotaUser: 'S3CRET',
      schedule: constant({ interval: 1 }),
      maxResponseBytes: 100_000,
      maxRetryTime: 5_000,
      requestTimeout: 10_000,
      random: () => 0,
      ...options,
      ...extraOptions,
    })
    const emissions = await lastValueFrom(watch.pipe(toArray()))
    await socketsClosed(emulator)
    return {
      emissions: emissions.map((emission) => (isLeft(emission) ? emission.left : emission.right)),
      requests: [...emulator.requests],
      requestedAt: tokenResponses ? credential.requestedAt : emulator.requests.map(({ at }) => at),
    }
  }

  type WatchRecord = Awaited<ReturnType<typeof runWatch>>

  /** Checks the emissions, the requests, the redaction of secrets, and that no other server received a request. */
  const expectReaction = (
    { emissions, requests, requestedAt }: WatchRecord,
    { emits, requests: requestCount, waits = [] }: Expectation,
  ): void => {
    expect(emissions.map(({ _tag }) => _tag)).to.deep.equal(emits)
    if (emits.includes('CredentialsError')) expect(requests, 'no request without a token').to.deep.equal([])
    if (requestCount === undefined) {
      expect(requestedAt.length, 'requests').to.be.at.least(2)
      const last = emissions.at(-1)
      if (last?._tag === 'Unreachable') expect(last.attempts).to.equal(requests.length)
    } else expect(requestedAt, 'requests').to.have.length(requestCount)
    for (const [n, wait] of waits.entries())
      expect((requestedAt[n + 1] ?? 0) - (requestedAt[n] ?? 0), `wait ${n + 1}`).to.be.at.least(
        wait - TIMER_TOLERANCE,
      )
    for (const { headers } of requests) expect(headers.authorization).to.match(/^Bearer ya29/)
    for (const text of [...emissions.map(logForms), ...events])
      for (const secret of ['S3CRET', 'Bearer', 'quotaUser', 'authorization', 'api-key'])
        expect(text).to.not.include(secret)
    expect(events).to.not.deep.equal([])
    expect(elsewhere.requests).to.deep.equal([])
    expect(Reflect.ownKeys(Object.prototype)).to.not.include('polluted')
  }

  it('should contain redirects to a running server, which would record a followed redirect', () => {
    const { host } = new URL(elsewhere.endpoint)
    const locations = TABLE.flatMap(({ steps }) => toFrames(steps, host))
      .map(({ httpResponse }) => httpResponse?.headers?.Location)
      .filter((location) => location !== undefined)
    expect(locations).to.include.members([`http://${host}/v3/${NAME}`, `//${host}/v3/${NAME}`])
  })

  for (const row of TABLE) {
    const { group, name, steps, tokenResponses, reason, ifPersistent } = row
    const title = `${expectationText(row)}${ifPersistent ? `, and ${expectationText(ifPersistent)} if the fault persists` : ''}`
    it(`${group}: ${name}: should emit ${title}`, async () => {
      const runs = [
        async () => {
          const record = await runWatch(row, steps, {}, row.heldMethods && HELD)
          expectReaction(record, row)
          if (row.heldMethods)
            expect(record.requests.map(({ method }) => method)).to.deep.equal(row.heldMethods)
        },
      ]
      const runLegacy = async (legacy: readonly Frame[], expected: Expectation): Promise<void> => {
        const record = await runWatch(row, legacy, { ...expected.options, xgafv: '1' })
        expectReaction(record, expected)
        for (const { query } of record.requests) expect(query).to.have.property('$.xgafv', '1')
      }
      const legacy = reason === undefined ? undefined : inLegacyFormat(steps, reason)
      if (legacy) runs.push(() => runLegacy(legacy, row))
      if (legacy && ifPersistent) runs.push(() => runLegacy(legacy.slice(0, 1), ifPersistent))
      if (ifPersistent !== undefined) {
        const persistentRow = {
          ...row,
          ...(tokenResponses && { tokenResponses: tokenResponses.slice(0, -1) }),
        }
        runs.push(() =>
          runWatch(persistentRow, steps.slice(0, 1), ifPersistent.options).then((record) =>
            expectReaction(record, ifPersistent),
          ),
        )
      }
      // The token server is independent of the protocol.
      const protocols = tokenResponses || row.onlyLongrunning || row.heldMethods ? [] : OTHER_PROTOCOLS
      for (const protocol of protocols) {
        const frames = inProtocol(protocol, row)
        runs.push(() => runWatch(row, frames, {}, protocol).then((record) => expectReaction(record, row)))
        if (ifPersistent !== undefined)
          runs.push(() =>
            runWatch(row, frames.slice(0, 1), ifPersistent.options, protocol).then((record) =>
              expectReaction(record, ifPersistent),
            ),
          )
      }
      // One after the other, because an environment variable contains the address of the metadata server.
      if (row.credentials === 'machine') for (const run of runs) await run()
      else await Promise.all(runs.map((run) => run()))
    })
  }
})
