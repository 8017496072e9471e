import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { filter, firstValueFrom, lastValueFrom } from 'rxjs'
import { startEmulator } from '../../lib/emulator/index.js'
import {
  type OperationError,
  type TransportFailure,
  type WatchOperationOptions,
  watchOperation,
} from '../../lib/index.js'
import { served } from '../loopback.js'
import { NAME } from './table.js'

const LIMIT = 10_000
const base: WatchOperationOptions = {
  auth: false,
  maxResponseBytes: LIMIT,
  maxRetryTime: 0,
  random: () => 0,
}

async function errorOf(options: WatchOperationOptions): Promise<OperationError | undefined> {
  const word = await lastValueFrom(watchOperation(NAME, { ...base, ...options }))
  return isLeft(word) ? word.left : undefined
}

/** JSON of an operation that is done, in so many bytes. */
function bytes(length: number): string {
  return JSON.stringify({ name: NAME, done: true }).padEnd(length)
}

describe('faults/limits', () => {
  for (const coding of ['identity', 'gzip'])
    for (const [length, tag] of [
      [LIMIT, undefined],
      [LIMIT + 1, 'MalformedResponse'],
    ] as const)
      it(`should give ${tag ?? 'Succeeded'} for a body of ${length} bytes, ${coding}, where ${LIMIT} are allowed`, () =>
        served(
          (_, response) => {
            const body = coding === 'gzip' ? gzipSync(bytes(length)) : Buffer.from(bytes(length))
            response.setHeader('Content-Encoding', coding)
            response.setHeader('Content-Length', body.byteLength)
            response.end(body)
          },
          async (endpoint) => expect((await errorOf({ endpoint }))?._tag).to.equal(tag),
        ))

  it('should count bytes before they are unpacked, too: some unpack to nothing', () =>
    served(
      (_, response) => {
        const nothing = Array<Buffer>(20_000).fill(gzipSync(''))
        response.setHeader('Content-Encoding', 'gzip')
        response.end(Buffer.concat([gzipSync(bytes(50)), ...nothing]))
      },
      async (endpoint) => expect((await errorOf({ endpoint }))?._tag).to.equal('MalformedResponse'),
    ))

  it('should count the bytes of the last chunk before they are unpacked', () =>
    served(
      (_, response) => {
        const nothing = Array<Buffer>(1_000).fill(gzipSync(''))
        response.setHeader('Content-Encoding', 'gzip')
        response.end(Buffer.concat([gzipSync(bytes(50)), ...nothing]))
      },
      async (endpoint) =>
        expect((await errorOf({ endpoint, maxResponseBytes: 10_000 }))?._tag).to.equal('MalformedResponse'),
    ))

  it('should give up on bytes that unpack to nothing for ever, and close the socket', () =>
    served(
      (_, response) => {
        const nothing = Buffer.concat(Array<Buffer>(1_000).fill(gzipSync('')))
        response.setHeader('Content-Encoding', 'gzip')
        const more = (): void => {
          while (!response.destroyed && response.write(nothing));
        }
        response.on('drain', more)
        more()
      },
      async (endpoint) => expect((await errorOf({ endpoint }))?._tag).to.equal('MalformedResponse'),
    ))

  for (const fault of ['endless', 'gzip-bomb'] as const)
    for (const [httpStatus, tag] of [
      [200, 'MalformedResponse'],
      [403, 'MalformedResponse'],
      [503, 'Unreachable'],
    ] as const)
      it(`should give ${tag} for a body without measure under a ${httpStatus}: ${fault}`, async () => {
        await using emulator = await startEmulator()
        emulator.operations.add(NAME, [{ fault, httpStatus }])
        // The bomb is small on the wire: only what it unpacks to is too much.
        const error = await errorOf({ endpoint: emulator.endpoint, maxResponseBytes: 100_000 })
        expect(error?._tag).to.equal(tag)
        if (error?._tag === 'Unreachable')
          expect(error.last).to.deep.equal({ _tag: 'BodyTooLarge', maxResponseBytes: 100_000, httpStatus })
        expect(emulator.requests).to.have.length(1)
      })

  for (const [what, frame, head] of [
    ['a head that never comes', { stall: true }, {}],
    ['a body that drips for ever', { fault: 'drip' }, { httpStatus: 200 }],
  ] as const)
    it(`should hold requestTimeout over the whole answer: ${what}`, async () => {
      const requestTimeout = 300
      const last: TransportFailure = { _tag: 'RequestTimedOut', requestTimeout, ...head }
      await using emulator = await startEmulator()
      emulator.operations.add(NAME, [frame])
      const aborted = firstValueFrom(emulator.events.pipe(filter(({ _tag }) => _tag === 'Aborted')))
      const began = performance.now()
      expect(await errorOf({ endpoint: emulator.endpoint, requestTimeout })).to.deep.include({ last })
      await aborted
      expect(performance.now() - began).to.be.at.least(requestTimeout - 2)
      expect(emulator.requests).to.have.length(1)
    })
})
