import { expect } from 'chai'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { lastValueFrom, type Observable, toArray } from 'rxjs'
import { type EmulatedService, type Emulator, startEmulator } from '../../../lib/emulator/index.js'
import { constant, locate, OperationsClient, service } from '../../../lib/index.js'

/** How a service starts an operation, and how it names its operations. */
interface ServiceCase {
  readonly name: EmulatedService
  readonly version?: string
  /** The collection of the resources. */
  readonly collection: string
  readonly body: (id: string) => object
  /** The parent of the operations. */
  readonly parent: string
}

const COMPUTE: ServiceCase = {
  name: 'compute',
  collection: '/compute/v1/projects/p/zones/europe-west1-b/disks',
  body: (id) => ({ name: id, sizeGb: '10' }),
  parent: 'projects/p/zones/europe-west1-b',
}
const CONTAINER: ServiceCase = {
  name: 'container',
  collection: '/v1/projects/p/locations/europe-west1-b/clusters',
  body: (id) => ({ cluster: { name: id } }),
  parent: 'projects/p/locations/europe-west1-b',
}
const SQLADMIN: ServiceCase = {
  name: 'sqladmin',
  collection: '/v1/projects/p/instances',
  body: (id) => ({ name: id }),
  parent: 'projects/p',
}
const CASES: readonly ServiceCase[] = [
  COMPUTE,
  { ...COMPUTE, version: 'beta', collection: COMPUTE.collection.replace('v1', 'beta') },
  {
    ...COMPUTE,
    collection: '/compute/v1/projects/p/regions/europe-west1/addresses',
    parent: 'projects/p/regions/europe-west1',
  },
  { ...COMPUTE, collection: '/compute/v1/projects/p/global/networks', parent: 'projects/p/global' },
  CONTAINER,
  { ...CONTAINER, version: 'v1beta1', collection: CONTAINER.collection.replace('v1', 'v1beta1') },
  {
    ...CONTAINER,
    collection: '/v1/projects/p/locations/europe-west1/clusters',
    parent: 'projects/p/locations/europe-west1',
  },
  SQLADMIN,
  { ...SQLADMIN, version: 'v1beta4', collection: '/sql/v1beta4/projects/p/instances' },
]

const SCHEDULE = constant({ interval: 10 })

function allValues<A>(source: Observable<A>): Promise<A[]> {
  return lastValueFrom(source.pipe(toArray()), { defaultValue: [] })
}

for (const { name, version, collection, body, parent } of CASES) {
  describe(`emulator/services with OperationsClient: ${collection}`, () => {
    let emulator: Emulator
    let client: OperationsClient
    beforeEach(async () => {
      emulator = await startEmulator({ services: ['compute', 'container', 'sqladmin'], duration: 60 })
      client = new OperationsClient({
        ...service(name, { version }),
        endpoint: emulator.endpoint,
        auth: false,
      })
    })
    afterEach(async () => {
      client.close()
      await emulator.close()
    })

    /** Starts an operation that creates a resource, and returns the response. */
    async function start(id: string): Promise<Record<string, string>> {
      const request = { method: 'POST', body: JSON.stringify(body(id)) }
      const response = await fetch(emulator.endpoint + collection, request)
      expect(response.status).to.equal(200)
      return (await response.json()) as Record<string, string>
    }

    it('should follow a started operation until its target exists', async () => {
      const started = await start('a')
      const emissions = await allValues(client.follow(started, { schedule: SCHEDULE }))
      expect(emissions[0]).to.have.nested.property('right._tag', 'Running')
      const last = emissions.at(-1)
      expect(last).to.have.nested.property('right._tag', 'Succeeded')
      if (last === undefined || isLeft(last) || !last.right.done) throw new Error('not succeeded')
      expect(last.right.metadata).to.include({ status: 'DONE', name: started.name })
      expect(last.right.target).to.equal(started.targetLink)
      const target = await fetch(emulator.endpoint + new URL(started.targetLink ?? '').pathname)
      expect([target.status, await target.json()]).to.have.nested.property('1.name', 'a')
    })

    it('should report the failure of a started operation', async () => {
      const names = emulator.operations.names()
      await start('a')
      const operation = emulator.operations.names().find((candidate) => !names.includes(candidate)) ?? ''
      emulator.operations.forget(operation)
      emulator.operations.add(operation, [
        {},
        { polls: 2, done: true, error: { code: 9, message: 'not now' } },
      ])
      const emissions = await allValues(client.watch(operation, { schedule: SCHEDULE, longPoll: false }))
      expect(emissions.at(-1)).to.deep.nested.include({
        'left._tag': 'OperationFailed',
        'left.status.codeName': 'FAILED_PRECONDITION',
        'left.status.message': 'not now',
      })
    })

    it('should watch, list and locate operations', async () => {
      const started = [await start('a'), await start('b')]
      const listed = await allValues(client.list(parent))
      const names = listed.map(
        (emission) => isRight(emission) && 'name' in emission.right && emission.right.name,
      )
      expect(names).to.have.members(emulator.operations.names())
      expect(names).to.have.length(2)
      const results = await allValues(client.watchAll(names as string[], { schedule: SCHEDULE }))
      const succeeded = results.filter(({ snapshot }) => isRight(snapshot) && snapshot.right.done)
      expect(succeeded).to.have.length(2)
      const located = locate(started[0]?.selfLink ?? '')
      const endpointName = isRight(located) ? located.right.name : ''
      const got = await allValues(client.get(endpointName))
      expect(got).to.have.nested.property('0.right._tag', 'Succeeded')
    })
  })
}

describe('emulator/services with OperationsClient: methods', () => {
  async function withClient(
    { name, parent }: ServiceCase,
    test: (client: OperationsClient, emulator: Emulator, operation: string) => Promise<void>,
  ): Promise<void> {
    await using emulator = await startEmulator({ services: [name] })
    await using client = new OperationsClient({ ...service(name), endpoint: emulator.endpoint, auth: false })
    await test(client, emulator, `${parent}/operations/o`)
  }

  it('should wait for and delete an operation of Compute Engine', async () => {
    await withClient(COMPUTE, async (client, emulator, operation) => {
      emulator.operations.add(operation, [{}, { after: 50, done: true }])
      const waited = await allValues(client.wait(operation))
      expect(waited).to.have.nested.property('0.right._tag', 'Succeeded')
      expect(emulator.requests.map(({ method, path }) => `${method} ${path}`)).to.deep.equal([
        `POST /compute/v1/${operation}/wait`,
      ])
      expect(await allValues(client.delete(operation))).to.have.nested.property('0._tag', 'Right')
      expect(await allValues(client.get(operation))).to.have.nested.property(
        '0.left._tag',
        'OperationNotFound',
      )
    })
  })

  it('should use wait in a watch of Compute Engine', async () => {
    await withClient(COMPUTE, async (client, emulator, operation) => {
      emulator.operations.add(operation, [{}, { after: 100, done: true }])
      const emissions = await allValues(client.watch(operation, { schedule: SCHEDULE }))
      expect(emissions.at(-1)).to.have.nested.property('right._tag', 'Succeeded')
      expect(emulator.requests.map(({ method }) => method)).to.deep.equal(['GET', 'POST'])
    })
  })

  it('should list the operations of a project of Compute Engine, and read all pages', async () => {
    await withClient(COMPUTE, async (client, emulator) => {
      const names = ['zones/a', 'zones/b', 'regions/r', 'global'].map(
        (scope) => `projects/p/${scope}/operations/o`,
      )
      for (const operation of names) emulator.operations.add(operation, [{}])
      const listed = await allValues(client.list('projects/p/aggregated/operations', { pageSize: 3 }))
      expect(
        listed.map((emission) => isRight(emission) && 'name' in emission.right && emission.right.name),
      ).to.deep.equal(names)
      expect(emulator.requests).to.have.length(2)
    })
  })

  for (const serviceCase of [CONTAINER, SQLADMIN]) {
    it(`should cancel an operation of ${serviceCase.name}`, async () => {
      await withClient(serviceCase, async (client, emulator, operation) => {
        emulator.operations.add(operation, [{}])
        expect(await allValues(client.cancel(operation))).to.have.nested.property('0._tag', 'Right')
        const emissions = await allValues(client.watch(operation))
        expect(emissions).to.have.nested.property('0.left.status.codeName', 'CANCELLED')
      })
    })
  }

  it('should list the operations of an instance of Cloud SQL', async () => {
    await withClient(SQLADMIN, async (client, emulator) => {
      emulator.operations.add('projects/p/operations/1', [{ metadata: { targetId: 'i' } }])
      emulator.operations.add('projects/p/operations/2', [{ metadata: { targetId: 'other' } }])
      const listed = await allValues(client.list('projects/p/instances/i'))
      expect(
        listed.map((emission) => isRight(emission) && 'name' in emission.right && emission.right.name),
      ).to.deep.equal(['projects/p/operations/1'])
    })
  })

  for (const { name, parent } of [COMPUTE, CONTAINER, SQLADMIN]) {
    it(`should serve batches of ${name} at the path of the service`, async () => {
      await using emulator = await startEmulator({ services: [name] })
      await using client = new OperationsClient({
        ...service(name),
        endpoint: emulator.endpoint,
        auth: false,
        batch: true,
      })
      const names = ['1', '2'].map((id) => `${parent}/operations/${id}`)
      for (const operation of names) emulator.operations.add(operation, [{ done: true }])
      const results = await allValues(client.watchAll(names))
      expect(results.map(({ snapshot }) => isRight(snapshot) && snapshot.right._tag)).to.deep.equal([
        'Succeeded',
        'Succeeded',
      ])
      const path = name === 'compute' ? '/batch/compute/v1' : '/batch'
      expect(emulator.requests.map((request) => request.path)).to.deep.equal([path])
    })
  }
})
