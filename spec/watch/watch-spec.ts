import { type } from 'arktype'
import { expect } from 'chai'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { firstValueFrom, lastValueFrom, map, NEVER, toArray } from 'rxjs'
import { z } from 'zod'
import {
  type Decoder,
  InvalidOption,
  OperationsClient,
  type WatchOptions,
  watchOperation,
} from '../../lib/index.js'
import {
  delayed,
  failed,
  httpReply,
  inVirtualTime,
  NAME,
  type Reply,
  running,
  scripted,
  succeeded,
  TAGS,
  tags,
} from '../virtual.js'

async function emissionsOf<R, M>(replies: readonly Reply[], options: WatchOptions<R, M>) {
  return lastValueFrom(
    watchOperation(NAME, {
      transport: scripted(...replies).transport,
      schedule: { next: () => 0 },
      ...options,
    }).pipe(toArray()),
  )
}

const projectJson = {
  '@type': 'type.googleapis.com/google.cloud.resourcemanager.v3.Project',
  projectId: 'p-1',
}

describe('watch/watch', () => {
  describe('decoders', () => {
    const forms: readonly (readonly [string, Decoder<{ readonly projectId: string }>])[] = [
      ['a Standard Schema (zod)', z.looseObject({ projectId: z.string() })],
      ['a Standard Schema that is a function (arktype)', type({ projectId: 'string' })],
      ['a codec (io-ts)', t.type({ projectId: t.string })],
      [
        'a function',
        (value) => {
          const id = Object(value).projectId
          return typeof id === 'string' ? right({ projectId: id }) : left('no projectId')
        },
      ],
    ]
    for (const [form, response] of forms) {
      it(`should decode a response with ${form}`, async () => {
        const [emission] = await emissionsOf([succeeded(projectJson)], { response })
        expect(emission).to.have.nested.property('right.response.projectId', 'p-1')
      })

      it(`should emit MalformedResponse with the outcome "succeeded" if ${form} rejects the response`, async () => {
        const [emission] = await emissionsOf([succeeded({ projectId: 1 })], { response })
        expect(emission?._tag).to.equal('Left')
        expect(emission).to.have.nested.property('left._tag', 'MalformedResponse')
        expect(emission).to.have.nested.property('left.outcome', 'succeeded')
        expect(emission)
          .to.have.nested.property('left.path')
          .that.matches(/^response(\.projectId)?$/)
        expect(emission).to.have.deep.nested.property('left.response', { projectId: 1 })
        expect(emission).to.have.nested.property('left.resume.name', NAME)
      })

      it(`should emit the snapshot with metadataError and without metadata if ${form} rejects the metadata`, async () => {
        const emissions = await emissionsOf(
          [running({ projectId: 1 }), running({ projectId: 'p' }), succeeded()],
          {
            metadata: response,
          },
        )
        expect(emissions.map((emission) => emission._tag)).to.deep.equal(['Right', 'Right', 'Right'])
        expect(emissions[0]).to.not.have.nested.property('right.metadata')
        expect(emissions[0]).to.have.nested.property('right.metadataError.message').that.is.a('string')
        expect(emissions[1]).to.have.nested.property('right.metadata.projectId', 'p')
        expect(emissions[1]).to.not.have.nested.property('right.metadataError')
      })
    }

    const failures: readonly (readonly [string, Decoder<string>, string])[] = [
      [
        'throws',
        () => {
          throw new TypeError('secret')
        },
        'the decoder threw a TypeError',
      ],
      [
        'throws a string',
        () => {
          throw 'secret'
        },
        'the decoder threw a string',
      ],
      ['is an asynchronous schema', z.string().refine(async () => false), 'the decoder returned a Promise'],
      [
        'is an asynchronous function',
        (async () => right('x')) as unknown as () => Either<string, string>,
        'the decoder returned a Promise',
      ],
      [
        'reports a failure without issues',
        { '~standard': { version: 1, vendor: 'ours', validate: () => ({ issues: [] }) } },
        'the schema gave no reason',
      ],
    ]
    for (const [description, response, message] of failures)
      it(`should emit MalformedResponse if a decoder ${description}`, async () => {
        const [emission] = await emissionsOf([succeeded('x')], { response })
        expect(emission).to.have.nested.property('left.path', 'response')
        expect(emission).to.have.nested.property(
          'left.message',
          `${NAME} succeeded, but its result could not be decoded at response: ${message}.`,
        )
      })

    it('should pass undefined to the decoder if the API sends no response', async () => {
      const values: unknown[] = []
      const response = (value: unknown) => {
        values.push(value)
        return right('decoded')
      }
      const [emission] = await emissionsOf([succeeded()], { response })
      expect(values).to.deep.equal([undefined])
      expect(emission).to.have.nested.property('right.response', 'decoded')
    })

    it('should not call the response decoder for a failed operation', async () => {
      const response = () => {
        throw new Error('called')
      }
      const [emission] = await emissionsOf([failed(8, 'no quota')], { response })
      expect(emission).to.have.nested.property('left._tag', 'OperationFailed')
    })

    it('should decode the metadata of errors', async () => {
      const metadata = z.object({ step: z.number() }).transform(({ step }) => step)
      const [, rejection] = await emissionsOf([running({ step: 1 }), httpReply(403)], { metadata })
      expect(rejection).to.have.nested.property('left.lastSeen.metadata', 1)
      const error = { name: NAME, done: true, metadata: { step: 2 }, error: { code: 8, message: '' } }
      const [failure] = await emissionsOf([httpReply(200, error)], { metadata })
      expect(failure).to.have.nested.property('left.metadata', 2)
    })
  })

  describe('an AbortSignal', () => {
    it('should complete the watch without emitting, and abort the poll in flight', () =>
      inVirtualTime(({ cold, expectObservable, flush }) => {
        const { transport, abortedAt } = scripted(running(), 'never')
        const controller = new AbortController()
        cold('900ms a').subscribe(() => controller.abort())
        const watch = watchOperation(NAME, { transport, signal: controller.signal })
        expectObservable(watch.pipe(tags())).toBe('r 899ms |', TAGS)
        flush()
        expect(abortedAt).to.deep.equal([900])
      }))

    it('should prevent all requests if the signal is already aborted', () =>
      inVirtualTime(({ expectObservable, flush }) => {
        const { transport, polledAt } = scripted(running())
        expectObservable(watchOperation(NAME, { transport, signal: AbortSignal.abort() })).toBe('|')
        flush()
        expect(polledAt).to.deep.equal([])
      }))

    it('should have one listener for all watches, and none after the last watch has ended', async () => {
      const listeners: string[] = []
      const controller = new AbortController()
      const signal = {
        aborted: false,
        addEventListener: (type: 'abort', listener: () => void) => {
          listeners.push(type)
          controller.signal.addEventListener(type, listener)
        },
        removeEventListener: () => listeners.pop(),
      }
      const completedWatches: number[] = []
      const subscriptions = Array.from({ length: 50 }, (_, n) =>
        watchOperation(NAME, { transport: () => NEVER, signal }).subscribe({
          complete: () => completedWatches.push(n),
        }),
      )
      expect(listeners).to.deep.equal(['abort'])
      subscriptions[0]?.unsubscribe()
      expect(listeners).to.deep.equal(['abort'])
      controller.abort()
      expect(completedWatches).to.deep.equal(Array.from({ length: 49 }, (_, n) => n + 1))
      expect(listeners).to.deep.equal([])
    })

    it('should have no listeners after the final result of the watch', async () => {
      let listenerCount = 0
      const signal = {
        aborted: false,
        addEventListener: () => listenerCount++,
        removeEventListener: () => listenerCount--,
      }
      await emissionsOf([succeeded()], { signal })
      expect(listenerCount).to.equal(0)
    })
  })

  describe('snapshots', () => {
    it('should have the requested name, and the name from the server as reportedName', async () => {
      const [emission] = await emissionsOf(
        [httpReply(200, { name: 'operations/other', done: true, response: 1 })],
        {},
      )
      expect(emission).to.have.nested.property('right.name', NAME)
      expect(emission).to.have.nested.property('right.reportedName', 'operations/other')
    })

    it('should have the elapsed time and the number of attempts, including failed attempts', () =>
      inVirtualTime(({ expectObservable }) => {
        const { transport } = scripted(delayed(10, running()), httpReply(503), succeeded({ a: 1 }))
        expectObservable(watchOperation(NAME, { transport, random: () => 1 })).toBe('10ms r 1249ms (s|)', {
          r: right({ _tag: 'Running', done: false, name: NAME, attempt: 1, elapsed: 10 }),
          s: right({
            _tag: 'Succeeded',
            done: true,
            name: NAME,
            attempt: 3,
            elapsed: 1260,
            response: { a: 1 },
          }),
        })
      }))

    it('should have `elapsed` from the start time in the token, and never a negative value', async () => {
      const elapsedSince = async (since: number) => {
        const token = {
          name: NAME,
          endpoint: 'https://cloudresourcemanager.googleapis.com',
          apiVersion: 'v3',
          since,
        }
        const { transport } = scripted(succeeded())
        return firstValueFrom(
          watchOperation(token, { transport }).pipe(
            map((emission) => (emission as { right: { elapsed: number } }).right.elapsed),
          ),
        )
      }
      expect(await elapsedSince(Date.now() - 3_600_000)).to.be.within(3_600_000, 3_610_000)
      expect(await elapsedSince(Date.now() + 3_600_000)).to.be.within(0, 10_000)
    })
  })

  describe('an invalid option', () => {
    const rows: readonly (readonly [object, string])[] = [
      [{ timeout: 0 }, 'timeout must be a finite number of milliseconds, at least 1, got 0'],
      [{ timeout: '10m' }, 'timeout must be a finite number of milliseconds, at least 1, got "10m"'],
      [{ maxRetryTime: -1 }, 'maxRetryTime must be a finite number of milliseconds, at least 0, got -1'],
      [
        { maxRetryTime: Number.NaN },
        'maxRetryTime must be a finite number of milliseconds, at least 0, got NaN',
      ],
      [
        { visibilityWindow: null },
        'visibilityWindow must be a finite number of milliseconds, at least 0, got null',
      ],
      [{ schedule: 1000 }, 'schedule must be a schedule such as balanced(), got 1000'],
      [
        { schedule: { next: () => 1, max: Number.NaN } },
        'schedule.max must be a number of milliseconds from 0 to Infinity, got NaN',
      ],
      [{ progressAware: 1 }, 'progressAware must be true or false, got 1'],
      [{ hint: [] }, 'hint must be an Observable, got an array'],
      [{ signal: {} }, 'signal must be an AbortSignal, got an object'],
      [
        { response: 'json' },
        'response must be a Standard Schema, a codec with decode, or a function, got "json"',
      ],
      [
        { metadata: {} },
        'metadata must be a Standard Schema, a codec with decode, or a function, got an object',
      ],
    ]
    for (const [options, message] of rows)
      it(`should throw when the watch is created, because ${message}`, () => {
        expect(() => watchOperation(NAME, options)).to.throw(InvalidOption, message)
        expect(() => new OperationsClient().watch(NAME, options)).to.throw(InvalidOption, message)
      })
  })
})
