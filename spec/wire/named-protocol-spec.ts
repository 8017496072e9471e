import { expect } from 'chai'
import { lastValueFrom, type Observable, toArray } from 'rxjs'
import { constant, OperationsClient, type ServiceOptions, service } from '../../lib/index.js'
import { LONGRUNNING } from '../../lib/wire/longrunning.js'
import { namedProtocol } from '../../lib/wire/named-protocol.js'
import { httpReply, type Reply, scripted } from '../virtual.js'

function clientFor(name: string, options: ServiceOptions, ...replies: readonly Reply[]) {
  const script = scripted(...replies)
  const client = new OperationsClient({ ...service(name, options), transport: script.transport })
  const paths = (): readonly string[] => script.requests.map(({ url }) => new URL(url).pathname)
  return { client, paths }
}

function allEmissions<A>(source: Observable<A>): Promise<A[]> {
  return lastValueFrom(source.pipe(toArray()))
}

describe('wire/named-protocol', () => {
  it('should return the protocol itself if it accepts all templates and there are no rules', () => {
    expect(namedProtocol(LONGRUNNING, ['a/*/operations/*', 'operations/**'], [])).to.equal(LONGRUNNING)
    expect(service('run').service.protocol).to.equal(LONGRUNNING)
  })

  it('should return one protocol for each version of a service', () => {
    const protocolOf = (version: string) => service('speech', { version }).service.protocol
    expect(protocolOf('v1')).to.equal(protocolOf('v1'))
    expect(protocolOf('v2')).to.equal(LONGRUNNING)
  })

  it('should accept the names of the templates and of the protocol, and no others', () => {
    const { nameProblem } = namedProtocol(LONGRUNNING, ['batches/*'], [])
    expect(nameProblem('batches/b')).to.equal(undefined)
    expect(nameProblem('x/operations/o')).to.equal(undefined)
    expect(nameProblem('batches')).to.equal('it has no segment "operations", as in "operations/batches"')
    expect(nameProblem('batches/b/c')).to.equal('it has no segment "operations"')
  })

  it('should watch the operation of a bare numeric ID, which Speech-to-Text v1 returns', async () => {
    const id = '7612202767953098924'
    const { client, paths } = clientFor(
      'speech',
      { version: 'v1' },
      httpReply(200, { name: id }),
      httpReply(200, { name: id, done: true, response: {} }),
    )
    const emissions = await allEmissions(client.watch(id))
    expect(emissions.at(-1)).to.have.property('right').that.deep.includes({ _tag: 'Succeeded', name: id })
    expect(paths()).to.deep.equal([`/v1/operations/${id}`, `/v1/operations/${id}`])
    expect(client.token(id)).to.have.nested.property('right.name', id)
  })

  for (const [title, options, started] of [
    ['speech', { version: 'v1' }, { name: '7612202767953098924' }],
    ['storage', {}, { name: 'projects/_/buckets/shelf/operations/CiQz' }],
    ['generativelanguage', { version: 'v1beta' }, { name: 'batches/b' }],
  ] as const)
    it(`should follow the response of a start call of ${title}`, async () => {
      const { client, paths } = clientFor(title, options, httpReply(200, { ...started, done: true }))
      const emissions = await allEmissions(client.follow(started, { schedule: constant({ interval: 1 }) }))
      expect(emissions.at(-1)).to.have.nested.property('right._tag', 'Succeeded')
      expect(paths()).to.have.length(1)
    })

  it('should watch each name that a list of Cloud Storage returns, by the path of the bucket', async () => {
    const listed = 'projects/_/buckets/shelf/operations/CiQz'
    const { client, paths } = clientFor(
      'storage',
      {},
      httpReply(200, { operations: [{ name: listed }] }),
      httpReply(200, { name: listed, done: true }),
      httpReply(200, {}),
    )
    const [operation] = await allEmissions(client.list('projects/_/buckets/shelf'))
    expect(operation).to.have.nested.property('right.name', listed)
    expect((await allEmissions(client.watch(listed))).at(-1)).to.have.nested.property('right.done', true)
    await allEmissions(client.cancel(listed))
    expect(paths()).to.deep.equal([
      '/storage/v1/b/shelf/operations',
      '/storage/v1/b/shelf/operations/CiQz',
      '/storage/v1/b/shelf/operations/CiQz:cancel',
    ])
  })

  it('should list, watch, cancel and delete batches of the Gemini API', async () => {
    const { client, paths } = clientFor(
      'generativelanguage',
      { version: 'v1beta' },
      httpReply(200, { operations: [{ name: 'batches/b', metadata: { state: 'BATCH_STATE_RUNNING' } }] }),
      httpReply(200, { name: 'batches/b', done: true, response: {} }),
      httpReply(200, {}),
      httpReply(200, {}),
    )
    const [operation] = await allEmissions(client.list('batches'))
    expect(operation).to.have.nested.property('right.name', 'batches/b')
    await allEmissions(client.watch('batches/b'))
    await allEmissions(client.cancel('batches/b'))
    await allEmissions(client.delete('batches/b'))
    expect(paths()).to.deep.equal([
      '/v1beta/batches',
      '/v1beta/batches/b',
      '/v1beta/batches/b:cancel',
      '/v1beta/batches/b',
    ])
  })

  for (const name of [
    'models/veo-3.1/operations/abc',
    'fileSearchStores/s/operations/o',
    'fileSearchStores/s/upload/operations/o',
  ])
    it(`should request ${name} of the Gemini API by its name`, async () => {
      const { client, paths } = clientFor(
        'generativelanguage',
        { version: 'v1beta' },
        httpReply(200, { name, done: true }),
      )
      await allEmissions(client.get(name))
      expect(paths()).to.deep.equal([`/v1beta/${name}`])
    })

  it('should use `operations` of a parent whose name is not a collection', () => {
    const { collectionOf } = namedProtocol(LONGRUNNING, ['batches/*', 'operations/**', '*'], [])
    expect(collectionOf('batches')).to.equal('batches')
    expect(collectionOf('')).to.equal('operations')
    expect(collectionOf('projects/p')).to.equal('projects/p/operations')
    expect(collectionOf('operations/projects/p')).to.equal('operations/projects/p/operations')
  })
})
