import { expect } from 'chai'
import { type EmulatedService, type Started, startEmulator } from '../../../lib/emulator/index.js'
import { createRig } from '../rig.js'

const OPERATION = 'projects/p/locations/l/operations/o'

describe('emulator/services: the option services', () => {
  for (const value of [['run'], ['compute', 3], 'compute', null]) {
    it(`should reject ${JSON.stringify(value)}`, async () => {
      const services = value as unknown as readonly EmulatedService[]
      const thrown = await startEmulator({ services }).catch((error: unknown) => error)
      expect(thrown).to.include({ name: 'InvalidOption', option: 'services' })
      expect(String(thrown)).to.include('services must be "compute" or "container" or "sqladmin", got ')
    })
  }

  it('should serve only the paths of the named services', async () => {
    await using none = await createRig()
    await using compute = await createRig({ services: ['compute'] })
    for (const target of [
      '/compute/v1/projects/p/global/networks',
      '/v1/projects/p/locations/l/clusters',
      '/sql/v1beta4/projects/p/instances',
      '/v1/projects/p/instances',
    ]) {
      expect((await none.send('GET', target)).body, target).to.equal('a page')
      const isCompute = target.startsWith('/compute')
      expect((await compute.send('GET', target)).status, target).to.equal(isCompute ? 200 : 404)
    }
  })

  it('should send operations of google.longrunning if container is not a service', async () => {
    await using rig = await createRig({ services: ['compute', 'sqladmin'] })
    rig.emulator.operations.add(OPERATION, [{}])
    expect((await rig.send('GET', `/v1/${OPERATION}`)).body).to.deep.equal({ name: OPERATION })
  })

  for (const resourceManager of [true, false]) {
    it(`should serve other paths as before if resourceManager is ${resourceManager}`, async () => {
      await using rig = await createRig({ services: ['compute', 'container', 'sqladmin'], resourceManager })
      const { status } = await rig.send('POST', '/v3/projects', { projectId: 'tokyo-rain' })
      expect(status).to.equal(resourceManager ? 200 : 404)
      rig.emulator.operations.add(OPERATION, [{}])
      expect((await rig.send('GET', `/v2/${OPERATION}`)).body).to.deep.equal({ name: OPERATION })
    })
  }

  it('should list a started operation only in the service that started it', async () => {
    await using rig = await createRig({ services: ['compute', 'container'] })
    const { body } = await rig.send('POST', '/compute/v1/projects/p/zones/z/disks', { name: 'd' })
    expect((await rig.send('GET', '/v1/projects/p/zones/z/operations')).body).to.deep.equal({})
    expect((await rig.send('GET', `/v1/projects/p/zones/z/operations/${body.name}`)).status).to.equal(404)
    expect((await rig.send('GET', '/compute/v1/projects/p/zones/z/operations')).body.items).to.have.length(1)
  })

  it('should serve a scripted operation in every service, even if a started operation had the same name', async () => {
    await using rig = await createRig({ services: ['compute', 'container'] })
    const { operations } = rig.emulator
    await rig.send('POST', '/compute/v1/projects/p/zones/z/disks', { name: 'd' })
    const [name = ''] = operations.names()
    operations.forget(name)
    operations.add(name, [{}])
    for (const version of ['compute/v1', 'v1'])
      expect((await rig.send('GET', `/${version}/${name}`)).status, version).to.equal(200)
  })

  it('should call duration and timeline with the method, the target and the body', async () => {
    const seen: Started[] = []
    await using rig = await createRig({
      services: ['compute', 'container', 'sqladmin'],
      duration: (started) => {
        seen.push(started)
        return 5
      },
      timeline: (_, frames) => [...frames, { after: 7, httpResponse: { httpStatus: 503, body: {} } }],
    })
    const starts = [
      ['/compute/v1/projects/p/zones/z/disks', { name: 'd' }],
      ['/v1/projects/p/locations/l/clusters', { cluster: { name: 'c' } }],
      ['/sql/v1beta4/projects/p/instances', { name: 'i' }],
    ] as const
    for (const [target, body] of starts) {
      const started = await rig.send('POST', target, body)
      expect(started.status, target).to.equal(200)
    }
    expect(seen.map(({ method, target, body }) => [method, target, body])).to.deep.equal([
      ['compute.disks.insert', 'projects/p/zones/z/disks/d', { name: 'd' }],
      ['container.clusters.create', 'projects/p/locations/l/clusters/c', { cluster: { name: 'c' } }],
      ['sqladmin.instances.insert', 'projects/p/instances/i', { name: 'i' }],
    ])
    rig.advance(5)
    const [name = ''] = rig.emulator.operations.names()
    expect((await rig.send('GET', `/compute/v1/${name}`)).body.status).to.equal('DONE')
    rig.advance(2)
    expect((await rig.send('GET', `/compute/v1/${name}`)).status).to.equal(503)
  })

  it('should let a script define the response to the request that starts the operation', async () => {
    await using rig = await createRig({
      services: ['compute'],
      timeline: (_, frames) => [...frames, { polls: 0, done: true, metadata: { progress: 99 } }],
    })
    const { body } = await rig.send('POST', '/compute/v1/projects/p/zones/z/disks', { name: 'd' })
    expect(body).to.include({ status: 'DONE', progress: 99 })
  })

  it('should send a raw response of a script as the response to the request that starts the operation', async () => {
    await using rig = await createRig({
      services: ['compute'],
      timeline: (_, frames) => [...frames, { polls: 0, httpResponse: { httpStatus: 503, body: { a: 1 } } }],
    })
    const started = await rig.send('POST', '/compute/v1/projects/p/zones/z/disks', { name: 'd' })
    expect(started).to.deep.equal({ status: 503, body: { a: 1 } })
    expect(rig.emulator.operations.names()).to.have.length(1)
  })

  it('should accept the system parameters of Google clients', async () => {
    await using rig = await createRig({ services: ['compute'] })
    rig.emulator.operations.add('projects/p/global/operations/o', [{}])
    const target = '/compute/v1/projects/p/global/operations/o'
    for (const query of ['?', '?alt=json&prettyPrint=false', '?$alt=json;enum-encoding=int']) {
      expect((await rig.send('GET', target + query)).status, query).to.equal(200)
    }
    expect((await rig.send('GET', `${target}?fields=name,status`)).body).to.deep.equal({
      name: 'o',
      status: 'RUNNING',
    })
  })
})
