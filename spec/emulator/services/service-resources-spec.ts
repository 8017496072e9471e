import { expect } from 'chai'
import type { EmulatedService, JsonObject } from '../../../lib/emulator/index.js'
import { createRig } from '../rig.js'

/** A collection of a service, and the operations that its methods start. */
interface CollectionCase {
  readonly service: EmulatedService
  readonly path: string
  /** The requests that create the parents of the collection. */
  readonly parents?: readonly (readonly [string, object])[]
  /** The body that creates the resource `x`. */
  readonly body: JsonObject
  /** The members of the created resource, if they are not the body. */
  readonly resource?: JsonObject
  /** The types of the operations that create and delete a resource. */
  readonly types: readonly [string, string]
}

const COMPUTE = { service: 'compute', types: ['insert', 'delete'] } as const
const CLUSTER = { cluster: { name: 'c', initialNodeCount: 2 } }
const INSTANCE = { name: 'i' }

const CASES: readonly CollectionCase[] = [
  ...['v1', 'beta', 'alpha'].flatMap((version): CollectionCase[] => [
    {
      ...COMPUTE,
      path: `/compute/${version}/projects/p/zones/z/instances`,
      body: { name: 'x', tags: { items: ['a'] } },
    },
    {
      ...COMPUTE,
      path: `/compute/${version}/projects/p/regions/r/addresses`,
      body: { name: 'x', labels: { a: 'b' } },
    },
    { ...COMPUTE, path: `/compute/${version}/projects/p/global/networks`, body: { name: 'x', mtu: 1500 } },
  ]),
  ...['v1', 'v1beta1'].flatMap((version) =>
    ['locations/us-central1', 'zones/us-central1-a'].flatMap((location): CollectionCase[] => {
      const path = `/${version}/projects/p/${location}/clusters`
      return [
        {
          service: 'container',
          path,
          body: { cluster: { name: 'x', initialNodeCount: 2 } },
          resource: { name: 'x', initialNodeCount: 2 },
          types: ['CREATE_CLUSTER', 'DELETE_CLUSTER'],
        },
        {
          service: 'container',
          path: `${path}/c/nodePools`,
          parents: [[path, CLUSTER]],
          body: { nodePool: { name: 'x', initialNodeCount: 2 } },
          resource: { name: 'x', initialNodeCount: 2 },
          types: ['CREATE_NODE_POOL', 'DELETE_NODE_POOL'],
        },
      ]
    }),
  ),
  ...['/v1', '/sql/v1beta4'].flatMap((version): CollectionCase[] => {
    const path = `${version}/projects/p/instances`
    const inInstance = { service: 'sqladmin', parents: [[path, INSTANCE]] } as const
    return [
      { service: 'sqladmin', path, body: { name: 'x', region: 'r' }, types: ['CREATE', 'DELETE'] },
      {
        service: 'sqladmin',
        path,
        body: { name: 'x', masterInstanceName: 'i' },
        types: ['CREATE_REPLICA', 'DELETE'],
      },
      {
        ...inInstance,
        path: `${path}/i/databases`,
        body: { name: 'x', charset: 'utf8' },
        types: ['CREATE_DATABASE', 'DELETE_DATABASE'],
      },
      {
        ...inInstance,
        path: `${path}/i/users`,
        body: { name: 'x', type: 'BUILT_IN' },
        types: ['CREATE_USER', 'DELETE_USER'],
      },
    ]
  }),
]

describe('emulator/services/service-resources', () => {
  for (const { service, path, parents = [], body, resource = body, types } of CASES) {
    it(`should start ${types.join(' and ')} for a resource in ${path}`, async () => {
      await using rig = await createRig({ services: [service] })
      const change = async (method: string, target: string, sent?: object): Promise<JsonObject> => {
        const started = await rig.send(method, target, sent)
        expect(started.status, `${method} ${target}`).to.equal(200)
        // The path of an operation begins with the scope of the resource.
        const link = new URL(String(started.body.selfLink)).pathname
        rig.advance(10)
        const done = await rig.send('GET', link)
        expect(done.body).to.include({ name: started.body.name, status: 'DONE' })
        expect(done.body).to.not.have.property('error')
        return started.body
      }
      const statusOf = async (method: string, target: string, sent?: object): Promise<number> =>
        (await rig.send(method, target, sent)).status

      for (const [parent, sent] of parents) await change('POST', parent, sent)
      expect(await statusOf('GET', `${path}/x`)).to.equal(404)
      expect(await statusOf('DELETE', `${path}/x`)).to.equal(404)
      const unknown = path.replace(/(?:instances|addresses|networks|clusters)(?=\/|$)/, 'gadgets')
      expect([await statusOf('GET', unknown), await statusOf('POST', unknown, body)]).to.deep.equal([
        404, 404,
      ])
      const created = await change('POST', path, body)
      expect(created.operationType).to.equal(types[0])
      const { body: found } = await rig.send('GET', `${path}/x`)
      expect(found).to.deep.include(resource)
      if (service !== 'sqladmin') expect(created.targetLink).to.equal(found.selfLink)
      expect(await statusOf('POST', path, body)).to.equal(409)
      const noMethods = [`${path}/gadgets`, `${path}/x/gadgets`, `${path}/x/gadgets/g`]
      for (const target of noMethods) expect(await statusOf('POST', target, body), target).to.equal(404)
      expect((await change('DELETE', `${path}/x`)).operationType).to.equal(types[1])
      expect(await statusOf('GET', `${path}/x`)).to.equal(404)
      await change('POST', path, body)
      expect(await statusOf('GET', `${path}/x`)).to.equal(200)
    })
  }

  it('should create resources of an organization with an ID of the service', async () => {
    await using rig = await createRig({ services: ['compute'] })
    const path = '/compute/v1/locations/global/firewallPolicies'
    const started = await rig.send('POST', `${path}?parentId=organizations/1`, { shortName: 's' })
    rig.advance(10)
    const target = new URL(started.body.targetLink).pathname
    expect((await rig.send('GET', target)).body).to.include({ shortName: 's' })
    expect((await rig.send('DELETE', target)).body).to.include({ operationType: 'delete' })
    rig.advance(10)
    expect((await rig.send('GET', target)).status).to.equal(404)
  })
})
