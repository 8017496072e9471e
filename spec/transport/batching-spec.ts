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
import { http, inVirtualTime, lost, type Outcome, unavailable } from '../virtual.js'

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
function single(id: string): Outcome {
  return http(200, { name: `operations/${id}`, by: 'itself' })
}

/** What a server answers to a batch: by default each part its name, in order. */
function partsOf(
  { body = '' }: TransportRequest,
  answer: (id: string, n: number) => string | undefined = (id) =>
    `HTTP/1.1 200 OK\r\n\r\n{"name":"operations/${id}"}`,
): Outcome {
  const parts = [...body.matchAll(/Content-ID: <(\d+)>\r\n\r\nGET (\S+)/g)].map(([, n, path = '']) => {
    const said = answer(idOf(path), Number(n))
    return said === undefined ? '' : `--r\r\nContent-ID: <response-${n}>\r\n\r\n${said}\r\n`
  })
  return http(200, `${parts.join('')}--r--\r\n`, { 'content-type': 'multipart/mixed; boundary=r' })
}

/** Batches in virtual time, before a server; what was asked, and when. */
function rig(
  whole: (request: TransportRequest) => Outcome = partsOf,
  after = 0,
  settings: Partial<typeof SETTINGS> = {},
) {
  const asked: { at: number; request: TransportRequest }[] = []
  const aborted: number[] = []
  const network: Transport = (request) =>
    new Observable((subscriber) => {
      asked.push({ at: asyncScheduler.now(), request })
      const answer = request.method === 'POST' ? whole(request) : single(idOf(request.url))
      let isAnswered = false
      const sent = of(answer)
        .pipe(delay(after))
        .subscribe((outcome) => {
          isAnswered = true
          subscriber.next(outcome)
          subscriber.complete()
        })
      return () => {
        if (!isAnswered) aborted.push(asyncScheduler.now())
        sent.unsubscribe()
      }
    })
  const transport = withBatch({ ...SETTINGS, ...settings })(network)
  const answers = new Map<string, unknown>()
  const ask = (id: string | number): Subscription =>
    transport(get(id)).subscribe((outcome) =>
      answers.set(
        String(id),
        isLeft(outcome) ? outcome.left : (outcome.right.body ?? outcome.right.httpStatus),
      ),
    )
  const sent = () =>
    asked.map(({ at, request: { method, body = '', url } }) =>
      method === 'POST' ? `${at} batch of ${body.split('Content-ID').length - 1}` : `${at} ${idOf(url)}`,
    )
  return { ask, asked, aborted, answers, sent, transport }
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

describe('transport/batch', () => {
  it('should gather what comes within its window, and give each its own part', () => {
    const { ask, sent, answers, asked } = rig()
    played(() => {
      for (const id of ['a', 'b']) ask(id)
      at(49, () => ask('c'))
      at(51, () => ask('d'))
      at(60, () => ask('e'))
    })
    expect(sent()).to.deep.equal(['50 batch of 3', '101 batch of 2'])
    for (const id of 'abcde') expect(answers.get(id)).to.deep.equal({ name: `operations/${id}` })
    expect(asked[0]?.request).to.deep.include({
      url: 'https://e.googleapis.com/batch',
      maxResponseBytes: 64 * 2 ** 20,
    })
    expect(asked[0]?.request.headers).to.include({ accept: 'application/json' })
    expect(asked[0]?.request.headers['content-type']).to.match(/^multipart\/mixed; boundary=\S+$/)
  })

  it('should go at once when it is full', () => {
    const { ask, sent } = rig(partsOf, 0, { max: 3 })
    played(() => {
      for (let n = 0; n < 7; n++) ask(n)
    })
    expect(sent()).to.deep.equal(['0 batch of 3', '0 batch of 3', '50 6'])
  })

  it('should ask one alone by itself', () => {
    const { ask, sent, answers } = rig()
    played(() => ask('a'))
    expect(sent()).to.deep.equal(['50 a'])
    expect(answers.get('a')).to.deep.equal({ name: 'operations/a', by: 'itself' })
  })

  it('should let pass what is no plain GET', () => {
    const { transport, sent } = rig(() => http(200, {}))
    played(() => {
      transport({ ...get('a'), method: 'DELETE' }).subscribe()
      transport({ ...get('b'), serverTimeout: 1_000 }).subscribe()
      transport({ ...get('c'), method: 'POST', body: '{}' }).subscribe()
    })
    expect(sent()).to.deep.equal(['0 a', '0 b', '0 batch of 0'])
  })

  it('should drop one that leaves before it is sent, and send nothing when all have left', () => {
    const { ask, sent } = rig()
    played(() => {
      const [a, , c] = ['a', 'b', 'c'].map(ask)
      at(10, () => a?.unsubscribe())
      at(20, () => c?.unsubscribe())
      at(100, () => {
        const both = ['d', 'e'].map(ask)
        at(10, () => both.forEach((one) => void one.unsubscribe()))
      })
    })
    expect(sent()).to.deep.equal(['50 b'])
  })

  it('should abort a batch when the last one leaves, and not before', () => {
    const { ask, aborted, answers } = rig(partsOf, 1_000)
    played(() => {
      const [a, b] = ['a', 'b'].map(ask)
      at(100, () => a?.unsubscribe())
      at(200, () => b?.unsubscribe())
      at(300, () =>
        ['c', 'd']
          .map(ask)
          .slice(0, 1)
          .forEach((one) => void at(400, () => one.unsubscribe())),
      )
    })
    expect(aborted).to.deep.equal([200])
    expect([...answers.keys()]).to.deep.equal(['d'])
  })

  it('should take a part that is missing, there twice or over its limit for a failure of that one', () => {
    const body = (id: string, n: number): string | undefined => {
      if (id === 'lost') return undefined
      if (id === 'big') return `HTTP/1.1 200 OK\r\n\r\n"${'x'.repeat(2_000)}"`
      return id === 'twice'
        ? `HTTP/1.1 200 OK\r\n\r\n{}\r\n--r\r\nContent-ID: <response-${n}>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}`
        : `HTTP/1.1 200 OK\r\n\r\n{"name":"${id}"}`
    }
    const { ask, answers } = rig((request) => partsOf(request, body))
    played(() => void ['good', 'lost', 'big', 'twice'].map(ask))
    expect(Object.fromEntries(answers)).to.deep.equal({
      good: { name: 'good' },
      lost: { _tag: 'ConnectionFailed', code: 'BATCH_PART_MISSING' },
      twice: { _tag: 'ConnectionFailed', code: 'BATCH_PART_MISSING' },
      big: { _tag: 'BodyTooLarge', maxResponseBytes: 1_000, httpStatus: 200, headers: {} },
    })
  })

  it('should give an inner error as the answer of that one, and ask after a 401 singly', () => {
    const { ask, answers, sent } = rig((request) =>
      partsOf(
        request,
        (id) =>
          `HTTP/1.1 ${id === 'gone' ? '404 Not Found' : id === 'stale' ? '401 Unauthorized' : '200 OK'}\r\n\r\n{"of":"${id}"}`,
      ),
    )
    played(() => void ['good', 'gone', 'stale'].map(ask))
    expect(answers.get('gone')).to.deep.equal({ of: 'gone' })
    expect(answers.get('stale')).to.deep.equal({ name: 'operations/stale', by: 'itself' })
    expect(sent()).to.deep.equal(['50 batch of 3', '50 stale'])
  })

  for (const [what, outcome, seen] of [
    ['a lost connection', lost(), { _tag: 'ConnectionFailed', code: 'ECONNRESET' }],
    ['a 503', unavailable, !isLeft(unavailable) && unavailable.right.body],
    ['a 429', http(429, 'slow'), 'slow'],
    ['a 403 of a rate limit', rateLimit, !isLeft(rateLimit) && rateLimit.right.body],
  ] as const)
    it(`should give ${what} to all`, () => {
      const { ask, answers, sent } = rig(() => outcome)
      played(() => void ['a', 'b'].map(ask))
      expect([...answers.values()]).to.deep.equal([seen, seen])
      expect(sent()).to.deep.equal(['50 batch of 2'])
    })

  for (const httpStatus of [404, 405, 501])
    it(`should ask singly from then on where the server answers ${httpStatus}`, () => {
      const { ask, answers, sent } = rig(() => http(httpStatus, '<html>'))
      played(() => {
        ;['a', 'b'].map(ask)
        at(1_000, () => ['c', 'd'].map(ask))
      })
      expect(sent()).to.deep.equal(['50 batch of 2', '50 a', '50 b', '1000 c', '1000 d'])
      expect(answers.get('d')).to.deep.equal({ name: 'operations/d', by: 'itself' })
    })

  for (const [what, outcome] of [
    ['refuses them', http(400, {})],
    ['answers without parts', http(200, '<html>')],
    ['answers with too much', left({ _tag: 'BodyTooLarge' as const, maxResponseBytes: 64, httpStatus: 200 })],
    [
      'answers to nobody',
      http(200, '--r\r\nContent-ID: <response-x>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}\r\n--r--', {
        'content-type': 'multipart/mixed; boundary=r',
      }),
    ],
  ] as const)
    it(`should ask singly where the server ${what}, and send no batch after three`, () => {
      const { ask, sent } = rig(() => outcome)
      played(() => {
        for (let n = 0; n < 4; n++) at(n * 1_000, () => ['a', 'b'].map(ask))
      })
      expect(sent().filter((text) => text.includes('batch'))).to.deep.equal([
        '50 batch of 2',
        '1050 batch of 2',
        '2050 batch of 2',
      ])
      expect(sent().slice(-2)).to.deep.equal(['3000 a', '3000 b'])
    })

  it('should complete where the whole completes without an answer', () => {
    const transport = withBatch(SETTINGS)(() => EMPTY)
    let completed = 0
    played(() => {
      for (const id of ['a', 'b']) transport(get(id)).subscribe({ complete: () => completed++ })
    })
    expect(completed).to.equal(2)
  })

  it('should read parts without ids by their order', () => {
    const { ask, answers } = rig((request) => {
      const outcome = partsOf(request)
      return isLeft(outcome)
        ? outcome
        : right({
            ...outcome.right,
            body: String(outcome.right.body).replaceAll(/Content-ID.*\r\n/g, 'X: y\r\n'),
          })
    })
    played(() => void ['a', 'b'].map(ask))
    expect([...answers.values()]).to.deep.equal([{ name: 'operations/a' }, { name: 'operations/b' }])
  })

  it('should take a part without an id for missing that tells of what another asked for', () => {
    const { ask, answers } = rig((request) => {
      const outcome = partsOf(request, (id) => {
        const told = { a: 'b', b: 'c', c: 'renamed' }[id]
        return `HTTP/1.1 200 OK\r\n\r\n{"name":"operations/${told}"}`
      })
      return isLeft(outcome)
        ? outcome
        : right({
            ...outcome.right,
            body: String(outcome.right.body).replaceAll(/Content-ID.*\r\n/g, 'X: y\r\n'),
          })
    })
    played(() => void ['a', 'b', 'c'].map(ask))
    const missing = { _tag: 'ConnectionFailed', code: 'BATCH_PART_MISSING' }
    expect([...answers.values()]).to.deep.equal([missing, missing, { name: 'operations/renamed' }])
  })

  it('should send nothing where the service is known to have none', () => {
    const asked: string[] = []
    const transport = withBatch({ ...SETTINGS, batchPath: undefined })(({ method }) => {
      asked.push(method)
      return NEVER
    })
    for (const id of ['a', 'b']) transport(get(id)).subscribe().unsubscribe()
    expect(asked).to.deep.equal(['GET', 'GET'])
  })

  for (const [batch, message] of [
    ['yes', 'batch must be true, false, or { max, window }, got "yes"'],
    [{ max: 1 }, 'batch.max must be a number from 2 to 1000, got 1'],
    [{ window: 2_000 }, 'batch.window must be a number of milliseconds from 0 to 1000, got 2000'],
  ] as const)
    it(`should be refused: ${message}`, () => {
      expect(() => new OperationsClient({ batch: batch as never })).to.throw(InvalidOption, message)
    })

  describe('over real sockets', () => {
    const schedule = constant({ interval: 1 })
    const name = (n: number): string => `operations/o${n}`

    it('should watch a hundred operations by a few requests', async () => {
      await using emulator = await startEmulator()
      for (let n = 0; n < 100; n++)
        emulator.operations.add(name(n), [{}, { polls: 3, done: true, response: { n } }])
      const options: ClientOptions = { endpoint: emulator.endpoint, batch: { window: 20 }, rateLimit: false }
      await using client = new OperationsClient(options)
      const ends = await firstValueFrom(
        forkJoin(Array.from({ length: 100 }, (_, n) => client.watch(name(n), { schedule }))),
      )
      for (const [n, word] of ends.entries())
        expect(word).to.have.nested.property('right.response').that.deep.equals({ n })
      expect(emulator.operations.polls(name(0))).to.equal(3)
      expect(emulator.requests.length).to.be.below(60)
      expect(emulator.requests.flatMap(({ parts = [] }) => parts).length).to.be.above(200)
    })

    it('should bear a part that breaks, and one that is not there', async () => {
      await using emulator = await startEmulator()
      emulator.operations.add(name(1), [{ fault: 'reset' }, { polls: 2, done: true }])
      emulator.operations.add(name(2), [{ done: true }])
      const options: ClientOptions = { endpoint: emulator.endpoint, batch: true, random: () => 0 }
      await using client = new OperationsClient(options)
      const watches = [1, 2, 3].map((n) => client.watch(name(n), { schedule, visibilityWindow: 0 }))
      const tags = (await firstValueFrom(forkJoin(watches))).map((word) =>
        isLeft(word) ? word.left._tag : word.right._tag,
      )
      expect(tags).to.deep.equal(['Succeeded', 'Succeeded', 'OperationNotFound'])
    })

    it('should ask singly where the server has no batches', async () => {
      await using emulator = await startEmulator({ batch: false })
      for (const n of [1, 2]) emulator.operations.add(name(n), [{ done: true }])
      await using client = new OperationsClient({ endpoint: emulator.endpoint, batch: true })
      const words = await firstValueFrom(forkJoin([1, 2].map((n) => client.watch(name(n)))))
      expect(words.some(isLeft)).to.equal(false)
      expect(emulator.requests.map(({ method }) => method).sort()).to.deep.equal(['GET', 'GET', 'POST'])
    })

    it('should send the credential with the whole, and renew it after a 401 of the whole', async () => {
      await using emulator = await startEmulator({
        fault: ({ headers }) =>
          headers.authorization === 'Bearer new'
            ? undefined
            : { httpResponse: { httpStatus: 401, body: { error: { code: 401 } } } },
      })
      for (const n of [1, 2]) emulator.operations.add(name(n), [{ done: true }])
      let asked = 0
      const auth = {
        getRequestHeaders: async () => ({ authorization: asked++ === 0 ? 'Bearer old' : 'Bearer new' }),
      }
      await using client = new OperationsClient({ endpoint: emulator.endpoint, batch: true, auth })
      const words = await firstValueFrom(forkJoin([1, 2].map((n) => client.watch(name(n)))))
      expect(words.some(isLeft)).to.equal(false)
      for (const { parts = [] } of emulator.requests)
        for (const { headers } of parts) expect(JSON.stringify(headers)).to.match(/Bearer (old|new)/)
    })
  })
})
