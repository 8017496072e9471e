import { expect } from 'chai'
import { type Emulator, type JsonObject, startEmulator } from '../../lib/emulator/index.js'
import {
  discoveryDocuments,
  findPython,
  type PythonClient,
  type PythonResponse,
  servedMethods,
  startPythonClient,
} from './python-client.js'

const HINT = 'install google-api-python-client (Debian: apt-get install python3-googleapi)'
const ORGANIZATION = 'organizations/123'
const SERVICE = '//cloudresourcemanager.googleapis.com'
const BINDINGS = [{ role: 'roles/viewer', members: ['user:a@example.com'] }]
const PERMISSIONS = { permissions: ['resourcemanager.projects.get'] }

const python = findPython()

if (python === undefined) {
  describe('interop/python-client', () => {
    if (process.env.REQUIRE_PYTHON_CLIENT) {
      it(`should run: ${HINT}`, () => Promise.reject(new Error(HINT)))
    } else {
      process.stderr.write(
        `\n*** NOT RUN: the specs of google-api-python-client. To run them, ${HINT}. ***\n\n`,
      )
      it(`pending: ${HINT}`)
    }
  })
} else {
  describe(`interop/python-client: google-api-python-client ${python.version}`, () => {
    const called = new Set<string>()
    let emulator: Emulator
    let client: PythonClient
    before(async () => {
      emulator = await startEmulator({ duration: 0 })
      client = startPythonClient(python.command, discoveryDocuments(emulator.endpoint))
    })
    after(async () => {
      await client[Symbol.asyncDispose]()
      await emulator.close()
    })

    /** Calls a method and returns the response, also if it is an error. */
    function send(method: string, args?: JsonObject): Promise<PythonResponse> {
      called.add(method)
      return client.call(method, args)
    }

    /** Calls a method that must succeed, and returns the body. */
    async function call(method: string, args?: JsonObject): Promise<PythonResponse['body']> {
      const { status, body } = await send(method, args)
      expect(status, `${method} ${JSON.stringify(args)}: ${JSON.stringify(body)}`).to.equal(200)
      return body
    }

    /** Starts an operation, polls it until it is done, and returns its response. */
    async function run(method: string, args?: JsonObject): Promise<PythonResponse['body']> {
      const started = await call(method, args)
      const version = method.startsWith('v3.') ? 'v3' : 'v1'
      const ended = started.done ? started : await call(`${version}.operations.get`, { name: started.name })
      expect(ended, method).to.include({ done: true }).and.have.property('response')
      return ended.response
    }

    /** Reads, sets and tests the policy of a resource. */
    async function setPolicy(collection: string, name: string): Promise<void> {
      const { etag } = await call(`${collection}.getIamPolicy`, { name, body: {} })
      const body = { policy: { bindings: BINDINGS, etag } }
      const policy = await call(`${collection}.setIamPolicy`, { name, body })
      expect(policy.bindings).to.deep.equal(BINDINGS)
      expect(await call(`${collection}.getIamPolicy`, { name, body: {} })).to.deep.equal(policy)
      expect(await call(`${collection}.testIamPermissions`, { name, body: PERMISSIONS })).to.deep.equal(
        PERMISSIONS,
      )
    }

    async function configureCapabilities(parent: string, name: string): Promise<void> {
      const methods = `v3.${parent}.capabilityConfigs`
      const config = `${name}/capabilityConfigs/my-config`
      const created = await run(`${methods}.create`, {
        name,
        capabilityConfigId: 'my-config',
        body: { types: ['APP_MANAGEMENT'] },
      })
      expect(created.name).to.match(/\/capabilityConfigs\/my-config$/)
      const changes = { name: config, updateMask: 'displayName', body: { displayName: 'Apps' } }
      expect(await run(`${methods}.patch`, changes)).to.include({ displayName: 'Apps' })
      const got = await call(`${methods}.get`, { name: config })
      expect((await call(`${methods}.list`, { name })).capabilityConfigs).to.deep.equal([got])
      await run(`${methods}.delete`, { name: config })
      expect((await send(`${methods}.get`, { name: config })).status).to.equal(403)
    }

    it('should serve organizations', async () => {
      for (const version of ['v1', 'v3']) {
        const organization = await call(`${version}.organizations.get`, { name: ORGANIZATION })
        const filter = `domain:${organization.displayName}`
        const search = version === 'v1' ? { body: { filter } } : { query: filter }
        expect(await call(`${version}.organizations.search`, search)).to.deep.equal({
          organizations: [organization],
        })
        await setPolicy(`${version}.organizations`, ORGANIZATION)
      }
      await configureCapabilities('organizations', ORGANIZATION)
    })

    it('should serve folders', async () => {
      const parent = ORGANIZATION
      const { name } = await run('v3.folders.create', { body: { parent, displayName: 'Engineering' } })
      const child = await run('v2.folders.create', { parent: name, body: { displayName: 'Child' } })
      const duplicate = await send('v3.folders.create', { body: { parent, displayName: 'Engineering' } })
      expect(duplicate.body.error.details[0].violations[0].type).to.equal('FOLDER_NAME_UNIQUENESS_VIOLATION')
      const cycle = await send('v2.folders.move', { name, body: { destinationParent: child.name } })
      expect(cycle.body.error.details[0].violations[0].type).to.equal('CYCLE_INTRODUCED_VIOLATION')
      for (const version of ['v2', 'v3']) {
        const notEmpty = await send(`${version}.folders.delete`, { name })
        expect(notEmpty.body.error.details[0].violations[0].type).to.equal(
          'FOLDER_TO_DELETE_NON_EMPTY_VIOLATION',
        )
        const folder = await call(`${version}.folders.get`, { name })
        const list = { parent, pageSize: 1, showDeleted: 'true' }
        expect((await call(`${version}.folders.list`, list)).folders).to.deep.equal([folder])
        const query = 'displayName=Engin* AND lifecycleState=ACTIVE'
        const search = version === 'v2' ? { body: { query, pageSize: 5 } } : { query, pageSize: 5 }
        expect((await call(`${version}.folders.search`, search)).folders).to.deep.equal([folder])
        await setPolicy(`${version}.folders`, name)
        const destinationParent = 'organizations/124'
        const moved = await run(`${version}.folders.move`, { name: child.name, body: { destinationParent } })
        expect(moved.parent).to.equal(destinationParent)
        await run(`${version}.folders.move`, { name: child.name, body: { destinationParent: name } })
      }
      const patch = { name: child.name, updateMask: 'displayName', body: { displayName: 'Renamed' } }
      expect(await call('v2.folders.patch', patch)).to.include({ displayName: 'Renamed' })
      expect(await run('v3.folders.patch', patch)).to.include({ displayName: 'Renamed' })
      expect(await call('v2.folders.delete', { name: child.name })).to.include({
        lifecycleState: 'DELETE_REQUESTED',
      })
      expect(await call('v2.folders.undelete', { name: child.name, body: {} })).to.include({
        lifecycleState: 'ACTIVE',
      })
      for (const _ of [1, 2]) {
        expect(await run('v3.folders.delete', { name: child.name })).to.include({ state: 'DELETE_REQUESTED' })
      }
      for (const _ of [1, 2]) {
        expect(await run('v3.folders.undelete', { name: child.name, body: {} })).to.include({
          state: 'ACTIVE',
        })
      }
      const capability = `${name}/capabilities/app-management`
      await run('v3.folders.capabilities.patch', { name: capability, body: { value: true } })
      expect(await call('v3.folders.capabilities.get', { name: capability })).to.include({ value: true })
      await configureCapabilities('folders', name)
    })

    it('should serve projects', async () => {
      const { name: parent } = await run('v3.folders.create', {
        body: { parent: ORGANIZATION, displayName: 'Projects' },
      })
      const id = parent.slice('folders/'.length)
      const labels = { color: 'red' }
      const one = await run('v1.projects.create', {
        body: { projectId: 'tokyo-rain', name: 'Tokyo', parent: { type: 'folder', id }, labels },
      })
      const three = await run('v3.projects.create', {
        body: { projectId: 'howl-1', displayName: 'Howl', parent: ORGANIZATION },
      })
      const name = 'projects/tokyo-rain'
      const project = await call('v1.projects.get', { name })
      expect(one).to.deep.include(project)
      expect(await call('v1.projects.get', { name: `projects/${project.projectNumber}` })).to.deep.equal(
        project,
      )
      expect(three).to.deep.include(await call('v3.projects.get', { name: 'projects/howl-1' }))
      expect(await call('v1.projects.list', { filter: `parent.type:folder parent.id:${id}` })).to.deep.equal({
        projects: [project],
      })
      expect((await call('v3.projects.list', { parent })).projects[0].projectId).to.equal('tokyo-rain')
      expect((await call('v3.projects.search', { query: 'labels.color:*' })).projects).to.have.length(1)
      const updated = await call('v1.projects.update', { name, body: { name: 'Kyoto' } })
      expect(updated).to.include({ name: 'Kyoto' }).and.not.have.property('labels')
      const patch = { name, updateMask: 'displayName', body: { displayName: 'Osaka' } }
      expect(await run('v3.projects.patch', patch)).to.include({ displayName: 'Osaka' })
      const move = { name: three.name, body: { destinationParent: parent } }
      expect(await run('v3.projects.move', move)).to.include({ parent })
      const { ancestor } = await call('v1.projects.getAncestry', { name: three.name, body: {} })
      expect(ancestor.map((item: { resourceId: object }) => item.resourceId)).to.deep.equal([
        { type: 'project', id: 'howl-1' },
        { type: 'folder', id },
        { type: 'organization', id: '123' },
      ])
      expect(await call('v1.projects.delete', { name })).to.deep.equal({})
      expect(await call('v1.projects.undelete', { name, body: {} })).to.deep.equal({})
      expect(await run('v3.projects.delete', { name })).to.include({ state: 'DELETE_REQUESTED' })
      expect(await run('v3.projects.undelete', { name, body: {} })).to.include({ state: 'ACTIVE' })
      for (const version of ['v1', 'v3']) await setPolicy(`${version}.projects`, name)
      await configureCapabilities('projects', name)
    })

    it('should serve tags', async () => {
      const parent = ORGANIZATION
      const key = await run('v3.tagKeys.create', { body: { parent, shortName: 'k1' } })
      const value = await run('v3.tagValues.create', { body: { parent: key.name, shortName: 'v1' } })
      for (const [collection, tag, list] of [
        ['v3.tagKeys', key, { parent }],
        ['v3.tagValues', value, { parent: key.name }],
      ] as const) {
        const { name, namespacedName } = tag
        const patch = { name, updateMask: 'description', body: { description: 'For tests' } }
        const { '@type': _, ...changed } = await run(`${collection}.patch`, patch)
        expect(await call(`${collection}.get`, { name })).to.deep.equal(changed)
        expect(await call(`${collection}.getNamespaced`, { name: namespacedName })).to.deep.equal(changed)
        const field = collection.slice('v3.'.length)
        expect(await call(`${collection}.list`, list)).to.deep.equal({ [field]: [changed] })
        await setPolicy(collection, name)
      }
      const resource = `${SERVICE}/projects/tokyo-rain`
      const bound = await run('v3.tagBindings.create', { body: { parent: resource, tagValue: value.name } })
      const { tagBindings } = await call('v3.tagBindings.list', { parent: resource })
      expect(tagBindings).to.have.length(1)
      const { effectiveTags } = await call('v3.effectiveTags.list', { parent: resource })
      expect(effectiveTags[0]).to.include({ tagValue: value.name, namespacedTagKey: '123/k1' })
      await run('v3.tagBindings.delete', { name: bound.name })
      expect(await call('v3.tagBindings.list', { parent: resource })).to.deep.equal({})
      const name = 'locations/global/tagBindingCollections/%2F%2Fa.googleapis.com%2Fb'
      const tags = { '123/k1': 'v1' }
      await run('v3.locations.tagBindingCollections.patch', { name, body: { tags } })
      expect(await call('v3.locations.tagBindingCollections.get', { name })).to.deep.include({ tags })
      const holder = '//compute.googleapis.com/a'
      const hold = await run('v3.tagValues.tagHolds.create', { name: value.name, body: { holder } })
      const holds = await call('v3.tagValues.tagHolds.list', {
        name: value.name,
        filter: `holder = ${holder}`,
      })
      expect(holds.tagHolds).to.have.length(1)
      await run('v3.tagValues.tagHolds.delete', { name: hold.name })
      await run('v3.tagValues.delete', { name: value.name })
      await run('v3.tagKeys.delete', { name: key.name })
    })

    it('should have called every method that the emulator serves', () => {
      expect([...called]).to.have.members(servedMethods().map(({ id }) => id))
    })
  })
}
