import {
  ProjectsClient,
  TagBindingsClient,
  TagKeysClient,
  TagValuesClient,
} from '@google-cloud/resource-manager'
import { auth, cloudresourcemanager } from '@googleapis/cloudresourcemanager'
import { expect } from 'chai'
import { type Emulator, type Frame, startEmulator } from '../../lib/emulator/index.js'

/** Returns credentials with a valid token, because the clients would otherwise request one from Google. */
function credentials(): InstanceType<typeof auth.OAuth2> {
  const client = new auth.OAuth2()
  client.setCredentials({ access_token: 'a-token', expiry_date: Date.now() + 3_600_000 })
  return client
}

interface OperationBody {
  readonly name?: string | null
  readonly done?: boolean | null
  readonly metadata?: Readonly<Record<string, unknown>> | null
  readonly response?: Readonly<Record<string, unknown>> | null
  readonly error?: unknown
}

/** Polls until the operation is done, and returns its last state. */
async function pollUntilDone(
  start: OperationBody,
  get: (name: string) => Promise<{ data: OperationBody }>,
): Promise<OperationBody> {
  let operation = start
  while (!operation.done) operation = (await get(start.name ?? '')).data
  return operation
}

/** Returns the default timeline, but with poll numbers instead of times. The operation ends at the third poll. */
function endAtThirdPoll(_: unknown, defaults: readonly Frame[]): readonly Frame[] {
  return defaults.map(({ after, ...frame }, index) => {
    return after === undefined ? frame : { ...frame, polls: index === defaults.length - 1 ? 3 : 2 }
  }) as readonly Frame[]
}

describe('interop/clients', () => {
  let emulator: Emulator
  beforeEach(async () => {
    emulator = await startEmulator({ timeline: endAtThirdPoll })
  })
  afterEach(() => emulator.close())

  const requests = (): readonly string[] => emulator.requests.map(({ method, path }) => `${method} ${path}`)

  describe('@googleapis/cloudresourcemanager', () => {
    it('should create a project with v1 and poll until it is done', async () => {
      const v1 = cloudresourcemanager({ version: 'v1', auth: credentials(), rootUrl: emulator.endpoint })
      const { data } = await v1.projects.create({ requestBody: { projectId: 'tokyo-rain', name: 'Tokyo' } })
      expect(Object.keys(data)).to.deep.equal(['name'])
      const ended = await pollUntilDone(data, (name) => v1.operations.get({ name }))
      expect(ended.response).to.deep.include({
        '@type': 'type.googleapis.com/google.cloudresourcemanager.v1.Project',
        projectId: 'tokyo-rain',
        lifecycleState: 'ACTIVE',
      })
      const current = await v1.projects.get({ projectId: 'tokyo-rain' })
      expect(ended.response).to.deep.include(current.data)
      expect(emulator.operations.polls(data.name ?? '')).to.equal(3)
      expect(requests()).to.deep.equal([
        'POST /v1/projects',
        ...Array<string>(3).fill(`GET /v1/${data.name}`),
        'GET /v1/projects/tokyo-rain',
      ])
    })

    it('should create a folder with v2 and poll its operation with v1', async () => {
      const v2 = cloudresourcemanager({ version: 'v2', auth: credentials(), rootUrl: emulator.endpoint })
      const parent = 'organizations/1'
      const { data } = await v2.folders.create({ parent, requestBody: { displayName: 'Engineering' } })
      const ended = await pollUntilDone(data, (name) => v2.operations.get({ name }))
      expect(ended.metadata).to.deep.equal({
        '@type': 'type.googleapis.com/google.cloud.resourcemanager.v2.FolderOperation',
        displayName: 'Engineering',
        operationType: 'CREATE',
        destinationParent: parent,
      })
      expect(ended.response).to.deep.include({ lifecycleState: 'ACTIVE', parent })
      expect(requests().at(-1)).to.equal(`GET /v1/${data.name}`)
    })

    it('should create, move, delete and get resources with v3', async () => {
      const v3 = cloudresourcemanager({ version: 'v3', auth: credentials(), rootUrl: emulator.endpoint })
      const untilDone = (start: OperationBody): Promise<OperationBody> =>
        pollUntilDone(start, (name) => v3.operations.get({ name }))

      const project = await untilDone(
        (await v3.projects.create({ requestBody: { projectId: 'tokyo-rain' } })).data,
      )
      expect((await v3.projects.get({ name: String(project.response?.name) })).data.state).to.equal('ACTIVE')

      const requestBody = { parent: 'organizations/1', displayName: 'Engineering' }
      const folder = await untilDone((await v3.folders.create({ requestBody })).data)
      const name = String(folder.response?.name)
      const destinationParent = 'folders/876'
      const moved = await untilDone(
        (await v3.folders.move({ name, requestBody: { destinationParent } })).data,
      )
      expect(moved.metadata).to.deep.include({ sourceParent: 'organizations/1', destinationParent })
      expect((await v3.folders.get({ name })).data.parent).to.equal(destinationParent)
      const deleted = (await v3.folders.delete({ name })).data
      expect(deleted).to.have.all.keys('done', 'response')
      expect((await v3.folders.get({ name })).data.state).to.equal('DELETE_REQUESTED')

      const key = await untilDone(
        (await v3.tagKeys.create({ requestBody: { parent: 'organizations/1', shortName: 'env' } })).data,
      )
      const value = await untilDone(
        (
          await v3.tagValues.create({
            requestBody: { parent: key.response?.name as string, shortName: 'prod' },
          })
        ).data,
      )
      expect(value.response).to.deep.include({ namespacedName: '1/env/prod' })
      const tagValue = String(value.response?.name)
      const parent = '//cloudresourcemanager.googleapis.com/projects/123'
      const bound = (await v3.tagBindings.create({ requestBody: { parent, tagValue } })).data
      const binding = String(bound.response?.name)
      expect((await v3.tagBindings.list({ parent })).data.tagBindings).to.have.length(1)
      expect((await v3.tagBindings.delete({ name: binding })).data.response).to.deep.equal({
        '@type': 'type.googleapis.com/google.protobuf.Empty',
      })
      expect((await v3.tagBindings.list({ parent })).data).to.deep.equal({})
    })

    it('should reject with 404 if the operation does not exist', async () => {
      const v3 = cloudresourcemanager({ version: 'v3', auth: credentials(), rootUrl: emulator.endpoint })
      const failure = await v3.operations.get({ name: 'operations/no' }).catch((error: unknown) => error)
      expect(failure).to.deep.include({ status: 404 })
      expect(failure).to.be.instanceOf(Error).with.property('message', 'Requested entity was not found.')
    })
  })

  describe('@google-cloud/resource-manager over REST', () => {
    // The client accepts `protocol` together with `fallback`, but its types do not declare it.
    const options = (): ConstructorParameters<typeof ProjectsClient>[0] & { protocol: string } => ({
      fallback: true,
      apiEndpoint: '127.0.0.1',
      port: Number(new URL(emulator.endpoint).port),
      protocol: 'http',
      authClient: credentials(),
    })

    it('should resolve the promise with the created project', async () => {
      const client = new ProjectsClient(options())
      const [operation] = await client.createProject({
        project: { projectId: 'tokyo-rain', displayName: 'T' },
      })
      const [project, metadata] = await operation.promise()
      expect(project).to.deep.include({ projectId: 'tokyo-rain', displayName: 'T', state: 1 })
      expect(metadata).to.deep.include({ gettable: true, ready: true })
      const [current] = await client.getProject({ name: project.name ?? '' })
      expect(current.etag).to.equal(project.etag)
      expect(emulator.operations.polls(operation.name ?? '')).to.equal(3)
      expect(emulator.requests[0]?.query).to.include({ $alt: 'json;enum-encoding=int' })
      await client.close()
    })

    it('should reject the promise if the operation fails', async () => {
      const client = new TagKeysClient(options())
      const tagKey = { parent: 'organizations/1', shortName: 'env', purpose: 'GCE_FIREWALL' as const }
      const [first] = await client.createTagKey({ tagKey })
      const [created] = await first.promise()
      expect(created).to.deep.include({ shortName: 'env', purpose: 1 })
      const [second] = await client.createTagKey({ tagKey })
      const failure = await second.promise().then(
        () => undefined,
        (error: unknown) => error,
      )
      expect(failure).to.be.instanceOf(Error).with.property('code', 6)
      await client.close()
    })

    it('should accept operations that are already done and have no name', async () => {
      const [keys, values] = [new TagKeysClient(options()), new TagValuesClient(options())]
      const bindings = new TagBindingsClient(options())
      const tagKey = { parent: 'organizations/1', shortName: 'env' }
      const [key] = await (await keys.createTagKey({ tagKey }))[0].promise()
      const tagValue = { parent: key.name ?? '', shortName: 'prod' }
      const [value] = await (await values.createTagValue({ tagValue }))[0].promise()
      const parent = '//cloudresourcemanager.googleapis.com/projects/123'
      const tagBinding = { parent, tagValue: value.name ?? '' }
      const [binding] = await (await bindings.createTagBinding({ tagBinding }))[0].promise()
      expect(binding.name).to.equal(
        `tagBindings/%2F%2Fcloudresourcemanager.googleapis.com%2Fprojects%2F123/${value.name}`,
      )
      expect((await bindings.listTagBindings({ parent }))[0]).to.have.length(1)
      await (await bindings.deleteTagBinding({ name: binding.name ?? '' }))[0].promise()
      expect((await bindings.listTagBindings({ parent }))[0]).to.deep.equal([])
    })
  })
})
