import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { inspect } from 'node:util'
import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { UserRefreshClient } from 'google-auth-library'
import { filter, firstValueFrom, lastValueFrom, startWith, toArray } from 'rxjs'
import { type Emulator, type Frame, startEmulator } from '../../lib/emulator/index.js'
import { constant, watchOperation } from '../../lib/index.js'
import { inOlderFormat, inTurn, NAME, type Outcome, type Row, TABLE } from './table.js'

const TOKEN = 'ya29.S3CRET-TOKEN'
const KEY = 'AIzaS3CRET-KEY'

/** Timers count whole milliseconds, each from a beginning of its own. */
const GRAIN = 2

const CHANNELS = ['watch:start', 'watch:end', 'poll:start', 'poll:end'].map(
  (name) => `rx-longrunning:${name}`,
)

/** Every way in which a record is written down by those who log it. */
function written(value: unknown): string {
  return [
    JSON.stringify(value),
    String(value),
    inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true }),
  ].join('\n')
}

/** Resolves once no socket is open at the emulator. */
function closed(emulator: Emulator): Promise<unknown> {
  return firstValueFrom(
    emulator.events.pipe(
      startWith(undefined),
      filter(() => emulator.sockets === 0),
    ),
  )
}

function outcomeText({ gives, requests }: Outcome): string {
  return `${gives.join(', ')}${requests === undefined ? '' : requests === 1 ? ' by one request' : ` by ${requests} requests`}`
}

/** A credential, which has another token each time that it is asked, or the same one. */
function auth(renews = false) {
  let asked = 0
  return {
    getRequestHeaders: async () => ({
      authorization: `Bearer ${TOKEN}${renews ? asked++ : ''}`,
      'x-goog-api-key': KEY,
    }),
  }
}

/** A credential whose tokens come from a server that sends these answers in turn, and when each was asked for. */
async function tokenServer(answers: readonly (string | undefined)[], timeout: number) {
  const polledAt: number[] = []
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => {
      const answer = answers[Math.min(polledAt.length, answers.length - 1)]
      polledAt.push(performance.now())
      if (answer === '') socket.resetAndDestroy()
      else if (answer !== undefined) socket.end(answer)
    })
  })
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = new UserRefreshClient({
    clientId: 'c',
    clientSecret: 'S3CRET',
    refreshToken: '1//S3CRET',
    endpoints: { oauth2TokenUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    // The library's own retries would hide what ours do; without a timeout it would wait for ever, and we with it.
    transporterOptions: { retryConfig: { retry: 0 }, timeout },
  })
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  }
  return { client, polledAt, [Symbol.asyncDispose]: close }
}

describe(`faults/table: ${TABLE.length} faults over real sockets`, () => {
  let elsewhere: Emulator
  const heard: string[] = []
  const listener = (event: unknown): void => void heard.push(written(event))

  before(async () => {
    elsewhere = await startEmulator()
    elsewhere.operations.add(NAME, [{ done: true }])
    for (const channel of CHANNELS) subscribe(channel, listener)
    // What is imported on first use is not a part of the first answer.
    await play({ options: { maxRetryTime: 0 } }, [{ done: true }])
  })
  after(async () => {
    for (const channel of CHANNELS) unsubscribe(channel, listener)
    await elsewhere.close()
  })
  beforeEach(() => {
    heard.length = 0
  })

  const play = async (
    { options, renews, tokens }: Pick<Row, 'options' | 'renews' | 'tokens'>,
    steps: readonly Frame[],
    more: Row['options'] & { readonly xgafv?: '1' } = {},
  ) => {
    await using emulator = await startEmulator()
    await using credential = await tokenServer(tokens ?? [], options?.requestTimeout ?? 10_000)
    emulator.operations.add(NAME, inTurn(steps, new URL(elsewhere.endpoint).host))
    const watch = watchOperation(NAME, {
      endpoint: emulator.endpoint,
      auth: tokens ? credential.client : auth(renews),
      quotaUser: 'S3CRET',
      schedule: constant({ interval: 1 }),
      maxResponseBytes: 100_000,
      maxRetryTime: 5_000,
      requestTimeout: 10_000,
      random: () => 0,
      ...options,
      ...more,
    })
    const words = await lastValueFrom(watch.pipe(toArray()))
    await closed(emulator)
    return {
      words: words.map((word) => (isLeft(word) ? word.left : word.right)),
      requests: [...emulator.requests],
      polledAt: tokens ? credential.polledAt : emulator.requests.map(({ at }) => at),
    }
  }

  type Played = Awaited<ReturnType<typeof play>>

  const check = (
    { words, requests, polledAt }: Played,
    { gives, requests: sent, waits = [] }: Outcome,
  ): void => {
    expect(words.map(({ _tag }) => _tag)).to.deep.equal(gives)
    if (gives.includes('CredentialsError')) expect(requests, 'nothing without a token').to.deep.equal([])
    if (sent === undefined) {
      expect(polledAt.length, 'requests').to.be.at.least(2)
      const last = words.at(-1)
      if (last?._tag === 'Unreachable') expect(last.attempts).to.equal(requests.length)
    } else expect(polledAt, 'requests').to.have.length(sent)
    for (const [n, wait] of waits.entries())
      expect((polledAt[n + 1] ?? 0) - (polledAt[n] ?? 0), `wait ${n + 1}`).to.be.at.least(wait - GRAIN)
    for (const { headers } of requests) expect(headers.authorization).to.match(/^Bearer ya29/)
    for (const text of [...words.map(written), ...heard])
      for (const secret of ['S3CRET', 'Bearer', 'quotaUser', 'authorization', 'api-key'])
        expect(text).to.not.include(secret)
    expect(heard).to.not.deep.equal([])
    expect(elsewhere.requests).to.deep.equal([])
    expect(Reflect.ownKeys(Object.prototype)).to.not.include('polluted')
  }

  it('should point its redirects at a server that is there', () => {
    const { host } = new URL(elsewhere.endpoint)
    const locations = TABLE.flatMap(({ steps }) => inTurn(steps, host))
      .map(({ httpResponse }) => httpResponse?.headers?.Location)
      .filter((location) => location !== undefined)
    expect(locations).to.include.members([`http://${host}/v3/${NAME}`, `//${host}/v3/${NAME}`])
  })

  for (const row of TABLE) {
    const { group, name, steps, tokens, reason, lasts } = row
    const title = `${outcomeText(row)}${lasts ? `, and ${outcomeText(lasts)} when it lasts` : ''}`
    it(`${group}: ${name}: should give ${title}`, async () => {
      const plays = [play(row, steps).then((played) => check(played, row))]
      const playOlder = async (older: readonly Frame[], outcome: Outcome): Promise<void> => {
        const played = await play(row, older, { ...outcome.options, xgafv: '1' })
        check(played, outcome)
        for (const { query } of played.requests) expect(query).to.have.property('$.xgafv', '1')
      }
      const older = reason === undefined ? undefined : inOlderFormat(steps, reason)
      if (older) plays.push(playOlder(older, row))
      if (older && lasts) plays.push(playOlder(older.slice(0, 1), lasts))
      if (lasts !== undefined) {
        const worst = { ...row, ...(tokens && { tokens: tokens.slice(0, 1) }) }
        plays.push(play(worst, steps.slice(0, 1), lasts.options).then((played) => check(played, lasts)))
      }
      await Promise.all(plays)
    })
  }
})
