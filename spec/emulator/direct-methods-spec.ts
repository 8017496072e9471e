import { expect } from 'chai'
import { createRig, type JsonResponse, type Rig, rejection } from './rig.js'

const ORGANIZATION = 'organizations/1'

/** Requests all pages of a list, each with one item, and returns the names of the items. */
async function namesOnAllPages({ send }: Rig, target: string, field: string): Promise<readonly string[]> {
  const names: string[] = []
  let token = ''
  do {
    const separator = target.includes('?') ? '&' : '?'
    const { body } = await send('GET', `${target}${separator}pageSize=1&pageToken=${token}`)
    names.push(...namesOf({ status: 200, body }, field))
    token = encodeURIComponent(body.nextPageToken ?? '')
  } while (token !== '')
  return names
}

/** Returns the name of each item in a response: the project ID, display name or short name. */
function namesOf({ status, body }: JsonResponse, field: string): readonly string[] {
  if (status !== 200) throw new Error(JSON.stringify(body))
  const items: readonly { displayName?: string; projectId?: string; shortName?: string }[] = body[field] ?? []
  return items.map(({ displayName, projectId, shortName }) => projectId ?? displayName ?? shortName ?? '')
}

describe('emulator/resource-manager/direct-methods', () => {
  describe('projects', () => {
    /**
     * Creates three projects in a folder, of which the second is deleted, a project in an organization, and a project
     * without a parent. Returns the name of the folder.
     */
    async function createProjects(rig: Rig): Promise<string> {
      const folder = await rig.runOperation('POST', '/v3/folders', {
        parent: ORGANIZATION,
        displayName: 'One',
      })
      const parent = folder.response.name
      const create = (body: object) => rig.runOperation('POST', '/v3/projects', body)
      await create({ projectId: 'howl-1', displayName: 'Howl', parent, labels: { color: 'red' } })
      await create({ projectId: 'deleted-1', displayName: 'Deleted', parent })
      await create({ projectId: 'alone-1', displayName: 'Alone', parent, labels: { size: 'big' } })
      await create({ projectId: 'outside-1', parent: ORGANIZATION })
      await create({ projectId: 'orphan-1' })
      await rig.runOperation('DELETE', '/v3/projects/deleted-1')
      return parent
    }

    it('should list the active projects under a parent on v3, in the order of their display names', async () => {
      await using rig = await createRig()
      const parent = await createProjects(rig)
      const target = `/v3/projects?parent=${parent}`
      expect(namesOf(await rig.send('GET', target), 'projects')).to.deep.equal(['alone-1', 'howl-1'])
      expect(await namesOnAllPages(rig, target, 'projects')).to.deep.equal(['alone-1', 'howl-1'])
      expect(await namesOnAllPages(rig, `${target}&showDeleted=true`, 'projects')).to.deep.equal([
        'alone-1',
        'deleted-1',
        'howl-1',
      ])
      expect(rejection(await rig.send('GET', '/v3/projects'))).to.deep.equal([400, 'parent'])
      const unknown = await rig.send('GET', '/v3/projects?parent=folders/1')
      expect(rejection(unknown)).to.deep.equal([403, 'PERMISSION_DENIED'])
      expect(await rig.send('GET', '/v3/projects?parent=organizations/2')).to.deep.equal({
        status: 200,
        body: {},
      })
    })

    it('should continue a sorted list after the last item of a page, even if items change', async () => {
      await using rig = await createRig()
      const parent = await createProjects(rig)
      const target = `/v3/projects?parent=${parent}&pageSize=1`
      const { nextPageToken } = (await rig.send('GET', target)).body
      await rig.runOperation('DELETE', '/v3/projects/alone-1')
      await rig.runOperation('POST', '/v3/projects', { projectId: 'before-1', displayName: 'Aaron', parent })
      const second = await rig.send('GET', `${target}&pageToken=${nextPageToken}`)
      expect(namesOf(second, 'projects')).to.deep.equal(['howl-1'])
      const other = await rig.send('GET', `${target}&showDeleted=true&pageToken=${nextPageToken}`)
      expect(rejection(other)).to.deep.equal([400, 'pageToken'])
    })

    for (const [version, target, parameter] of [
      ['v1', '/v1/projects', 'filter'],
      ['v3', '/v3/projects:search', 'query'],
    ] as const) {
      it(`should find projects by a filter on ${version}`, async () => {
        await using rig = await createRig()
        const parent = await createProjects(rig)
        const id = parent.slice('folders/'.length)
        const find = async (filter: string) => {
          const found = await rig.send('GET', `${target}?${parameter}=${encodeURIComponent(filter)}`)
          return namesOf(found, 'projects')
        }
        const all = ['howl-1', 'deleted-1', 'alone-1', 'outside-1', 'orphan-1']
        expect(await find('')).to.deep.equal(all)
        expect(await find('name:how*')).to.deep.equal(['howl-1'])
        expect(await find('NAME:HOWL')).to.deep.equal(['howl-1'])
        expect(await find('id:orphan-1')).to.deep.equal(['orphan-1'])
        const { name } = (await rig.send('GET', '/v3/projects/howl-1')).body
        expect(await find(`projectNumber=${name.slice('projects/'.length)}`)).to.deep.equal(['howl-1'])
        expect(await find('lifecycleState:DELETE_REQUESTED')).to.deep.equal(['deleted-1'])
        expect(await find('labels.color:red labels.size:big')).to.deep.equal(['howl-1', 'alone-1'])
        expect(await find('labels.color:*')).to.deep.equal(['howl-1'])
        expect(await find(`parent.type:folder parent.id:${id}`)).to.deep.equal(all.slice(0, 3))
        expect(await find(`lifecycleState:ACTIVE AND (parent.id:${id} parent.type:folder)`)).to.deep.equal([
          'howl-1',
          'alone-1',
        ])
        expect(await namesOnAllPages(rig, `${target}?${parameter}=state:ACTIVE`, 'projects')).to.deep.equal(
          all.filter((name) => name !== 'deleted-1'),
        )
        expect(rejection(await rig.send('GET', `${target}?${parameter}=(`))).to.deep.equal([400, parameter])
      })
    }

    it('should return projects in the format of the version', async () => {
      await using rig = await createRig()
      await rig.runOperation('POST', '/v3/projects', {
        projectId: 'howl-1',
        displayName: 'Howl',
        parent: ORGANIZATION,
      })
      const v1Resource = (await rig.send('GET', '/v1/projects')).body.projects[0]
      const v3Resource = (await rig.send('GET', '/v3/projects:search')).body.projects[0]
      expect(v1Resource).to.deep.equal((await rig.send('GET', '/v1/projects/howl-1')).body)
      expect(v3Resource).to.deep.equal((await rig.send('GET', '/v3/projects/howl-1')).body)
      expect([v1Resource.projectNumber, v1Resource.parent]).to.deep.equal([
        v3Resource.name.slice('projects/'.length),
        { type: 'organization', id: '1' },
      ])
      const enums = await rig.send('GET', '/v3/projects:search?$alt=json;enum-encoding=int')
      expect(enums.body.projects[0].state).to.equal(1)
    })

    it('should update, delete and undelete a project on v1 without an operation', async () => {
      await using rig = await createRig()
      const parent = await createProjects(rig)
      const operationCount = rig.emulator.operations.names().length
      const id = { type: 'folder', id: parent.slice('folders/'.length) }
      const { body } = await rig.send('PUT', '/v1/projects/howl-1', { name: 'Castle', projectId: 'howl-1' })
      expect(body).to.deep.include({ projectId: 'howl-1', name: 'Castle', parent: id })
      expect(body).not.to.have.property('labels')
      expect((await rig.send('GET', '/v1/projects/howl-1')).body).to.deep.equal(body)
      const moved = await rig.send('PUT', '/v1/projects/howl-1', {
        parent: { type: 'organization', id: '2' },
      })
      expect(moved.body.parent).to.deep.equal({ type: 'organization', id: '2' })
      expect(await rig.send('DELETE', '/v1/projects/howl-1')).to.deep.equal({ status: 200, body: {} })
      const deleted = await rig.send('PUT', '/v1/projects/howl-1', {})
      expect(rejection(deleted)).to.deep.equal([400, 'FAILED_PRECONDITION'])
      expect(await rig.send('POST', '/v1/projects/howl-1:undelete', {})).to.deep.equal({
        status: 200,
        body: {},
      })
      const again = await rig.send('POST', '/v1/projects/howl-1:undelete', {})
      expect(rejection(again)).to.deep.equal([400, 'FAILED_PRECONDITION'])
      expect((await rig.send('GET', '/v1/projects/howl-1')).body.lifecycleState).to.equal('ACTIVE')
      expect(rig.emulator.operations.names()).to.have.length(operationCount)
      for (const [verb, suffix] of [
        ['GET', ''],
        ['PUT', ''],
        ['DELETE', ''],
        ['POST', ':undelete'],
        ['POST', ':getAncestry'],
      ]) {
        const received = rejection(await rig.send(verb ?? '', `/v1/projects/absent-1${suffix}`))
        expect(received, `${verb}${suffix}`).to.deep.equal([403, 'PERMISSION_DENIED'])
      }
    })

    it('should return the ancestors of a project from the bottom to the top', async () => {
      await using rig = await createRig()
      const top = (
        await rig.runOperation('POST', '/v3/folders', { parent: ORGANIZATION, displayName: 'One' })
      ).response
      const parent = (await rig.runOperation('POST', '/v3/folders', { parent: top.name, displayName: 'Two' }))
        .response
      const project = await rig.runOperation('POST', '/v3/projects', {
        projectId: 'howl-1',
        parent: parent.name,
      })
      await rig.runOperation('POST', '/v3/projects', { projectId: 'orphan-1' })
      const number = project.response.name.slice('projects/'.length)
      for (const key of ['howl-1', number]) {
        const { body } = await rig.send('POST', `/v1/projects/${key}:getAncestry`, {})
        expect(body).to.deep.equal({
          ancestor: [
            { resourceId: { type: 'project', id: 'howl-1' } },
            { resourceId: { type: 'folder', id: parent.name.slice('folders/'.length) } },
            { resourceId: { type: 'folder', id: top.name.slice('folders/'.length) } },
            { resourceId: { type: 'organization', id: '1' } },
          ],
        })
      }
      expect((await rig.send('POST', '/v1/projects/orphan-1:getAncestry', {})).body).to.deep.equal({
        ancestor: [{ resourceId: { type: 'project', id: 'orphan-1' } }],
      })
    })
  })

  describe('folders', () => {
    /**
     * Creates three folders in an organization, of which the second is deleted, a folder in the first folder, and a
     * project. Returns the name of the first folder.
     */
    async function createFolders(rig: Rig): Promise<string> {
      const create = (displayName: string) =>
        rig.runOperation('POST', '/v3/folders', { parent: ORGANIZATION, displayName })
      const first = (await create('Wolf')).response.name
      const second = (await create('Deleted')).response.name
      await create('Test String')
      await rig.runOperation('DELETE', `/v3/${second}`)
      await rig.runOperation('POST', '/v3/folders', { parent: first, displayName: 'Child' })
      await rig.runOperation('POST', '/v3/projects', { projectId: 'howl-1', parent: ORGANIZATION })
      return first
    }

    for (const version of ['v2', 'v3'] as const) {
      it(`should list the active folders under a parent on ${version}, in the order of their display names`, async () => {
        await using rig = await createRig()
        const first = await createFolders(rig)
        const target = `/${version}/folders?parent=${ORGANIZATION}`
        expect(await namesOnAllPages(rig, target, 'folders')).to.deep.equal(['Test String', 'Wolf'])
        expect(await namesOnAllPages(rig, `${target}&showDeleted=true`, 'folders')).to.deep.equal([
          'Deleted',
          'Test String',
          'Wolf',
        ])
        const { folders } = (await rig.send('GET', `/${version}/folders?parent=${first}`)).body
        expect(folders).to.deep.equal([(await rig.send('GET', `/${version}/${folders[0].name}`)).body])
        expect(rejection(await rig.send('GET', `/${version}/folders`))).to.deep.equal([400, 'parent'])
        const unknown = await rig.send('GET', `/${version}/folders?parent=folders/1`)
        expect(rejection(unknown)).to.deep.equal([403, 'PERMISSION_DENIED'])
      })

      it(`should find folders by a query on ${version}`, async () => {
        await using rig = await createRig()
        const first = await createFolders(rig)
        const search = (query: object) =>
          version === 'v2'
            ? rig.send('POST', '/v2/folders:search', query)
            : rig.send('GET', `/v3/folders:search?${new URLSearchParams({ ...query })}`)
        const find = async (query: string) => namesOf(await search({ query }), 'folders')
        expect(await find('')).to.deep.equal(['Wolf', 'Deleted', 'Test String', 'Child'])
        expect(await find('displayName=Test*')).to.deep.equal(['Test String'])
        expect(await find('displayName="String Test"')).to.deep.equal(['Test String'])
        expect(await find('lifecycleState=DELETE_REQUESTED')).to.deep.equal(['Deleted'])
        expect(await find(`parent=${first} AND state=ACTIVE`)).to.deep.equal(['Child'])
        expect(await find(`NOT parent=${ORGANIZATION}`)).to.deep.equal(['Child'])
        const page = (await search({ query: 'state=ACTIVE', pageSize: '1' })).body
        const next = await search({ query: 'state=ACTIVE', pageSize: '1', pageToken: page.nextPageToken })
        expect(namesOf(next, 'folders')).to.deep.equal(['Test String'])
        expect(rejection(await search({ query: 'a' }))).to.deep.equal([400, 'query'])
      })
    }

    it('should patch, delete and undelete a folder on v2 without an operation', async () => {
      await using rig = await createRig()
      const { name } = (
        await rig.runOperation('POST', '/v3/folders', { parent: ORGANIZATION, displayName: 'One' })
      ).response
      const operationCount = rig.emulator.operations.names().length
      const get = async () => (await rig.send('GET', `/v2/${name}`)).body
      const patched = await rig.send('PATCH', `/v2/${name}?updateMask=display_name`, { displayName: 'Two' })
      expect(patched.body).to.deep.include({ name, displayName: 'Two', lifecycleState: 'ACTIVE' })
      expect(await get()).to.deep.equal(patched.body)
      const deleted = (await rig.send('DELETE', `/v2/${name}`)).body
      expect(deleted).to.deep.equal({ ...patched.body, lifecycleState: 'DELETE_REQUESTED' })
      expect(await get()).to.deep.equal(deleted)
      const undeleted = (await rig.send('POST', `/v2/${name}:undelete`, {})).body
      expect(undeleted).to.deep.equal(patched.body)
      expect(rig.emulator.operations.names()).to.have.length(operationCount)
    })
  })

  describe('tags', () => {
    it('should list tag keys and tag values under a parent', async () => {
      await using rig = await createRig()
      const { name: project } = (await rig.runOperation('POST', '/v3/projects', { projectId: 'howl-1' }))
        .response
      for (const [parent, shortName] of [
        [ORGANIZATION, 'env'],
        [ORGANIZATION, 'app'],
        ['organizations/2', 'env'],
        ['projects/howl-1', 'own'],
      ]) {
        await rig.runOperation('POST', '/v3/tagKeys', { parent, shortName })
      }
      await rig.runOperation('POST', '/v3/folders', { parent: ORGANIZATION, displayName: 'One' })
      const keys = `/v3/tagKeys?parent=${ORGANIZATION}`
      expect(await namesOnAllPages(rig, keys, 'tagKeys')).to.deep.equal(['env', 'app'])
      for (const parent of ['projects/howl-1', project]) {
        const { tagKeys } = (await rig.send('GET', `/v3/tagKeys?parent=${parent}`)).body
        expect(tagKeys).to.have.length(1)
        expect(tagKeys[0]).to.deep.include({ parent: project, namespacedName: 'howl-1/own' })
      }
      const { name } = (await rig.send('GET', keys)).body.tagKeys[0]
      await rig.runOperation('POST', '/v3/tagValues', { parent: name, shortName: 'prod' })
      await rig.runOperation('POST', '/v3/tagValues', { parent: name, shortName: 'dev' })
      const { body } = await rig.send('GET', `/v3/tagValues?parent=${name}`)
      expect(namesOf({ status: 200, body }, 'tagValues')).to.deep.equal(['prod', 'dev'])
      await rig.runOperation('POST', `/v3/${body.tagValues[0].name}/tagHolds`, { holder: 'a' })
      expect((await rig.send('GET', `/v3/tagValues?parent=${name}`)).body).to.deep.equal(body)
      for (const [target, code] of [
        ['/v3/tagKeys', 400],
        ['/v3/tagKeys?parent=folders/1', 400],
        ['/v3/tagKeys?parent=projects/absent-1', 403],
        ['/v3/tagValues', 400],
        ['/v3/tagValues?parent=tagKeys/1', 403],
      ] as const) {
        expect((await rig.send('GET', target)).status, target).to.equal(code)
      }
    })

    it('should list 100 tags on a page by default, and at most 300', async () => {
      await using rig = await createRig({ duration: 0 })
      for (let index = 0; index < 301; index++) {
        await rig.send('POST', '/v3/tagKeys', { parent: ORGANIZATION, shortName: `key-${index}` })
      }
      const size = async (query: string): Promise<number> => {
        return (await rig.send('GET', `/v3/tagKeys?parent=${ORGANIZATION}${query}`)).body.tagKeys.length
      }
      expect([await size(''), await size('&pageSize=0'), await size('&pageSize=1000')]).to.deep.equal([
        100, 100, 300,
      ])
    })

    it('should get a tag by its namespaced name', async () => {
      await using rig = await createRig()
      const project = (await rig.runOperation('POST', '/v3/projects', { projectId: 'howl-1' })).response.name
      const create = async (collection: string, parent: string, shortName: string) =>
        (await rig.runOperation('POST', `/v3/${collection}`, { parent, shortName })).response.name
      const key = await create('tagKeys', 'organizations/123', 'k1')
      const value = await create('tagValues', key, 'v1')
      const projectKey = await create('tagKeys', 'projects/howl-1', 'k1')
      const projectValue = await create('tagValues', projectKey, 'v1')
      const number = project.slice('projects/'.length)
      const get = async (collection: string, name: string) =>
        rig.send('GET', `/v3/${collection}/namespaced?name=${encodeURIComponent(name)}`)
      for (const [collection, name, expected] of [
        ['tagKeys', '123/k1', key],
        ['tagKeys', 'howl-1/k1', projectKey],
        ['tagKeys', `${number}/k1`, projectKey],
        ['tagValues', '123/k1/v1', value],
        ['tagValues', 'howl-1/k1/v1', projectValue],
        ['tagValues', `${number}/k1/v1`, projectValue],
      ] as const) {
        const { body } = await get(collection, name)
        expect(body, name).to.deep.equal((await rig.send('GET', `/v3/${expected}`)).body)
      }
      for (const [collection, name, status, code] of [
        ['tagKeys', '123/k2', 403, 'PERMISSION_DENIED'],
        ['tagKeys', '123/k1/v1', 403, 'PERMISSION_DENIED'],
        ['tagValues', '123/k1', 403, 'PERMISSION_DENIED'],
        ['tagKeys', '124/k1', 403, 'PERMISSION_DENIED'],
        ['tagKeys', '', 400, 'name'],
        ['tagValues', 'k1', 400, 'name'],
      ] as const) {
        expect(rejection(await get(collection, name)), name).to.deep.equal([status, code])
      }
      await rig.runOperation('DELETE', `/v3/${value}`)
      expect((await get('tagValues', '123/k1/v1')).status).to.equal(403)
    })

    it('should filter tag holds by holder and origin', async () => {
      await using rig = await createRig()
      const key = (await rig.runOperation('POST', '/v3/tagKeys', { parent: ORGANIZATION, shortName: 'k1' }))
        .response
      const value = (await rig.runOperation('POST', '/v3/tagValues', { parent: key.name, shortName: 'v1' }))
        .response
      const holder = '//compute.googleapis.com/compute/projects/p/regions/r/instanceGroupManagers/g'
      await rig.runOperation('POST', `/v3/${value.name}/tagHolds`, { holder, origin: '35678234' })
      await rig.runOperation('POST', `/v3/${value.name}/tagHolds`, { holder })
      const count = async (filter: string): Promise<number> => {
        const target = `/v3/${value.name}/tagHolds?filter=${encodeURIComponent(filter)}`
        return ((await rig.send('GET', target)).body.tagHolds ?? []).length
      }
      expect(await count(`holder = ${holder}`)).to.equal(2)
      expect(await count('origin = 35678234')).to.equal(1)
      expect(await count(`holder = ${holder} AND origin = 35678234`)).to.equal(1)
      expect(await count('origin = 1')).to.equal(0)
    })

    it('should list the effective tags of a resource, including the tags of its ancestors', async () => {
      await using rig = await createRig()
      const service = '//cloudresourcemanager.googleapis.com'
      const folder = (
        await rig.runOperation('POST', '/v3/folders', { parent: ORGANIZATION, displayName: 'One' })
      ).response.name
      const project = (
        await rig.runOperation('POST', '/v3/projects', { projectId: 'howl-1', parent: folder })
      ).response.name
      const instance = '//compute.googleapis.com/projects/howl-1/zones/us-central1-a/instances/1'
      const tags: Record<string, string> = {}
      for (const shortName of ['env', 'team', 'cost']) {
        const key = (await rig.runOperation('POST', '/v3/tagKeys', { parent: ORGANIZATION, shortName }))
          .response.name
        tags[shortName] = key
        for (const value of ['a', 'b']) {
          const created = await rig.runOperation('POST', '/v3/tagValues', { parent: key, shortName: value })
          tags[`${shortName}/${value}`] = created.response.name
        }
      }
      for (const [parent, tag] of [
        [`${service}/${ORGANIZATION}`, 'cost/a'],
        [`${service}/${folder}`, 'env/a'],
        [`${service}/${folder}`, 'team/a'],
        [`${service}/projects/howl-1`, 'env/b'],
        [instance, 'team/b'],
      ] as const) {
        await rig.runOperation('POST', '/v3/tagBindings', { parent, tagValue: tags[tag] })
      }
      const effective = async (parent: string) => {
        const { body } = await rig.send('GET', `/v3/effectiveTags?parent=${encodeURIComponent(parent)}`)
        return (body.effectiveTags ?? []).map(
          ({ namespacedTagValue, inherited = false }: { namespacedTagValue: string; inherited?: boolean }) =>
            `${namespacedTagValue}${inherited ? ' inherited' : ''}`,
        )
      }
      const tagsOfProject = ['1/cost/a inherited', '1/env/b', '1/team/a inherited']
      expect(await effective(`${service}/projects/howl-1`)).to.have.members(tagsOfProject)
      expect(await effective(`${service}/${project}`)).to.have.members(tagsOfProject)
      expect(await effective(`${service}/${folder}`)).to.have.members([
        '1/cost/a inherited',
        '1/env/a',
        '1/team/a',
      ])
      expect(await effective(`${service}/${ORGANIZATION}`)).to.deep.equal(['1/cost/a'])
      expect(await effective(instance)).to.have.members([
        '1/cost/a inherited',
        '1/env/b inherited',
        '1/team/b',
      ])
      expect(await effective('//storage.googleapis.com/buckets/b')).to.deep.equal([])
      const target = `/v3/effectiveTags?parent=${encodeURIComponent(`${service}/${ORGANIZATION}`)}`
      expect((await rig.send('GET', target)).body.effectiveTags).to.deep.equal([
        {
          tagValue: tags['cost/a'],
          namespacedTagValue: '1/cost/a',
          tagKey: tags.cost,
          namespacedTagKey: '1/cost',
          tagKeyParentName: ORGANIZATION,
        },
      ])
      expect(rejection(await rig.send('GET', '/v3/effectiveTags'))).to.deep.equal([400, 'parent'])
    })

    it('should bind, list and unbind a tag of a project by its ID or its number', async () => {
      await using rig = await createRig()
      const service = '//cloudresourcemanager.googleapis.com'
      const { name: project } = (await rig.runOperation('POST', '/v3/projects', { projectId: 'howl-1' }))
        .response
      const key = (await rig.runOperation('POST', '/v3/tagKeys', { parent: project, shortName: 'env' }))
        .response.name
      const value = (await rig.runOperation('POST', '/v3/tagValues', { parent: key, shortName: 'a' }))
        .response.name
      const number = project.slice('projects/'.length)
      for (const tag of [{ tagValue: value }, { tagValueNamespacedName: `${number}/env/a` }]) {
        const body = { parent: `${service}/projects/howl-1`, ...tag }
        const binding = (await rig.runOperation('POST', '/v3/tagBindings', body)).response
        expect(binding).to.include({ parent: `${service}/${project}`, tagValue: value })
        for (const name of ['projects/howl-1', project]) {
          const list = await rig.send('GET', `/v3/tagBindings?parent=${service}/${name}`)
          expect(list.body.tagBindings).to.have.length(1)
        }
        const name = `tagBindings/${encodeURIComponent(`${service}/projects/howl-1`)}/${value}`
        expect((await rig.send('DELETE', `/v3/${name.replaceAll('%', '%25')}`)).status).to.equal(200)
        expect((await rig.send('GET', `/v3/tagBindings?parent=${service}/${project}`)).body).to.deep.equal({})
      }
    })
  })

  describe('organizations', () => {
    it('should return an organization for every numeric ID, and find only the organizations that earlier requests named', async () => {
      await using rig = await createRig()
      expect(await rig.send('GET', '/v3/organizations:search')).to.deep.equal({ status: 200, body: {} })
      const v3Resource = (await rig.send('GET', '/v3/organizations/7')).body
      expect(Object.keys(v3Resource)).to.deep.equal([
        'name',
        'displayName',
        'directoryCustomerId',
        'state',
        'createTime',
        'updateTime',
        'etag',
      ])
      const v1Resource = (await rig.send('GET', '/v1/organizations/7')).body
      expect(v1Resource).to.deep.equal({
        name: v3Resource.name,
        displayName: v3Resource.displayName,
        owner: { directoryCustomerId: v3Resource.directoryCustomerId },
        creationTime: v3Resource.createTime,
        lifecycleState: 'ACTIVE',
      })
      await rig.runOperation('POST', '/v3/folders', { parent: 'organizations/8', displayName: 'One' })
      const names = async (target: string, body?: object): Promise<readonly string[]> => {
        const received = await rig.send(body ? 'POST' : 'GET', target, body)
        return (received.body.organizations ?? []).map(({ name }: { name: string }) => name)
      }
      expect(await names('/v3/organizations:search')).to.deep.equal(['organizations/7', 'organizations/8'])
      expect(
        (await rig.send('POST', '/v1/organizations:search', { pageSize: 1 })).body.organizations,
      ).to.deep.equal([v1Resource])
      for (const filter of [
        `domain:${v3Resource.displayName}`,
        `owner.directorycustomerid:${v3Resource.directoryCustomerId}`,
      ]) {
        expect(await names('/v1/organizations:search', { filter })).to.deep.equal(['organizations/7'])
        expect(await names(`/v3/organizations:search?query=${filter}`)).to.deep.equal(['organizations/7'])
      }
      expect(await names('/v3/organizations:search?query=domain:a.example')).to.deep.equal([])
      expect((await rig.send('GET', '/v3/organizations/a')).status).to.equal(403)
    })
  })

  describe('capability configs', () => {
    it('should get and list the capability configs of a parent', async () => {
      await using rig = await createRig()
      const { name: project } = (await rig.runOperation('POST', '/v3/projects', { projectId: 'howl-1' }))
        .response
      const folder = (
        await rig.runOperation('POST', '/v3/folders', { parent: ORGANIZATION, displayName: 'One' })
      ).response.name
      const types = ['APP_MANAGEMENT']
      for (const [parent, canonical] of [
        [ORGANIZATION, ORGANIZATION],
        [folder, folder],
        ['projects/howl-1', project],
      ]) {
        const collection = `/v3/${parent}/capabilityConfigs`
        for (const id of ['first-config', 'second-config']) {
          const body = { types, managementProject: 'projects/howl-1' }
          await rig.runOperation('POST', `${collection}?capabilityConfigId=${id}`, body)
        }
        const { body } = await rig.send('GET', `${collection}/first-config`)
        expect(body).to.deep.include({
          name: `${canonical}/capabilityConfigs/first-config`,
          managementProject: project,
          types,
        })
        const list = (await rig.send('GET', collection)).body.capabilityConfigs
        expect(list).to.have.length(2)
        expect(list[0]).to.deep.equal(body)
        await rig.runOperation('DELETE', `${collection}/first-config`)
        expect((await rig.send('GET', collection)).body.capabilityConfigs).to.deep.equal(list.slice(1))
        expect((await rig.send('GET', `${collection}/first-config`)).status).to.equal(403)
      }
      const enums = await rig.send('GET', `/v3/${folder}/capabilityConfigs?$alt=json;enum-encoding=int`)
      expect(enums.body.capabilityConfigs[0].types).to.deep.equal([1])
      expect((await rig.send('GET', '/v3/folders?parent=organizations/1')).body.folders).to.have.length(1)
    })

    it('should reject an invalid capability config', async () => {
      await using rig = await createRig()
      const target = `/v3/${ORGANIZATION}/capabilityConfigs`
      const types = ['AGENT_MANAGEMENT']
      await rig.runOperation('POST', `${target}?capabilityConfigId=my-config`, { types })
      const create = `${target}?capabilityConfigId=other-config`
      for (const [verb, path, body, status, code] of [
        ['POST', target, { types }, 400, 'capabilityConfigId'],
        ['POST', `${target}?capabilityConfigId=short`, { types }, 400, 'capabilityConfigId'],
        ['POST', `${target}?capabilityConfigId=my-config`, { types }, 409, 'ALREADY_EXISTS'],
        ['POST', create, {}, 400, 'types'],
        ['POST', create, { types: ['OTHER'] }, 400, 'types'],
        ['POST', create, { types: 'AGENT_MANAGEMENT' }, 400, 'types'],
        ['POST', create, { types, boundaries: ['a'] }, 400, 'boundaries'],
        ['POST', create, { types, managementProject: 'projects/no' }, 403, 'PERMISSION_DENIED'],
        ['POST', create.replace(ORGANIZATION, 'folders/1'), { types }, 403, 'PERMISSION_DENIED'],
        ['PATCH', `${target}/my-config?updateMask=types`, {}, 400, 'types'],
        ['PATCH', `${target}/my-config?updateMask=managementProject`, {}, 400, 'updateMask'],
        ['PATCH', `${target}/my-config`, { etag: 'old' }, 409, 'ABORTED'],
        ['PATCH', `${target}/other-config`, {}, 403, 'PERMISSION_DENIED'],
        ['DELETE', `${target}/my-config?etag=old`, undefined, 409, 'ABORTED'],
        ['DELETE', `${target}/other-config`, undefined, 403, 'PERMISSION_DENIED'],
        ['GET', '/v3/folders/1/capabilityConfigs', undefined, 403, 'PERMISSION_DENIED'],
      ] as const) {
        const received = rejection(await rig.send(verb, path, body))
        expect(received, `${verb} ${path} ${JSON.stringify(body)}`).to.deep.equal([status, code])
      }
    })
  })
})
