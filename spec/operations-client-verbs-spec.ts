import { expect } from 'chai'
import { type Either, isLeft, left } from 'fp-ts/lib/Either.js'
import {
  concat,
  count,
  defer,
  lastValueFrom,
  map,
  NEVER,
  type Observable,
  of,
  take,
  timer,
  toArray,
} from 'rxjs'
import {
  type ClientOptions,
  constant,
  InvalidOption,
  type Operation,
  type OperationError,
  OperationsClient,
  service,
  type Transport,
} from '../lib/index.js'
import {
  delayed,
  http,
  inVirtualTime,
  lost,
  type Outcome,
  type Reply,
  rpcError,
  scripted,
  TAGS,
  tags,
  unavailable,
} from './virtual.js'

const PARENT = 'projects/p/locations/l'
const NAME = `${PARENT}/operations/x`
const RUN = service('run')
/** Google's own services all lack one method or the other; this one has all. */
const ALL: ClientOptions = service('aiplatform', { location: 'europe-west1' })
const OK: Reply = http(200, {})
const runs: Reply = http(200, { name: NAME })
const ends: Reply = http(200, { name: NAME, done: true })

function only<A>(source: Observable<A>): Promise<A[]> {
  return lastValueFrom(source.pipe(toArray()), { defaultValue: [] })
}

function tagOf(word: Either<OperationError, unknown>): string {
  return isLeft(word) ? word.left._tag : ((word.right as Operation | undefined)?._tag ?? 'Done')
}

function client(replies: readonly Reply[], options: ClientOptions = ALL) {
  const script = scripted(...replies)
  return {
    ...script,
    client: new OperationsClient({ ...options, transport: script.transport, random: () => 0.5 }),
  }
}

describe('operations-client, the other methods', () => {
  describe('list', () => {
    const page = (names: readonly string[], nextPageToken?: string): Outcome =>
      http(200, {
        operations: names.map((name) => ({ name: `${PARENT}/operations/${name}` })),
        nextPageToken,
      })

    it('should emit the operations of all pages, and ask each page by the token of the one before', async () => {
      const { client: asking, requests } = client([page(['a', 'b'], 't1'), page([], 't2'), page(['c'])])
      const words = await only(asking.list(PARENT, { filter: 'done=false', pageSize: 2 }))
      expect(words.map((word) => !isLeft(word) && word.right.name.slice(-1))).to.deep.equal(['a', 'b', 'c'])
      expect(requests.map(({ url }) => new URL(url).search)).to.deep.equal([
        '?filter=done%3Dfalse&pageSize=2',
        '?filter=done%3Dfalse&pageSize=2&pageToken=t1',
        '?filter=done%3Dfalse&pageSize=2&pageToken=t2',
      ])
      expect(new URL(requests[0]?.url ?? '').pathname).to.equal(`/v1/${PARENT}/operations`)
    })

    it('should ask no page that nobody takes from', async () => {
      const { client: asking, requests } = client([page(['a', 'b'], 't1'), page(['c'])])
      expect(await only(asking.list(PARENT).pipe(take(2)))).to.have.length(2)
      expect(requests).to.have.length(1)
    })

    it('should read ten thousand pages, and hold on to none', async () => {
      let n = 0
      const transport: Transport = () =>
        defer(() => Promise.resolve(page([`${++n}`], n < 10_000 ? `${n}` : undefined)))
      const asking = new OperationsClient({ ...ALL, transport, rateLimit: false })
      const last = await lastValueFrom(asking.list(PARENT).pipe(count()))
      expect(last).to.equal(10_000)
    })

    it('should emit those that failed and those that cannot be read on the Left, and go on', async () => {
      const { client: asking } = client([
        http(200, {
          operations: [
            { name: NAME, done: true, error: { code: 3 } },
            'odd',
            { name: NAME, done: true, response: 1 },
          ],
        }),
      ])
      const words = await only(asking.list(PARENT))
      expect(words.map(tagOf)).to.deep.equal(['OperationFailed', 'MalformedResponse', 'Succeeded'])
      expect(words[1]).to.have.nested.property('left.path', 'operations.1')
    })

    it('should read responses and metadata by the decoders', async () => {
      const { client: asking } = client([http(200, { operations: [{ name: NAME, metadata: { step: 1 } }] })])
      const metadata = (value: unknown) => ({ _tag: 'Right', right: JSON.stringify(value) }) as const
      expect((await only(asking.list(PARENT, { metadata })))[0]).to.have.nested.property(
        'right.metadata',
        '{"step":1}',
      )
    })

    it('should ask a page again while failures may pass, and end by them when maxRetryTime is over', () => {
      inVirtualTime(({ expectObservable, flush }) => {
        const passing = client([unavailable, lost(), page(['a'])])
        expectObservable(passing.client.list(PARENT).pipe(tags())).toBe('750ms (r|)', TAGS)
        const lasting = client([unavailable])
        expectObservable(lasting.client.list(PARENT, { maxRetryTime: 200 }).pipe(tags())).toBe(
          '200ms (u|)',
          TAGS,
        )
        flush()
        expect(passing.polledAt).to.deep.equal([0, 250, 750])
      })
    })

    it('should end with what refuses the list', async () => {
      for (const reply of [rpcError(403, 'PERMISSION_DENIED'), rpcError(404, 'NOT_FOUND')]) {
        const words = await only(client([page(['a'], 't'), reply]).client.list(PARENT))
        expect(words.map(tagOf)).to.deep.equal(['Running', 'RequestRejected'])
      }
    })

    it('should end where a page leads to itself', async () => {
      const { client: asking, requests } = client([page(['a'], 't'), page(['b'], 't')])
      expect((await only(asking.list(PARENT))).map(tagOf)).to.deep.equal([
        'Running',
        'Running',
        'MalformedResponse',
      ])
      expect(requests).to.have.length(2)
    })

    it('should end with ClientClosed, and abort what is asked', () => {
      inVirtualTime(({ expectObservable, flush }) => {
        const { client: asking, abortedAt } = client([page(['a'], 't'), 'never'])
        expectObservable(asking.list(PARENT).pipe(tags())).toBe('r 99ms (x|)', TAGS)
        timer(100).subscribe(() => asking.close())
        flush()
        expect(abortedAt).to.deep.equal([100])
      })
    })

    it('should end where pages lead in a circle', async () => {
      const { client: asking, requests } = client([page(['a'], 't'), page(['b'], 'u'), page(['c'], 't')])
      expect((await only(asking.list(PARENT))).map(tagOf).slice(-1)).to.deep.equal(['MalformedResponse'])
      expect(requests).to.have.length(3)
    })

    it('should read thousands of pages that come at once', async () => {
      let n = 0
      const transport: Transport = () => of(page([], ++n < 3_000 ? `${n}` : undefined))
      const asking = new OperationsClient({ ...ALL, transport, rateLimit: false })
      expect(await only(asking.list(PARENT))).to.deep.equal([])
      expect(n).to.equal(3_000)
    })

    it('should take the collection itself for a parent, and nothing where the service names it so', async () => {
      const { client: asking, requests } = client([page(['a'])])
      await only(asking.list(`${PARENT}/operations`))
      const channel = client([page(['a'])], service('cloudchannel'))
      await only(channel.client.list(''))
      expect([...requests, ...channel.requests].map(({ url }) => new URL(url).pathname)).to.deep.equal([
        `/v1/${PARENT}/operations`,
        '/v1/operations',
      ])
    })

    it('should refuse a parent that is none, without a request', async () => {
      const { client: asking, requests } = client([page([])])
      for (const parent of ['organizations/1', '../x', 'projects/p?key=S3CRET', 7 as never]) {
        const words = await only(asking.list(parent))
        expect(words.map(tagOf)).to.deep.equal(['InvalidName'])
        expect(JSON.stringify(words)).to.not.include('S3CRET')
      }
      expect(requests).to.deep.equal([])
    })

    for (const options of [{ pageSize: 0 }, { pageSize: 1.5 }, { filter: 5 as never }, { maxRetryTime: -1 }])
      it(`should refuse ${JSON.stringify(options)} at once`, () => {
        expect(() => client([OK]).client.list(PARENT, options)).to.throw(
          InvalidOption,
          Object.keys(options)[0],
        )
      })
  })

  for (const verb of ['cancel', 'delete'] as const)
    describe(verb, () => {
      it('should ask once and say that it was done', async () => {
        const { client: asking, requests } = client([OK])
        expect(await only(asking[verb](NAME))).to.deep.equal([{ _tag: 'Right', right: undefined }])
        expect(requests.map(({ method, url }) => [method, new URL(url).pathname])).to.deep.equal([
          verb === 'cancel' ? ['POST', `/v1/${NAME}:cancel`] : ['DELETE', `/v1/${NAME}`],
        ])
      })

      it('should not mind what a success says', async () => {
        for (const reply of [http(200), http(204), http(200, 'x'), http(200, [1])])
          expect((await only(client([reply]).client[verb](NAME))).map(tagOf)).to.deep.equal(['Done'])
      })

      it('should ask again while failures may pass', () => {
        inVirtualTime(({ expectObservable, flush }) => {
          const passing = client([unavailable, OK])
          expectObservable(passing.client[verb](NAME).pipe(map(tagOf))).toBe('250ms (d|)', { d: 'Done' })
          const once = client([unavailable])
          expectObservable(once.client[verb](NAME, { maxRetryTime: 0 }).pipe(map(tagOf))).toBe('(u|)', TAGS)
          flush()
          expect(passing.polledAt).to.deep.equal([0, 250])
        })
      })

      it('should tell of an operation that is not there, and of a refusal', async () => {
        expect(
          (await only(client([rpcError(404, 'NOT_FOUND')]).client[verb](NAME))).map(tagOf),
        ).to.deep.equal(['OperationNotFound'])
        const refused = client([rpcError(400, 'FAILED_PRECONDITION')])
        expect((await only(refused.client[verb](NAME))).map(tagOf)).to.deep.equal(['RequestRejected'])
      })

      it('should end with ClientClosed', async () => {
        const { client: asking } = client(['never'])
        const words = only(asking[verb](NAME))
        asking.close()
        expect((await words).map(tagOf)).to.deep.equal(['ClientClosed'])
      })
    })

  describe('a 404 to a delete', () => {
    const gone = rpcError(404, 'NOT_FOUND')
    const noToken: Outcome = left({ _tag: 'NoCredentials', transient: true, reason: 'r' })
    for (const [what, first, tag] of [
      ['after an answer that was lost', lost(), 'Done'],
      ['after a 503', unavailable, 'Done'],
      ['after a 429, which was not carried out', http(429), 'OperationNotFound'],
      ['when there was no token at first', noToken, 'OperationNotFound'],
    ] as const)
      it(`should mean ${tag} ${what}`, () => {
        inVirtualTime(({ expectObservable }) => {
          expectObservable(client([first, gone]).client.delete(NAME).pipe(map(tagOf))).toBe('250ms (d|)', {
            d: tag,
          })
        })
      })

    it('should mean nothing else to a cancel', () => {
      inVirtualTime(({ expectObservable }) => {
        expectObservable(client([lost(), gone]).client.cancel(NAME).pipe(map(tagOf))).toBe('250ms (n|)', TAGS)
      })
    })
  })

  describe('wait', () => {
    it('should let the server hold its answer, and answer with it', async () => {
      const { client: asking, requests } = client([ends])
      expect((await only(asking.wait(NAME, { timeout: 45_000 }))).map(tagOf)).to.deep.equal(['Succeeded'])
      expect(requests[0]).to.include({ method: 'POST', body: '{"timeout":"45s"}', hold: 45_000 })
    })

    it('should answer with a transient failure as get does', async () => {
      const { client: asking, requests } = client([unavailable])
      expect((await only(asking.wait(NAME))).map(tagOf)).to.deep.equal(['Unreachable'])
      expect(requests).to.have.length(1)
    })

    it('should send whole milliseconds, as the API reads them', async () => {
      const { client: asking, requests } = client([ends])
      await only(asking.wait(NAME, { timeout: 100.1 }))
      expect(requests[0]?.body).to.equal('{"timeout":"0.1s"}')
    })

    it('should refuse a time out of its range', () => {
      expect(() => client([ends]).client.wait(NAME, { timeout: 0 })).to.throw(InvalidOption, 'timeout')
    })
  })

  describe('of a service that lacks the method', () => {
    const lacks: readonly (readonly [
      string,
      (asking: OperationsClient) => Observable<Either<OperationError, unknown>>,
    ])[] = [
      ['list', (asking) => asking.list('')],
      ['cancel', (asking) => asking.cancel('operations/cp.1')],
      ['delete', (asking) => asking.delete('operations/cp.1')],
      ['wait', (asking) => asking.wait('operations/cp.1')],
    ]
    for (const [verb, ask] of lacks)
      it(`should say so of ${verb} without a request`, async () => {
        const { client: asking, requests } = client([OK], {})
        expect(await only(ask(asking)))
          .to.have.nested.property('[0].left')
          .that.deep.includes({
            _tag: 'RequestRejected',
            httpStatus: 501,
            status: {
              code: 12,
              codeName: 'UNIMPLEMENTED',
              message: `nothing was sent, for Resource Manager has no operations.${verb}`,
              details: [],
            },
          })
        expect(requests).to.deep.equal([])
      })

    it('should ask a service of which nothing is known', async () => {
      const { client: asking, requests } = client([OK], { endpoint: 'https://e.example' })
      expect((await only(asking.cancel(NAME))).map(tagOf)).to.deep.equal(['Done'])
      expect(requests).to.have.length(1)
    })
  })

  describe('names', () => {
    it('should be those of the service, before anything is asked', async () => {
      const { client: asking, requests } = client([runs], RUN)
      for (const word of [
        await only(asking.watch('operations/x')),
        await only(asking.get('projects/p/operations/x')),
        await only(asking.cancel('folders/1/locations/l/operations/x')),
      ])
        expect(word.map(tagOf)).to.deep.equal(['InvalidName'])
      expect(requests).to.deep.equal([])
    })

    it('should be those of Resource Manager where nothing else is said', async () => {
      const { client: asking } = client([runs], {})
      expect(await only(asking.get(NAME)))
        .to.have.nested.property('[0].left')
        .that.includes({
          _tag: 'InvalidName',
          reason: 'Resource Manager operations are named "operations/**"',
        })
    })
  })

  describe('longPoll', () => {
    const schedule = constant({ interval: 1_000 })

    it('should ask at once, then by wait, and at once again when the server has held its answer', () => {
      inVirtualTime(({ expectObservable, flush }) => {
        const {
          client: asking,
          polledAt,
          requests,
        } = client([runs, delayed(30_000, runs), delayed(5_000, ends)])
        expectObservable(asking.watch(NAME, { longPoll: true, schedule }).pipe(tags())).toBe(
          'r 30999ms r 4999ms (s|)',
          TAGS,
        )
        flush()
        expect(polledAt).to.deep.equal([0, 1_000, 31_000])
        expect(requests.map(({ method, serverTimeout }) => [method, serverTimeout])).to.deep.equal([
          ['GET', undefined],
          ['POST', 30_000],
          ['POST', 30_000],
        ])
      })
    })

    it('should keep to the schedule where the server does not hold its answer', () => {
      inVirtualTime(({ expectObservable, flush }) => {
        const { client: asking, polledAt } = client([runs, delayed(400, runs), ends])
        expectObservable(asking.watch(NAME, { longPoll: true, schedule }).pipe(tags())).toBe(
          'r 1399ms r 599ms (s|)',
          TAGS,
        )
        flush()
        expect(polledAt).to.deep.equal([0, 1_000, 2_000])
      })
    })

    for (const httpStatus of [400, 403, 404, 405, 501])
      it(`should poll from then on where the server answers wait with ${httpStatus}`, () => {
        inVirtualTime(({ expectObservable, flush }) => {
          const { client: asking, requests } = client([runs, http(httpStatus, '<html>'), runs, runs, ends])
          expectObservable(asking.watch(NAME, { longPoll: true, schedule }).pipe(tags())).toBe(
            'r 999ms r 999ms r 999ms (s|)',
            TAGS,
          )
          flush()
          expect(requests.map(({ method }) => method)).to.deep.equal(['GET', 'POST', 'GET', 'GET', 'GET'])
        })
      })

    it('should only poll where the service has no wait, or is not known', () => {
      inVirtualTime(({ expectObservable, flush }) => {
        const artifacts = client([runs, ends], service('artifactregistry'))
        const unknown = client([runs, ends], { endpoint: 'https://e.example' })
        for (const { client: asking } of [artifacts, unknown])
          expectObservable(asking.watch(NAME, { longPoll: true, schedule }).pipe(tags())).toBe(
            'r 999ms (s|)',
            TAGS,
          )
        flush()
        for (const { method } of [...artifacts.requests, ...unknown.requests]) expect(method).to.equal('GET')
      })
    })

    it('should share no loop with a watch that only polls', () => {
      inVirtualTime(({ expectObservable, flush }) => {
        const { client: asking, polledAt } = client([runs, runs, ends])
        for (const longPoll of [true, false])
          expectObservable(
            concat(asking.watch(NAME, { longPoll, schedule }), NEVER).pipe(tags()),
            '500ms !',
          ).toBe('r', TAGS)
        flush()
        expect(polledAt).to.deep.equal([0, 0])
      })
    })

    it('should be true or false', () => {
      expect(() => client([runs]).client.watch(NAME, { longPoll: 5 as never })).to.throw(
        InvalidOption,
        'longPoll',
      )
    })
  })

  it('should send nothing before it is subscribed to', () => {
    const { client: asking, requests } = client([OK])
    for (const ask of [asking.list(PARENT), asking.cancel(NAME), asking.delete(NAME), asking.wait(NAME)])
      expect(ask).to.not.equal(of())
    expect(requests).to.deep.equal([])
  })
})
