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

// Every body begins with the 13 bytes of `{"done":true}`.
const PATH = '/v3/operations/a'

/** Starts an emulator with one operation, whose polls get the network fault. */
async function startWith(frame: NetworkFrame): Promise<Emulator> {
  const emulator = await startEmulator()
  emulator.operations.add('operations/a', [frame])
  return emulator
}

/** The part of a response that arrived, and the reason why no more data arrived. */
interface Received {
  readonly status?: number
  readonly contentLength?: string | undefined
  readonly byteCount: number
  readonly firstBytes: string
  readonly failure?: unknown
}

/** Sends a request, and stops reading the body after `maxBytes` bytes. */
function readResponse(endpoint: string, maxBytes: number): Promise<Received> {
  return new Promise((resolve) => {
    const sent = startRequest(endpoint, 'GET', PATH)
    let received: Received = { byteCount: 0, firstBytes: '' }
    const finish = (failure?: unknown): void => {
      resolve({ ...received, ...(failure !== undefined && { failure }) })
      sent.destroy()
    }
    const failed = ({ message }: Error): void => finish(message)
    sent.on('error', failed)
    sent.once('response', (response) => {
      received = {
        ...received,
        status: response.statusCode ?? 0,
        contentLength: response.headers['content-length'],
      }
      response.on('error', failed)
      response.once('end', () => finish('the response is complete'))
      response.on('data', (chunk: Buffer) => {
        const { byteCount, firstBytes } = received
        received = {
          ...received,
          firstBytes: firstBytes || chunk.toString('latin1', 0, 13),
          byteCount: byteCount + chunk.byteLength,
        }
        if (received.byteCount >= maxBytes) finish()
      })
    })
  })
}

/** Sends a request, and returns the tags of all events until the socket of the request is closed. */
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
  const droppedEvents = ['Connected', 'Request', 'Dropped', 'Closed']
  const abortedEvents = ['Connected', 'Request', 'Aborted', 'Closed']

  it('should reset the connection before the status line if the fault is reset', async () => {
    const emulator = await startWith({ fault: 'reset' })
    const events = await eventsDuring(emulator, async () =>
      expect(await readResponse(emulator.endpoint, Infinity)).to.deep.equal({
        byteCount: 0,
        firstBytes: '',
        failure: 'read ECONNRESET',
      }),
    )
    expect(events).to.deep.equal(droppedEvents)
  })

  for (const [fault, failure] of [
    ['reset-in-body', 'read ECONNRESET'],
    ['cut-short', 'aborted'],
  ] as const)
    it(`should send a partial body that is valid JSON if the fault is ${fault}`, async () => {
      const emulator = await startWith({ fault, httpStatus: 503 })
      const events = await eventsDuring(emulator, async () =>
        expect(await readResponse(emulator.endpoint, Infinity)).to.deep.equal({
          status: 503,
          contentLength: '26',
          byteCount: 13,
          firstBytes: '{"done":true}',
          failure,
        }),
      )
      expect(events).to.deep.equal(droppedEvents)
    })

  it('should send bytes until the client disconnects if the fault is drip', async () => {
    const emulator = await startWith({ fault: 'drip' })
    const events = await eventsDuring(emulator, async () => {
      const { failure, ...received } = await readResponse(emulator.endpoint, 16)
      expect([failure, received]).to.deep.equal([
        undefined,
        { status: 200, contentLength: undefined, byteCount: 16, firstBytes: '{"done":true}' },
      ])
    })
    expect(events).to.deep.equal(abortedEvents)
  })

  it('should send a body as fast as the client reads it if the fault is endless', async () => {
    const emulator = await startWith({ fault: 'endless', httpStatus: 500 })
    const events = await eventsDuring(emulator, async () => {
      const { status, firstBytes, byteCount } = await readResponse(emulator.endpoint, 20_000_000)
      expect([status, firstBytes]).to.deep.equal([500, '{"done":true}'])
      expect(byteCount).to.be.at.least(20_000_000)
    })
    expect(events).to.deep.equal(abortedEvents)
  })

  for (const fault of ['drip', 'endless'] as const)
    it(`should stop sending the body of the fault ${fault} when the emulator is closed`, async () => {
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
      expect(events).to.deep.equal(droppedEvents)
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
