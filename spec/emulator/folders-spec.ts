import { expect } from 'chai'
import { startEmulator } from '../../lib/emulator/index.js'
import { createRig, rejection } from './rig.js'
import { sendRequest } from './send-request.js'

describe('emulator/resource-manager/folders', () => {
  it('should send the exact bytes of the operation that creates a folder, and of the created folder', async () => {
    let time = 0
    const epoch = Date.UTC(2024, 3, 30, 17, 16, 38)
    await using emulator = await startEmulator({ now: () => time, epoch, duration: 10 })
    const { endpoint, operations } = emulator
    const body = { parent: 'organizations/123', displayName: 'Ingénierie 1' }
    const start = await sendRequest(endpoint, 'POST', '/v3/folders?prettyPrint=0', { body })
    const [name = ''] = operations.names()
    expect(name).to.match(/^operations\/fc\.\d{19}$/)
    expect([start.status, start.text]).to.deep.equal([200, `{"name":"${name}"}`])

    const head =
      `{"name":"${name}","metadata":{"@type":"type.googleapis.com/google.cloud.resourcemanager.v3.CreateFolderMetadata",` +
      '"displayName":"Ingénierie 1","parent":"organizations/123"}'
    const get = async (target: string): Promise<string> =>
      (await sendRequest(endpoint, 'GET', `${target}?prettyPrint=false`)).text
    expect(await get(`/v3/${name}`)).to.equal(`${head}}`)
    const created = JSON.stringify(operations.get(name)?.frames.at(-1)?.response)
    const pendingName = /folders\/\d{12}/.exec(created)?.[0]
    time = 9
    expect((await sendRequest(endpoint, 'GET', `/v3/${pendingName}`)).status).to.equal(403)
    time = 10
    const done = await get(`/v1/${name}`)
    const [, id, etag] = /"folders\/(\d{12})".*W\/\\"([0-9a-f]{16})\\"/.exec(done) ?? []
    const folder =
      `"name":"folders/${id}","parent":"organizations/123","displayName":"Ingénierie 1","state":"ACTIVE",` +
      `"createTime":"2024-04-30T17:16:38Z","updateTime":"2024-04-30T17:16:38Z","etag":"W/\\"${etag}\\""}`
    expect(done).to.equal(
      `${head},"done":true,"response":{"@type":"type.googleapis.com/google.cloud.resourcemanager.v3.Folder",${folder}}`,
    )
    expect(await get(`/v3/folders/${id}`)).to.equal(`{${folder}`)
    expect(pendingName).to.equal(`folders/${id}`)
  })

  it('should send a 400 with the name of the field if a field is invalid', async () => {
    await using emulator = await startEmulator()
    const rows: readonly (readonly [object, string])[] = [
      [{ displayName: 'a' }, 'parent'],
      [{ parent: 'projects/1', displayName: 'a' }, 'parent'],
      [{ parent: 'organizations/1' }, 'displayName'],
      [{ parent: 'organizations/1', displayName: ' a' }, 'displayName'],
      [{ parent: 'organizations/1', displayName: 'a'.repeat(31) }, 'displayName'],
    ]
    for (const [body, field] of rows) {
      const received = await sendRequest(emulator.endpoint, 'POST', '/v3/folders', { body })
      expect(received.status, JSON.stringify(body)).to.equal(400)
      expect(JSON.parse(received.text).error.details[0].fieldViolations[0].field).to.equal(field)
    }
    const last = await sendRequest(emulator.endpoint, 'POST', '/v3/folders', {
      body: { parent: 'organizations/1', displayName: 'a'.repeat(30) },
    })
    expect(last.status).to.equal(200)
  })

  it('should show the changes of a folder in the formats of v2 and v3', async () => {
    await using rig = await createRig()
    const created = (
      await rig.runOperation('POST', '/v2/folders?parent=organizations/1', { displayName: 'One' })
    ).response
    const { '@type': type, ...folder } = created
    expect(type).to.equal('type.googleapis.com/google.cloud.resourcemanager.v2.Folder')
    expect(Object.keys(folder)).to.deep.equal([
      'name',
      'parent',
      'displayName',
      'lifecycleState',
      'createTime',
    ])
    expect((await rig.send('GET', `/v2/${created.name}`)).body).to.deep.equal(folder)
    await rig.runOperation('POST', `/v2/${created.name}:move`, { destinationParent: 'organizations/9' })
    await rig.runOperation('PATCH', `/v3/${created.name}?updateMask=displayName`, { displayName: 'Two' })
    await rig.runOperation('DELETE', `/v3/${created.name}`)
    expect((await rig.send('GET', `/v2/${created.name}`)).body).to.deep.equal({
      ...folder,
      parent: 'organizations/9',
      displayName: 'Two',
      lifecycleState: 'DELETE_REQUESTED',
    })
    const deleted = (await rig.send('GET', `/v3/${created.name}`)).body
    expect(Object.keys(deleted)).to.deep.equal([
      'name',
      'parent',
      'displayName',
      'state',
      'createTime',
      'updateTime',
      'deleteTime',
      'etag',
    ])
    await rig.runOperation('POST', `/v3/${created.name}:undelete`, { etag: deleted.etag })
    const restored = (await rig.send('GET', `/v3/${created.name}`)).body
    expect(restored).to.include({ state: 'ACTIVE', displayName: 'Two' }).and.not.have.property('deleteTime')
    const withEnumNumbers = (await rig.send('GET', `/v2/${created.name}?$alt=json;enum-encoding=int`)).body
    expect(withEnumNumbers.lifecycleState).to.equal(1)
  })

  it('should send the type of a v2 operation as a number if the request sets enum-encoding=int', async () => {
    await using rig = await createRig()
    await rig.send('POST', '/v2/folders?parent=organizations/1', { displayName: 'One' })
    const [name] = rig.emulator.operations.names()
    const { metadata } = (await rig.send('GET', `/v1/${name}?$alt=json;enum-encoding=int`)).body
    expect(metadata.operationType).to.equal(1)
  })

  it('should include the previous parent in the metadata of a move', async () => {
    await using rig = await createRig()
    const { name } = (
      await rig.runOperation('POST', '/v3/folders', { parent: 'organizations/1', displayName: 'One' })
    ).response
    await rig.runOperation('POST', `/v3/${name}:move`, { destinationParent: 'organizations/2' })
    const moved = await rig.runOperation('POST', `/v3/${name}:move`, { destinationParent: 'organizations/3' })
    expect(moved.metadata).to.include({
      sourceParent: 'organizations/2',
      destinationParent: 'organizations/3',
    })
  })

  it('should send an error if a change is invalid', async () => {
    await using rig = await createRig()
    const { name } = (
      await rig.runOperation('POST', '/v3/folders', { parent: 'organizations/1', displayName: 'One' })
    ).response
    const move = { destinationParent: 'organizations/2' }
    const rows: readonly (readonly [string, string, object | undefined, number, string])[] = [
      ['POST', '/v2/folders', { displayName: 'a', parent: 'organizations/1' }, 400, 'parent'],
      ['POST', '/v2/folders?parent=organizations/1', {}, 400, 'displayName'],
      ['POST', '/v3/folders/1:move', move, 403, 'PERMISSION_DENIED'],
      ['POST', '/v2/folders/1:move', move, 403, 'PERMISSION_DENIED'],
      ['DELETE', '/v3/folders/1', undefined, 403, 'PERMISSION_DENIED'],
      ['POST', `/v3/${name}:move`, { destinationParent: 'a' }, 400, 'destinationParent'],
      ['PATCH', `/v3/${name}`, { displayName: 'a' }, 400, 'updateMask'],
      ['PATCH', `/v3/${name}?updateMask=parent`, { displayName: 'a' }, 400, 'updateMask'],
      ['PATCH', `/v3/${name}?updateMask=displayName`, { displayName: ' ' }, 400, 'displayName'],
      ['PATCH', `/v3/${name}?updateMask=displayName`, { displayName: 'a', etag: 'old' }, 409, 'ABORTED'],
    ]
    for (const [verb, target, body, status, code] of rows) {
      expect(rejection(await rig.send(verb, target, body)), `${verb} ${target}`).to.deep.equal([status, code])
    }
    await rig.runOperation('DELETE', `/v3/${name}`)
    for (const [verb, target, body] of [
      ['POST', `/v2/${name}:move`, move],
      ['POST', `/v3/${name}:move`, move],
      ['PATCH', `/v3/${name}?updateMask=displayName`, { displayName: 'a' }],
    ] as const) {
      const received = rejection(await rig.send(verb, target, body))
      expect(received, target).to.deep.equal([400, 'RESOURCE_DELETED_VIOLATION'])
    }
  })
})
