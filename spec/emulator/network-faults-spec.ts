import { gunzipSync } from 'node:zlib'
import { expect } from 'chai'
import { filter, firstValueFrom, lastValueFrom, toArray } from 'rxjs'
import {
  type Emulator,
  type EmulatorEvent,
  type NetworkFrame,
  startEmulator,
} from '../../lib/emulator/index.js'
import { sendRequest, startRequest } from './send-request.js'

const PATH = '/v3/operations/a'

async function startWith(frame: NetworkFrame): Promise<Emulator> {
  const emulator = await startEmulator()
  emulator.operations.add('operations/a', [frame])
  return emulator
}

/** The part of a response that arrived before the connection ended. */
interface Received {
  readonly status?: number
  readonly length?: string | undefined
  readonly bytes: number
  readonly start: string
  readonly failure?: unknown
}

function read(endpoint: string, maxBytes: number): Promise<Received> {
  return new Promise((resolve) => {
    const sent = startRequest(endpoint, 'GET', PATH)
    let received: Received = { bytes: 0, start: '' }
    const finish = (failure?: unknown): void => {
      resolve({ ...received, ...(failure !== undefined && { failure }) })
      sent.destroy()
    }
    const failed = ({ message }: Error): void => finish(message)
    sent.on('error', failed)
    sent.once('response', (response) => {
      received = { ...received, status: response.statusCode ?? 0, length: response.headers['content-length'] }
      response.on('error', failed)
      response.once('end', () => finish('whole'))
      response.on('data', (chunk: Buffer) => {
        const { bytes, start } = received
        received = {
          ...received,
          start: start || chunk.toString('latin1', 0, 13),
          bytes: bytes + chunk.byteLength,
        }
        if (received.bytes >= maxBytes) finish()
      })
    })
  })
}

/** Returns the tags of all events until the socket of the only request is closed. */
async function eventsDuring(emulator: Emulator, request: () => Promise<unknown>): Promise<readonly string[]> {
  const events = lastValueFrom(emulator.events.pipe(toArray()))
  const closed = firstValueFrom(emulator.events.pipe(filter(({ _tag }) => _tag === 'Closed')))
  await request()
  await closed
  expect(emulator.sockets).to.equal(0)
  await emulator.close()
  return (await events).map(({ _tag }: EmulatorEvent) => _tag)
}

describe('emulator/http/network-faults', () => {
  const dropped = ['Connected', 'Request', 'Dropped', 'Closed']
  const aborted = ['Connected', 'Request', 'Aborted', 'Closed']

  it('should reset the connection before the status line if the fault is reset', async () => {
    const emulator = await startWith({ fault: 'reset' })
    const events = await eventsDuring(emulator, async () =>
      expect(await read(emulator.endpoint, Infinity)).to.deep.equal({
        bytes: 0,
        start: '',
        failure: 'read ECONNRESET',
      }),
    )
    expect(events).to.deep.equal(dropped)
  })

  for (const [fault, failure] of [
    ['reset-in-body', 'read ECONNRESET'],
    ['cut-short', 'aborted'],
  ] as const)
    it(`should send a partial body that is valid JSON if the fault is ${fault}`, async () => {
      const emulator = await startWith({ fault, httpStatus: 503 })
      const events = await eventsDuring(emulator, async () =>
        expect(await read(emulator.endpoint, Infinity)).to.deep.equal({
          status: 503,
          length: '26',
          bytes: 13,
          start: '{"done":true}',
          failure,
        }),
      )
      expect(events).to.deep.equal(dropped)
    })

  it('should send bytes until the client disconnects if the fault is drip', async () => {
    const emulator = await startWith({ fault: 'drip' })
    const events = await eventsDuring(emulator, async () => {
      const { failure, ...received } = await read(emulator.endpoint, 16)
      expect([failure, received]).to.deep.equal([
        undefined,
        { status: 200, length: undefined, bytes: 16, start: '{"done":true}' },
      ])
    })
    expect(events).to.deep.equal(aborted)
  })

  it('should send a body as fast as the client reads it if the fault is endless', async () => {
    const emulator = await startWith({ fault: 'endless', httpStatus: 500 })
    const events = await eventsDuring(emulator, async () => {
      const { status, start, bytes } = await read(emulator.endpoint, 20_000_000)
      expect([status, start]).to.deep.equal([500, '{"done":true}'])
      expect(bytes).to.be.at.least(20_000_000)
    })
    expect(events).to.deep.equal(aborted)
  })

  for (const fault of ['drip', 'endless'] as const)
    it(`should stop the body of the fault ${fault} when the emulator is closed`, async () => {
      const emulator = await startWith({ fault })
      const events = await eventsDuring(emulator, async () => {
        const sent = startRequest(emulator.endpoint, 'GET', PATH)
        await new Promise((resolve) => sent.once('response', resolve))
        const closed = new Promise((resolve) => sent.once('close', resolve))
        sent.on('error', () => {})
        await emulator.close()
        sent.destroy()
        await closed
      })
      expect(events).to.deep.equal(dropped)
    })

  it('should send a small body that decompresses to 64 MiB if the fault is gzip-bomb', async () => {
    const emulator = await startWith({ fault: 'gzip-bomb' })
    const events = await eventsDuring(emulator, async () => {
      const { headers, bytes } = await sendRequest(emulator.endpoint, 'GET', PATH)
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
