import { expect } from 'chai'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
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
  follow,
  InvalidOption,
  type Operation,
  type OperationError,
  OperationsClient,
  orThrow,
  outcome,
  progress,
  service,
  type Transport,
  toTaskEither,
} from '../lib/index.js'
import {
  connectionLost,
  delayed,
  httpReply,
  inVirtualTime,
  type Reply,
  rpcError,
  scripted,
  TAGS,
  type TransportResult,
  tags,
  unavailable,
} from './virtual.js'

const PARENT = 'projects/p/locations/l'
const NAME = `${PARENT}/operations/x`
const CLOUD_RUN = service('run')
/** A service with all methods of google.longrunning.Operations, which only some services have. */
const ALL_METHODS: ClientOptions = service('aiplatform', { location: 'europe-west1' })
const emptyReply: Reply = httpReply(200, {})
const runningReply: Reply = httpReply(200, { name: NAME })
const doneReply: Reply = httpReply(200, { name: NAME, done: true })

function allEmissions<A>(source: Observable<A>): Promise<A[]> {
  return lastValueFrom(source.pipe(toArray()), { defaultValue: [] })
}

function tagOf(emission: Either<OperationError, unknown>): string {
  return isLeft(emission) ? emission.left._tag : ((emission.right as Operation | undefined)?._tag ?? 'Done')
}

function clientFor(replies: readonly Reply[], options: ClientOptions = ALL_METHODS) {
  const script = scripted(...replies)
  return {
    ...script,
    client: new OperationsClient({ ...options, transport: script.transport, random: () => 0.5 }),
  }
}

describe('operations-client: list, cancel, delete, wait and longPoll', () => {
  describe('list', () => {
    const pageReply = (names: readonly string[], nextPageToken?: string): TransportResult =>
      httpReply(200, {
        operations: names.map((name) => ({ name: `${PARENT}/operations/${name}` })),
        nextPageToken,
      })

    it('should emit the operations of all pages, and request each page with the token of the previous page', async () => {
      const { client, requests } = clientFor([
        pageReply(['a', 'b'], 't1'),
        pageReply([], 't2'),
        pageReply(['c']),
      ])
      const emissions = await allEmissions(client.list(PARENT, { filter: 'done=false', pageSize: 2 }))
      expect(
        emissions.map(
          (emission) => !isLeft(emission) && 'name' in emission.right && emission.right.name.slice(-1),
        ),
      ).to.deep.equal(['a', 'b', 'c'])
      expect(requests.map(({ url }) => new URL(url).search)).to.deep.equal([
        '?filter=done%3Dfalse&pageSize=2',
        '?filter=done%3Dfalse&pageSize=2&pageToken=t1',
        '?filter=done%3Dfalse&pageSize=2&pageToken=t2',
      ])
      expect(new URL(requests[0]?.url ?? '').pathname).to.equal(`/v1/${PARENT}/operations`)
    })

    it('should request no page after the subscriber has unsubscribed', async () => {
      const { client, requests } = clientFor([pageReply(['a', 'b'], 't1'), pageReply(['c'])])
      expect(await allEmissions(client.list(PARENT).pipe(take(2)))).to.have.length(2)
      expect(requests).to.have.length(1)
    })

    it('should emit the operations of 10,000 pages', async () => {
      let n = 0
      const transport: Transport = () =>
        defer(() => Promise.resolve(pageReply([`${++n}`], n < 10_000 ? `${n}` : undefined)))
      const client = new OperationsClient({ ...ALL_METHODS, transport, rateLimit: false })
      const operationCount = await lastValueFrom(client.list(PARENT).pipe(count()))
      expect(operationCount).to.equal(10_000)
    })

    it('should emit a Left for operations that failed or are malformed, and continue', async () => {
      const { client } = clientFor([
        httpReply(200, {
          operations: [
            { name: NAME, done: true, error: { code: 3 } },
            'odd',
            { name: NAME, done: true, response: 1 },
          ],
        }),
      ])
      const emissions = await allEmissions(client.list(PARENT))
      expect(emissions.map(tagOf)).to.deep.equal(['OperationFailed', 'MalformedResponse', 'Succeeded'])
      expect(emissions[1]).to.have.nested.property('left.path', 'operations.1')
    })

    it('should decode responses and metadata', async () => {
      const { client } = clientFor([httpReply(200, { operations: [{ name: NAME, metadata: { step: 1 } }] })])
      const metadata = (value: unknown) => ({ _tag: 'Right', right: JSON.stringify(value) }) as const
      expect((await allEmissions(client.list(PARENT, { metadata })))[0]).to.have.nested.property(
        'right.metadata',
        '{"step":1}',
      )
    })

    it('should retry a page after transient failures, and end with an error after maxRetryTime', () => {
      inVirtualTime(({ expectObservable, flush }) => {
        const recoveringSetup = clientFor([unavailable, connectionLost(), pageReply(['a'])])
        expectObservable(recoveringSetup.client.list(PARENT).pipe(tags())).toBe('750ms (r|)', TAGS)
        const failingSetup = clientFor([unavailable])
        expectObservable(failingSetup.client.list(PARENT, { maxRetryTime: 200 }).pipe(tags())).toBe(
          '200ms (u|)',
          TAGS,
        )
        flush()
        expect(recoveringSetup.polledAt).to.deep.equal([0, 250, 750])
      })
    })

    it('should end with RequestRejected if the server responds to the request of a page with 403 or 404', async () => {
      for (const reply of [rpcError(403, 'PERMISSION_DENIED'), rpcError(404, 'NOT_FOUND')]) {
        const emissions = await allEmissions(clientFor([pageReply(['a'], 't'), reply]).client.list(PARENT))
        expect(emissions.map(tagOf)).to.deep.equal(['Running', 'RequestRejected'])
      }
    })

    it('should end with an error if a page token repeats', async () => {
      const { client, requests } = clientFor([pageReply(['a'], 't'), pageReply(['b'], 't')])
      expect((await allEmissions(client.list(PARENT))).map(tagOf)).to.deep.equal([
        'Running',
        'Running',
        'MalformedResponse',
      ])
      expect(requests).to.have.length(2)
    })

    it('should end with ClientClosed and abort the request in flight when the client is closed', () => {
      inVirtualTime(({ expectObservable, flush }) => {
        const { client, abortedAt } = clientFor([pageReply(['a'], 't'), 'never'])
        expectObservable(client.list(PARENT).pipe(tags())).toBe('r 99ms (x|)', TAGS)
        timer(100).subscribe(() => client.close())
        flush()
        expect(abortedAt).to.deep.equal([100])
      })
    })

    it('should end with an error if page tokens form a cycle', async () => {
      const { client, requests } = clientFor([
        pageReply(['a'], 't'),
        pageReply(['b'], 'u'),
        pageReply(['c'], 't'),
      ])
      expect((await allEmissions(client.list(PARENT))).map(tagOf).slice(-1)).to.deep.equal([
        'MalformedResponse',
      ])
      expect(requests).to.have.length(3)
    })

    it('should request 3,000 pages if their responses are emitted synchronously', async () => {
      let n = 0
      const transport: Transport = () => of(pageReply([], ++n < 3_000 ? `${n}` : undefined))
      const client = new OperationsClient({ ...ALL_METHODS, transport, rateLimit: false })
      expect(await allEmissions(client.list(PARENT))).to.deep.equal([])
      expect(n).to.equal(3_000)
    })

    const UNREACHABLE = ['projects/p/locations/m']
    const WARNINGS = [{ code: 'UNREACHABLE', message: 'a zone is down', data: { scope: 'zones/b' } }]

    // Cited in docs/COMPARISON.md as: incomplete-list
    it('should emit an Incomplete before the operations of each page with unreachable locations', async () => {
      const { client } = clientFor([
        httpReply(200, { operations: [{ name: NAME }], unreachable: UNREACHABLE, nextPageToken: 't' }),
        pageReply(['b'], 'u'),
        httpReply(200, { unreachable: UNREACHABLE }),
      ])
      const emissions = await allEmissions(client.list(PARENT, { response: () => left('rejected') }))
      expect(emissions.map(tagOf)).to.deep.equal(['Incomplete', 'Running', 'Running', 'Incomplete'])
      expect(emissions[0]).to.deep.equal({
        _tag: 'Right',
        right: { _tag: 'Incomplete', unreachable: UNREACHABLE, warnings: [] },
      })
    })

    it('should emit the warnings of an aggregated list, except those of scopes without operations', async () => {
      const warning = {
        code: 'UNREACHABLE',
        message: 'a zone is down',
        data: [{ key: 'scope', value: 'zones/b' }],
      }
      const empty = { code: 'NO_RESULTS_ON_PAGE', message: 'no results', data: [] }
      const items = { 'zones/a': { warning: empty }, 'zones/b': { warning } }
      const compute = clientFor(
        [
          httpReply(200, { items, nextPageToken: 't' }),
          httpReply(200, { items: { 'zones/a': { warning: empty } } }),
        ],
        service('compute'),
      )
      expect(await allEmissions(compute.client.list('projects/p/aggregated'))).to.deep.equal([
        { _tag: 'Right', right: { _tag: 'Incomplete', unreachable: ['zones/b'], warnings: WARNINGS } },
      ])
    })

    it('should send returnPartialSuccess with every page, if the service has the parameter', async () => {
      const first = (services: ClientOptions, parent: string) => {
        const { client, requests } = clientFor([httpReply(200, { nextPageToken: 't' }), emptyReply], services)
        return allEmissions(client.list(parent, { returnPartialSuccess: true })).then(() =>
          requests.map(({ url }) => new URL(url).search),
        )
      }
      for (const [services, parent] of [
        [ALL_METHODS, PARENT],
        [service('compute'), 'projects/p/aggregated'],
      ] as const)
        expect(await first(services, parent)).to.deep.equal([
          '?returnPartialSuccess=true',
          '?pageToken=t&returnPartialSuccess=true',
        ])
      expect(await first(service('container'), 'projects/p/locations/-')).to.deep.equal(['', ''])
    })

    it('should not pass an Incomplete to the operators of watches as an operation', async () => {
      const incomplete: Reply = httpReply(200, {
        operations: [{ name: NAME, done: true }],
        unreachable: UNREACHABLE,
      })
      const list = () => clientFor([incomplete]).client.list(PARENT)
      // @ts-expect-error: a list is not a watch
      expect(await allEmissions(list().pipe(outcome()))).to.deep.equal([right(undefined)])
      // @ts-expect-error: a list is not a watch
      expect(await allEmissions(list().pipe(progress()))).to.deep.equal([])
      // @ts-expect-error: a list is not a watch
      expect(await toTaskEither(list())()).to.have.nested.property('right._tag', 'Succeeded')
      const items = await allEmissions(list().pipe(orThrow()))
      expect(items.map(({ _tag }) => _tag)).to.deep.equal(['Incomplete', 'Succeeded'])
      const followed = list().pipe(orThrow(), follow(clientFor([]).client))
      expect((await allEmissions(followed)).map(tagOf)).to.deep.equal(['InvalidName', 'Succeeded'])
    })

    it('should accept a collection instead of its parent, and an empty parent if the service has top-level operations', async () => {
      const { client, requests } = clientFor([pageReply(['a'])])
      await allEmissions(client.list(`${PARENT}/operations`))
      const cloudChannel = clientFor([pageReply(['a'])], service('cloudchannel'))
      await allEmissions(cloudChannel.client.list(''))
      expect([...requests, ...cloudChannel.requests].map(({ url }) => new URL(url).pathname)).to.deep.equal([
        `/v1/${PARENT}/operations`,
        '/v1/operations',
      ])
    })

    it('should reject an invalid parent without a request', async () => {
      const { client, requests } = clientFor([pageReply([])])
      for (const parent of ['../x', 'projects//x', 'projects/p?key=S3CRET', 7 as never]) {
        const emissions = await allEmissions(client.list(parent))
        expect(emissions.map(tagOf)).to.deep.equal(['InvalidName'])
        expect(JSON.stringify(emissions)).to.not.include('S3CRET')
      }
      expect(requests).to.deep.equal([])
    })

    for (const options of [
      { pageSize: 0 },
      { pageSize: 1.5 },
      { filter: 5 as never },
      { maxRetryTime: -1 },
      { returnPartialSuccess: 'yes' as never },
    ])
      it(`should throw for ${JSON.stringify(options)}`, () => {
        expect(() => clientFor([emptyReply]).client.list(PARENT, options)).to.throw(
          InvalidOption,
          Object.keys(options)[0],
        )
      })
  })

  for (const verb of ['cancel', 'delete'] as const)
    describe(verb, () => {
      it('should send one request and emit Right(undefined)', async () => {
        const { client, requests } = clientFor([emptyReply])
        expect(await allEmissions(client[verb](NAME))).to.deep.equal([{ _tag: 'Right', right: undefined }])
        expect(requests.map(({ method, url }) => [method, new URL(url).pathname])).to.deep.equal([
          verb === 'cancel' ? ['POST', `/v1/${NAME}:cancel`] : ['DELETE', `/v1/${NAME}`],
        ])
      })

      it('should ignore the body of a successful response', async () => {
        for (const reply of [httpReply(200), httpReply(204), httpReply(200, 'x'), httpReply(200, [1])])
          expect((await allEmissions(clientFor([reply]).client[verb](NAME))).map(tagOf)).to.deep.equal([
            'Done',
          ])
      })

      it('should retry after transient failures, but not if maxRetryTime is 0', () => {
        inVirtualTime(({ expectObservable, flush }) => {
          const recoveringSetup = clientFor([unavailable, emptyReply])
          expectObservable(recoveringSetup.client[verb](NAME).pipe(map(tagOf))).toBe('250ms (d|)', {
            d: 'Done',
          })
          const failingSetup = clientFor([unavailable])
          expectObservable(failingSetup.client[verb](NAME, { maxRetryTime: 0 }).pipe(map(tagOf))).toBe(
            '(u|)',
            TAGS,
          )
          flush()
          expect(recoveringSetup.polledAt).to.deep.equal([0, 250])
        })
      })

      it('should emit OperationNotFound after a 404, and RequestRejected after a rejection', async () => {
        expect(
          (await allEmissions(clientFor([rpcError(404, 'NOT_FOUND')]).client[verb](NAME))).map(tagOf),
        ).to.deep.equal(['OperationNotFound'])
        const rejectingSetup = clientFor([rpcError(400, 'FAILED_PRECONDITION')])
        expect((await allEmissions(rejectingSetup.client[verb](NAME))).map(tagOf)).to.deep.equal([
          'RequestRejected',
        ])
      })

      it('should end with ClientClosed when the client is closed', async () => {
        const { client } = clientFor(['never'])
        const emissions = allEmissions(client[verb](NAME))
        client.close()
        expect((await emissions).map(tagOf)).to.deep.equal(['ClientClosed'])
      })
    })

  describe('a 404 response to the second attempt of a delete or a cancel', () => {
    const notFoundReply = rpcError(404, 'NOT_FOUND')
    const tokenFailure: TransportResult = left({ _tag: 'NoCredentials', transient: true, reason: 'r' })
    for (const [description, firstReply, tag] of [
      ['lost the response', connectionLost(), 'Done'],
      ['received a 503', unavailable, 'Done'],
      ['received a 429', httpReply(429), 'OperationNotFound'],
      ['had no token', tokenFailure, 'OperationNotFound'],
    ] as const)
      it(`should end a delete with ${tag === 'Done' ? 'a success' : tag} if its first attempt ${description}`, () => {
        inVirtualTime(({ expectObservable }) => {
          expectObservable(clientFor([firstReply, notFoundReply]).client.delete(NAME).pipe(map(tagOf))).toBe(
            '250ms (d|)',
            {
              d: tag,
            },
          )
        })
      })

    it('should end a cancel with OperationNotFound, even if its first attempt lost the response', () => {
      inVirtualTime(({ expectObservable }) => {
        expectObservable(
          clientFor([connectionLost(), notFoundReply]).client.cancel(NAME).pipe(map(tagOf)),
        ).toBe('250ms (n|)', TAGS)
      })
    })
  })

  describe('wait', () => {
    it('should send the timeout to the server, and emit the operation in the response', async () => {
      const { client, requests } = clientFor([doneReply])
      expect((await allEmissions(client.wait(NAME, { timeout: 45_000 }))).map(tagOf)).to.deep.equal([
        'Succeeded',
      ])
      expect(requests[0]).to.include({ method: 'POST', body: '{"timeout":"45s"}', serverTimeout: 45_000 })
    })

    it('should emit Unreachable after a transient failure, without retries', async () => {
      const { client, requests } = clientFor([unavailable])
      expect((await allEmissions(client.wait(NAME))).map(tagOf)).to.deep.equal(['Unreachable'])
      expect(requests).to.have.length(1)
    })

    it('should send whole milliseconds, as the API requires', async () => {
      const { client, requests } = clientFor([doneReply])
      await allEmissions(client.wait(NAME, { timeout: 100.1 }))
      expect(requests[0]?.body).to.equal('{"timeout":"0.1s"}')
    })

    it('should throw if the timeout is out of range', () => {
      expect(() => clientFor([doneReply]).client.wait(NAME, { timeout: 0 })).to.throw(
        InvalidOption,
        'timeout',
      )
    })
  })

  describe('for a service without the method', () => {
    const calls: readonly (readonly [
      string,
      (client: OperationsClient) => Observable<Either<OperationError, unknown>>,
    ])[] = [
      ['list', (client) => client.list('')],
      ['cancel', (client) => client.cancel('operations/cp.1')],
      ['delete', (client) => client.delete('operations/cp.1')],
      ['wait', (client) => client.wait('operations/cp.1')],
    ]
    for (const [verb, call] of calls)
      it(`should reject ${verb} without a request`, async () => {
        const { client, requests } = clientFor([emptyReply], {})
        const name = verb === 'list' ? 'operations' : 'operations/cp.1'
        expect(await allEmissions(call(client)))
          .to.have.nested.property('[0].left')
          .that.deep.includes({
            _tag: 'RequestRejected',
            message: `No request was sent for ${name}: Resource Manager has no operations.${verb}.`,
            httpStatus: 501,
            status: {
              code: 12,
              codeName: 'UNIMPLEMENTED',
              message: `Resource Manager has no operations.${verb}`,
              details: [],
            },
          })
        expect(requests).to.deep.equal([])
      })

    it('should send the request if the service is unknown', async () => {
      const { client, requests } = clientFor([emptyReply], { endpoint: 'https://e.example' })
      expect((await allEmissions(client.cancel(NAME))).map(tagOf)).to.deep.equal(['Done'])
      expect(requests).to.have.length(1)
    })
  })

  describe('names', () => {
    it('should be requested if they match no documented pattern', async () => {
      const { client, requests } = clientFor([runningReply], CLOUD_RUN)
      expect((await allEmissions(client.get('folders/1/operations/x'))).map(tagOf)).to.deep.equal(['Running'])
      expect(requests.map(({ url }) => url)).to.deep.equal([
        'https://run.googleapis.com/v2/folders/1/operations/x',
      ])
    })

    it('should be rejected without a request if they can never be valid', async () => {
      const { client, requests } = clientFor([runningReply], CLOUD_RUN)
      for (const name of ['projects/p', 'operations', 'projects/../operations/x', 'operations/x?y'])
        expect((await allEmissions(client.watch(name))).map(tagOf)).to.deep.equal(['InvalidName'])
      expect(requests).to.deep.equal([])
    })

    const hint = 'Cloud Run operations are named "projects/*/locations/*/operations/*"'
    const apiError = (httpStatus: number): TransportResult =>
      httpReply(httpStatus, { error: { code: httpStatus, message: 'Server message' } })
    const calls: readonly (readonly [
      string,
      (client: OperationsClient, name: string) => Observable<Either<OperationError, unknown>>,
    ])[] = [
      ['get', (client, name) => client.get(name)],
      ['watch', (client, name) => client.watch(name, { visibilityWindow: 0 })],
      ['wait', (client, name) => client.wait(name)],
      ['delete', (client, name) => client.delete(name)],
    ]
    for (const [what, call] of calls)
      for (const httpStatus of [400, 404])
        it(`should be explained after an HTTP ${httpStatus} of ${what} if they match no documented pattern`, async () => {
          const { client } = clientFor([apiError(httpStatus)], CLOUD_RUN)
          const [emission] = await allEmissions(call(client, 'folders/1/operations/x'))
          expect(emission).to.have.nested.property('left.nameHint', hint)
          expect(emission)
            .to.have.nested.property('left.message')
            .that.matches(
              /Server message\. The name matches no documented pattern: Cloud Run operations are named .*\.$/,
            )
        })

    it('should not be explained if they match a documented pattern, or after another error', async () => {
      for (const [httpStatus, name] of [
        [404, NAME],
        [400, NAME],
        [403, 'folders/1/operations/x'],
      ] as const) {
        const { client } = clientFor([apiError(httpStatus)], CLOUD_RUN)
        const [emission] = await allEmissions(client.get(name))
        expect(emission).to.have.property('left').that.does.not.have.property('nameHint')
      }
    })

    it('should be explained after a 404 of a list by the parent', async () => {
      const hintAfterList = async (parent: string): Promise<unknown> => {
        const [emission] = await allEmissions(clientFor([apiError(404)], CLOUD_RUN).client.list(parent))
        return emission && isLeft(emission) && 'nameHint' in emission.left
          ? emission.left.nameHint
          : undefined
      }
      expect(await hintAfterList('folders/1')).to.equal(hint)
      expect(await hintAfterList(PARENT)).to.equal(undefined)
    })

    it('should not be explained for a token of another API version', async () => {
      const { client } = clientFor([apiError(404)], CLOUD_RUN)
      const token = { name: 'operations/x', endpoint: CLOUD_RUN.endpoint, apiVersion: 'v1' }
      const [emission] = await allEmissions(client.get(token))
      expect(emission).to.have.property('left').that.does.not.have.property('nameHint')
    })

    it('should be explained with the names of Resource Manager by default', async () => {
      const { client } = clientFor([apiError(404)], {})
      expect(await allEmissions(client.get(NAME))).to.have.nested.property(
        '[0].left.nameHint',
        'Resource Manager operations are named "operations/**"',
      )
    })
  })

  describe('longPoll', () => {
    const schedule = constant({ interval: 1_000 })

    it('should send a get, then a wait, and the next wait immediately after the server has held the previous wait for 30 s', () => {
      inVirtualTime(({ expectObservable, flush }) => {
        const { client, polledAt, requests } = clientFor([
          runningReply,
          delayed(30_000, runningReply),
          delayed(5_000, doneReply),
        ])
        expectObservable(client.watch(NAME, { longPoll: true, schedule }).pipe(tags())).toBe(
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

    it('should follow the schedule if the server responds to a wait after 400 ms', () => {
      inVirtualTime(({ expectObservable, flush }) => {
        const { client, polledAt } = clientFor([runningReply, delayed(400, runningReply), doneReply])
        expectObservable(client.watch(NAME, { longPoll: true, schedule }).pipe(tags())).toBe(
          'r 1399ms r 599ms (s|)',
          TAGS,
        )
        flush()
        expect(polledAt).to.deep.equal([0, 1_000, 2_000])
      })
    })

    for (const httpStatus of [400, 403, 404, 405, 501])
      it(`should send only gets after the server has responded to a wait with ${httpStatus}`, () => {
        inVirtualTime(({ expectObservable, flush }) => {
          const { client, requests } = clientFor([
            runningReply,
            httpReply(httpStatus, '<html>'),
            runningReply,
            runningReply,
            doneReply,
          ])
          expectObservable(client.watch(NAME, { longPoll: true, schedule }).pipe(tags())).toBe(
            'r 999ms r 999ms r 999ms (s|)',
            TAGS,
          )
          flush()
          expect(requests.map(({ method }) => method)).to.deep.equal(['GET', 'POST', 'GET', 'GET', 'GET'])
        })
      })

    it('should send only gets if the service has no wait method or is unknown', () => {
      inVirtualTime(({ expectObservable, flush }) => {
        const artifactRegistry = clientFor([runningReply, doneReply], service('artifactregistry'))
        const unknownService = clientFor([runningReply, doneReply], { endpoint: 'https://e.example' })
        for (const { client } of [artifactRegistry, unknownService])
          expectObservable(client.watch(NAME, { longPoll: true, schedule }).pipe(tags())).toBe(
            'r 999ms (s|)',
            TAGS,
          )
        flush()
        for (const { method } of [...artifactRegistry.requests, ...unknownService.requests])
          expect(method).to.equal('GET')
      })
    })

    it('should share no polls with a watch without longPoll', () => {
      inVirtualTime(({ expectObservable, flush }) => {
        const { client, polledAt } = clientFor([runningReply, runningReply, doneReply])
        for (const longPoll of [true, false])
          expectObservable(
            concat(client.watch(NAME, { longPoll, schedule }), NEVER).pipe(tags()),
            '500ms !',
          ).toBe('r', TAGS)
        flush()
        expect(polledAt).to.deep.equal([0, 0])
      })
    })

    it('should throw if the option is not true or false', () => {
      expect(() => clientFor([runningReply]).client.watch(NAME, { longPoll: 5 as never })).to.throw(
        InvalidOption,
        'longPoll',
      )
    })
  })

  it('should send nothing before subscription', () => {
    const { client, requests } = clientFor([emptyReply])
    for (const result of [client.list(PARENT), client.cancel(NAME), client.delete(NAME), client.wait(NAME)])
      expect(result).to.not.equal(of())
    expect(requests).to.deep.equal([])
  })
})
