import { expect } from 'chai'
import { isLeft, left, right } from 'fp-ts/lib/Either.js'
import { EMPTY, lastValueFrom, map, mergeMap, type Observable, of, repeat, take, tap, toArray } from 'rxjs'
import {
  balanced,
  constant,
  type GetOptions,
  InvalidOption,
  lagBounded,
  OperationsClient,
  type ResumeToken,
  resumeToken,
  type ServiceName,
  type ServiceOptions,
  service,
  type Watch,
  type WatchOptions,
  watchOperation,
} from '../lib/index.js'
import {
  connectionLost,
  delayed,
  failed,
  httpReply,
  inVirtualTime,
  NAME,
  notFound,
  type Reply,
  rpcError,
  running,
  scripted,
  succeeded,
  TAGS,
  tags,
} from './virtual.js'

const ENDPOINT = 'https://cloudresourcemanager.googleapis.com'
const token: ResumeToken = { name: NAME, endpoint: ENDPOINT, apiVersion: 'v3' }
function allEmissions<A>(source: Observable<A>): Promise<A[]> {
  return lastValueFrom(source.pipe(toArray()), { defaultValue: [] })
}

describe('operations-client', () => {
  it('should redact the quota user in errors, but not in successful responses', async () => {
    const clientFor = (httpStatus: number) =>
      new OperationsClient({
        quotaUser: 'acme-prod-123',
        transport: scripted(
          httpStatus === 200
            ? succeeded({ projectId: 'acme-prod-123' })
            : rpcError(httpStatus, 'PERMISSION_DENIED', { message: 'acme-prod-123 may not' }),
        ).transport,
      })
    expect(await lastValueFrom(clientFor(200).get(NAME))).to.have.nested.property(
      'right.response.projectId',
      'acme-prod-123',
    )
    expect(await lastValueFrom(clientFor(403).get(NAME))).to.have.nested.property(
      'left.status.message',
      '… may not',
    )
  })

  describe('get', () => {
    const rows: readonly (readonly [string, Reply, string, object?])[] = [
      ['a running operation', running(), 'Running'],
      ['an operation that is done', succeeded(), 'Succeeded'],
      ['an operation that failed', failed(3), 'OperationFailed'],
      ['a 404', notFound, 'OperationNotFound'],
      ['a 404 that is not from the API', httpReply(404, '<html>'), 'RequestRejected'],
      ['a 403 of the API', rpcError(403, 'PERMISSION_DENIED'), 'RequestRejected'],
      [
        'a lost connection',
        connectionLost(),
        'Unreachable',
        { attempts: 1, lasted: 0, last: { _tag: 'ConnectionFailed', code: 'ECONNRESET' } },
      ],
      ['a response without an operation', httpReply(200, 'hello'), 'MalformedResponse', { path: '' }],
    ]
    for (const [description, reply, tag, fields] of rows)
      it(`should send one request and emit ${tag} for ${description}`, async () => {
        const { transport, polledAt } = scripted(reply)
        const emissions = await allEmissions(new OperationsClient({ transport }).get(NAME))
        expect(
          emissions.map((emission) => (isLeft(emission) ? emission.left._tag : emission.right._tag)),
        ).to.deep.equal([tag])
        if (fields) expect(emissions[0]).to.have.property('left').that.deep.includes(fields)
        expect(polledAt).to.have.length(1)
      })

    it('should emit the Retry-After of the server with a transient failure', async () => {
      const { transport } = scripted(rpcError(429, 'RESOURCE_EXHAUSTED', {}, { 'retry-after': '20' }))
      const [emission] = await allEmissions(new OperationsClient({ transport }).get(NAME))
      expect(emission).to.have.nested.property('left.last.retryAfter', 20_000)
    })

    it('should use the option `xgafv` of a get only for its own request, and reject an invalid value', async () => {
      const { transport, requests } = scripted(running())
      const client = new OperationsClient({ transport, xgafv: '2' })
      await allEmissions(client.get(NAME, { xgafv: '1' }))
      await allEmissions(client.get(NAME))
      expect(requests.map(({ url }) => new URL(url).search)).to.deep.equal(['?%24.xgafv=1', '?%24.xgafv=2'])
      const options = { xgafv: '3' } as unknown as GetOptions
      expect(() => client.get(NAME, options)).to.throw('xgafv must be "1" or "2", got "3"')
    })

    it('should throw if a decoder is invalid', () => {
      const options = { response: 42 } as unknown as GetOptions
      expect(() => new OperationsClient().get(NAME, options)).to.throw(InvalidOption, 'response must be')
    })

    it('should decode the response with a decoder', async () => {
      const { transport } = scripted(succeeded({ id: 1 }))
      const response = (value: unknown) => right(Object(value).id + 1)
      expect(
        await allEmissions(new OperationsClient({ transport }).get(NAME, { response })),
      ).to.have.nested.property('[0].right.response', 2)
    })

    it('should reject an invalid name without a request', async () => {
      const { transport, polledAt } = scripted(running())
      const [emission] = await allEmissions(
        new OperationsClient({ transport }).get('operations/x?key=SECRET'),
      )
      expect(emission).to.deep.equal(
        left({
          _tag: 'InvalidName',
          message: '"operations/x?…" is not a valid operation name: it contains "?".',
          name: 'operations/x?…',
          reason: 'it contains "?"',
        }),
      )
      expect(polledAt).to.deep.equal([])
    })

    it('should emit ClientClosed if the client is closed before the response', () =>
      inVirtualTime(({ cold, expectObservable, flush }) => {
        const { transport, abortedAt } = scripted('never')
        const client = new OperationsClient({ transport })
        cold('500ms c').subscribe(() => client.close())
        expectObservable(client.get(NAME).pipe(tags())).toBe('500ms (x|)', TAGS)
        flush()
        expect(abortedAt).to.deep.equal([500])
      }))

    it('should emit the result of a request if the subscriber then closes the client', () => {
      const methods: readonly ((client: OperationsClient) => Observable<unknown>)[] = [
        (client) => client.get(NAME),
        (client) => client.wait(NAME),
        (client) => client.step(NAME),
        (client) => client.cancel(NAME),
        (client) => client.get(NAME, { deadline: 0 }),
        (client) => client.list('projects/p/locations/l', { deadline: 0 }),
      ]
      for (const method of methods) {
        const client = new OperationsClient({ ...service('run'), transport: scripted(running()).transport })
        const emissions: unknown[] = []
        inVirtualTime(({ flush }) => {
          method(client)
            .pipe(tap(() => client.close()))
            .subscribe((emission) => emissions.push(emission))
          flush()
        })
        expect(emissions, `${method}`).to.have.length(1)
        expect(emissions[0]).not.to.have.nested.property('left._tag', 'ClientClosed')
      }
    })

    it('should abort the request before ClientClosed is emitted', () => {
      const { transport, abortedAt } = scripted('never')
      const client = new OperationsClient({ transport })
      let abortCountAtEmission: number | undefined
      client.get(NAME).subscribe(() => {
        abortCountAtEmission = abortedAt.length
      })
      client.close()
      expect(abortCountAtEmission).to.equal(1)
    })
  })

  describe('sharing', () => {
    it('should share polls between all watches of a name, and emit the latest snapshot to a late subscriber', () =>
      inVirtualTime(({ expectObservable, flush }) => {
        const { transport, polledAt } = scripted(running({ step: 1 }), running({ step: 2 }), succeeded())
        const client = new OperationsClient({ transport })
        const steps = client.watch(NAME).pipe(
          map((emission) =>
            isLeft(emission) || emission.right.done
              ? 'z'
              : (emission.right.metadata as { step: string }).step,
          ),
          map(String),
        )
        expectObservable(steps).toBe('1 749ms 2 749ms (z|)')
        expectObservable(steps, '100ms ^').toBe('100ms 1 649ms 2 749ms (z|)')
        expectObservable(steps, '800ms ^').toBe('800ms 2 699ms (z|)')
        flush()
        expect(polledAt).to.deep.equal([0, 750, 1500])
      }))

    it('should stop polling only when the last subscriber unsubscribes', () =>
      inVirtualTime(({ expectObservable, flush }) => {
        const { transport, polledAt, abortedAt } = scripted(running(), 'never')
        const client = new OperationsClient({ transport })
        expectObservable(client.watch(NAME).pipe(tags()), '^ 799ms !').toBe('r', TAGS)
        expectObservable(client.watch(NAME).pipe(tags()), '^ 899ms !').toBe('r', TAGS)
        flush()
        expect(polledAt).to.deep.equal([0, 750])
        expect(abortedAt).to.deep.equal([900])
      }))

    it('should poll again for a subscriber that subscribes after the final result', () =>
      inVirtualTime(({ expectObservable, flush }) => {
        const { transport, polledAt } = scripted(succeeded())
        const watch = new OperationsClient({ transport }).watch(NAME).pipe(tags())
        expectObservable(watch).toBe('(s|)', TAGS)
        expectObservable(watch, '5ms ^').toBe('5ms (s|)', TAGS)
        flush()
        expect(polledAt).to.deep.equal([0, 5])
      }))

    it('should poll again if subscribers repeat the watch, and not emit the old final result again', () =>
      inVirtualTime(({ expectObservable, flush }) => {
        const { transport, polledAt } = scripted(delayed(10, succeeded()))
        const watch = new OperationsClient({ transport }).watch(NAME).pipe(tags())
        expectObservable(watch.pipe(repeat(2))).toBe('10ms s 9ms (s|)', TAGS)
        expectObservable(watch.pipe(repeat(2))).toBe('10ms s 9ms (s|)', TAGS)
        flush()
        expect(polledAt).to.deep.equal([0, 10])
      }))

    const customSchedule = () => ({ next: () => 750 })
    const oneSchedule = customSchedule()
    const optionsPairs: readonly (readonly [string, WatchOptions<unknown>, WatchOptions<unknown>, number])[] =
      [
        ['equal options', { schedule: lagBounded({ min: 500 }) }, { schedule: lagBounded({ min: 500 }) }, 1],
        ['different timeouts, hints and decoders', { timeout: 50_000 }, { hint: EMPTY, response: right }, 1],
        ['the same custom schedule', { schedule: oneSchedule }, { schedule: oneSchedule }, 1],
        [
          'the default schedule, and a copy of it with another next function',
          {},
          { schedule: { ...balanced(), next: () => 750 } },
          2,
        ],
        ['two custom schedules', { schedule: customSchedule() }, { schedule: customSchedule() }, 2],
        ['different values of maxRetryTime', { maxRetryTime: 1 }, {}, 2],
        ['different values of visibilityWindow', { visibilityWindow: 1 }, {}, 2],
        ['different values of progressAware', { progressAware: false }, {}, 2],
        ['the default of progressAware', { progressAware: true }, {}, 1],
        ['different schedules', { schedule: constant({ interval: 750 }) }, {}, 2],
      ]
    for (const [description, firstOptions, secondOptions, pollCount] of optionsPairs)
      it(`should send ${pollCount === 1 ? 'one poll' : 'two polls'} for two watches with ${description}`, () =>
        inVirtualTime(({ expectObservable, flush }) => {
          const { transport, polledAt } = scripted(running())
          const client = new OperationsClient({ transport })
          expectObservable(client.watch(NAME, firstOptions), '^ 100ms !')
          expectObservable(client.watch(NAME, secondOptions), '^ 100ms !')
          flush()
          expect(polledAt).to.have.length(pollCount)
        }))
  })

  describe('decoders, timeouts and hints of watches that share polls', () => {
    it('should apply only to their own watch', () =>
      inVirtualTime(({ cold, expectObservable, flush }) => {
        const { transport, polledAt } = scripted(running(), running(), succeeded())
        const client = new OperationsClient({ transport })
        const schedule = constant({ interval: 60_000 })
        expectObservable(client.watch(NAME, { schedule, timeout: 1_000 }).pipe(tags())).toBe(
          'r 499ms r 499ms (t|)',
          TAGS,
        )
        const response = () => left('rejected')
        const otherWatch = client.watch(NAME, { schedule, response, hint: cold('2s h') })
        expectObservable(otherWatch.pipe(tags())).toBe('r 499ms r 1499ms (m|)', TAGS)
        flush()
        expect(polledAt).to.deep.equal([0, 500, 2_000])
      }))
  })

  describe('close', () => {
    it('should end watches with ClientClosed, abort requests in flight, and reject later watches', () =>
      inVirtualTime(({ cold, expectObservable, flush }) => {
        const { transport, polledAt, abortedAt } = scripted(running(), 'never')
        const client = new OperationsClient({ transport })
        cold('800ms c').subscribe(() => client.close())
        const watch = client.watch(NAME)
        expectObservable(watch.pipe(tags())).toBe('r 799ms (x|)', TAGS)
        expectObservable(watch.pipe(tags()), '900ms ^').toBe('900ms (x|)', TAGS)
        flush()
        expect(polledAt).to.deep.equal([0, 750])
        expect(abortedAt).to.deep.equal([800])
      }))

    it('should emit the last snapshot and a resume token with ClientClosed', async () => {
      const { transport } = scripted(running({ step: 7 }))
      const client = new OperationsClient({ transport })
      const emissions: unknown[] = []
      client.watch(NAME).subscribe((emission) => {
        emissions.push(emission)
        client.close()
      })
      await lastValueFrom(client.watch(NAME), { defaultValue: undefined })
      const emission = emissions[1]
      expect(emission).to.have.nested.property('left._tag', 'ClientClosed')
      expect(emission).to.have.nested.property(
        'left.message',
        `The client was closed before ${NAME} finished.`,
      )
      expect(emission).to.have.nested.property('left.lastSeen.metadata.step', 7)
      expect(emission).to.have.nested.property('left.resume').that.includes(token)
    })

    it('should have no effect if `close` or Symbol.asyncDispose is called again', async () => {
      const client = new OperationsClient({ transport: scripted(running()).transport })
      client.close()
      client.close()
      await client[Symbol.asyncDispose]()
      expect(await allEmissions(client.watch(NAME).pipe(tags()))).to.deep.equal(['ClientClosed'])
    })
  })

  describe('follow', () => {
    const startResponse = { name: NAME, metadata: { step: 0 } }
    const forms: readonly (readonly [string, unknown])[] = [
      ['the JSON of the API', startResponse],
      ['the {data} of googleapis', { data: startResponse, status: 200, headers: {} }],
      ['the [operation] of google-gax', [{ name: NAME, latestResponse: { name: NAME, done: false } }, {}]],
    ]
    for (const [form, started] of forms)
      it(`should emit ${form} as the first snapshot, and poll after the first wait of the schedule`, () =>
        inVirtualTime(({ expectObservable, flush }) => {
          const { transport, polledAt } = scripted(running(), succeeded())
          expectObservable(new OperationsClient({ transport }).follow(started).pipe(tags())).toBe(
            'r 749ms r 749ms (s|)',
            TAGS,
          )
          flush()
          expect(polledAt).to.deep.equal([750, 1_500])
        }))

    it('should emit the start response with attempt 0', async () => {
      const { transport } = scripted(running())
      const [emission] = await allEmissions(
        new OperationsClient({ transport }).follow(startResponse).pipe(take(1)),
      )
      expect(emission).to.deep.equal(
        right({ _tag: 'Running', done: false, name: NAME, metadata: { step: 0 }, attempt: 0, elapsed: 0 }),
      )
    })

    it('should use the start response as the last snapshot until a poll returns a snapshot', () => {
      const scheduleInputs: unknown[] = []
      const schedule = {
        next: (input: unknown) => {
          scheduleInputs.push(input)
          return 0
        },
      }
      const emissions: unknown[] = []
      inVirtualTime(({ flush }) => {
        const { transport } = scripted(httpReply(400))
        new OperationsClient({ transport })
          .follow(startResponse, { schedule })
          .subscribe((emission) => emissions.push(emission))
        flush()
      })
      expect(scheduleInputs).to.deep.equal([{ attempt: 0, elapsed: 0, metadata: { step: 0 } }])
      expect(emissions[1]).to.have.nested.property('left._tag', 'RequestRejected')
      expect(emissions[1]).to.have.nested.property('left.lastSeen.metadata.step', 0)
    })

    const forbidden = rpcError(403, 'PERMISSION_DENIED')
    const responses: readonly (readonly [string, readonly Reply[], string])[] = [
      ['poll again after a 403 until permissions have propagated', [forbidden, succeeded()], 'r 3999ms (s|)'],
      [
        'end with RequestRejected at the end of visibilityWindow if a 403 persists',
        [forbidden],
        'r 9999ms (j|)',
      ],
      ['end with RequestRejected after a snapshot', [running(), forbidden], 'r 1999ms r 1999ms (j|)'],
    ]
    for (const [result, replies, marbles] of responses)
      it(`should ${result}, if the polls return a 403`, () =>
        inVirtualTime(({ expectObservable }) => {
          const client = new OperationsClient({ transport: scripted(...replies).transport })
          const followed = client
            .follow(startResponse, { schedule: constant({ interval: 2_000 }) })
            .pipe(tags())
          expectObservable(followed).toBe(marbles, TAGS)
        }))

    it('should share its polls with a watch that is subscribed to at its first emission', () =>
      inVirtualTime(({ expectObservable, flush }) => {
        const { transport, polledAt } = scripted(running())
        const client = new OperationsClient({ transport })
        const schedule = constant({ interval: 1_000 })
        const emissions = client.follow(startResponse, { schedule }).pipe(
          mergeMap((emission, n) => (n === 0 ? client.watch(NAME, { schedule }) : of(emission))),
          tags(),
        )
        expectObservable(emissions, '^ 2500ms !')
        flush()
        expect(polledAt).to.deep.equal([0, 1_000, 2_000])
      }))

    const endedOrInvalidResponses: readonly (readonly [string, unknown, string])[] = [
      ['is done', { ...startResponse, done: true, response: {} }, 'Succeeded'],
      ['is done and has no name', { done: true, response: {} }, 'Succeeded'],
      ['has failed and has no name', { done: true, error: { code: 9 } }, 'OperationFailed'],
      ['is running and has no name', { metadata: {} }, 'InvalidName'],
      ['has an invalid name', { name: '../x' }, 'InvalidName'],
      ['is an operation of google-gax without a name', [{ latestResponse: {} }], 'InvalidName'],
      [
        'is an operation of google-gax, done and without a name',
        [{ latestResponse: { done: true } }],
        'Succeeded',
      ],
      [
        'is an operation of google-gax that failed without a name',
        [{ latestResponse: { done: true, error: { code: 5 } } }],
        'OperationFailed',
      ],
      ['is undefined', undefined, 'InvalidName'],
    ]
    for (const [description, started, tag] of endedOrInvalidResponses)
      it(`should emit ${tag} without a request if the start response ${description}`, async () => {
        const { transport, polledAt } = scripted(running())
        expect(
          await allEmissions(new OperationsClient({ transport }).follow(started).pipe(tags())),
        ).to.deep.equal([tag])
        expect(polledAt).to.deep.equal([])
      })
  })

  describe('resume tokens', () => {
    const watchOf = (client: OperationsClient, input: unknown): Watch => client.watch(input as ResumeToken)

    // Cited in docs/COMPARISON.md as: resume-token
    it('should make the client send polls to the endpoint and version of the token', async () => {
      const { transport, requests } = scripted(succeeded())
      await allEmissions(new OperationsClient({ transport }).watch({ ...token, apiVersion: 'v1', since: 1 }))
      expect(requests.map(({ url }) => url)).to.deep.equal([`${ENDPOINT}/v1/${NAME}`])
    })

    const rejectedTokens: readonly (readonly [string, unknown, string])[] = [
      [
        'another endpoint of the universe',
        { ...token, endpoint: 'https://run.googleapis.com' },
        `the token is for https://run.googleapis.com, but this client uses ${ENDPOINT}`,
      ],
      [
        'a loopback endpoint',
        { ...token, endpoint: 'http://127.0.0.1:8080' },
        `the token is for http://127.0.0.1:8080, but this client uses ${ENDPOINT}`,
      ],
      [
        'a host outside the universe',
        { ...token, endpoint: 'https://evil.example' },
        "the token's endpoint https://evil.example is not a service host of googleapis.com",
      ],
      [
        'a host whose name ends like the universe',
        { ...token, endpoint: 'https://evilgoogleapis.com' },
        "the token's endpoint https://evilgoogleapis.com is not a service host of googleapis.com",
      ],
      [
        'the host of a bucket',
        { ...token, endpoint: 'https://evil-bucket.storage.googleapis.com' },
        "the token's endpoint https://evil-bucket.storage.googleapis.com is not a service host of googleapis.com",
      ],
      [
        'another port',
        { ...token, endpoint: `${ENDPOINT}:8443` },
        `the token's endpoint ${ENDPOINT}:8443 is not a service host of googleapis.com`,
      ],
      [
        'plain http',
        { ...token, endpoint: 'http://run.googleapis.com' },
        "the token's endpoint http://run.googleapis.com is not a service host of googleapis.com",
      ],
      [
        'an endpoint with a path',
        { ...token, endpoint: `${ENDPOINT}/x` },
        `the token's endpoint must be a URL with only scheme, host and port, got "${ENDPOINT}/x"`,
      ],
      [
        'no endpoint',
        { name: NAME, apiVersion: 'v3' },
        "the token's endpoint must be an http or https URL, got undefined",
      ],
      [
        'an invalid name',
        { ...token, name: 'x' },
        `the token's name is invalid: it has no segment "operations", as in "operations/x"`,
      ],
      [
        'an invalid version',
        { ...token, apiVersion: '../v1' },
        `the token's apiVersion must be a version such as "v3", got "../v1"`,
      ],
      [
        'an invalid time',
        { ...token, since: 'yesterday' },
        `the token's since must be milliseconds since 1970, got "yesterday"`,
      ],
    ]
    for (const [description, invalidToken, reason] of rejectedTokens)
      it(`should be rejected without a request if they have ${description}`, async () => {
        const { transport, polledAt } = scripted(succeeded())
        const [emission] = await allEmissions(watchOf(new OperationsClient({ transport }), invalidToken))
        expect(emission).to.have.nested.property('left._tag', 'InvalidName')
        expect(emission).to.have.nested.property('left.reason', reason)
        expect(polledAt).to.deep.equal([])
      })

    const acceptedEndpoints: readonly (readonly [string, string])[] = [
      ['an https endpoint within the universe', 'https://us-central1-run.googleapis.com'],
      ['a loopback endpoint', 'http://127.0.0.1:8080'],
      ['the default endpoint', ENDPOINT],
    ]
    for (const [description, endpoint] of acceptedEndpoints)
      it(`should be accepted by watchOperation if they have ${description}`, async () => {
        const { transport, requests } = scripted(succeeded())
        await allEmissions(watchOperation({ ...token, endpoint }, { transport }))
        expect(requests.map(({ url }) => url)).to.deep.equal([`${endpoint}/v3/${NAME}`])
      })

    const DONE = { done: true }
    const STATUS_DONE = { name: 'o', status: 'DONE' }
    const VERTEX = 'projects/p/locations/l/publishers/google/models/m'
    const protocolTokens: readonly (readonly [ServiceName, ServiceOptions, string, string, object])[] = [
      ['compute', { version: 'beta' }, 'locations/global/operations/o', 'compute/beta/', STATUS_DONE],
      ['container', {}, 'projects/p/zones/z/operations/o', 'v1/', STATUS_DONE],
      ['sqladmin', { version: 'v1beta4' }, 'projects/p/operations/o', 'sql/v1beta4/', STATUS_DONE],
      [
        'aiplatform',
        { location: 'l' },
        `${VERTEX}/operations/u-1`,
        `v1/${VERTEX}:fetchPredictOperation`,
        DONE,
      ],
      ['generativelanguage', { version: 'v1' }, 'batches/b', 'v1/', DONE],
      ['generativelanguage', {}, 'fileSearchStores/s/upload/operations/o', 'v1beta/', DONE],
      ['speech', { version: 'v1' }, '123', 'v1/operations/123', DONE],
    ]
    for (const [serviceName, options, name, path, body] of protocolTokens)
      it(`should select the protocol of ${serviceName} for ${name} in another process`, async () => {
        const { service: known, ...api } = service(serviceName, options)
        const sent = JSON.parse(JSON.stringify(resumeToken(name, { ...api, service: known })))
        const url = `${api.endpoint}/${path}${path.endsWith('/') ? name : ''}`
        for (const watchOptions of [{}, { endpoint: api.endpoint }, { ...api, service: known }]) {
          const { transport, requests } = scripted(httpReply(200, body))
          const watch = watchOperation(sent, { ...watchOptions, transport })
          expect(await allEmissions(watch.pipe(tags()))).to.deep.equal(['Succeeded'])
          expect(requests.map((request) => request.url)).to.deep.equal([url])
        }
      })

    it('should be rejected by watchOperation if their name is invalid for the service at their endpoint', async () => {
      const { transport, polledAt } = scripted(succeeded())
      for (const endpoint of ['https://generativelanguage.googleapis.com', 'https://novel.googleapis.com'])
        expect(
          await allEmissions(
            watchOperation({ name: 'gadgets/b', endpoint, apiVersion: 'v1' }, { transport }).pipe(tags()),
          ),
        ).to.deep.equal(['InvalidName'])
      expect(polledAt).to.deep.equal([])
    })

    it('should be rejected by watchOperation if the endpoint is outside the universe', async () => {
      const { transport, polledAt } = scripted(succeeded())
      const emissions = await allEmissions(
        watchOperation({ ...token, endpoint: 'https://evil.example' }, { transport }).pipe(tags()),
      )
      expect(emissions).to.deep.equal(['InvalidName'])
      expect(polledAt).to.deep.equal([])
    })
  })
})
