import { expect } from 'chai'
import { isLeft, left, right } from 'fp-ts/lib/Either.js'
import {
  asyncScheduler,
  delay,
  EMPTY,
  firstValueFrom,
  forkJoin,
  NEVER,
  Observable,
  of,
  type Subscription,
  timer,
} from 'rxjs'
import { startEmulator } from '../../lib/emulator/index.js'
import {
  type ClientOptions,
  constant,
  InvalidOption,
  OperationsClient,
  type Transport,
  type TransportRequest,
} from '../../lib/index.js'
import { withBatch } from '../../lib/transport/batching.js'
import { connectionLost, httpReply, inVirtualTime, type TransportResult, unavailable } from '../virtual.js'

const SETTINGS = { max: 100, window: 50, batchPath: 'batch', maxResponseBytes: 1_000 }
function pollRequest(id: string | number): TransportRequest {
  return {
    method: 'GET',
    url: `https://e.googleapis.com/v3/operations/${id}`,
    headers: { accept: 'application/json' },
  }
}
const rateLimitedReply = httpReply(403, { error: { code: 403, errors: [{ reason: 'rateLimitExceeded' }] } })
/** Returns the last part of the operation name in a path. */
function idOf(path: string): string {
  return /operations\/(\S+)/.exec(path)?.[1] ?? ''
}
/** Returns the response to a poll that is not in a batch. */
function singleResponse(id: string): TransportResult {
  return httpReply(200, { name: `operations/${id}`, by: 'single' })
}

/**
 * Returns the response to a batch request. `respond` returns the part of the poll with an ID, or undefined for no part.
 * By default, there is one part for each poll, in the order of the polls.
 */
function batchResponse(
  { body = '' }: TransportRequest,
  respond: (id: string, n: number) => string | undefined = (id) =>
    `HTTP/1.1 200 OK\r\n\r\n{"name":"operations/${id}"}`,
): TransportResult {
  const parts = [...body.matchAll(/Content-ID: <(\d+)>\r\n\r\nGET (\S+)/g)].map(([, n, path = '']) => {
    const part = respond(idOf(path), Number(n))
    return part === undefined ? '' : `--r\r\nContent-ID: <response-${n}>\r\n\r\n${part}\r\n`
  })
  return httpReply(200, `${parts.join('')}--r--\r\n`, { 'content-type': 'multipart/mixed; boundary=r' })
}

/** Creates a batching transport in virtual time. `respond` returns the responses to batches. Records all requests. */
function batchingTransport(
  respond: (request: TransportRequest) => TransportResult = batchResponse,
  delayMilliseconds = 0,
  settings: Partial<typeof SETTINGS> = {},
) {
  const requests: { at: number; request: TransportRequest }[] = []
  const abortedAt: number[] = []
  const network: Transport = (request) =>
    new Observable((subscriber) => {
      requests.push({ at: asyncScheduler.now(), request })
      const response = request.method === 'POST' ? respond(request) : singleResponse(idOf(request.url))
      let hasResponse = false
      const responseSubscription = of(response)
        .pipe(delay(delayMilliseconds))
        .subscribe((outcome) => {
          hasResponse = true
          subscriber.next(outcome)
          subscriber.complete()
        })
      return () => {
        if (!hasResponse) abortedAt.push(asyncScheduler.now())
        responseSubscription.unsubscribe()
      }
    })
  const transport = withBatch({ ...SETTINGS, ...settings })(network)
  const results = new Map<string, unknown>()
  /** Sends a poll, and adds its failure, body or HTTP status to `results`. */
  const poll = (id: string | number): Subscription =>
    transport(pollRequest(id)).subscribe((outcome) =>
      results.set(
        String(id),
        isLeft(outcome) ? outcome.left : (outcome.right.body ?? outcome.right.httpStatus),
      ),
    )
  /** Returns the time and the content of each request, such as `50 batch of 2` or `50 a`. */
  const sentRequests = () =>
    requests.map(({ at, request: { body = '', url } }) =>
      url.endsWith('/batch') ? `${at} batch of ${body.split('Content-ID').length - 1}` : `${at} ${idOf(url)}`,
    )
  return { poll, requests, abortedAt, results, sentRequests, transport }
}
/** Calls `action` after `ms` milliseconds of virtual time. */
function at(ms: number, action: () => unknown): Subscription {
  return timer(ms).subscribe(() => void action())
}
function runInVirtualTime(action: () => void): void {
  inVirtualTime(({ flush }) => {
    action()
    flush()
  })
}

describe('transport/batching', () => {
  it('should combine polls within a window into one batch, and emit to each poll its own part of the response', () => {
    const { poll, sentRequests, results, requests } = batchingTransport()
    runInVirtualTime(() => {
      for (const id of ['a', 'b']) poll(id)
      at(49, () => poll('c'))
      at(51, () => poll('d'))
      at(60, () => poll('e'))
    })
    expect(sentRequests()).to.deep.equal(['50 batch of 3', '101 batch of 2'])
    for (const id of 'abcde') expect(results.get(id)).to.deep.equal({ name: `operations/${id}` })
    expect(requests[0]?.request).to.deep.include({
      url: 'https://e.googleapis.com/batch',
      maxResponseBytes: 64 * 2 ** 20,
    })
    expect(requests[0]?.request.headers).to.include({ accept: 'application/json' })
    expect(requests[0]?.request.headers['content-type']).to.match(/^multipart\/mixed; boundary=\S+$/)
  })

  it('should send a batch immediately when it is full', () => {
    const { poll, sentRequests } = batchingTransport(batchResponse, 0, { max: 3 })
    runInVirtualTime(() => {
      for (let n = 0; n < 7; n++) poll(n)
    })
    expect(sentRequests()).to.deep.equal(['0 batch of 3', '0 batch of 3', '50 6'])
  })

  it('should send a poll as a single request if no other poll follows within the window', () => {
    const { poll, sentRequests, results } = batchingTransport()
    runInVirtualTime(() => poll('a'))
    expect(sentRequests()).to.deep.equal(['50 a'])
    expect(results.get('a')).to.deep.equal({ name: 'operations/a', by: 'single' })
  })

  it('should send a request that is not an ordinary poll immediately, and not in a batch', () => {
    const { transport, sentRequests } = batchingTransport(() => httpReply(200, {}))
    runInVirtualTime(() => {
      transport({ ...pollRequest('a'), method: 'DELETE' }).subscribe()
      transport({ ...pollRequest('b'), serverTimeout: 1_000 }).subscribe()
      transport({ ...pollRequest('c'), method: 'POST', body: '{}' }).subscribe()
    })
    expect(sentRequests()).to.deep.equal(['0 a', '0 b', '0 c'])
  })

  it('should remove a poll that is unsubscribed before the batch is sent, and send nothing if no poll remains', () => {
    const { poll, sentRequests } = batchingTransport()
    runInVirtualTime(() => {
      const [a, , c] = ['a', 'b', 'c'].map(poll)
      at(10, () => a?.unsubscribe())
      at(20, () => c?.unsubscribe())
      at(100, () => {
        const subscriptions = ['d', 'e'].map(poll)
        at(10, () => subscriptions.forEach((subscription) => void subscription.unsubscribe()))
      })
    })
    expect(sentRequests()).to.deep.equal(['50 b'])
  })

  it('should abort a batch only when its last poll is unsubscribed', () => {
    const { poll, abortedAt, results } = batchingTransport(batchResponse, 1_000)
    runInVirtualTime(() => {
      const [a, b] = ['a', 'b'].map(poll)
      at(100, () => a?.unsubscribe())
      at(200, () => b?.unsubscribe())
      at(300, () =>
        ['c', 'd']
          .map(poll)
          .slice(0, 1)
          .forEach((subscription) => void at(400, () => subscription.unsubscribe())),
      )
    })
    expect(abortedAt).to.deep.equal([200])
    expect([...results.keys()]).to.deep.equal(['d'])
  })

  it('should fail only the polls whose parts are missing, duplicated or too large', () => {
    const partFor = (id: string, n: number): string | undefined => {
      if (id === 'lost') return undefined
      if (id === 'big') return `HTTP/1.1 200 OK\r\n\r\n"${'x'.repeat(2_000)}"`
      return id === 'twice'
        ? `HTTP/1.1 200 OK\r\n\r\n{}\r\n--r\r\nContent-ID: <response-${n}>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}`
        : `HTTP/1.1 200 OK\r\n\r\n{"name":"${id}"}`
    }
    const { poll, results } = batchingTransport((request) => batchResponse(request, partFor))
    runInVirtualTime(() => void ['good', 'lost', 'big', 'twice'].map(poll))
    expect(Object.fromEntries(results)).to.deep.equal({
      good: { name: 'good' },
      lost: { _tag: 'ConnectionFailed', code: 'BATCH_PART_MISSING' },
      twice: { _tag: 'ConnectionFailed', code: 'BATCH_PART_MISSING' },
      big: { _tag: 'BodyTooLarge', maxResponseBytes: 1_000, httpStatus: 200, headers: {} },
    })
  })

  it('should emit the error of a part to the poll of this part, or send this poll as a single request if the error is a 401', () => {
    const { poll, results, sentRequests } = batchingTransport((request) =>
      batchResponse(
        request,
        (id) =>
          `HTTP/1.1 ${id === 'gone' ? '404 Not Found' : id === 'stale' ? '401 Unauthorized' : '200 OK'}\r\n\r\n{"of":"${id}"}`,
      ),
    )
    runInVirtualTime(() => void ['good', 'gone', 'stale'].map(poll))
    expect(results.get('gone')).to.deep.equal({ of: 'gone' })
    expect(results.get('stale')).to.deep.equal({ name: 'operations/stale', by: 'single' })
    expect(sentRequests()).to.deep.equal(['50 batch of 3', '50 stale'])
  })

  for (const [description, outcome, expectedResult] of [
    ['a lost connection', connectionLost(), { _tag: 'ConnectionFailed', code: 'ECONNRESET' }],
    ['a 503', unavailable, !isLeft(unavailable) && unavailable.right.body],
    ['a 429', httpReply(429, 'slow'), 'slow'],
    [
      'a 403 because of a rate limit',
      rateLimitedReply,
      !isLeft(rateLimitedReply) && rateLimitedReply.right.body,
    ],
  ] as const)
    it(`should emit ${description} to all polls if the batch request has this result`, () => {
      const { poll, results, sentRequests } = batchingTransport(() => outcome)
      runInVirtualTime(() => void ['a', 'b'].map(poll))
      expect([...results.values()]).to.deep.equal([expectedResult, expectedResult])
      expect(sentRequests()).to.deep.equal(['50 batch of 2'])
    })

  for (const httpStatus of [404, 405, 501])
    it(`should send all later polls as single requests if the server responds to a batch with ${httpStatus}`, () => {
      const { poll, results, sentRequests } = batchingTransport(() => httpReply(httpStatus, '<html>'))
      runInVirtualTime(() => {
        ;['a', 'b'].map(poll)
        at(1_000, () => ['c', 'd'].map(poll))
      })
      expect(sentRequests()).to.deep.equal(['50 batch of 2', '50 a', '50 b', '1000 c', '1000 d'])
      expect(results.get('d')).to.deep.equal({ name: 'operations/d', by: 'single' })
    })

  for (const [description, outcome] of [
    ['rejects batches', httpReply(400, {})],
    ['returns no parts', httpReply(200, '<html>')],
    [
      'returns too many bytes',
      left({ _tag: 'BodyTooLarge' as const, maxResponseBytes: 64, httpStatus: 200 }),
    ],
    [
      'returns parts without valid IDs',
      httpReply(200, '--r\r\nContent-ID: <response-x>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}\r\n--r--', {
        'content-type': 'multipart/mixed; boundary=r',
      }),
    ],
  ] as const)
    it(`should send polls as single requests if the server ${description}, and disable batches after three such responses`, () => {
      const { poll, sentRequests } = batchingTransport(() => outcome)
      runInVirtualTime(() => {
        for (let n = 0; n < 4; n++) at(n * 1_000, () => ['a', 'b'].map(poll))
      })
      expect(sentRequests().filter((text) => text.includes('batch'))).to.deep.equal([
        '50 batch of 2',
        '1050 batch of 2',
        '2050 batch of 2',
      ])
      expect(sentRequests().slice(-2)).to.deep.equal(['3000 a', '3000 b'])
    })

  it('should complete the polls if the batch completes without a response', () => {
    const transport = withBatch(SETTINGS)(() => EMPTY)
    let completedCount = 0
    runInVirtualTime(() => {
      for (const id of ['a', 'b']) transport(pollRequest(id)).subscribe({ complete: () => completedCount++ })
    })
    expect(completedCount).to.equal(2)
  })

  const swappedIds: Record<string, string> = { a: 'b', b: 'a' }
  for (const [description, nameInPart, hasIds, expectedSources] of [
    [
      'assign a part to the poll with its name if the part has no ID',
      (id) => id,
      false,
      { a: 'part', b: 'part', c: 'part' },
    ],
    [
      'assign a part by its name, not by its position, if the part has no ID',
      (id) => swappedIds[id] ?? id,
      false,
      { a: 'part', b: 'part', c: 'part' },
    ],
    [
      'send a poll as a single request if its part may be the part that has no ID and no name',
      (id) => (id === 'a' ? undefined : id),
      false,
      { a: 'single', b: 'part', c: 'part' },
    ],
    [
      'send a poll as a single request if its part may be the part that has no ID and an unknown name',
      (id) => (id === 'a' ? 'renamed' : id),
      false,
      { a: 'single', b: 'part', c: 'part' },
    ],
    [
      'send two polls as single requests if their parts have swapped names',
      (id) => swappedIds[id] ?? id,
      true,
      { a: 'single', b: 'single', c: 'part' },
    ],
    ['assign a part by its ID if it has no name', () => undefined, true, { a: 'part', b: 'part', c: 'part' }],
    [
      'assign a part by its ID if its name is unknown',
      (id) => `${id}${id}`,
      true,
      { a: 'part', b: 'part', c: 'part' },
    ],
  ] as readonly [string, (id: string) => string | undefined, boolean, Record<string, string>][])
    it(`should ${description}`, () => {
      const { poll, results } = batchingTransport((request) => {
        const result = batchResponse(request, (id) => {
          const partName = nameInPart(id)
          return `HTTP/1.1 200 OK\r\n\r\n${JSON.stringify({ ...(partName && { name: `operations/${partName}` }), by: 'part' })}`
        })
        if (isLeft(result) || hasIds) return result
        return right({
          ...result.right,
          body: String(result.right.body).replaceAll(/Content-ID.*\r\n/g, 'X: y\r\n'),
        })
      })
      runInVirtualTime(() => void ['a', 'b', 'c'].map(poll))
      for (const [id, by] of Object.entries(expectedSources)) {
        const partName = hasIds ? nameInPart(id) : id
        expect(results.get(id), id).to.deep.equal({
          ...(by === 'single'
            ? { name: `operations/${id}` }
            : partName && { name: `operations/${partName}` }),
          by,
        })
      }
    })

  it('should send polls with the same name as single requests if their parts have no ID', () => {
    const { poll, results, requests } = batchingTransport((request) => {
      const result = batchResponse(request, (id) => `HTTP/1.1 200 OK\r\n\r\n{"name":"operations/${id}"}`)
      if (isLeft(result)) return result
      const body = String(result.right.body).replaceAll(/Content-ID.*\r\n/g, 'X: y\r\n')
      return right({ ...result.right, body })
    })
    runInVirtualTime(() => void ['a', 'a', 'b'].map(poll))
    expect(results.get('a')).to.deep.equal({ name: 'operations/a', by: 'single' })
    expect(results.get('b')).to.deep.equal({ name: 'operations/b' })
    expect(requests).to.have.lengthOf(3)
  })

  it('should assign no part to a poll by the position of the part', () => {
    const { poll, results } = batchingTransport(() =>
      httpReply(
        200,
        '--r\r\n\r\nHTTP/1.1 404 Not Found\r\n\r\n{}\r\n--r\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}\r\n--r--',
        {
          'content-type': 'multipart/mixed; boundary=r',
        },
      ),
    )
    runInVirtualTime(() => void ['a', 'b'].map(poll))
    for (const id of ['a', 'b'])
      expect(results.get(id)).to.deep.equal({ name: `operations/${id}`, by: 'single' })
  })

  it('should send no batch if the service does not support batches', () => {
    const methods: string[] = []
    const transport = withBatch({ ...SETTINGS, batchPath: undefined })(({ method }) => {
      methods.push(method)
      return NEVER
    })
    for (const id of ['a', 'b']) transport(pollRequest(id)).subscribe().unsubscribe()
    expect(methods).to.deep.equal(['GET', 'GET'])
  })

  for (const [batch, message] of [
    ['yes', 'batch must be true, false, or { max, window }, got "yes"'],
    [{ max: 1 }, 'batch.max must be a number from 2 to 1000, got 1'],
    [{ window: 2_000 }, 'batch.window must be a number of milliseconds from 0 to 1000, got 2000'],
  ] as const)
    it(`should throw if ${message}`, () => {
      expect(() => new OperationsClient({ batch: batch as never })).to.throw(InvalidOption, message)
    })

  describe('over real sockets', () => {
    const schedule = constant({ interval: 1 })
    const nameOf = (n: number): string => `operations/o${n}`

    // Cited in docs/COMPARISON.md as: batched-polls
    it('should watch 100 operations with fewer than 60 requests', async () => {
      await using emulator = await startEmulator()
      for (let n = 0; n < 100; n++)
        emulator.operations.add(nameOf(n), [{}, { polls: 3, done: true, response: { n } }])
      const options: ClientOptions = { endpoint: emulator.endpoint, batch: { window: 20 }, rateLimit: false }
      await using client = new OperationsClient(options)
      const results = await firstValueFrom(
        forkJoin(Array.from({ length: 100 }, (_, n) => client.watch(nameOf(n), { schedule }))),
      )
      for (const [n, emission] of results.entries())
        expect(emission).to.have.nested.property('right.response').that.deep.equals({ n })
      expect(emulator.operations.polls(nameOf(0))).to.equal(3)
      expect(emulator.requests.length).to.be.below(60)
      expect(emulator.requests.flatMap(({ parts = [] }) => parts).length).to.be.above(200)
    })

    it('should retry a truncated part, and report a missing operation', async () => {
      await using emulator = await startEmulator()
      emulator.operations.add(nameOf(1), [{ fault: 'reset' }, { polls: 2, done: true }])
      emulator.operations.add(nameOf(2), [{ done: true }])
      const options: ClientOptions = { endpoint: emulator.endpoint, batch: true, random: () => 0 }
      await using client = new OperationsClient(options)
      const watches = [1, 2, 3].map((n) => client.watch(nameOf(n), { schedule, visibilityWindow: 0 }))
      const tags = (await firstValueFrom(forkJoin(watches))).map((emission) =>
        isLeft(emission) ? emission.left._tag : emission.right._tag,
      )
      expect(tags).to.deep.equal(['Succeeded', 'Succeeded', 'OperationNotFound'])
    })

    it('should decode a bare google.rpc.Status in a part', async () => {
      await using emulator = await startEmulator()
      const body = JSON.stringify({ code: 5, message: 'Operation not found.', details: [] })
      const missing = { httpResponse: { httpStatus: 404, body } }
      emulator.operations.add(nameOf(1), [missing, { polls: 2, done: true }])
      emulator.operations.add(nameOf(2), [missing])
      await using client = new OperationsClient({ endpoint: emulator.endpoint, batch: true })
      const watches = [
        client.watch(nameOf(1), { schedule }),
        client.watch(nameOf(2), { schedule, visibilityWindow: 0 }),
      ]
      const [first, second] = await firstValueFrom(forkJoin(watches))
      expect(first).to.have.nested.property('right._tag', 'Succeeded')
      expect(second).to.have.nested.property(
        'left.message',
        `${nameOf(2)} was not found: NOT_FOUND: Operation not found.`,
      )
    })

    it('should send polls as single requests if the server does not support batches', async () => {
      await using emulator = await startEmulator({ batch: false })
      for (const n of [1, 2]) emulator.operations.add(nameOf(n), [{ done: true }])
      await using client = new OperationsClient({ endpoint: emulator.endpoint, batch: true })
      const emissions = await firstValueFrom(forkJoin([1, 2].map((n) => client.watch(nameOf(n)))))
      expect(emissions.some(isLeft)).to.equal(false)
      expect(emulator.requests.map(({ method }) => method).sort()).to.deep.equal(['GET', 'GET', 'POST'])
    })

    it('should send the credential with the batch, and renew the credential if the batch response is a 401', async () => {
      await using emulator = await startEmulator({
        fault: ({ headers }) =>
          headers.authorization === 'Bearer new'
            ? undefined
            : { httpResponse: { httpStatus: 401, body: { error: { code: 401 } } } },
      })
      for (const n of [1, 2]) emulator.operations.add(nameOf(n), [{ done: true }])
      let authCalls = 0
      const auth = {
        getRequestHeaders: async () => ({ authorization: authCalls++ === 0 ? 'Bearer old' : 'Bearer new' }),
      }
      await using client = new OperationsClient({ endpoint: emulator.endpoint, batch: true, auth })
      const emissions = await firstValueFrom(forkJoin([1, 2].map((n) => client.watch(nameOf(n)))))
      expect(emissions.some(isLeft)).to.equal(false)
      for (const { parts = [] } of emulator.requests)
        for (const { headers } of parts) expect(JSON.stringify(headers)).to.match(/Bearer (old|new)/)
    })
  })
})
