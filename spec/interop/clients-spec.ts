import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
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
  startedOperation: OperationBody,
  get: (name: string) => Promise<{ data: OperationBody }>,
): Promise<OperationBody> {
  let operation = startedOperation
  while (!operation.done) operation = (await get(startedOperation.name ?? '')).data
  return operation
}

/** Returns the default timeline, but with poll numbers instead of times. The operation ends at the third poll. */
function endAtThirdPoll(_: unknown, defaults: readonly Frame[]): readonly Frame[] {
  return defaults.map(({ after, ...frame }, index) => {
    return after === undefined ? frame : { ...frame, polls: index === defaults.length - 1 ? 3 : 2 }
  }) as readonly Frame[]
}

/** Returns each method of a published client: the HTTP method and a path with samples for its parameters. */
function publishedMethods(version: string): readonly (readonly [string, string])[] {
  const folder = dirname(
    createRequire(import.meta.url).resolve('@googleapis/cloudresourcemanager/package.json'),
  )
  const source = readFileSync(join(folder, 'build', `${version}.js`), 'utf8')
  const types = readFileSync(join(folder, 'build', `${version}.d.ts`), 'utf8')
  const calls = source.matchAll(/class Resource\$([\w$]+)|rootUrl \+ '([^']+)'\)[\s\S]*?method: '([A-Z]+)'/g)
  let resource = ''
  const methods: (readonly [string, string])[] = []
  for (const [, className, path = '', method = ''] of calls) {
    if (className === undefined) methods.push([method, samplePath(path, resource)])
    else resource = className
  }
  expect(methods.length, version).to.equal(types.match(/params\?: Params\$/g)?.length)
  return methods
}

/** Replaces the parameters of a path. A parameter such as `{+name}` contains the collections of the resource. */
function samplePath(path: string, resource: string): string {
  const collections = new Map([
    ['Folders$Capabilities', 'folders/1/capabilities/app-management'],
    ['Locations$Tagbindingcollections', 'locations/global/tagBindingCollections/%2F%2Fa'],
    ['Locations$Effectivetagbindingcollections', 'locations/global/effectiveTagBindingCollections/%2F%2Fa'],
    ['Tagkeys', 'tagKeys/1'],
    ['Tagvalues', 'tagValues/1'],
    ['Tagvalues$Tagholds', path.includes('/tagHolds') ? 'tagValues/1' : 'tagValues/1/tagHolds/1'],
    ['Tagbindings', 'tagBindings/%2F%2Fa/tagValues/1'],
  ])
  const name = collections.get(resource) ?? `${resource.toLowerCase()}/1`
  return path.replace(/\{\+\w+\}/, name).replace(/\{\w+\}/, '1')
}

describe('interop/clients', () => {
  let emulator: Emulator
  beforeEach(async () => {
    emulator = await startEmulator({ timeline: endAtThirdPoll })
  })
  afterEach(() => emulator.close())

  const requests = (): readonly string[] => emulator.requests.map(({ method, path }) => `${method} ${path}`)

  describe('@googleapis/cloudresourcemanager', () => {
    it('should create a project with the v1 client, and poll until the operation is done', async () => {
      const v1 = cloudresourcemanager({ version: 'v1', auth: credentials(), rootUrl: emulator.endpoint })
      const { data } = await v1.projects.create({ requestBody: { projectId: 'tokyo-rain', name: 'Tokyo' } })
      expect(Object.keys(data)).to.deep.equal(['name'])
      const endedOperation = await pollUntilDone(data, (name) => v1.operations.get({ name }))
      expect(endedOperation.response).to.deep.include({
        '@type': 'type.googleapis.com/google.cloudresourcemanager.v1.Project',
        projectId: 'tokyo-rain',
        lifecycleState: 'ACTIVE',
      })
      const currentProject = await v1.projects.get({ projectId: 'tokyo-rain' })
      expect(endedOperation.response).to.deep.include(currentProject.data)
      expect(emulator.operations.polls(data.name ?? '')).to.equal(3)
      expect(requests()).to.deep.equal([
        'POST /v1/projects',
        ...Array<string>(3).fill(`GET /v1/${data.name}`),
        'GET /v1/projects/tokyo-rain',
      ])
    })

    it('should create a folder with the v2 client, which polls the operation at /v1', async () => {
      const v2 = cloudresourcemanager({ version: 'v2', auth: credentials(), rootUrl: emulator.endpoint })
      const parent = 'organizations/1'
      const { data } = await v2.folders.create({ parent, requestBody: { displayName: 'Engineering' } })
      const endedOperation = await pollUntilDone(data, (name) => v2.operations.get({ name }))
      expect(endedOperation.metadata).to.deep.equal({
        '@type': 'type.googleapis.com/google.cloud.resourcemanager.v2.FolderOperation',
        displayName: 'Engineering',
        operationType: 'CREATE',
        destinationParent: parent,
      })
      expect(endedOperation.response).to.deep.include({ lifecycleState: 'ACTIVE', parent })
      expect(requests().at(-1)).to.equal(`GET /v1/${data.name}`)
    })

    it('should create, move, delete and get resources with the v3 client', async () => {
      const v3 = cloudresourcemanager({ version: 'v3', auth: credentials(), rootUrl: emulator.endpoint })
      const untilDone = (started: OperationBody): Promise<OperationBody> =>
        pollUntilDone(started, (name) => v3.operations.get({ name }))

      const projectOperation = await untilDone(
        (await v3.projects.create({ requestBody: { projectId: 'tokyo-rain' } })).data,
      )
      expect((await v3.projects.get({ name: String(projectOperation.response?.name) })).data.state).to.equal(
        'ACTIVE',
      )

      const requestBody = { parent: 'organizations/1', displayName: 'Engineering' }
      const folder = await untilDone((await v3.folders.create({ requestBody })).data)
      const name = String(folder.response?.name)
      const destinationParent = 'organizations/876'
      const moved = await untilDone(
        (await v3.folders.move({ name, requestBody: { destinationParent } })).data,
      )
      expect(moved.metadata).to.deep.include({ sourceParent: 'organizations/1', destinationParent })
      expect((await v3.folders.get({ name })).data.parent).to.equal(destinationParent)
      const deleteOperation = (await v3.folders.delete({ name })).data
      expect(deleteOperation).to.have.all.keys('done', 'response')
      expect((await v3.folders.get({ name })).data.state).to.equal('DELETE_REQUESTED')

      const keyOperation = await untilDone(
        (await v3.tagKeys.create({ requestBody: { parent: 'organizations/1', shortName: 'env' } })).data,
      )
      const valueOperation = await untilDone(
        (
          await v3.tagValues.create({
            requestBody: { parent: keyOperation.response?.name as string, shortName: 'prod' },
          })
        ).data,
      )
      expect(valueOperation.response).to.deep.include({ namespacedName: '1/env/prod' })
      const tagValue = String(valueOperation.response?.name)
      const parent = '//cloudresourcemanager.googleapis.com/projects/123'
      const bindingOperation = (await v3.tagBindings.create({ requestBody: { parent, tagValue } })).data
      const bindingName = String(bindingOperation.response?.name)
      expect((await v3.tagBindings.list({ parent })).data.tagBindings).to.have.length(1)
      expect((await v3.tagBindings.delete({ name: bindingName })).data.response).to.deep.equal({
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

  for (const version of ['v1', 'v1beta1', 'v2', 'v2beta1', 'v3']) {
    it(`should send JSON for every method of the client for API version ${version}`, async () => {
      for (const [method, path] of publishedMethods(version)) {
        const response = await fetch(`${emulator.endpoint}${path}`, { method })
        const body = await response.text()
        expect(response.headers.get('content-type'), `${method} ${path}`).to.match(/^application\/json/)
        if (response.status === 501) expect(body).to.include(`method ${version} cloudresourcemanager.`)
        expect(response.status).to.be.oneOf([200, 400, 403, 404, 501])
      }
    })
  }

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
      const [currentProject] = await client.getProject({ name: project.name ?? '' })
      expect(currentProject.etag).to.equal(project.etag)
      expect(emulator.operations.polls(operation.name ?? '')).to.equal(3)
      expect(emulator.requests[0]?.query).to.include({ $alt: 'json;enum-encoding=int' })
      await client.close()
    })

    it('should reject the promise if the operation fails', async () => {
      const client = new TagKeysClient(options())
      const tagKey = { parent: 'organizations/1', shortName: 'env', purpose: 'GCE_FIREWALL' as const }
      const [firstOperation] = await client.createTagKey({ tagKey })
      const [createdKey] = await firstOperation.promise()
      expect(createdKey).to.deep.include({ shortName: 'env', purpose: 1 })
      const [secondOperation] = await client.createTagKey({ tagKey })
      const failure = await secondOperation.promise().then(
        () => undefined,
        (error: unknown) => error,
      )
      expect(failure).to.be.instanceOf(Error).with.property('code', 6)
      await client.close()
    })

    it('should accept operations that are already done and have no name', async () => {
      const [keysClient, valuesClient] = [new TagKeysClient(options()), new TagValuesClient(options())]
      const bindingsClient = new TagBindingsClient(options())
      const tagKey = { parent: 'organizations/1', shortName: 'env' }
      const [key] = await (await keysClient.createTagKey({ tagKey }))[0].promise()
      const tagValue = { parent: key.name ?? '', shortName: 'prod' }
      const [value] = await (await valuesClient.createTagValue({ tagValue }))[0].promise()
      const parent = '//cloudresourcemanager.googleapis.com/projects/123'
      const tagBinding = { parent, tagValue: value.name ?? '' }
      const [binding] = await (await bindingsClient.createTagBinding({ tagBinding }))[0].promise()
      expect(binding.name).to.equal(
        `tagBindings/%2F%2Fcloudresourcemanager.googleapis.com%2Fprojects%2F123/${value.name}`,
      )
      expect((await bindingsClient.listTagBindings({ parent }))[0]).to.have.length(1)
      await (await bindingsClient.deleteTagBinding({ name: binding.name ?? '' }))[0].promise()
      expect((await bindingsClient.listTagBindings({ parent }))[0]).to.deep.equal([])
    })
  })
})
