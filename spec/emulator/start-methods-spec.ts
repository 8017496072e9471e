import { expect } from 'chai'
import type { Json, StartMethod } from '../../lib/emulator/index.js'
import { createRig, type Rig } from './rig.js'

const V1 = 'type.googleapis.com/google.cloudresourcemanager.v1'
const V2 = 'type.googleapis.com/google.cloud.resourcemanager.v2'
const V3 = 'type.googleapis.com/google.cloud.resourcemanager.v3'
const EMPTY = 'type.googleapis.com/google.protobuf.Empty'
const RESOURCE = '//cloudresourcemanager.googleapis.com/projects/123'
const COLLECTION = 'locations/global/tagBindingCollections/%2F%2Fa.googleapis.com%2Fb'
// Four operations of 10 ms create the resources before the request.
const created = { createTime: '1970-01-01T00:00:00.040Z' }

/** Creates the resources for the rows. In a row, `{folder}` is replaced by the name of the folder. */
async function createResources({ runOperation }: Rig): Promise<Readonly<Record<string, string>>> {
  await runOperation('POST', '/v3/projects', { projectId: 'tokyo-rain' })
  const createdName = async (target: string, body: object): Promise<string> => {
    return (await runOperation('POST', target, body)).response.name
  }
  const folder = await createdName('/v3/folders', { parent: 'organizations/1', displayName: 'One' })
  const key = await createdName('/v3/tagKeys', { parent: 'organizations/1', shortName: 'env' })
  const value = await createdName('/v3/tagValues', { parent: key, shortName: 'prod' })
  return { folder, key, value }
}

/** A request that starts an operation, and the expected operation. */
interface Row {
  readonly target: string
  readonly body?: object
  /** A request that is sent first, and must succeed. */
  readonly setup?: readonly [string, string, object?]
  /** Matches the name of the operation. */
  readonly operationName: RegExp
  /** Absent if the operation has no metadata. */
  readonly metadata?: { readonly '@type': string; readonly [member: string]: Json }
  readonly response: readonly [string, object]
  /** Set if the response to the request contains an operation that is done. */
  readonly immediate?: true
  /** Set if the method has the parameter `validateOnly`. */
  readonly validates?: true
}

const DEFAULT_NAME = /^operations\/op\.\d{19}$/
const TYPES = { types: ['APP_MANAGEMENT', 'AGENT_MANAGEMENT'] }

function capabilityConfigRows<Parent extends 'folders' | 'organizations' | 'projects'>(
  parent: Parent,
  name: string,
): Record<`v3.${Parent}.capabilityConfigs.${'create' | 'patch' | 'delete'}`, Row> {
  const create = `/v3/${name}/capabilityConfigs?capabilityConfigId=my-config`
  const target = `/v3/${name}/capabilityConfigs/my-config`
  const metadata = (verb: string) => ({ '@type': `${V3}.${verb}CapabilityConfigMetadata` })
  const response = (members: object): Row['response'] => [`${V3}.CapabilityConfig`, { ...TYPES, ...members }]
  const rows: Record<'create' | 'patch' | 'delete', Row> = {
    create: {
      target: create,
      body: { ...TYPES, managementProject: 'projects/tokyo-rain' },
      operationName: DEFAULT_NAME,
      metadata: metadata('Create'),
      response: response({ state: 'ACTIVE', ...created }),
    },
    patch: {
      target: `${target}?updateMask=display_name`,
      setup: ['POST', create, TYPES],
      body: { displayName: 'Apps', types: [] },
      operationName: DEFAULT_NAME,
      metadata: metadata('Update'),
      response: response({ displayName: 'Apps' }),
    },
    delete: {
      target,
      setup: ['POST', create, TYPES],
      operationName: DEFAULT_NAME,
      metadata: metadata('Delete'),
      response: response({ state: 'ACTIVE' }),
    },
  }
  const named = Object.entries(rows).map(([verb, row]) => [`v3.${parent}.capabilityConfigs.${verb}`, row])
  return Object.fromEntries(named)
}

const rows: Readonly<Record<StartMethod, Row>> = {
  'v1.projects.create': {
    target: '/v1/projects',
    body: { projectId: 'other-one' },
    operationName: /^operations\/cp\.\d{19}$/,
    metadata: { '@type': `${V1}.ProjectCreationStatus`, gettable: true, ready: true },
    response: [`${V1}.Project`, { projectId: 'other-one', lifecycleState: 'ACTIVE' }],
  },
  'v2.folders.create': {
    target: '/v2/folders?parent=organizations/5',
    body: { displayName: 'Two' },
    operationName: /^operations\/fc\.\d{19}$/,
    metadata: {
      '@type': `${V2}.FolderOperation`,
      displayName: 'Two',
      operationType: 'CREATE',
      destinationParent: 'organizations/5',
    },
    response: [
      `${V2}.Folder`,
      { parent: 'organizations/5', displayName: 'Two', lifecycleState: 'ACTIVE', ...created },
    ],
  },
  'v2.folders.move': {
    target: '/v2/{folder}:move',
    body: { destinationParent: 'organizations/5' },
    operationName: /^operations\/fm\.\d{19}$/,
    metadata: {
      '@type': `${V2}.FolderOperation`,
      displayName: 'One',
      operationType: 'MOVE',
      sourceParent: 'organizations/1',
      destinationParent: 'organizations/5',
    },
    response: [`${V2}.Folder`, { parent: 'organizations/5', lifecycleState: 'ACTIVE' }],
  },
  'v3.projects.create': {
    target: '/v3/projects',
    body: { projectId: 'other-one', displayName: 'Other' },
    operationName: /^operations\/cp\.\d{19}$/,
    metadata: { '@type': `${V3}.CreateProjectMetadata`, gettable: true, ready: true },
    response: [
      `${V3}.Project`,
      { projectId: 'other-one', displayName: 'Other', state: 'ACTIVE', ...created },
    ],
  },
  'v3.projects.patch': {
    target: '/v3/projects/tokyo-rain?updateMask=displayName',
    body: { displayName: 'Tokyo' },
    operationName: DEFAULT_NAME,
    metadata: { '@type': `${V3}.UpdateProjectMetadata` },
    response: [`${V3}.Project`, { displayName: 'Tokyo', updateTime: '1970-01-01T00:00:00.040Z' }],
  },
  'v3.projects.move': {
    target: '/v3/projects/tokyo-rain:move',
    body: { destinationParent: 'organizations/5' },
    operationName: DEFAULT_NAME,
    metadata: { '@type': `${V3}.MoveProjectMetadata` },
    response: [`${V3}.Project`, { parent: 'organizations/5' }],
  },
  'v3.projects.delete': {
    target: '/v3/projects/tokyo-rain',
    operationName: DEFAULT_NAME,
    metadata: { '@type': `${V3}.DeleteProjectMetadata` },
    response: [`${V3}.Project`, { state: 'DELETE_REQUESTED', deleteTime: '1970-01-01T00:00:00.040Z' }],
  },
  'v3.projects.undelete': {
    target: '/v3/projects/tokyo-rain:undelete',
    setup: ['DELETE', '/v3/projects/tokyo-rain'],
    body: {},
    operationName: DEFAULT_NAME,
    metadata: { '@type': `${V3}.UndeleteProjectMetadata` },
    response: [`${V3}.Project`, { state: 'ACTIVE' }],
  },
  'v3.folders.create': {
    target: '/v3/folders',
    body: { parent: 'organizations/1', displayName: 'Two' },
    operationName: /^operations\/fc\.\d{19}$/,
    metadata: { '@type': `${V3}.CreateFolderMetadata`, displayName: 'Two', parent: 'organizations/1' },
    response: [`${V3}.Folder`, { displayName: 'Two', state: 'ACTIVE', ...created }],
  },
  'v3.folders.patch': {
    target: '/v3/{folder}?updateMask=display_name',
    body: { displayName: 'Three' },
    operationName: DEFAULT_NAME,
    metadata: { '@type': `${V3}.UpdateFolderMetadata` },
    response: [`${V3}.Folder`, { displayName: 'Three' }],
  },
  'v3.folders.move': {
    target: '/v3/{folder}:move',
    body: { destinationParent: 'organizations/5' },
    operationName: /^operations\/fm\.\d{19}$/,
    metadata: {
      '@type': `${V3}.MoveFolderMetadata`,
      displayName: 'One',
      sourceParent: 'organizations/1',
      destinationParent: 'organizations/5',
    },
    response: [`${V3}.Folder`, { parent: 'organizations/5' }],
  },
  'v3.folders.delete': {
    target: '/v3/{folder}',
    operationName: DEFAULT_NAME,
    immediate: true,
    response: [`${V3}.Folder`, { state: 'DELETE_REQUESTED', deleteTime: '1970-01-01T00:00:00.040Z' }],
  },
  'v3.folders.undelete': {
    target: '/v3/{folder}:undelete',
    setup: ['DELETE', '/v3/{folder}'],
    body: {},
    operationName: DEFAULT_NAME,
    metadata: { '@type': `${V3}.UndeleteFolderMetadata` },
    response: [`${V3}.Folder`, { state: 'ACTIVE' }],
  },
  'v3.folders.capabilities.patch': {
    target: '/v3/{folder}/capabilities/app-management?updateMask=value',
    body: { value: true },
    operationName: DEFAULT_NAME,
    response: [`${V3}.Capability`, { value: true }],
  },
  ...capabilityConfigRows('folders', '{folder}'),
  ...capabilityConfigRows('organizations', 'organizations/1'),
  ...capabilityConfigRows('projects', 'projects/tokyo-rain'),
  'v3.locations.tagBindingCollections.patch': {
    target: `/v3/${COLLECTION}`,
    body: { tags: { '1/env': 'prod' } },
    operationName: DEFAULT_NAME,
    response: [`${V3}.TagBindingCollection`, { name: COLLECTION, tags: { '1/env': 'prod' } }],
  },
  'v3.tagKeys.create': {
    target: '/v3/tagKeys',
    body: { parent: 'organizations/1', shortName: 'team' },
    operationName: DEFAULT_NAME,
    metadata: { '@type': `${V3}.CreateTagKeyMetadata` },
    response: [`${V3}.TagKey`, { namespacedName: '1/team' }],
    validates: true,
  },
  'v3.tagKeys.patch': {
    target: '/v3/{key}',
    body: { description: 'Where' },
    operationName: DEFAULT_NAME,
    metadata: { '@type': `${V3}.UpdateTagKeyMetadata` },
    response: [`${V3}.TagKey`, { description: 'Where' }],
    validates: true,
  },
  'v3.tagKeys.delete': {
    target: '/v3/{key}',
    setup: ['DELETE', '/v3/{value}'],
    operationName: DEFAULT_NAME,
    metadata: { '@type': `${V3}.DeleteTagKeyMetadata` },
    response: [`${V3}.TagKey`, { namespacedName: '1/env' }],
    validates: true,
  },
  'v3.tagValues.create': {
    target: '/v3/tagValues',
    body: { parent: '{key}', shortName: 'test' },
    operationName: DEFAULT_NAME,
    metadata: { '@type': `${V3}.CreateTagValueMetadata` },
    response: [`${V3}.TagValue`, { namespacedName: '1/env/test' }],
    validates: true,
  },
  'v3.tagValues.patch': {
    target: '/v3/{value}?updateMask=description',
    body: { description: 'For all' },
    operationName: DEFAULT_NAME,
    metadata: { '@type': `${V3}.UpdateTagValueMetadata` },
    response: [`${V3}.TagValue`, { description: 'For all' }],
    validates: true,
  },
  'v3.tagValues.delete': {
    target: '/v3/{value}',
    operationName: DEFAULT_NAME,
    metadata: { '@type': `${V3}.DeleteTagValueMetadata` },
    response: [`${V3}.TagValue`, { namespacedName: '1/env/prod' }],
    validates: true,
  },
  'v3.tagBindings.create': {
    target: '/v3/tagBindings',
    body: { parent: RESOURCE, tagValue: '{value}' },
    operationName: /^operations\/rctb\.global\.\d{19}$/,
    immediate: true,
    metadata: { '@type': `${V3}.CreateTagBindingMetadata` },
    response: [`${V3}.TagBinding`, { parent: RESOURCE, tagValueNamespacedName: '1/env/prod' }],
    validates: true,
  },
  'v3.tagBindings.delete': {
    target: `/v3/tagBindings/${encodeURIComponent(RESOURCE)}/{value}`,
    setup: ['POST', '/v3/tagBindings', { parent: RESOURCE, tagValue: '{value}' }],
    operationName: DEFAULT_NAME,
    immediate: true,
    response: [EMPTY, {}],
  },
  'v3.tagValues.tagHolds.create': {
    target: '/v3/{value}/tagHolds',
    body: { holder: '//compute.googleapis.com/a', origin: 'b' },
    operationName: DEFAULT_NAME,
    metadata: { '@type': `${V3}.CreateTagHoldMetadata` },
    response: [`${V3}.TagHold`, { holder: '//compute.googleapis.com/a', origin: 'b' }],
    validates: true,
  },
  'v3.tagValues.tagHolds.delete': {
    target: '/v3/{holdName}',
    setup: ['POST', '/v3/{value}/tagHolds', { holder: '//compute.googleapis.com/a' }],
    operationName: DEFAULT_NAME,
    metadata: { '@type': `${V3}.DeleteTagHoldMetadata` },
    response: [EMPTY, {}],
    validates: true,
  },
}

describe('emulator/resource-manager/start-methods', () => {
  for (const [method, row] of Object.entries(rows)) {
    const type = row.metadata?.['@type']
    const verb = { patch: 'PATCH', delete: 'DELETE' }[method.replace(/^.*\./, '')] ?? 'POST'

    const prepareRequest = async (rig: Rig): Promise<readonly [string, object | undefined]> => {
      let names = await createResources(rig)
      const fillText = (text: string): string => text.replace(/\{(\w+)\}/g, (_, name) => names[name] ?? '')
      const fillBody = <T extends object | undefined>(body: T): T => {
        return body && JSON.parse(JSON.stringify(body).replace(/\{(\w+)\}/g, (_, name) => names[name] ?? ''))
      }
      if (row.setup) {
        const [setupVerb, target, body] = row.setup
        const { response } = await rig.runOperation(setupVerb, fillText(target), fillBody(body))
        names = { ...names, holdName: response.name }
      }
      return [fillText(row.target), fillBody(row.body)]
    }

    it(`should start an operation for ${method}, with the expected metadata and response`, async () => {
      const methods: string[] = []
      await using rig = await createRig({
        timeline: (started) => {
          methods.push(started.method)
          return undefined
        },
      })
      const [target, body] = await prepareRequest(rig)
      const start = await rig.send(verb, target, body)
      expect(methods.at(-1)).to.equal(method)
      const name = rig.emulator.operations.names().at(-1) ?? ''
      expect(name).to.match(row.operationName)
      const [responseType, members] = row.response
      if (row.immediate) {
        expect(start.body).to.have.all.keys('done', 'response')
        expect(start.body.response).to.deep.include({ '@type': responseType, ...members })
        return
      }
      expect(start.body).to.deep.equal({ name })
      const running = (await rig.send('GET', `/v1/${name}`)).body
      expect(running).to.have.all.keys('name', ...(row.metadata ? ['metadata'] : []))
      expect(running.metadata?.['@type']).to.equal(type)
      rig.advance(10)
      const done = (await rig.send('GET', `/v3/${name}`)).body
      expect(done).to.have.all.keys('name', 'done', 'response', ...(row.metadata ? ['metadata'] : []))
      expect(done.metadata).to.deep.equal(row.metadata)
      expect(done.response).to.deep.include({ '@type': responseType, ...members })
      if (responseType === EMPTY) expect(done.response).to.deep.equal({ '@type': EMPTY })
      expect((await rig.send('GET', `/v1/${name}`)).body).to.deep.equal(done)
    })

    if (row.validates) {
      it(`should validate a request of ${method}, and start no operation, if validateOnly is set`, async () => {
        await using rig = await createRig()
        const [target, body] = await prepareRequest(rig)
        const operationCount = rig.emulator.operations.names().length
        const validating = `${target}${target.includes('?') ? '&' : '?'}validateOnly=true`
        for (const _ of [1, 2]) {
          const { status, body: validated } = await rig.send(verb, validating, body)
          expect(status).to.equal(200)
          expect(validated).to.have.all.keys('metadata', 'done', 'response')
          expect(validated.metadata['@type']).to.equal(type)
          expect(validated.response).to.deep.include({ '@type': row.response[0], ...row.response[1] })
          if (method.endsWith('.create')) expect(validated.response).not.to.have.property('createTime')
        }
        expect(rig.emulator.operations.names()).to.have.length(operationCount)
        // Validation changed nothing: the same request must now succeed.
        expect((await rig.runOperation(verb, target, body)).response).to.deep.include(row.response[1])
      })
    }
  }

  it('should pass the resource in the path to the option `timeline`', async () => {
    const calls: unknown[] = []
    await using rig = await createRig({
      timeline: ({ method, target, body }) => {
        calls.push([method, target, body])
        return undefined
      },
    })
    const { folder } = await createResources(rig)
    await rig.send('POST', `/v3/${folder}:move`, { destinationParent: 'organizations/5' })
    await rig.send('DELETE', '/v3/projects/tokyo-rain')
    expect(calls.slice(-2)).to.deep.equal([
      ['v3.folders.move', folder, { destinationParent: 'organizations/5' }],
      ['v3.projects.delete', 'tokyo-rain', {}],
    ])
  })

  it('should use the script of the option `timeline`, although the default script is done immediately', async () => {
    await using rig = await createRig({
      timeline: ({ method }, defaultScript) => {
        return method === 'v3.folders.delete'
          ? [{}, { done: true, after: 5, response: defaultScript[0]?.response ?? null }]
          : undefined
      },
    })
    const { folder } = await createResources(rig)
    const start = await rig.send('DELETE', `/v3/${folder}`)
    expect(start.body).to.have.all.keys('name')
    expect((await rig.send('GET', `/v3/${folder}`)).body.state).to.equal('ACTIVE')
    rig.advance(5)
    expect((await rig.send('GET', `/v1/${start.body.name}`)).body.response.state).to.equal('DELETE_REQUESTED')
    expect((await rig.send('GET', `/v3/${folder}`)).body.state).to.equal('DELETE_REQUESTED')
  })
})
