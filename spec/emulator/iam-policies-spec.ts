import { expect } from 'chai'
import { createRig, type Rig, rejection } from './rig.js'

const BINDINGS = [{ role: 'roles/viewer', members: ['user:a@example.com'] }]

const CONDITIONAL = [{ ...BINDINGS[0], condition: { expression: 'true', title: 'Always' } }]

/** Creates a resource of each kind, and returns the paths of its policy methods. */
async function createResources({ runOperation }: Rig): Promise<Readonly<Record<string, string>>> {
  const project = (await runOperation('POST', '/v3/projects', { projectId: 'howl-1' })).response.name
  const parent = 'organizations/1'
  const folder = (await runOperation('POST', '/v3/folders', { parent, displayName: 'One' })).response.name
  const key = (await runOperation('POST', '/v3/tagKeys', { parent, shortName: 'env' })).response.name
  const value = (await runOperation('POST', '/v3/tagValues', { parent: key, shortName: 'prod' })).response
    .name
  return { project, folder, key, value }
}

describe('emulator/resource-manager/iam-policies', () => {
  for (const path of [
    '/v1/projects/howl-1',
    '/v1/organizations/1',
    '/v2/{folder}',
    '/v3/{project}',
    '/v3/organizations/1',
    '/v3/{folder}',
    '/v3/{key}',
    '/v3/{value}',
  ]) {
    it(`should store the policy of ${path}, reject a stale etag, and return the permissions of a test request`, async () => {
      await using rig = await createRig()
      const names = await createResources(rig)
      const target = path.replace(/\{(\w+)\}/g, (_, name) => names[name] ?? '')
      const send = (verb: string, body: object = {}) => rig.send('POST', `${target}:${verb}`, body)
      const empty = await send('getIamPolicy')
      expect(empty).to.deep.equal({ status: 200, body: { etag: 'ACAB' } })
      const first = await send('setIamPolicy', { policy: { bindings: BINDINGS, etag: 'ACAB' } })
      expect(first.body).to.deep.include({ version: 1, bindings: BINDINGS })
      expect(Buffer.from(first.body.etag, 'base64').toString('base64')).to.equal(first.body.etag)
      expect(await send('getIamPolicy', { options: { requestedPolicyVersion: 3 } })).to.deep.equal(first)
      const stale = await send('setIamPolicy', { policy: { bindings: [], etag: 'ACAB' } })
      expect(rejection(stale)).to.deep.equal([409, 'ABORTED'])
      const second = await send('setIamPolicy', { policy: { bindings: BINDINGS } })
      expect(second.body.etag).not.to.equal(first.body.etag)
      expect(await send('getIamPolicy')).to.deep.equal(second)
      const permissions = ['resourcemanager.projects.get', 'a.b-c.d']
      expect((await send('testIamPermissions', { permissions })).body).to.deep.equal({ permissions })
      expect((await send('testIamPermissions')).body).to.deep.equal({})
    })
  }

  it('should share the policy of a resource between its names and versions', async () => {
    await using rig = await createRig()
    const { project, folder } = await createResources(rig)
    await rig.send('POST', '/v1/projects/howl-1:setIamPolicy', { policy: { bindings: BINDINGS } })
    expect((await rig.send('POST', `/v3/${project}:getIamPolicy`, {})).body.bindings).to.deep.equal(BINDINGS)
    await rig.send('POST', `/v2/${folder}:setIamPolicy`, { policy: { bindings: BINDINGS } })
    expect((await rig.send('POST', `/v3/${folder}:getIamPolicy`, {})).body.bindings).to.deep.equal(BINDINGS)
  })

  it('should keep the fields that the mask excludes, and set the version that the bindings require', async () => {
    await using rig = await createRig()
    await createResources(rig)
    const auditConfigs = [{ service: 'allServices', auditLogConfigs: [{ logType: 'DATA_READ' }] }]
    const set = async (body: object) =>
      (await rig.send('POST', '/v1/projects/howl-1:setIamPolicy', body)).body
    const policy = { bindings: BINDINGS, auditConfigs }
    expect(await set({ policy })).not.to.have.property('auditConfigs')
    expect(await set({ policy, updateMask: 'bindings,etag,auditConfigs' })).to.deep.include({ auditConfigs })
    expect(await set({ policy: {} }))
      .to.deep.include({ auditConfigs })
      .and.not.have.property('bindings')
    const last = await set({ policy: { version: 3, bindings: CONDITIONAL } })
    expect(last).to.deep.include({ version: 3, bindings: CONDITIONAL, auditConfigs })
    expect(await set({ policy: { version: 3, bindings: BINDINGS } })).to.deep.include({ version: 1 })
  })

  it('should return no permission for a resource that does not exist', async () => {
    await using rig = await createRig()
    for (const name of ['v1/projects/absent-1', 'v2/folders/1', 'v3/tagValues/1']) {
      const received = await rig.send('POST', `/${name}:testIamPermissions`, { permissions: ['a.b.c'] })
      expect(received, name).to.deep.equal({ status: 200, body: {} })
    }
  })

  it('should reject an invalid policy, an unknown resource and a wildcard', async () => {
    await using rig = await createRig()
    await createResources(rig)
    const project = '/v1/projects/howl-1'
    for (const [target, body, status, code] of [
      [`${project}:setIamPolicy`, {}, 400, 'policy'],
      [`${project}:setIamPolicy`, { policy: [] }, 400, 'policy'],
      [`${project}:setIamPolicy`, { policy: { bindings: {} } }, 400, 'bindings'],
      [`${project}:setIamPolicy`, { policy: { bindings: [{ members: [] }] } }, 400, 'bindings'],
      [`${project}:setIamPolicy`, { policy: { bindings: [{ role: 'a', members: 'b' }] } }, 400, 'bindings'],
      [`${project}:setIamPolicy`, { policy: {}, updateMask: 'roles' }, 400, 'updateMask'],
      [`${project}:testIamPermissions`, { permissions: [5] }, 400, 'permissions'],
      [`${project}:testIamPermissions`, { permissions: ['*'] }, 400, 'permissions'],
      [`${project}:testIamPermissions`, { permissions: ['storage.*'] }, 400, 'permissions'],
      [`${project}:testIamPermissions`, { permissions: 'a' }, 400, 'permissions'],
      ['/v1/projects/absent-1:getIamPolicy', {}, 403, 'PERMISSION_DENIED'],
      ['/v1/projects/absent-1:setIamPolicy', { policy: {} }, 403, 'PERMISSION_DENIED'],
      ['/v2/folders/1:getIamPolicy', {}, 403, 'PERMISSION_DENIED'],
      ['/v3/tagKeys/1:setIamPolicy', { policy: {} }, 403, 'PERMISSION_DENIED'],
      ['/v3/organizations/a:getIamPolicy', {}, 403, 'PERMISSION_DENIED'],
    ] as const) {
      const received = rejection(await rig.send('POST', target, body))
      expect(received, `${target} ${JSON.stringify(body)}`).to.deep.equal([status, code])
    }
    expect((await rig.send('POST', `${project}:getIamPolicy`, {})).body).to.deep.equal({ etag: 'ACAB' })
  })
})
