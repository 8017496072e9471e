import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
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
const written = (value: unknown): string =>
  [
    JSON.stringify(value),
    String(value),
    inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true }),
  ].join('\n')

/** Resolves once no socket is open at the emulator. */
const closed = (emulator: Emulator): Promise<unknown> =>
  firstValueFrom(
    emulator.events.pipe(
      startWith(undefined),
      filter(() => emulator.sockets === 0),
    ),
  )

const outcomeText = ({ gives, requests }: Outcome): string =>
  `${gives.join(', ')}${requests === undefined ? '' : requests === 1 ? ' by one request' : ` by ${requests} requests`}`

/** A credential, which has another token each time that it is asked, or the same one. */
const auth = (renews = false) => {
  let asked = 0
  return {
    getRequestHeaders: async () => ({
      authorization: `Bearer ${TOKEN}${renews ? asked++ : ''}`,
      'x-goog-api-key': KEY,
    }),
  }
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
    await play({ options: { patience: 0 } }, [{ done: true }])
  })
  after(async () => {
    for (const channel of CHANNELS) unsubscribe(channel, listener)
    await elsewhere.close()
  })
  beforeEach(() => {
    heard.length = 0
  })

  const play = async (
    { options, renews }: Pick<Row, 'options' | 'renews'>,
    steps: readonly Frame[],
    more: Row['options'] & { readonly xgafv?: '1' } = {},
  ) => {
    await using emulator = await startEmulator()
    emulator.operations.add(NAME, inTurn(steps, new URL(elsewhere.endpoint).host))
    const watch = watchOperation(NAME, {
      endpoint: emulator.endpoint,
      auth: auth(renews),
      quotaUser: 'S3CRET',
      schedule: constant({ interval: 1 }),
      maxResponseBytes: 100_000,
      patience: 5_000,
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
    }
  }

  type Played = Awaited<ReturnType<typeof play>>

  const check = ({ words, requests }: Played, { gives, requests: sent, waits = [] }: Outcome): void => {
    expect(words.map(({ _tag }) => _tag)).to.deep.equal(gives)
    if (sent === undefined) {
      expect(requests.length, 'requests').to.be.at.least(2)
      const last = words.at(-1)
      if (last?._tag === 'Unreachable') expect(last.attempts).to.equal(requests.length)
    } else expect(requests, 'requests').to.have.length(sent)
    for (const [n, wait] of waits.entries())
      expect((requests[n + 1]?.at ?? 0) - (requests[n]?.at ?? 0), `wait ${n + 1}`).to.be.at.least(
        wait - GRAIN,
      )
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
      .map(({ answer }) => answer?.headers?.Location)
      .filter((location) => location !== undefined)
    expect(locations).to.include.members([`http://${host}/v3/${NAME}`, `//${host}/v3/${NAME}`])
  })

  for (const row of TABLE) {
    const { group, name, steps, reason, lasts } = row
    const title = `${outcomeText(row)}${lasts ? `, and ${outcomeText(lasts)} when it lasts` : ''}`
    it(`${group}: ${name}: should give ${title}`, async () => {
      const plays = [play(row, steps).then((played) => check(played, row))]
      if (reason !== undefined)
        plays.push(
          play(row, inOlderFormat(steps, reason), { xgafv: '1' }).then((played) => {
            check(played, row)
            for (const { query } of played.requests) expect(query).to.have.property('$.xgafv', '1')
          }),
        )
      if (lasts !== undefined)
        plays.push(play(row, steps.slice(0, 1), lasts.options).then((played) => check(played, lasts)))
      await Promise.all(plays)
    })
  }
})
