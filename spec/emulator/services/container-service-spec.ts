import { expect } from 'chai'
import type { EmulatorOptions } from '../../../lib/emulator/index.js'
import { createRig, type Rig } from '../rig.js'

const LOCATION = 'projects/p/locations/europe-west1-b'
const PATH = `/v1/${LOCATION}`
const NAME = `${LOCATION}/operations/o`

function createContainerRig(options: EmulatorOptions = {}): Promise<Rig> {
  return createRig({ services: ['container'], ...options })
}

/** Returns the path of a link. */
function pathOf(link: string): string {
  return new URL(link).pathname
}

describe('emulator/services/container-service', () => {
  it('should send a scripted operation, whose links have the project number and the zone', async () => {
    await using rig = await createContainerRig()
    const progress = { metrics: [{ name: 'NODES_TOTAL', intValue: '3' }] }
    rig.emulator.operations.add(NAME, [
      { metadata: { operationType: 'UPGRADE_NODES', progress } },
      { after: 20, done: true },
    ])
    const { body } = await rig.send('GET', `${PATH}/operations/o`)
    expect(body).to.deep.equal({
      name: 'o',
      zone: 'europe-west1-b',
      status: 'RUNNING',
      selfLink: body.selfLink,
      startTime: '1970-01-01T00:00:00.000000000Z',
      operationType: 'UPGRADE_NODES',
      progress,
    })
    expect(body.selfLink).to.match(
      /^https:\/\/container\.googleapis\.com\/v1\/projects\/\d{12}\/zones\/europe-west1-b\/operations\/o$/,
    )
    rig.advance(20)
    const done = await rig.send('GET', pathOf(body.selfLink))
    expect(done.body).to.include({ status: 'DONE', endTime: '1970-01-01T00:00:00.020000000Z' })
    expect(rig.emulator.operations.polls(NAME)).to.equal(2)
  })

  for (const name of [
    'projects/p/zones/europe-west1-b/operations/o',
    'projects/p/locations/europe-west1-b/operations/o',
    'projects/123/zones/europe-west1-b/operations/o',
  ]) {
    it(`should serve ${name} by the path with zones and by the path with locations`, async () => {
      await using rig = await createContainerRig()
      rig.emulator.operations.add(name, [{}])
      for (const version of ['v1', 'v1beta1']) {
        for (const form of ['zones', 'locations']) {
          const target = `/${version}/${name.replace(/zones|locations/, form)}`
          expect((await rig.send('GET', target)).status, target).to.equal(200)
        }
      }
    })
  }

  it('should send a failure as google.rpc.Status and as a message, and members of the script', async () => {
    await using rig = await createContainerRig()
    const error = { code: 8, message: 'no quota', details: [{ '@type': 'type.googleapis.com/a.B', a: 1 }] }
    const clusterConditions = [
      { code: 'GCE_QUOTA_EXCEEDED', message: 'm', canonicalCode: 'RESOURCE_EXHAUSTED' },
    ]
    rig.emulator.operations.add(NAME, [
      { metadata: { status: 'ABORTING' } },
      { polls: 2, done: true, error, metadata: { clusterConditions } },
    ])
    expect((await rig.send('GET', `${PATH}/operations/o`)).body.status).to.equal('ABORTING')
    expect((await rig.send('GET', `${PATH}/operations/o`)).body).to.deep.include({
      status: 'DONE',
      statusMessage: 'no quota',
      error,
      clusterConditions,
    })
  })

  it('should send enums as numbers if the client requests it', async () => {
    await using rig = await createContainerRig()
    rig.emulator.operations.add(NAME, [
      { metadata: { status: 'PENDING', operationType: 'CREATE_CLUSTER' } },
      { polls: 2 },
      { polls: 3, metadata: { status: 'ABORTING' } },
      { polls: 4, done: true, metadata: { operationType: 'FUTURE_TYPE', constructor: 'a' } },
    ])
    const bodies = []
    for (let poll = 1; poll <= 4; poll += 1) {
      bodies.push((await rig.send('GET', `${PATH}/operations/o?$alt=json;enum-encoding=int`)).body)
    }
    expect(bodies.map(({ status }) => status)).to.deep.equal([1, 2, 4, 3])
    expect(bodies.map(({ operationType }) => operationType)).to.deep.equal([
      1,
      undefined,
      undefined,
      'FUTURE_TYPE',
    ])
  })

  it('should cancel, but neither wait nor delete', async () => {
    await using rig = await createContainerRig()
    rig.emulator.operations.add(NAME, [{}])
    expect((await rig.send('POST', `${PATH}/operations/o/wait`)).status).to.equal(404)
    expect((await rig.send('DELETE', `${PATH}/operations/o`)).status).to.equal(404)
    const cancelled = await rig.send('POST', `${PATH}/operations/o:cancel`, {})
    expect([cancelled.status, cancelled.body]).to.deep.equal([200, {}])
    const { body } = await rig.send('GET', `${PATH}/operations/o`)
    expect(body).to.deep.include({
      status: 'DONE',
      error: { code: 1, message: 'The operation was cancelled.' },
    })
  })

  it('should list the operations of one location and of all locations', async () => {
    await using rig = await createContainerRig()
    rig.emulator.operations.add('projects/p/locations/a/operations/1', [{}])
    rig.emulator.operations.add('projects/p/zones/b-c/operations/2', [{}])
    rig.emulator.operations.add('projects/other/locations/a/operations/3', [{}])
    const one = await rig.send('GET', '/v1/projects/p/locations/a/operations')
    const all = await rig.send('GET', '/v1/projects/p/locations/-/operations')
    const none = await rig.send('GET', '/v1/projects/p/locations/x/operations')
    const namesOf = ({ body }: typeof one): unknown =>
      body.operations.map(({ name }: { name: string }) => name)
    expect([namesOf(one), namesOf(all)]).to.deep.equal([['1'], ['1', '2']])
    expect(none.body).to.deep.equal({})
  })

  it('should create, change and delete a cluster and a node pool', async () => {
    await using rig = await createContainerRig()
    const types: string[] = []
    const change = async (method: string, target: string, body?: object): Promise<void> => {
      const started = await rig.send(method, target, body)
      expect(started.status, `${method} ${target}`).to.equal(200)
      types.push(started.body.operationType)
      rig.advance(10)
    }
    const cluster = { name: 'c', initialNodeCount: 3 }
    await change('POST', `${PATH}/clusters`, { cluster })
    expect((await rig.send('GET', `${PATH}/clusters/c`)).body).to.deep.include({
      ...cluster,
      status: 'RUNNING',
      location: 'europe-west1-b',
    })
    await change('PUT', `${PATH}/clusters/c`, { update: { desiredLoggingService: 'none' } })
    await change('POST', `${PATH}/clusters/c:setResourceLabels`, { resourceLabels: { a: 'b' } })
    await change('POST', '/v1/projects/p/zones/europe-west1-b/clusters/c/master', { masterVersion: '1.33' })
    await change('POST', '/v1/projects/p/zones/europe-west1-b/clusters/c/addons', { addonsConfig: {} })
    await change('POST', `${PATH}/clusters/c:startIpRotation`, {})
    await change('POST', `${PATH}/clusters/c/nodePools`, { nodePool: { name: 'n' } })
    await change('POST', `${PATH}/clusters/c/nodePools/n:setSize`, { nodeCount: 5 })
    await change('PUT', `${PATH}/clusters/c/nodePools/n`, { nodeVersion: '1.33' })
    expect((await rig.send('GET', `${PATH}/clusters/c`)).body).to.deep.include({
      loggingService: 'none',
      resourceLabels: { a: 'b' },
    })
    expect((await rig.send('GET', `${PATH}/clusters/c/nodePools`)).body.nodePools[0]).to.include({
      name: 'n',
      nodeCount: 5,
      nodeVersion: '1.33',
    })
    await change('DELETE', `${PATH}/clusters/c/nodePools/n`)
    await change('DELETE', `${PATH}/clusters/c`)
    expect((await rig.send('GET', `${PATH}/clusters/c`)).status).to.equal(404)
    expect(types).to.deep.equal([
      'CREATE_CLUSTER',
      'UPDATE_CLUSTER',
      'SET_LABELS',
      'UPGRADE_MASTER',
      'UPDATE_CLUSTER',
      'UPDATE_CLUSTER',
      'CREATE_NODE_POOL',
      'SET_NODE_POOL_SIZE',
      'UPGRADE_NODES',
      'DELETE_NODE_POOL',
      'DELETE_CLUSTER',
    ])
  })

  it('should reject duplicates, missing parents and unknown collections with google.rpc errors', async () => {
    await using rig = await createContainerRig()
    await rig.send('POST', `${PATH}/clusters`, { cluster: { name: 'c' } })
    const duplicate = await rig.send('POST', `${PATH}/clusters`, { cluster: { name: 'c' } })
    const orphan = await rig.send('POST', `${PATH}/clusters/x/nodePools`, { nodePool: { name: 'n' } })
    const unknown = await rig.send('GET', `${PATH}/gadgets`)
    expect(
      [duplicate, orphan, unknown].map(({ status, body }) => [status, body.error.code, body.error.status]),
    ).to.deep.equal([
      [409, 409, 'ALREADY_EXISTS'],
      [404, 404, 'NOT_FOUND'],
      [404, 404, 'NOT_FOUND'],
    ])
  })
})
