import {
  DisksClient,
  GlobalOperationsClient,
  NetworksClient,
  ZoneOperationsClient,
} from '@google-cloud/compute'
import { ClusterManagerClient } from '@google-cloud/container'
import { SqlInstancesServiceClient, SqlOperationsServiceClient } from '@google-cloud/sql'
import { auth, compute } from '@googleapis/compute'
import { container } from '@googleapis/container'
import { auth as sqlAuth, sqladmin } from '@googleapis/sqladmin'
import { expect } from 'chai'
import { lastValueFrom } from 'rxjs'
import { type Emulator, startEmulator } from '../../lib/emulator/index.js'
import { constant, OperationsClient, outcome, service } from '../../lib/index.js'

const [project, zone, location] = ['p', 'europe-west1-b', 'europe-west1']
const parent = `projects/${project}/locations/${location}`

/** Sets a valid token, because the clients would otherwise request one from Google. */
function withToken<T extends { setCredentials(credentials: object): void }>(authClient: T): T {
  authClient.setCredentials({ access_token: 'a-token', expiry_date: Date.now() + 3_600_000 })
  return authClient
}

describe('interop/service-clients', () => {
  let emulator: Emulator
  beforeEach(async () => {
    emulator = await startEmulator({ services: ['compute', 'container', 'sqladmin'], duration: 100 })
  })
  afterEach(() => emulator.close())

  /** Follows the result of the call that started an operation, and returns the outcome. */
  async function followed(name: string, version: string, started: unknown): Promise<unknown> {
    await using client = new OperationsClient({
      ...service(name, { version }),
      endpoint: emulator.endpoint,
      auth: false,
    })
    const watch = client.follow(started, { schedule: constant({ interval: 20 }) })
    return await lastValueFrom(watch.pipe(outcome()))
  }

  const SUCCEEDED = { _tag: 'Right', right: undefined }

  // The clients accept `protocol` together with `fallback`, but their types do not declare it.
  const options = (): ConstructorParameters<typeof DisksClient>[0] & { protocol: string } => ({
    fallback: true,
    apiEndpoint: '127.0.0.1',
    port: Number(new URL(emulator.endpoint).port),
    protocol: 'http',
    projectId: project,
    authClient: withToken(new auth.OAuth2()),
  })

  describe('@google-cloud/compute 6.15.0', () => {
    it('should wait for the operation of a disk by calling `wait` in a loop, as the samples of Google do', async () => {
      const [disks, operations] = [new DisksClient(options()), new ZoneOperationsClient(options())]
      const [response] = await disks.insert({ project, zone, diskResource: { name: 'd', sizeGb: 10 } })
      let operation = response.latestResponse as { name?: string; status?: unknown }
      while (operation.status !== 'DONE') {
        ;[operation] = (await operations.wait({
          operation: operation.name ?? '',
          project,
          zone,
        })) as unknown as [typeof operation]
      }
      const [disk] = await disks.get({ project, zone, disk: 'd' })
      expect(disk).to.include({ name: 'd', sizeGb: '10' })
      expect(await followed('compute', 'v1', [response])).to.deep.equal(SUCCEEDED)
    })

    it('should get an operation by its number, list operations, and delete the operation', async () => {
      const [networks, operations] = [new NetworksClient(options()), new GlobalOperationsClient(options())]
      const [response] = await networks.insert({ project, networkResource: { name: 'n' } })
      expect(await followed('compute', 'v1', response)).to.deep.equal(SUCCEEDED)
      // The client returns the number of the operation as its name.
      const number = response.name ?? ''
      expect(number).to.match(/^\d+$/)
      const [operation] = await operations.get({ project, operation: number })
      expect(operation).to.include({ status: 'DONE', operationType: 'insert', progress: 100 })
      expect((await operations.list({ project }))[0]).to.have.length(1)
      await operations.delete({ project, operation: operation.name ?? '' })
      const failure = await operations.get({ project, operation: number }).catch((error: unknown) => error)
      expect(failure).to.be.instanceOf(Error).with.property('code', 404)
    })

    it('should return the error of a failed operation', async () => {
      const operations = new ZoneOperationsClient(options())
      emulator.operations.add(`projects/p/zones/${zone}/operations/o`, [
        {
          done: true,
          error: { code: 8, message: 'no capacity' },
          metadata: { warnings: [{ code: 'CLEANUP_FAILED' }] },
        },
      ])
      const [operation] = await operations.get({ project, zone, operation: 'o' })
      expect(operation).to.deep.nested.include({
        'error.errors[0].code': 'RESOURCE_EXHAUSTED',
        'error.errors[0].message': 'no capacity',
        'warnings[0].code': 'CLEANUP_FAILED',
        httpErrorStatusCode: 429,
      })
    })
  })

  it('@google-cloud/container 6.10.0 should create a cluster, and get and cancel its operation', async () => {
    const clusters = new ClusterManagerClient(options())
    const [operation] = await clusters.createCluster({ parent, cluster: { name: 'c', initialNodeCount: 1 } })
    expect(operation).to.include({ status: 'RUNNING', operationType: 'CREATE_CLUSTER' })
    expect(emulator.requests[0]?.query).to.include({ $alt: 'json;enum-encoding=int' })
    expect(await followed('container', 'v1', [operation])).to.deep.equal(SUCCEEDED)
    const [done] = await clusters.getOperation({ name: `${parent}/operations/${operation.name}` })
    expect(done).to.include({ status: 'DONE', name: operation.name })
    expect((await clusters.getCluster({ name: `${parent}/clusters/c` }))[0]).to.include({
      initialNodeCount: 1,
    })
    const [deletion] = await clusters.deleteCluster({ name: `${parent}/clusters/c` })
    await clusters.cancelOperation({ name: `${parent}/operations/${deletion.name}` })
    const [list] = await clusters.listOperations({ parent: `projects/${project}/locations/-` })
    expect(list.operations?.map(({ error }) => error?.code)).to.deep.equal([undefined, 1])
  })

  it('@google-cloud/sql 0.25.0 should create an instance, and get and list its operations', async () => {
    const [instances, operations] = [
      new SqlInstancesServiceClient(options()),
      new SqlOperationsServiceClient(options()),
    ]
    const [operation] = await instances.insert({
      project,
      body: { name: 'i', settings: { tier: 'db-f1-micro' } },
    })
    expect(operation).to.include({ status: 'PENDING', operationType: 'CREATE', targetId: 'i' })
    expect(await followed('sqladmin', 'v1', [operation])).to.deep.equal(SUCCEEDED)
    const [done] = await operations.get({ project, operation: operation.name ?? '' })
    expect(done).to.include({ status: 'DONE', name: operation.name })
    const [instance] = await instances.get({ project, instance: 'i' })
    expect(instance).to.deep.nested.include({ name: 'i', 'settings.tier': 'db-f1-micro' })
    const [restart] = await instances.restart({ project, instance: 'i' })
    await operations.cancel({ project, operation: restart.name ?? '' })
    const [listed] = await operations.list({ project, instance: 'i' })
    expect(listed.items?.[0]).to.deep.nested.include({ 'error.errors[0].code': 'CANCELLED' })
  })

  for (const version of ['v1', 'beta', 'alpha'] as const) {
    it(`@googleapis/compute 42.0.0 should create, wait for and delete an address with API version ${version}`, async () => {
      const client = compute({
        version: version as 'v1',
        auth: withToken(new auth.OAuth2()),
        rootUrl: `${emulator.endpoint}/`,
      })
      const scope = { project, region: location }
      const started = await client.addresses.insert({ ...scope, requestBody: { name: 'a' } })
      expect(started.data).to.include({ status: 'RUNNING', kind: 'compute#operation' })
      const operation = started.data.name ?? ''
      const done = await client.regionOperations.wait({ ...scope, operation })
      expect(done.data).to.include({ status: 'DONE', id: started.data.id })
      expect(await followed('compute', version, started)).to.deep.equal(SUCCEEDED)
      expect((await client.addresses.get({ ...scope, address: 'a' })).data.name).to.equal('a')
      const aggregated = await client.globalOperations.aggregatedList({ project })
      expect(aggregated.data.items?.[`regions/${location}`]?.operations).to.have.length(1)
      expect((await client.regionOperations.delete({ ...scope, operation })).status).to.equal(204)
      const duplicate = await client.addresses
        .insert({ ...scope, requestBody: { name: 'a' } })
        .catch((error: unknown) => error)
      expect(duplicate).to.deep.include({ status: 409 })
    })
  }

  it('@googleapis/container 26.0.0 should create a cluster, and get its operation by the path with `zones` and the path with `locations`', async () => {
    const client = container({
      version: 'v1',
      auth: withToken(new auth.OAuth2()),
      rootUrl: `${emulator.endpoint}/`,
    })
    const zones = client.projects.zones
    const requestBody = { cluster: { name: 'c' } }
    const started = await zones.clusters.create({ projectId: project, zone, requestBody })
    expect(await followed('container', 'v1', started)).to.deep.equal(SUCCEEDED)
    const name = `projects/${project}/locations/${zone}`
    const operation = await client.projects.locations.operations.get({
      name: `${name}/operations/${started.data.name}`,
    })
    expect(operation.data).to.include({ status: 'DONE', operationType: 'CREATE_CLUSTER' })
    const old = await zones.operations.get({ projectId: project, zone, operationId: started.data.name ?? '' })
    expect(old.data).to.deep.equal(operation.data)
    const pool = await client.projects.locations.clusters.nodePools.create({
      parent: `${name}/clusters/c`,
      requestBody: { nodePool: { name: 'n' } },
    })
    expect(await followed('container', 'v1', pool.data)).to.deep.equal(SUCCEEDED)
  })

  for (const version of ['v1', 'v1beta4'] as const) {
    it(`@googleapis/sqladmin 38.1.1 should create an instance and a user with API version ${version}`, async () => {
      const client = sqladmin({
        version: version as 'v1',
        auth: withToken(new sqlAuth.OAuth2()),
        rootUrl: `${emulator.endpoint}/`,
      })
      const started = await client.instances.insert({ project, requestBody: { name: 'i' } })
      expect(await followed('sqladmin', version, started)).to.deep.equal(SUCCEEDED)
      const user = await client.users.insert({ project, instance: 'i', requestBody: { name: 'u' } })
      expect(user.data).to.include({ status: 'DONE', operationType: 'CREATE_USER' })
      expect(await followed('sqladmin', version, user.data)).to.deep.equal(SUCCEEDED)
      const { data } = await client.operations.list({ project, instance: 'i' })
      expect(data.items?.map(({ operationType }) => operationType)).to.deep.equal(['CREATE_USER', 'CREATE'])
      const missing = await client.instances.get({ project, instance: 'x' }).catch((error: unknown) => error)
      expect(missing).to.deep.include({ status: 404 })
    })
  }
})
