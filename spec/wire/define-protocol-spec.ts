import { expect } from 'chai'
import { left, right } from 'fp-ts/lib/Either.js'
import { lastValueFrom, type Observable, of, toArray } from 'rxjs'
import {
  Code,
  decodeStatus,
  defineProtocol,
  InvalidOption,
  type OperationProtocol,
  OperationsClient,
  type ProtocolDefinition,
  type ResumeToken,
  resumeToken,
  service,
  watchOperation,
} from '../../lib/index.js'
import { delayed, httpReply, inVirtualTime, type Reply, scripted, TAGS, tags } from '../virtual.js'

const NAME = 'projects/p/jobs/j'
const ENDPOINT = 'https://jobs.googleapis.com'
const API = { endpoint: ENDPOINT, apiVersion: 'v1' }

interface JobBody {
  readonly state: string
  readonly message?: string
}

/** A definition with only the required members. */
const JOBS: ProtocolDefinition = {
  name: 'jobs',
  get: (name) => ({ name, query: { view: 'FULL' } }),
  decode: (body) => {
    const { state, message } = body as JobBody
    if (state === 'DONE') return right({ _tag: 'Succeeded', response: 42 })
    if (state === 'FAILED')
      return right({ _tag: 'Failed', status: decodeStatus({ code: Code.ABORTED, message: message ?? '' }) })
    return state.startsWith('R') ? right({ _tag: 'Running', metadata: state }) : left(`state is ${state}`)
  },
}

function job(state: string, more: object = {}): Reply {
  return httpReply(200, { state, ...more })
}

function clientFor(definition: ProtocolDefinition, ...replies: readonly Reply[]) {
  const { transport, requests } = scripted(...replies)
  const protocol = defineProtocol(definition)
  return {
    client: new OperationsClient({ ...API, protocol, transport, rateLimit: false, random: () => 0 }),
    requests,
  }
}

function allEmissions(source: Observable<unknown>): Promise<unknown[]> {
  return lastValueFrom(source.pipe(toArray()))
}

function throws(): never {
  throw new TypeError('a bug')
}

describe('wire/define-protocol', () => {
  it('should watch an operation if the definition has only name, get and decode', () => {
    inVirtualTime(({ expectObservable, flush }) => {
      const { client, requests } = clientFor(JOBS, job('RUNNING'), job('DONE'))
      expectObservable(client.watch(NAME).pipe(tags())).toBe('r 749ms (s|)', TAGS)
      flush()
      expect(requests.map(({ method, url }) => `${method} ${url}`)).to.deep.equal([
        `GET ${ENDPOINT}/v1/${NAME}?view=FULL`,
        `GET ${ENDPOINT}/v1/${NAME}?view=FULL`,
      ])
    })
  })

  it('should emit the name that was requested, the metadata, the response, and the status of a failure', async () => {
    const { client } = clientFor(JOBS, job('RUNNING'), job('DONE'), job('FAILED', { message: 'stopped' }))
    expect(await lastValueFrom(client.get(NAME)))
      .to.have.property('right')
      .that.includes({ _tag: 'Running', name: NAME, metadata: 'RUNNING' })
    expect(await lastValueFrom(client.get(NAME))).to.have.nested.property('right.response', 42)
    expect(await lastValueFrom(client.get(NAME))).to.have.deep.nested.property('left.status', {
      code: 10,
      codeName: 'ABORTED',
      message: 'stopped',
      details: [],
    })
  })

  it('should accept every path of safe segments as a name, unless the definition has `nameProblem`', async () => {
    const { client } = clientFor(JOBS, job('DONE'))
    const strict = clientFor({
      ...JOBS,
      nameProblem: (name) => (name === NAME ? undefined : 'it is not a job'),
    })
    for (const name of ['j', NAME, 'a/operations']) expect(client.token(name)._tag, name).to.equal('Right')
    for (const name of ['', 'a/../b', 'a?b']) expect(client.token(name)._tag, name).to.equal('Left')
    expect(strict.client.token(NAME)._tag).to.equal('Right')
    expect(strict.client.token('j')).to.have.nested.property('left.reason', 'it is not a job')
  })

  it('should reject methods that the definition does not have without a request', async () => {
    const { client, requests } = clientFor(JOBS, job('DONE'))
    for (const request of [
      client.cancel(NAME),
      client.delete(NAME),
      client.wait(NAME),
      client.list('projects/p'),
    ])
      expect(await lastValueFrom<unknown>(request)).to.have.nested.property('left._tag', 'RequestRejected')
    expect(requests).to.deep.equal([])
  })

  it('should list, cancel, delete and wait if the definition has these methods', async () => {
    const { client, requests } = clientFor(
      {
        ...JOBS,
        collectionOf: (parent) => `${parent}/jobs`,
        list: (name, { pageToken }) => ({ name, query: { pageToken } }),
        decodePage: (body) => {
          const { jobs, next } = body as { readonly jobs: readonly string[]; readonly next?: string }
          return right({
            operations: jobs.map((name) => right({ _tag: 'Running', name })),
            nextPageToken: next,
          })
        },
        cancel: (name) => ({ method: 'POST', name, suffix: ':stop', body: {} }),
        delete: (name) => ({ method: 'DELETE', name }),
        wait: (name) => ({ method: 'POST', name, suffix: ':wait', body: {}, serverTimeout: 1 }),
      },
      httpReply(200, { jobs: ['j1', 'j2'], next: 't' }),
      httpReply(200, { jobs: ['j3'] }),
      job('DONE'),
    )
    const listed = await lastValueFrom(client.list('projects/p').pipe(toArray()))
    expect(listed.map((emission) => Object(emission).right.name)).to.deep.equal(['j1', 'j2', 'j3'])
    for (const request of [client.cancel(NAME), client.delete(NAME), client.wait(NAME)])
      expect(await lastValueFrom<unknown>(request)).to.have.property('_tag', 'Right')
    expect(requests.map(({ method, url }) => `${method} ${url.slice(ENDPOINT.length)}`)).to.deep.equal([
      'GET /v1/projects/p/jobs',
      'GET /v1/projects/p/jobs?pageToken=t',
      `POST /v1/${NAME}:stop`,
      `DELETE /v1/${NAME}`,
      `POST /v1/${NAME}:wait`,
    ])
  })

  it('should hold responses with `wait` if `usesWait` is true', () => {
    inVirtualTime(({ expectObservable, flush }) => {
      const wait: OperationProtocol['wait'] = (name) => ({ method: 'POST', name, suffix: '/wait', body: {} })
      const replies = [job('RUNNING'), delayed(20_000, httpReply(200, { state: 'DONE' }))]
      const { client, requests } = clientFor({ ...JOBS, wait, usesWait: true }, ...replies)
      expectObservable(client.watch(NAME).pipe(tags())).toBe('r 749ms 20s (s|)', TAGS)
      flush()
      expect(requests.map(({ method }) => method)).to.deep.equal(['GET', 'POST'])
    })
  })

  it('should follow a started operation with `decode` by default, or with `decodeStarted`', async () => {
    const named: ProtocolDefinition = {
      ...JOBS,
      decodeStarted: (value) => right({ _tag: 'Running', name: `projects/p/jobs/${Object(value).id}` }),
    }
    expect(await lastValueFrom(clientFor(JOBS).client.follow({ state: 'DONE' }))).to.have.property(
      '_tag',
      'Right',
    )
    const result = await lastValueFrom(clientFor(named, job('DONE')).client.follow({ id: 'j' }))
    expect(result).to.have.nested.property('right.name', NAME)
    const unnamed = await lastValueFrom(clientFor(JOBS).client.follow({ state: 'RUNNING' }))
    expect(unnamed).to.have.nested.property('left._tag', 'InvalidName')
  })

  describe('resume tokens', () => {
    const protocol = defineProtocol({
      ...JOBS,
      nameProblem: (name) => (name.includes('/jobs/') ? undefined : 'it is not a job'),
    })

    it('should be accepted by watches of a client with the protocol', async () => {
      const { transport, requests } = scripted(job('DONE'))
      const options = { ...API, protocol, transport }
      const client = new OperationsClient(options)
      const token = JSON.parse(JSON.stringify(client.token(NAME))).right as ResumeToken
      for (const watch of [client.watch(token), watchOperation(token, options)])
        expect(await lastValueFrom(watch)).to.have.property('_tag', 'Right')
      const all = await lastValueFrom(client.watchAll([token]))
      expect(all.snapshot._tag).to.equal('Right')
      expect(await lastValueFrom(client.step(token))).to.have.property('_tag', 'Ended')
      expect(requests).to.have.length(4)
    })

    it('should be created by `resumeToken` for names of a protocol or a service', () => {
      expect(resumeToken(NAME, { ...API, protocol, since: 5 })).to.deep.equal({
        name: NAME,
        ...API,
        since: 5,
      })
      expect(() => resumeToken('operations/o', { ...API, protocol })).to.throw(InvalidOption, 'name must be')
      const batch = resumeToken('batches/b', service('generativelanguage'))
      expect(batch).to.include({ name: 'batches/b', endpoint: 'https://generativelanguage.googleapis.com' })
      expect(() => resumeToken('batches/b')).to.throw(
        'name must be the name of an operation, got "batches/b"',
      )
    })
  })

  it('should use only the host, the version and the quota of a service', async () => {
    const { transport, requests } = scripted(httpReply(404, { error: { code: 404, status: 'NOT_FOUND' } }))
    const protocol = defineProtocol({ ...JOBS, cancel: (name) => ({ method: 'POST', name, body: {} }) })
    const client = new OperationsClient({ ...service('compute'), protocol, transport })
    const result = await lastValueFrom(client.watch(NAME, { visibilityWindow: 0 }))
    expect(result).to.have.nested.property('left._tag', 'OperationNotFound')
    expect(result).to.not.have.nested.property('left.nameHint')
    await lastValueFrom(client.cancel(NAME))
    expect(requests.map(({ method }) => method)).to.deep.equal(['GET', 'POST'])
    expect(requests[0]?.url).to.include('https://compute.googleapis.com/compute/v1/projects')
  })

  describe('a defective definition', () => {
    const decoders: readonly (readonly [string, ProtocolDefinition['decode'], string])[] = [
      ['throws', throws, 'the decoder threw a TypeError'],
      ['returns no Either', () => undefined as never, 'the decoder did not return an Either'],
      ['returns a Promise', (async () => right({})) as never, 'the decoder returned a Promise'],
      ['returns an unknown tag', () => right({ _tag: 'Done' } as never), 'no Running, Succeeded or Failed'],
      ['returns null', () => right(null as never), 'no Running, Succeeded or Failed'],
      ['returns no status', () => right({ _tag: 'Failed' } as never), 'Failed without a Status'],
      [
        'returns an incomplete status',
        () => right({ _tag: 'Failed', status: { codeName: 'ABORTED' } } as never),
        'Failed without a Status',
      ],
      ['returns a name of another type', () => right({ _tag: 'Succeeded', name: 7 } as never), 'no string'],
      ['returns a reason', () => left('it is no job'), 'it is no job'],
      ['returns a reason with a path', () => left({ path: 'a.b', message: 'it is no job' }), 'it is no job'],
    ]
    for (const [description, decode, reason] of decoders)
      it(`should lead to MalformedResponse after three polls if the decoder ${description}`, () => {
        inVirtualTime(({ expectObservable, flush }) => {
          const { client, requests } = clientFor({ ...JOBS, decode }, job('DONE'))
          const results: unknown[] = []
          client.watch(NAME).subscribe((emission) => results.push(emission))
          client.follow({}).subscribe((emission) => results.push(emission))
          expectObservable(of(0))
          flush()
          expect(requests).to.have.length(3)
          const malformed = results.find((result) => Object(result).left._tag === 'MalformedResponse')
          expect(malformed).to.have.nested.property('left.reason').that.includes(reason)
          expect(malformed).to.have.nested.property('left.path', description.includes('path') ? 'a.b' : '')
          expect(results).to.have.length(2)
        })
      })

    it('should let an Observable error if a function that creates a request throws', async () => {
      const { client, requests } = clientFor(
        {
          ...JOBS,
          get: throws,
          wait: throws,
          cancel: throws,
          delete: throws,
          list: throws,
          decodePage: throws,
        },
        job('DONE'),
      )
      const requestsOfClient = [
        client.watch(NAME),
        client.watchAll([NAME]),
        client.get(NAME),
        client.step(NAME),
        client.wait(NAME),
        client.cancel(NAME),
        client.delete(NAME),
        client.list('projects/p'),
      ]
      for (const request of requestsOfClient) {
        const error = await lastValueFrom<unknown>(request).catch((thrown: unknown) => thrown)
        expect(error).to.be.instanceOf(TypeError).with.property('message', 'a bug')
      }
      expect(requests).to.deep.equal([])
    })

    it('should let an Observable error if `hasMethod` or `collectionOf` throws', async () => {
      const wait: OperationProtocol['wait'] = (name) => ({ name })
      const { client } = clientFor({ ...JOBS, wait, usesWait: true, hasMethod: throws, collectionOf: throws })
      for (const request of [client.watch(NAME), client.cancel(NAME), client.list('projects/p')]) {
        const error = await lastValueFrom<unknown>(request).catch((thrown: unknown) => thrown)
        expect(error).to.be.instanceOf(TypeError).with.property('message', 'a bug')
      }
    })

    it('should let a name be invalid if `nameProblem` throws', async () => {
      const { client } = clientFor({ ...JOBS, nameProblem: throws }, job('DONE'))
      const result = await lastValueFrom(client.watch(NAME))
      expect(result).to.have.nested.property('left.reason', 'nameProblem threw a TypeError')
      expect(client.token(NAME)._tag).to.equal('Left')
    })

    it('should report a page that cannot be decoded', async () => {
      for (const decodePage of [throws, () => right({} as never), () => right(undefined as never)]) {
        const { client } = clientFor({ ...JOBS, list: (name) => ({ name }), decodePage }, job('DONE'))
        const result = await lastValueFrom(client.list('projects/p'))
        expect(result).to.have.nested.property('left._tag', 'MalformedResponse')
      }
    })

    const page = { unreachable: undefined, warnings: undefined, nextPageToken: undefined }
    const operations: readonly (readonly [string, unknown, string])[] = [
      ['an unknown tag', right({ _tag: 'Done' }), 'no Running, Succeeded or Failed'],
      ['no Either', 42, 'did not return an Either'],
      ['a reason', left('it is no job'), 'it is no job'],
    ]
    for (const [description, operation, reason] of operations)
      it(`should report only the operation of a page for which the decoder returns ${description}`, async () => {
        const decodePage = () =>
          right({ ...page, operations: [right({ _tag: 'Succeeded', name: NAME }), operation] } as never)
        const { client } = clientFor({ ...JOBS, list: (name) => ({ name }), decodePage }, job('DONE'))
        const [first, second, ...others] = await allEmissions(client.list('projects/p'))
        expect(first).to.have.nested.property('right.name', NAME)
        expect(second).to.have.nested.property('left._tag', 'MalformedResponse')
        expect(second).to.have.nested.property('left.reason').that.includes(reason)
        expect(others).to.deep.equal([])
      })

    it('should request no further page if the decoder returns an empty page token', async () => {
      const decodePage = () => right({ operations: [], nextPageToken: '' })
      const { client, requests } = clientFor({ ...JOBS, list: (name) => ({ name }), decodePage }, job('DONE'))
      expect(await allEmissions(client.list('projects/p'))).to.deep.equal([])
      expect(requests).to.have.length(1)
    })

    it('should send no request whose path is not safe', async () => {
      const { client, requests } = clientFor({ ...JOBS, get: () => ({ name: 'a', suffix: '/../b?key=1' }) })
      const error = await lastValueFrom(client.get(NAME)).catch((thrown: unknown) => thrown)
      expect(error).to.have.property('message', 'the URL of a request is not in canonical form')
      expect(requests).to.deep.equal([])
    })
  })

  describe('validation', () => {
    const members = 'name, get, decode, decodeStarted, wait, cancel, delete, list, decodePage, nameProblem, '
    const invalid: readonly (readonly [unknown, string])[] = [
      [undefined, 'protocol must be an object with name, get and decode, got undefined'],
      [[], 'protocol must be an object with name, get and decode, got an array'],
      [{}, 'protocol.name must be a name such as "bigquery", got undefined'],
      [{ ...JOBS, name: '' }, 'protocol.name must be a name such as "bigquery", got ""'],
      [{ ...JOBS, get: undefined }, 'protocol.get must be a function, got undefined'],
      [Object.create(JOBS), 'protocol.name must be a name such as "bigquery", got undefined'],
      [{ ...JOBS, get: 'GET' }, 'protocol.get must be a function, got "GET"'],
      [{ ...JOBS, decode: {} }, 'protocol.decode must be a function, got an object'],
      [{ ...JOBS, cancel: true }, 'protocol.cancel must be a function, got true'],
      [{ ...JOBS, usesWait: 1 }, 'protocol.usesWait must be true or false, got 1'],
      [{ ...JOBS, hasUsableProgress: 1 }, 'protocol.hasUsableProgress must be true or false, got 1'],
      [{ ...JOBS, usesWait: true }, 'protocol.wait must be a function, got undefined'],
      [{ ...JOBS, list: JOBS.get }, 'protocol.decodePage must be a function, got undefined'],
      [
        { ...JOBS, requiredFields: 'state' },
        'protocol.requiredFields must be an array of strings, got "state"',
      ],
      [
        { ...JOBS, decoder: JOBS.decode },
        `protocol.decoder must be absent, because a protocol has only ${members}collectionOf, hasMethod, usesWait, hasUsableProgress, requiredFields, got a function`,
      ],
    ]
    for (const [definition, message] of invalid)
      it(`should throw: ${message}`, () => {
        expect(() => defineProtocol(definition as ProtocolDefinition))
          .to.throw(InvalidOption, message)
          .with.property('message', message)
      })

    it('should accept optional members that are undefined', () => {
      const definition = {
        ...JOBS,
        cancel: undefined,
        nameProblem: undefined,
      } as unknown as ProtocolDefinition
      expect(defineProtocol(definition).nameProblem(NAME)).to.equal(undefined)
    })

    it('should reject a protocol that is only a definition', () => {
      const options = { ...API, protocol: JOBS as OperationProtocol }
      for (const call of [() => new OperationsClient(options), () => resumeToken(NAME, options)])
        expect(call).to.throw('protocol must be the protocol returned by defineProtocol(), got an object')
    })

    it('should require the fields of the definition in a field mask', () => {
      const options = (requiredFields: readonly string[]) => ({
        ...API,
        protocol: defineProtocol({ ...JOBS, requiredFields }),
      })
      expect(new OperationsClient({ ...options([]), fields: 'a' }).endpoint).to.equal(ENDPOINT)
      expect(new OperationsClient({ ...options(['state']), fields: 'a,state' }).endpoint).to.equal(ENDPOINT)
      expect(() => new OperationsClient({ ...options(['state']), fields: 'a' })).to.throw(
        'fields must be a field mask that contains state, got "a"',
      )
      expect(() => new OperationsClient({ ...options(['a', 'b', 'c']), fields: 'a' })).to.throw(
        'a, b and c, got',
      )
    })
  })
})
