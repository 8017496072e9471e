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
import { withHttpServer } from '../loopback.js'
import { NAME } from './table.js'

/** The option `maxResponseBytes`. */
const MAX_BYTES = 10_000
const baseOptions: WatchOperationOptions = {
  auth: false,
  maxResponseBytes: MAX_BYTES,
  maxRetryTime: 0,
  random: () => 0,
}

async function errorOf(options: WatchOperationOptions): Promise<OperationError | undefined> {
  const result = await lastValueFrom(watchOperation(NAME, { ...baseOptions, ...options }))
  return isLeft(result) ? result.left : undefined
}

/** Returns the JSON of an operation that is done, padded to `length` bytes. */
function operationOf(length: number): string {
  return JSON.stringify({ name: NAME, done: true }).padEnd(length)
}

describe('faults/limits', () => {
  for (const coding of ['identity', 'gzip'])
    for (const [length, tag] of [
      [MAX_BYTES, undefined],
      [MAX_BYTES + 1, 'MalformedResponse'],
    ] as const)
      it(`should emit ${tag ?? 'Succeeded'} if a body of ${length} bytes is sent as ${coding} and the limit is ${MAX_BYTES}`, () =>
        withHttpServer(
          (_, response) => {
            const body = coding === 'gzip' ? gzipSync(operationOf(length)) : Buffer.from(operationOf(length))
            response.setHeader('Content-Encoding', coding)
            response.setHeader('Content-Length', body.byteLength)
            response.end(body)
          },
          async (endpoint) => expect((await errorOf({ endpoint }))?._tag).to.equal(tag),
        ))

  it('should emit MalformedResponse if the compressed body is too large but decompresses to few bytes', () =>
    withHttpServer(
      (_, response) => {
        const emptyMembers = Array<Buffer>(20_000).fill(gzipSync(''))
        response.setHeader('Content-Encoding', 'gzip')
        response.end(Buffer.concat([gzipSync(operationOf(50)), ...emptyMembers]))
      },
      async (endpoint) => expect((await errorOf({ endpoint }))?._tag).to.equal('MalformedResponse'),
    ))

  it('should emit MalformedResponse if only the last chunk of the compressed body exceeds the limit', () =>
    withHttpServer(
      (_, response) => {
        // The body has about 20,000 bytes. It arrives in one chunk, which is also the last one.
        const emptyMembers = Array<Buffer>(1_000).fill(gzipSync(''))
        response.setHeader('Content-Encoding', 'gzip')
        response.end(Buffer.concat([gzipSync(operationOf(50)), ...emptyMembers]))
      },
      async (endpoint) => expect((await errorOf({ endpoint }))?._tag).to.equal('MalformedResponse'),
    ))

  it('should close the socket if an endless compressed body decompresses to no data', () =>
    withHttpServer(
      (_, response) => {
        const emptyMembers = Buffer.concat(Array<Buffer>(1_000).fill(gzipSync('')))
        response.setHeader('Content-Encoding', 'gzip')
        const writeMore = (): void => {
          while (!response.destroyed && response.write(emptyMembers));
        }
        response.on('drain', writeMore)
        writeMore()
      },
      async (endpoint) => expect((await errorOf({ endpoint }))?._tag).to.equal('MalformedResponse'),
    ))

  for (const fault of ['endless', 'gzip-bomb'] as const)
    for (const [httpStatus, tag] of [
      [200, 'MalformedResponse'],
      [403, 'MalformedResponse'],
      [503, 'Unreachable'],
    ] as const)
      it(`should emit ${tag} if a body with HTTP ${httpStatus} is too large: ${fault}`, async () => {
        await using emulator = await startEmulator()
        emulator.operations.add(NAME, [{ fault, httpStatus }])
        // The compressed gzip bomb is below the limit. Only its decompressed size exceeds the limit.
        const error = await errorOf({ endpoint: emulator.endpoint, maxResponseBytes: 100_000 })
        expect(error?._tag).to.equal(tag)
        if (error?._tag === 'Unreachable')
          expect(error.last).to.deep.equal({ _tag: 'BodyTooLarge', maxResponseBytes: 100_000, httpStatus })
        expect(emulator.requests).to.have.length(1)
      })

  for (const [description, frame, responseHead] of [
    ['no response head', { stall: true }, {}],
    ['a body sent one byte at a time', { fault: 'drip' }, { httpStatus: 200 }],
  ] as const)
    it(`should end the request after requestTimeout if the server sends ${description}`, async () => {
      const requestTimeout = 300
      const last: TransportFailure = { _tag: 'RequestTimedOut', requestTimeout, ...responseHead }
      await using emulator = await startEmulator()
      emulator.operations.add(NAME, [frame])
      const aborted = firstValueFrom(emulator.events.pipe(filter(({ _tag }) => _tag === 'Aborted')))
      const startedAt = performance.now()
      expect(await errorOf({ endpoint: emulator.endpoint, requestTimeout })).to.deep.include({ last })
      await aborted
      expect(performance.now() - startedAt).to.be.at.least(requestTimeout - 2)
      expect(emulator.requests).to.have.length(1)
    })
})
