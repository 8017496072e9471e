import { expect } from 'chai'
import { createRig, type Rig, rejection } from './rig.js'

const ORGANIZATION = 'organizations/1'

/** Creates a folder and returns its name. */
async function createFolder(rig: Rig, parent: string, displayName: string): Promise<string> {
  return (await rig.runOperation('POST', '/v3/folders', { parent, displayName })).response.name
}

describe('emulator/resource-manager/folders: constraints', () => {
  for (const version of ['v2', 'v3'] as const) {
    const create = (rig: Rig, parent: string, displayName: string) =>
      version === 'v2'
        ? rig.send('POST', `/v2/folders?parent=${parent}`, { displayName })
        : rig.send('POST', '/v3/folders', { parent, displayName })

    it(`should reject a folder on ${version} if a sibling has the same display name`, async () => {
      await using rig = await createRig()
      const name = await createFolder(rig, ORGANIZATION, 'One')
      const expected = [400, 'FOLDER_NAME_UNIQUENESS_VIOLATION']
      expect(rejection(await create(rig, ORGANIZATION, 'One'))).to.deep.equal(expected)
      expect((await create(rig, name, 'One')).status).to.equal(200)
      expect((await create(rig, 'organizations/2', 'One')).status).to.equal(200)
      // The operation that creates the first folder with the name Two is still pending when the second request is sent.
      expect((await create(rig, ORGANIZATION, 'Two')).status).to.equal(200)
      expect(rejection(await create(rig, ORGANIZATION, 'Two'))).to.deep.equal(expected)
    })

    it(`should reject a folder on ${version} if its parent does not exist or is deleted`, async () => {
      await using rig = await createRig()
      const name = await createFolder(rig, ORGANIZATION, 'One')
      expect(rejection(await create(rig, 'folders/1', 'Two'))).to.deep.equal([403, 'PERMISSION_DENIED'])
      await rig.runOperation('DELETE', `/v3/${name}`)
      expect(rejection(await create(rig, name, 'Two'))).to.deep.equal([400, 'PARENT_DELETED_VIOLATION'])
    })

    it(`should reject a move on ${version} that violates a constraint`, async () => {
      await using rig = await createRig()
      const top = await createFolder(rig, ORGANIZATION, 'Top')
      const middle = await createFolder(rig, top, 'Middle')
      const bottom = await createFolder(rig, middle, 'Bottom')
      const deleted = await createFolder(rig, ORGANIZATION, 'Deleted')
      await createFolder(rig, ORGANIZATION, 'Bottom')
      await rig.runOperation('DELETE', `/v3/${deleted}`)
      for (const [name, destinationParent, status, code] of [
        [top, top, 400, 'CYCLE_INTRODUCED_VIOLATION'],
        [top, middle, 400, 'CYCLE_INTRODUCED_VIOLATION'],
        [top, bottom, 400, 'CYCLE_INTRODUCED_VIOLATION'],
        [top, deleted, 400, 'PARENT_DELETED_VIOLATION'],
        [top, 'folders/1', 403, 'PERMISSION_DENIED'],
        [bottom, ORGANIZATION, 400, 'FOLDER_NAME_UNIQUENESS_VIOLATION'],
        [deleted, top, 400, 'RESOURCE_DELETED_VIOLATION'],
      ] as const) {
        const received = await rig.send('POST', `/${version}/${name}:move`, { destinationParent })
        expect(rejection(received), `${name} to ${destinationParent}`).to.deep.equal([status, code])
      }
      // Pending moves count. So the second move would close a cycle, and the third would move a folder that is being moved.
      const moved = await rig.send('POST', `/${version}/${bottom}:move`, { destinationParent: top })
      expect(moved.status).to.equal(200)
      const cycle = await rig.send('POST', `/${version}/${top}:move`, { destinationParent: bottom })
      expect(rejection(cycle)).to.deep.equal([400, 'CYCLE_INTRODUCED_VIOLATION'])
      const secondMove = await rig.send('POST', `/${version}/${bottom}:move`, { destinationParent: middle })
      expect(rejection(secondMove)).to.deep.equal([400, 'FOLDER_BEING_MOVED_VIOLATION'])
    })

    it(`should reject a deletion on ${version} if the folder has active folders or projects`, async () => {
      await using rig = await createRig()
      const parent = await createFolder(rig, ORGANIZATION, 'Parent')
      const child = await createFolder(rig, parent, 'Child')
      const remove = async () => {
        const received = await rig.send('DELETE', `/${version}/${parent}`)
        return received.status === 200 ? received.status : rejection(received)
      }
      expect(await remove()).to.deep.equal([400, 'FOLDER_TO_DELETE_NON_EMPTY_VIOLATION'])
      await rig.runOperation('DELETE', `/v3/${child}`)
      await rig.runOperation('POST', '/v3/projects', { projectId: 'tokyo-rain', parent })
      expect(await remove()).to.deep.equal([400, 'FOLDER_TO_DELETE_NON_EMPTY_VIOLATION'])
      await rig.runOperation('DELETE', '/v3/projects/tokyo-rain')
      expect(await remove()).to.equal(200)
    })

    it(`should reject an undelete on ${version} that violates a constraint`, async () => {
      await using rig = await createRig()
      const parent = await createFolder(rig, ORGANIZATION, 'Parent')
      const child = await createFolder(rig, parent, 'Child')
      await rig.runOperation('DELETE', `/v3/${child}`)
      await rig.runOperation('DELETE', `/v3/${parent}`)
      const undelete = async (name: string) => rig.send('POST', `/${version}/${name}:undelete`, {})
      expect(rejection(await undelete(child))).to.deep.equal([400, 'PARENT_DELETED_VIOLATION'])
      await createFolder(rig, ORGANIZATION, 'Parent')
      expect(rejection(await undelete(parent))).to.deep.equal([400, 'FOLDER_NAME_UNIQUENESS_VIOLATION'])
    })

    it(`should reject a patch on ${version} if a sibling has the same display name`, async () => {
      await using rig = await createRig()
      const name = await createFolder(rig, ORGANIZATION, 'One')
      await createFolder(rig, ORGANIZATION, 'Two')
      const patch = (displayName: string) =>
        rig.send('PATCH', `/${version}/${name}?updateMask=display_name`, { displayName })
      expect(rejection(await patch('Two'))).to.deep.equal([400, 'FOLDER_NAME_UNIQUENESS_VIOLATION'])
      expect((await patch('One')).status).to.equal(200)
    })
  }

  it('should describe a violated constraint in a PreconditionFailure and a FolderOperationError', async () => {
    await using rig = await createRig()
    const name = await createFolder(rig, ORGANIZATION, 'One')
    const { status, body } = await rig.send('POST', `/v3/${name}:move`, { destinationParent: name })
    expect([status, body.error.status]).to.deep.equal([400, 'FAILED_PRECONDITION'])
    const description = 'The folder would be moved into itself or into a folder below it.'
    expect(body.error.details).to.deep.equal([
      {
        '@type': 'type.googleapis.com/google.rpc.PreconditionFailure',
        violations: [{ type: 'CYCLE_INTRODUCED_VIOLATION', subject: name, description }],
      },
      {
        '@type': 'type.googleapis.com/google.cloud.resourcemanager.v3.FolderOperationError',
        errorMessageId: 'CYCLE_INTRODUCED_VIOLATION',
      },
    ])
  })

  it('should reject an eleventh level of folders, and a 301st folder of a parent', async () => {
    await using rig = await createRig({ duration: 0 })
    // The index of a folder is its level.
    const names = [ORGANIZATION]
    for (let level = 1; level <= 10; level++) {
      names.push(await createFolder(rig, names.at(-1) ?? '', `Level ${level}`))
    }
    const create = (parent = '') => rig.send('POST', '/v3/folders', { parent, displayName: 'Other' })
    const tooHigh = [400, 'ACTIVE_FOLDER_HEIGHT_VIOLATION']
    expect(rejection(await create(names[10]))).to.deep.equal(tooHigh)
    const other = await createFolder(rig, 'organizations/2', 'Other')
    await createFolder(rig, other, 'Child')
    const move = (destinationParent = '') => rig.send('POST', `/v3/${other}:move`, { destinationParent })
    expect(rejection(await move(names[9]))).to.deep.equal(tooHigh)
    expect((await move(names[8])).status).to.equal(200)
    for (let index = 0; index < 300; index++) await createFolder(rig, 'organizations/3', `Folder ${index}`)
    expect(rejection(await create('organizations/3'))).to.deep.equal([400, 'MAX_CHILD_FOLDERS_VIOLATION'])
  })

  it('should change nothing on v3 if an active folder is undeleted or a deleted folder is deleted, and reject both on v2', async () => {
    await using rig = await createRig()
    const name = await createFolder(rig, ORGANIZATION, 'One')
    const folder = async () => (await rig.send('GET', `/v3/${name}`)).body
    const active = await folder()
    const undeleted = await rig.runOperation('POST', `/v3/${name}:undelete`, {})
    expect(undeleted.response).to.deep.include(active)
    expect(await folder()).to.deep.equal(active)
    const undeletedOnV2 = rejection(await rig.send('POST', `/v2/${name}:undelete`, {}))
    expect(undeletedOnV2).to.deep.equal([400, 'FAILED_PRECONDITION'])
    await rig.runOperation('DELETE', `/v3/${name}`)
    const deleted = await folder()
    rig.advance(10)
    expect((await rig.runOperation('DELETE', `/v3/${name}`)).response).to.deep.include(deleted)
    expect(await folder()).to.deep.equal(deleted)
    const deletedOnV2 = rejection(await rig.send('DELETE', `/v2/${name}`))
    expect(deletedOnV2).to.deep.equal([400, 'RESOURCE_DELETED_VIOLATION'])
  })

  it('should change nothing if a deleted project is deleted', async () => {
    await using rig = await createRig()
    await rig.runOperation('POST', '/v3/projects', { projectId: 'tokyo-rain' })
    await rig.runOperation('DELETE', '/v3/projects/tokyo-rain')
    const deleted = (await rig.send('GET', '/v3/projects/tokyo-rain')).body
    rig.advance(10)
    expect((await rig.runOperation('DELETE', '/v3/projects/tokyo-rain')).response).to.deep.include(deleted)
    expect(await rig.send('DELETE', '/v1/projects/tokyo-rain')).to.deep.equal({ status: 200, body: {} })
    expect((await rig.send('GET', '/v3/projects/tokyo-rain')).body).to.deep.equal(deleted)
  })

  it('should reject the creation, move and undelete of a project if its parent folder is deleted', async () => {
    await using rig = await createRig()
    const parent = await createFolder(rig, ORGANIZATION, 'One')
    await rig.runOperation('POST', '/v3/projects', { projectId: 'tokyo-rain', parent })
    await rig.runOperation('POST', '/v3/projects', { projectId: 'other-one' })
    await rig.runOperation('DELETE', '/v3/projects/tokyo-rain')
    await rig.runOperation('DELETE', `/v3/${parent}`)
    const parentV1 = { type: 'folder', id: parent.slice('folders/'.length) }
    for (const [verb, target, body] of [
      ['POST', '/v3/projects/tokyo-rain:undelete', {}],
      ['POST', '/v1/projects/tokyo-rain:undelete', {}],
      ['POST', '/v3/projects/other-one:move', { destinationParent: parent }],
      ['PUT', '/v1/projects/other-one', { parent: parentV1 }],
      ['POST', '/v3/projects', { projectId: 'third-one', parent }],
      ['POST', '/v1/projects', { projectId: 'third-one', parent: parentV1 }],
    ] as const) {
      const received = rejection(await rig.send(verb, target, body))
      expect(received, `${verb} ${target}`).to.deep.equal([400, 'PARENT_DELETED_VIOLATION'])
    }
  })
})
