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
import { http, inVirtualTime, lost, type TransportResult, unavailable } from '../virtual.js'

const SETTINGS = { max: 100, window: 50, batchPath: 'batch', maxResponseBytes: 1_000 }
function get(id: string | number): TransportRequest {
  return {
    method: 'GET',
    url: `https://e.googleapis.com/v3/operations/${id}`,
    headers: { accept: 'application/json' },
  }
}
const rateLimit = http(403, { error: { code: 403, errors: [{ reason: 'rateLimitExceeded' }] } })
function idOf(path: string): string {
  return /operations\/(\S+)/.exec(path)?.[1] ?? ''
}
function single(id: string): TransportResult {
  return http(200, { name: `operations/${id}`, by: 'single' })
}

/** Returns a batch response. By default it has one part for each name, in the order of the requests. */
function partsOf(
  { body = '' }: TransportRequest,
  respond: (id: string, n: number) => string | undefined = (id) =>
    `HTTP/1.1 200 OK\r\n\r\n{"name":"operations/${id}"}`,
): TransportResult {
  const parts = [...body.matchAll(/Content-ID: <(\d+)>\r\n\r\nGET (\S+)/g)].map(([, n, path = '']) => {
    const part = respond(idOf(path), Number(n))
    return part === undefined ? '' : `--r\r\nContent-ID: <response-${n}>\r\n\r\n${part}\r\n`
  })
  return http(200, `${parts.join('')}--r--\r\n`, { 'content-type': 'multipart/mixed; boundary=r' })
}

/** Creates a batching transport in virtual time with a scripted server, and records the requests and their times. */
function rig(
  respond: (request: TransportRequest) => TransportResult = partsOf,
  after = 0,
  settings: Partial<typeof SETTINGS> = {},
) {
  const requests: { at: number; request: TransportRequest }[] = []
  const aborted: number[] = []
  const network: Transport = (request) =>
    new Observable((subscriber) => {
      requests.push({ at: asyncScheduler.now(), request })
      const response = request.method === 'POST' ? respond(request) : single(idOf(request.url))
      let hasResponse = false
      const sent = of(response)
        .pipe(delay(after))
        .subscribe((outcome) => {
          hasResponse = true
          subscriber.next(outcome)
          subscriber.complete()
        })
      return () => {
        if (!hasResponse) aborted.push(asyncScheduler.now())
        sent.unsubscribe()
      }
    })
  const transport = withBatch({ ...SETTINGS, ...settings })(network)
  const results = new Map<string, unknown>()
  const poll = (id: string | number): Subscription =>
    transport(get(id)).subscribe((outcome) =>
      results.set(
        String(id),
        isLeft(outcome) ? outcome.left : (outcome.right.body ?? outcome.right.httpStatus),
      ),
    )
  const sent = () =>
    requests.map(({ at, request: { method, body = '', url } }) =>
      method === 'POST' ? `${at} batch of ${body.split('Content-ID').length - 1}` : `${at} ${idOf(url)}`,
    )
  return { poll, requests, aborted, results, sent, transport }
}
function at(ms: number, act: () => unknown): Subscription {
  return timer(ms).subscribe(() => void act())
}
function played(act: () => void): void {
  inVirtualTime(({ flush }) => {
    act()
    flush()
  })
}

describe('transport/batching', () => {
  it('should combine polls within its window, and emit to each poll its own part', () => {
    const { poll, sent, results, requests } = rig()
    played(() => {
      for (const id of ['a', 'b']) poll(id)
      at(49, () => poll('c'))
      at(51, () => poll('d'))
      at(60, () => poll('e'))
    })
    expect(sent()).to.deep.equal(['50 batch of 3', '101 batch of 2'])
    for (const id of 'abcde') expect(results.get(id)).to.deep.equal({ name: `operations/${id}` })
    expect(requests[0]?.request).to.deep.include({
      url: 'https://e.googleapis.com/batch',
      maxResponseBytes: 64 * 2 ** 20,
    })
    expect(requests[0]?.request.headers).to.include({ accept: 'application/json' })
    expect(requests[0]?.request.headers['content-type']).to.match(/^multipart\/mixed; boundary=\S+$/)
  })

  it('should send a batch immediately when it is full', () => {
    const { poll, sent } = rig(partsOf, 0, { max: 3 })
    played(() => {
      for (let n = 0; n < 7; n++) poll(n)
    })
    expect(sent()).to.deep.equal(['0 batch of 3', '0 batch of 3', '50 6'])
  })

  it('should send a poll as a single request if no other poll follows within the window', () => {
    const { poll, sent, results } = rig()
    played(() => poll('a'))
    expect(sent()).to.deep.equal(['50 a'])
    expect(results.get('a')).to.deep.equal({ name: 'operations/a', by: 'single' })
  })

  it('should not batch requests other than a GET without a body', () => {
    const { transport, sent } = rig(() => http(200, {}))
    played(() => {
      transport({ ...get('a'), method: 'DELETE' }).subscribe()
      transport({ ...get('b'), serverTimeout: 1_000 }).subscribe()
      transport({ ...get('c'), method: 'POST', body: '{}' }).subscribe()
    })
    expect(sent()).to.deep.equal(['0 a', '0 b', '0 batch of 0'])
  })

  it('should remove a poll that is unsubscribed before the batch is sent, and send nothing if no poll remains', () => {
    const { poll, sent } = rig()
    played(() => {
      const [a, , c] = ['a', 'b', 'c'].map(poll)
      at(10, () => a?.unsubscribe())
      at(20, () => c?.unsubscribe())
      at(100, () => {
        const both = ['d', 'e'].map(poll)
        at(10, () => both.forEach((poll) => void poll.unsubscribe()))
      })
    })
    expect(sent()).to.deep.equal(['50 b'])
  })

  it('should abort a batch only when its last poll is unsubscribed', () => {
    const { poll, aborted, results } = rig(partsOf, 1_000)
    played(() => {
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
    expect(aborted).to.deep.equal([200])
    expect([...results.keys()]).to.deep.equal(['d'])
  })

  it('should fail only the poll whose part is missing, duplicated or too large', () => {
    const body = (id: string, n: number): string | undefined => {
      if (id === 'lost') return undefined
      if (id === 'big') return `HTTP/1.1 200 OK\r\n\r\n"${'x'.repeat(2_000)}"`
      return id === 'twice'
        ? `HTTP/1.1 200 OK\r\n\r\n{}\r\n--r\r\nContent-ID: <response-${n}>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}`
        : `HTTP/1.1 200 OK\r\n\r\n{"name":"${id}"}`
    }
    const { poll, results } = rig((request) => partsOf(request, body))
    played(() => void ['good', 'lost', 'big', 'twice'].map(poll))
    expect(Object.fromEntries(results)).to.deep.equal({
      good: { name: 'good' },
      lost: { _tag: 'ConnectionFailed', code: 'BATCH_PART_MISSING' },
      twice: { _tag: 'ConnectionFailed', code: 'BATCH_PART_MISSING' },
      big: { _tag: 'BodyTooLarge', maxResponseBytes: 1_000, httpStatus: 200, headers: {} },
    })
  })

  it('should emit the error of a part to its poll, and send the poll as a single request if the error is a 401', () => {
    const { poll, results, sent } = rig((request) =>
      partsOf(
        request,
        (id) =>
          `HTTP/1.1 ${id === 'gone' ? '404 Not Found' : id === 'stale' ? '401 Unauthorized' : '200 OK'}\r\n\r\n{"of":"${id}"}`,
      ),
    )
    played(() => void ['good', 'gone', 'stale'].map(poll))
    expect(results.get('gone')).to.deep.equal({ of: 'gone' })
    expect(results.get('stale')).to.deep.equal({ name: 'operations/stale', by: 'single' })
    expect(sent()).to.deep.equal(['50 batch of 3', '50 stale'])
  })

  for (const [description, outcome, emitted] of [
    ['a lost connection', lost(), { _tag: 'ConnectionFailed', code: 'ECONNRESET' }],
    ['a 503', unavailable, !isLeft(unavailable) && unavailable.right.body],
    ['a 429', http(429, 'slow'), 'slow'],
    ['a 403 because of a rate limit', rateLimit, !isLeft(rateLimit) && rateLimit.right.body],
  ] as const)
    it(`should emit ${description} to all polls if it is the result of the batch`, () => {
      const { poll, results, sent } = rig(() => outcome)
      played(() => void ['a', 'b'].map(poll))
      expect([...results.values()]).to.deep.equal([emitted, emitted])
      expect(sent()).to.deep.equal(['50 batch of 2'])
    })

  for (const httpStatus of [404, 405, 501])
    it(`should send all later polls as single requests if the server returns ${httpStatus}`, () => {
      const { poll, results, sent } = rig(() => http(httpStatus, '<html>'))
      played(() => {
        ;['a', 'b'].map(poll)
        at(1_000, () => ['c', 'd'].map(poll))
      })
      expect(sent()).to.deep.equal(['50 batch of 2', '50 a', '50 b', '1000 c', '1000 d'])
      expect(results.get('d')).to.deep.equal({ name: 'operations/d', by: 'single' })
    })

  for (const [description, outcome] of [
    ['rejects batches', http(400, {})],
    ['returns no parts', http(200, '<html>')],
    [
      'returns too many bytes',
      left({ _tag: 'BodyTooLarge' as const, maxResponseBytes: 64, httpStatus: 200 }),
    ],
    [
      'returns parts without valid IDs',
      http(200, '--r\r\nContent-ID: <response-x>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}\r\n--r--', {
        'content-type': 'multipart/mixed; boundary=r',
      }),
    ],
  ] as const)
    it(`should send polls as single requests if the server ${description}, and disable batches after three such responses`, () => {
      const { poll, sent } = rig(() => outcome)
      played(() => {
        for (let n = 0; n < 4; n++) at(n * 1_000, () => ['a', 'b'].map(poll))
      })
      expect(sent().filter((text) => text.includes('batch'))).to.deep.equal([
        '50 batch of 2',
        '1050 batch of 2',
        '2050 batch of 2',
      ])
      expect(sent().slice(-2)).to.deep.equal(['3000 a', '3000 b'])
    })

  it('should complete the polls if the batch completes without a response', () => {
    const transport = withBatch(SETTINGS)(() => EMPTY)
    let completed = 0
    played(() => {
      for (const id of ['a', 'b']) transport(get(id)).subscribe({ complete: () => completed++ })
    })
    expect(completed).to.equal(2)
  })

  it('should assign parts to polls by position if the parts have no IDs', () => {
    const { poll, results } = rig((request) => {
      const outcome = partsOf(request)
      return isLeft(outcome)
        ? outcome
        : right({
            ...outcome.right,
            body: String(outcome.right.body).replaceAll(/Content-ID.*\r\n/g, 'X: y\r\n'),
          })
    })
    played(() => void ['a', 'b'].map(poll))
    expect([...results.values()]).to.deep.equal([{ name: 'operations/a' }, { name: 'operations/b' }])
  })

  it('should treat a part without an ID as missing if it has the name of another poll', () => {
    const { poll, results } = rig((request) => {
      const outcome = partsOf(request, (id) => {
        const name = { a: 'b', b: 'c', c: 'renamed' }[id]
        return `HTTP/1.1 200 OK\r\n\r\n{"name":"operations/${name}"}`
      })
      return isLeft(outcome)
        ? outcome
        : right({
            ...outcome.right,
            body: String(outcome.right.body).replaceAll(/Content-ID.*\r\n/g, 'X: y\r\n'),
          })
    })
    played(() => void ['a', 'b', 'c'].map(poll))
    const missing = { _tag: 'ConnectionFailed', code: 'BATCH_PART_MISSING' }
    expect([...results.values()]).to.deep.equal([missing, missing, { name: 'operations/renamed' }])
  })

  it('should send no batch if the service does not support batches', () => {
    const methods: string[] = []
    const transport = withBatch({ ...SETTINGS, batchPath: undefined })(({ method }) => {
      methods.push(method)
      return NEVER
    })
    for (const id of ['a', 'b']) transport(get(id)).subscribe().unsubscribe()
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
    const name = (n: number): string => `operations/o${n}`

    // anchor: batched-polls
    it('should watch 100 operations with few requests', async () => {
      await using emulator = await startEmulator()
      for (let n = 0; n < 100; n++)
        emulator.operations.add(name(n), [{}, { polls: 3, done: true, response: { n } }])
      const options: ClientOptions = { endpoint: emulator.endpoint, batch: { window: 20 }, rateLimit: false }
      await using client = new OperationsClient(options)
      const results = await firstValueFrom(
        forkJoin(Array.from({ length: 100 }, (_, n) => client.watch(name(n), { schedule }))),
      )
      for (const [n, emission] of results.entries())
        expect(emission).to.have.nested.property('right.response').that.deep.equals({ n })
      expect(emulator.operations.polls(name(0))).to.equal(3)
      expect(emulator.requests.length).to.be.below(60)
      expect(emulator.requests.flatMap(({ parts = [] }) => parts).length).to.be.above(200)
    })

    it('should retry a truncated part, and report a missing operation', async () => {
      await using emulator = await startEmulator()
      emulator.operations.add(name(1), [{ fault: 'reset' }, { polls: 2, done: true }])
      emulator.operations.add(name(2), [{ done: true }])
      const options: ClientOptions = { endpoint: emulator.endpoint, batch: true, random: () => 0 }
      await using client = new OperationsClient(options)
      const watches = [1, 2, 3].map((n) => client.watch(name(n), { schedule, visibilityWindow: 0 }))
      const tags = (await firstValueFrom(forkJoin(watches))).map((emission) =>
        isLeft(emission) ? emission.left._tag : emission.right._tag,
      )
      expect(tags).to.deep.equal(['Succeeded', 'Succeeded', 'OperationNotFound'])
    })

    it('should decode a bare google.rpc.Status in a part', async () => {
      await using emulator = await startEmulator()
      const body = JSON.stringify({ code: 5, message: 'Operation not found.', details: [] })
      const missing = { httpResponse: { httpStatus: 404, body } }
      emulator.operations.add(name(1), [missing, { polls: 2, done: true }])
      emulator.operations.add(name(2), [missing])
      await using client = new OperationsClient({ endpoint: emulator.endpoint, batch: true })
      const watches = [1, 2].map((n) => client.watch(name(n), { schedule, visibilityWindow: 100 }))
      const [first, second] = await firstValueFrom(forkJoin(watches))
      expect(first).to.have.nested.property('right._tag', 'Succeeded')
      expect(second).to.have.nested.property(
        'left.message',
        `${name(2)} was not found: NOT_FOUND: Operation not found.`,
      )
    })

    it('should send polls as single requests if the server does not support batches', async () => {
      await using emulator = await startEmulator({ batch: false })
      for (const n of [1, 2]) emulator.operations.add(name(n), [{ done: true }])
      await using client = new OperationsClient({ endpoint: emulator.endpoint, batch: true })
      const emissions = await firstValueFrom(forkJoin([1, 2].map((n) => client.watch(name(n)))))
      expect(emissions.some(isLeft)).to.equal(false)
      expect(emulator.requests.map(({ method }) => method).sort()).to.deep.equal(['GET', 'GET', 'POST'])
    })

    it('should send the credential with the batch, and renew it if the batch response is a 401', async () => {
      await using emulator = await startEmulator({
        fault: ({ headers }) =>
          headers.authorization === 'Bearer new'
            ? undefined
            : { httpResponse: { httpStatus: 401, body: { error: { code: 401 } } } },
      })
      for (const n of [1, 2]) emulator.operations.add(name(n), [{ done: true }])
      let calls = 0
      const auth = {
        getRequestHeaders: async () => ({ authorization: calls++ === 0 ? 'Bearer old' : 'Bearer new' }),
      }
      await using client = new OperationsClient({ endpoint: emulator.endpoint, batch: true, auth })
      const emissions = await firstValueFrom(forkJoin([1, 2].map((n) => client.watch(name(n)))))
      expect(emissions.some(isLeft)).to.equal(false)
      for (const { parts = [] } of emulator.requests)
        for (const { headers } of parts) expect(JSON.stringify(headers)).to.match(/Bearer (old|new)/)
    })
  })
})
