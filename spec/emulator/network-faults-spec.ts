import { gunzipSync } from 'node:zlib'
import { expect } from 'chai'
import { filter, firstValueFrom, lastValueFrom, toArray } from 'rxjs'
import {
  type Emulator,
  type EmulatorEvent,
  type NetworkFrame,
  startEmulator,
} from '../../lib/emulator/index.js'
import { ask, begin } from './send-request.js'

const PATH = '/v3/operations/a'

async function emulating(frame: NetworkFrame): Promise<Emulator> {
  const emulator = await startEmulator()
  emulator.operations.add('operations/a', [frame])
  return emulator
}

/** What a client gets that reads until so many bytes have come, or its connection ends or fails, and then leaves. */
interface Came {
  readonly status?: number
  readonly length?: string | undefined
  readonly bytes: number
  readonly start: string
  readonly failure?: unknown
}

function read(endpoint: string, enough: number): Promise<Came> {
  return new Promise((resolve) => {
    const sent = begin(endpoint, 'GET', PATH)
    let came: Came = { bytes: 0, start: '' }
    const over = (failure?: unknown): void => {
      resolve({ ...came, ...(failure !== undefined && { failure }) })
      sent.destroy()
    }
    const failed = ({ message }: Error): void => over(message)
    sent.on('error', failed)
    sent.once('response', (response) => {
      came = { ...came, status: response.statusCode ?? 0, length: response.headers['content-length'] }
      response.on('error', failed)
      response.once('end', () => over('whole'))
      response.on('data', (chunk: Buffer) => {
        const { bytes, start } = came
        came = { ...came, start: start || chunk.toString('latin1', 0, 13), bytes: bytes + chunk.byteLength }
        if (came.bytes >= enough) over()
      })
    })
  })
}

/** What is told of the one request, once its socket is closed. */
async function told(emulator: Emulator, act: () => Promise<unknown>): Promise<readonly string[]> {
  const events = lastValueFrom(emulator.events.pipe(toArray()))
  const closed = firstValueFrom(emulator.events.pipe(filter(({ _tag }) => _tag === 'Closed')))
  await act()
  await closed
  expect(emulator.sockets).to.equal(0)
  await emulator.close()
  return (await events).map(({ _tag }: EmulatorEvent) => _tag)
}

describe('emulator/break-down', () => {
  const broken = ['Connected', 'Request', 'Dropped', 'Closed']
  const left = ['Connected', 'Request', 'Aborted', 'Closed']

  it('should reset the connection before the head', async () => {
    const emulator = await emulating({ fault: 'reset' })
    const events = await told(emulator, async () =>
      expect(await read(emulator.endpoint, Infinity)).to.deep.equal({
        bytes: 0,
        start: '',
        failure: 'read ECONNRESET',
      }),
    )
    expect(events).to.deep.equal(broken)
  })

  for (const [fault, failure] of [
    ['reset-in-body', 'read ECONNRESET'],
    ['cut-short', 'aborted'],
  ] as const)
    it(`should send a part of the body that could be the whole: ${fault}`, async () => {
      const emulator = await emulating({ fault, httpStatus: 503 })
      const events = await told(emulator, async () =>
        expect(await read(emulator.endpoint, Infinity)).to.deep.equal({
          status: 503,
          length: '26',
          bytes: 13,
          start: '{"done":true}',
          failure,
        }),
      )
      expect(events).to.deep.equal(broken)
    })

  it('should drip for as long as the client stays', async () => {
    const emulator = await emulating({ fault: 'drip' })
    const events = await told(emulator, async () => {
      const { failure, ...came } = await read(emulator.endpoint, 16)
      expect([failure, came]).to.deep.equal([
        undefined,
        { status: 200, length: undefined, bytes: 16, start: '{"done":true}' },
      ])
    })
    expect(events).to.deep.equal(left)
  })

  it('should send a body without end as fast as it is read', async () => {
    const emulator = await emulating({ fault: 'endless', httpStatus: 500 })
    const events = await told(emulator, async () => {
      const { status, start, bytes } = await read(emulator.endpoint, 20_000_000)
      expect([status, start]).to.deep.equal([500, '{"done":true}'])
      expect(bytes).to.be.at.least(20_000_000)
    })
    expect(events).to.deep.equal(left)
  })

  for (const fault of ['drip', 'endless'] as const)
    it(`should stop when the emulator is closed: ${fault}`, async () => {
      const emulator = await emulating({ fault })
      const events = await told(emulator, async () => {
        const sent = begin(emulator.endpoint, 'GET', PATH)
        await new Promise((resolve) => sent.once('response', resolve))
        const gone = new Promise((resolve) => sent.once('close', resolve))
        sent.on('error', () => {})
        await emulator.close()
        sent.destroy()
        await gone
      })
      expect(events).to.deep.equal(broken)
    })

  it('should send a small body that is a large one unpacked', async () => {
    const emulator = await emulating({ fault: 'gzip-bomb' })
    const events = await told(emulator, async () => {
      const { headers, bytes } = await ask(emulator.endpoint, 'GET', PATH)
      expect(headers['content-encoding']).to.equal('gzip')
      expect(headers['content-length']).to.equal(String(bytes.byteLength))
      expect(bytes.byteLength).to.be.below(100_000)
      const body = gunzipSync(bytes)
      expect(body.byteLength).to.equal(64 * 2 ** 20 + 13)
      expect(JSON.parse(body.toString())).to.deep.equal({ done: true })
    })
    expect(events).to.deep.equal(['Connected', 'Request', 'Answered', 'Closed'])
  })
})
