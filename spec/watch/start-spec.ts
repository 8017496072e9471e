import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { expect } from 'chai'
import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import { EMPTY, lastValueFrom, map, NEVER, Observable, of, retry, timer } from 'rxjs'
import {
  InvalidOption,
  isStartFailed,
  OperationsClient,
  orThrow,
  type StartContext,
  type StartFailed,
  type StartUnwatched,
} from '../../lib/index.js'
import { inVirtualTime, NAME, type Reply, running, scripted, succeeded, TAGS } from '../virtual.js'

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/
const rejection = Object.assign(new Error('S3CRET'), {
  response: { status: 403, data: { error: { code: 403, status: 'PERMISSION_DENIED', message: 'no' } } },
})
const ALL_TAGS = { ...TAGS, z: 'StartFailed' } as const

function clientOf(...replies: readonly Reply[]) {
  const { transport, ...records } = scripted(...replies)
  return { client: new OperationsClient({ transport, rateLimit: false }), ...records }
}

/** Returns a call that records its arguments. The n-th call returns the n-th result; the last result is repeated. */
function recordedCall(...results: readonly (() => Observable<unknown> | Promise<unknown>)[]) {
  const calls: StartContext[] = []
  const call = (context: StartContext) => {
    calls.push(context)
    const result = results[Math.min(calls.length, results.length) - 1]
    return result?.() ?? EMPTY
  }
  return { call, calls }
}

function tagOf(emission: Either<{ readonly _tag: string }, { readonly _tag: string }>): string {
  return isLeft(emission) ? emission.left._tag : emission.right._tag
}

function codeOf(emission: Either<object, object>): unknown {
  return isLeft(emission) && 'code' in emission.left ? emission.left.code : undefined
}

async function startFailed(client: OperationsClient, call: Parameters<OperationsClient['start']>[0]) {
  const result = await lastValueFrom(client.start(call, { requestId: 'id-1' }))
  if (!isLeft(result) || !isStartFailed(result.left)) throw new Error(`got ${JSON.stringify(result)}`)
  return result.left
}

describe('client.start', () => {
  it('should follow the operation in the response', () => {
    const { client, polledAt } = clientOf(running(), succeeded())
    const { call, calls } = recordedCall(() => of([{ name: NAME }]))
    inVirtualTime(({ expectObservable }) => {
      expectObservable(client.start(call).pipe(map(tagOf))).toBe('r 749ms r 749ms (s|)', ALL_TAGS)
    })
    expect(calls).to.have.length(1)
    expect(calls[0]?.requestId).to.match(UUID)
    expect(calls[0]?.signal.aborted).to.equal(false)
    expect(polledAt).to.deep.equal([750, 1_500])
  })

  it('should call the function once for each subscriber, with the same request ID', async () => {
    const { client } = clientOf(succeeded())
    const { call, calls } = recordedCall(async () => ({ name: NAME, done: true }))
    const started = client.start(call)
    expect(calls).to.have.length(0)
    await Promise.all([lastValueFrom(started), lastValueFrom(started)])
    expect(calls.map(({ requestId }) => requestId)).to.deep.equal(Array(2).fill(calls[0]?.requestId))
    await lastValueFrom(client.start(call))
    expect(calls[2]?.requestId).to.not.equal(calls[0]?.requestId)
  })

  it('should repeat the call only if the program resubscribes, with the same request ID', async () => {
    const { client } = clientOf(succeeded())
    const { call, calls } = recordedCall(
      () => Promise.reject(rejection),
      async () => ({ name: NAME, done: true }),
    )
    const result = await lastValueFrom(client.start(call).pipe(orThrow(), retry(1)))
    expect(result).to.include({ _tag: 'Succeeded', name: NAME })
    expect(calls).to.have.length(2)
    expect(calls[1]?.requestId).to.equal(calls[0]?.requestId)

    const failing = recordedCall(() => Promise.reject(rejection))
    await lastValueFrom(client.start(failing.call))
    expect(failing.calls).to.have.length(1)
  })

  it('should use the option requestId, and reject an invalid one', async () => {
    const { client } = clientOf(succeeded())
    const { call, calls } = recordedCall(async () => ({ done: true }))
    await lastValueFrom(client.start(call, { requestId: 'stored-1' }))
    expect(calls[0]?.requestId).to.equal('stored-1')
    for (const requestId of ['', 'a b', 'x'.repeat(129), 7 as never])
      expect(() => client.start(call, { requestId })).to.throw(InvalidOption, 'requestId must be')
    expect(() => client.start({} as never)).to.throw(InvalidOption, 'call must be a function')
    expect(() => client.start(call, { timeout: -1 })).to.throw(InvalidOption, 'timeout')
    expect(calls).to.have.length(1)
  })

  it('should emit StartFailed with the facts of a rejection, and without its message', async () => {
    const { client } = clientOf()
    const error = await startFailed(client, () => Promise.reject(rejection))
    expect(error).to.deep.equal({
      _tag: 'StartFailed',
      message:
        'The call with the request ID id-1 failed: HTTP 403 PERMISSION_DENIED: no. No operation was started.',
      name: '',
      httpStatus: 403,
      status: { code: 7, codeName: 'PERMISSION_DENIED', message: 'no', details: [] },
      mayHaveStarted: false,
      requestId: 'id-1',
    } satisfies StartFailed)
  })

  for (const [what, call, reason] of [
    [
      'the function throws',
      () => {
        throw new TypeError('S3CRET')
      },
      'the call threw TypeError',
    ],
    [
      'the Observable is empty',
      () => EMPTY,
      'the value is not a started operation: it is undefined; pass the response of the call that started the operation',
    ],
    [
      'the response is not an operation',
      async () => ({ data: {}, status: 200 }),
      'HTTP 200, but the value is not a started operation: name: expected a string, got nothing',
    ],
    [
      'the name is invalid',
      async () => ({ name: 'projects/p' }),
      '"projects/p": it has no segment "operations"',
    ],
  ] as const)
    it(`should emit that an operation may have been started if ${what}`, async () => {
      const { client, requests } = clientOf()
      const { mayHaveStarted, message } = await startFailed(client, call)
      expect(mayHaveStarted).to.equal(true)
      expect(message).to.equal(
        `The call with the request ID id-1 failed: ${reason}. An operation may have been started.`,
      )
      expect(requests).to.deep.equal([])
    })

  it('should read a Response of fetch', async () => {
    const { client } = clientOf(succeeded({ id: 7 }))
    const ok = client.start(async () => Response.json({ name: NAME, done: true, response: { id: 1 } }))
    expect(await lastValueFrom(ok.pipe(orThrow()))).to.deep.include({ response: { id: 1 } })
    const body = { error: { code: 429, message: 'quota', status: 'RESOURCE_EXHAUSTED' } }
    const error = await startFailed(client, () => of(Response.json(body, { status: 429 })))
    expect(error).to.deep.include({ httpStatus: 429, mayHaveStarted: false })
    expect(error.status).to.include({ message: 'quota' })
    const html = await startFailed(client, async () => new Response('<html>', { status: 502 }))
    expect(html).to.deep.include({ httpStatus: 502, mayHaveStarted: true })
    const read = Response.json({ name: NAME })
    await read.text()
    expect(await startFailed(client, async () => read)).to.include({ httpStatus: 200, mayHaveStarted: true })
  })

  describe('when it is unsubscribed', () => {
    const events: StartUnwatched[] = []
    const listener = (event: unknown): void => void events.push(event as StartUnwatched)
    beforeEach(() => {
      events.length = 0
      subscribe('rx-longrunning:start:unwatched', listener)
    })
    afterEach(() => {
      unsubscribe('rx-longrunning:start:unwatched', listener)
    })

    it('should abort the signal before the response, and report an operation that is started later', async () => {
      const { client, requests } = clientOf(succeeded())
      let resolve: (response: unknown) => void = () => undefined
      const response = new Promise<unknown>((resolvePromise) => (resolve = resolvePromise))
      const { call, calls } = recordedCall(() => response)
      const emissions: unknown[] = []
      const subscription = client
        .start(call, { requestId: 'id-1' })
        .subscribe((value) => emissions.push(value))
      expect(calls[0]?.signal.aborted).to.equal(false)
      subscription.unsubscribe()
      expect(calls[0]?.signal.aborted).to.equal(true)
      resolve(Response.json({ name: NAME }))
      await new Promise(setImmediate)
      expect(events).to.deep.equal([{ requestId: 'id-1', name: NAME, endpoint: client.endpoint }])
      expect(emissions).to.deep.equal([])
      expect(requests).to.deep.equal([])
    })

    it('should unsubscribe from an Observable before the response', () => {
      const { client } = clientOf(succeeded())
      let isUnsubscribed = false
      const { call, calls } = recordedCall(() => new Observable(() => () => (isUnsubscribed = true)))
      client.start(call).subscribe().unsubscribe()
      expect(isUnsubscribed).to.equal(true)
      expect(calls[0]?.signal.aborted).to.equal(true)
    })

    it('should not abort the signal after the response, and should stop polling', () => {
      const { client, polledAt } = clientOf(running())
      const { call, calls } = recordedCall(() => of({ name: NAME }))
      inVirtualTime(({ expectObservable }) => {
        expectObservable(client.start(call).pipe(map(tagOf)), '^ 1000ms !').toBe('r 749ms r', ALL_TAGS)
      })
      expect(calls[0]?.signal.aborted).to.equal(false)
      expect(polledAt).to.deep.equal([750])
      expect(events).to.deep.equal([])
    })

    it('should complete without emitting if the option `signal` is aborted', () => {
      const { client } = clientOf(running())
      const { call, calls } = recordedCall(() => NEVER)
      const abortController = new AbortController()
      inVirtualTime(({ expectObservable }) => {
        timer(100).subscribe(() => abortController.abort())
        expectObservable(client.start(call, { signal: abortController.signal })).toBe('100ms |')
      })
      expect(calls[0]?.signal.aborted).to.equal(true)
    })
  })

  it('should emit StartFailed and abort the signal when the client is closed', () => {
    const { client } = clientOf(running())
    const { call, calls } = recordedCall(() => NEVER)
    inVirtualTime(({ expectObservable }) => {
      timer(100).subscribe(() => client.close())
      const result = client.start(call)
      expectObservable(result.pipe(map(tagOf))).toBe('100ms (z|)', ALL_TAGS)
      expectObservable(result.pipe(map(codeOf))).toBe('100ms (c|)', { c: 'CLIENT_CLOSED' })
    })
    expect(calls[0]?.signal.aborted).to.equal(true)
  })

  it('should emit StartFailed and abort the signal when the deadline passes during the call', () => {
    const { client } = clientOf(running())
    const { call, calls } = recordedCall(() => NEVER)
    inVirtualTime(({ expectObservable }) => {
      const result = client.start(call, { deadline: 100 })
      expectObservable(result.pipe(map(tagOf))).toBe('100ms (z|)', ALL_TAGS)
      expectObservable(result.pipe(map(codeOf))).toBe('100ms (d|)', { d: 'DEADLINE_PASSED' })
      expectObservable(result.pipe(map((emission) => Object(emission).left.message.split(': ')[1]))).toBe(
        '100ms (m|)',
        { m: 'the deadline 1970-01-01T00:00:00.100Z has passed. An operation may have been started.' },
      )
    })
    expect(calls[0]?.signal.aborted).to.equal(true)
    const late = recordedCall(() => NEVER)
    inVirtualTime(({ expectObservable }) => {
      expectObservable(client.start(late.call, { deadline: 0 }).pipe(map(tagOf))).toBe('(z|)', ALL_TAGS)
    })
    expect(late.calls).to.deep.equal([])
  })

  it('should not call the function if the client is closed', async () => {
    const { client } = clientOf(running())
    const { call, calls } = recordedCall(() => NEVER)
    client.close()
    expect(await startFailed(client, call)).to.include({ mayHaveStarted: false })
    expect(calls).to.deep.equal([])
  })
})
