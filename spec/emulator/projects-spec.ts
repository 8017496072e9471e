import { expect } from 'chai'
import { type Emulator, startEmulator } from '../../lib/emulator/index.js'
import { createRig, rejection } from './rig.js'
import { sendRequest } from './send-request.js'

const epoch = Date.UTC(2024, 3, 30, 17, 16, 38, 100)
const createTime = '2024-04-30T17:16:38.100Z'

describe('emulator/resource-manager/projects', () => {
  let time: number
  let emulator: Emulator
  beforeEach(async () => {
    time = 0
    emulator = await startEmulator({ now: () => time, epoch, duration: 1000 })
  })
  afterEach(() => emulator.close())

  const responseText = async (method: string, target: string, body?: object): Promise<string> =>
    (await sendRequest(emulator.endpoint, method, target, body ? { body } : {})).text

  it('should send the exact bytes of an operation that creates a project with v1', async () => {
    const body = {
      projectId: 'tokyo-rain',
      name: 'Tokyo',
      parent: { type: 'organization', id: '876' },
      labels: { env: 'test' },
    }
    const start = await responseText('POST', '/v1/projects', body)
    const [name = ''] = emulator.operations.names()
    expect(name).to.match(/^operations\/cp\.\d{19}$/)
    expect(start).to.equal(`{\n  "name": "${name}"\n}\n`)

    const type = 'type.googleapis.com/google.cloudresourcemanager.v1'
    const status = `"@type": "${type}.ProjectCreationStatus"`
    expect(await responseText('GET', `/v1/${name}`)).to.equal(
      `{\n  "name": "${name}",\n  "metadata": {\n    ${status},\n    "createTime": "${createTime}"\n  }\n}\n`,
    )
    time = 500
    expect(await responseText('GET', `/v3/${name}`)).to.equal(
      `{\n  "name": "${name}",\n  "metadata": {\n    ${status},\n    "createTime": "${createTime}",\n    "gettable": true\n  }\n}\n`,
    )
    time = 1000
    const done = await responseText('GET', `/v1/${name}`)
    const projectNumber = /"projectNumber": "(\d{12})"/.exec(done)?.[1]
    expect(done).to.equal(`{
  "name": "${name}",
  "metadata": {
    ${status},
    "gettable": true,
    "ready": true
  },
  "done": true,
  "response": {
    "@type": "${type}.Project",
    "projectNumber": "${projectNumber}",
    "projectId": "tokyo-rain",
    "lifecycleState": "ACTIVE",
    "name": "Tokyo",
    "createTime": "${createTime}",
    "labels": {
      "env": "test"
    },
    "parent": {
      "type": "organization",
      "id": "876"
    }
  }
}
`)
    expect(await responseText('GET', `/v3/${name}`)).to.equal(done)
  })

  it('should send the exact bytes of an operation that creates a project with v3', async () => {
    const body = {
      projectId: 'tokyo-rain',
      displayName: 'Tokyo',
      parent: 'organizations/123',
      labels: { env: 'test' },
    }
    const start = await responseText('POST', '/v3/projects?prettyPrint=false', body)
    const [name = ''] = emulator.operations.names()
    expect(name).to.match(/^operations\/cp\.\d{19}$/)
    expect(start).to.equal(`{"name":"${name}"}`)

    const metadata = '"@type":"type.googleapis.com/google.cloud.resourcemanager.v3.CreateProjectMetadata"'
    const get = (): Promise<string> => responseText('GET', `/v3/${name}?alt=json&prettyPrint=false`)
    expect(await get()).to.equal(`{"name":"${name}","metadata":{${metadata},"createTime":"${createTime}"}}`)
    time = 1000
    const done = await get()
    const [, projectNumber, etag] = /"projects\/(\d{12})".*"etag":"W\/\\"([0-9a-f]{16})\\""/.exec(done) ?? []
    const project =
      `"name":"projects/${projectNumber}","parent":"organizations/123","projectId":"tokyo-rain","state":"ACTIVE",` +
      `"displayName":"Tokyo","createTime":"${createTime}","updateTime":"${createTime}","etag":"W/\\"${etag}\\"","labels":{"env":"test"}}`
    expect(done).to.equal(
      `{"name":"${name}","metadata":{${metadata},"gettable":true,"ready":true},"done":true,` +
        `"response":{"@type":"type.googleapis.com/google.cloud.resourcemanager.v3.Project",${project}}`,
    )
    for (const key of ['tokyo-rain', projectNumber]) {
      expect(await responseText('GET', `/v3/projects/${key}?prettyPrint=false`)).to.equal(`{${project}`)
    }
    const withEnumNumbers = await responseText(
      'GET',
      '/v3/projects/tokyo-rain?%24alt=json%3Benum-encoding%3Dint&prettyPrint=false',
    )
    expect(withEnumNumbers).to.equal(`{${project}`.replace('"ACTIVE"', '1'))
  })

  it('should return a project from v1 and v3 when the project is gettable', async () => {
    const parent = { type: 'organization', id: '5' }
    await responseText('POST', '/v1/projects', { projectId: 'created-by-v1', name: 'One', parent })
    await responseText('POST', '/v3/projects', { projectId: 'created-by-v3' })
    const unreadable = await sendRequest(emulator.endpoint, 'GET', '/v1/projects/created-by-v1')
    expect([unreadable.status, unreadable.text]).to.deep.equal([
      403,
      '{\n  "error": {\n    "code": 403,\n    "message": "The caller does not have permission",\n    "status": "PERMISSION_DENIED"\n  }\n}\n',
    ])
    time = 499
    expect((await sendRequest(emulator.endpoint, 'GET', '/v3/projects/created-by-v3')).status).to.equal(403)
    time = 500
    const v3Project = JSON.parse(await responseText('GET', '/v3/projects/created-by-v1'))
    expect(v3Project).to.deep.include({
      projectId: 'created-by-v1',
      displayName: 'One',
      parent: 'organizations/5',
      state: 'ACTIVE',
    })
    const v1Project = JSON.parse(await responseText('GET', '/v1/projects/created-by-v3'))
    expect(v1Project).to.have.all.keys('projectNumber', 'projectId', 'lifecycleState', 'createTime')
    expect(await responseText('GET', `/v3/projects/${v1Project.projectNumber}`)).to.contain(
      '"projectId": "created-by-v3"',
    )
    expect(JSON.parse(await responseText('GET', `/v1/projects/${v1Project.projectNumber}`))).to.deep.equal(
      v1Project,
    )
  })

  it('should still return a project after its operation is removed', async () => {
    await responseText('POST', '/v3/projects', { projectId: 'tokyo-rain' })
    const [name = ''] = emulator.operations.names()
    emulator.operations.forget(name)
    time = 1000
    expect((await sendRequest(emulator.endpoint, 'GET', `/v3/${name}`)).status).to.equal(404)
    expect((await sendRequest(emulator.endpoint, 'GET', '/v3/projects/tokyo-rain')).status).to.equal(200)
  })

  it('should send a 409 if a project ID is taken, even while the project is being created', async () => {
    await responseText('POST', '/v1/projects', { projectId: 'tokyo-rain' })
    for (const version of ['v1', 'v3']) {
      const again = await sendRequest(
        emulator.endpoint,
        'POST',
        `/${version}/projects?$.xgafv=1&prettyPrint=false`,
        {
          body: { projectId: 'tokyo-rain' },
        },
      )
      expect([again.status, again.text]).to.deep.equal([
        409,
        '{"error":{"code":409,"message":"Requested entity already exists",' +
          '"errors":[{"message":"Requested entity already exists","domain":"global","reason":"alreadyExists"}],' +
          '"status":"ALREADY_EXISTS"}}',
      ])
    }
    expect(emulator.operations.names()).to.have.length(1)
  })

  it('should send a 400 with the name of the field if a field is invalid', async () => {
    const rows: readonly (readonly [string, object, string])[] = [
      ['/v1/projects', {}, 'projectId'],
      ['/v1/projects', { projectId: 'short' }, 'projectId'],
      ['/v1/projects', { projectId: '9-digits-first' }, 'projectId'],
      ['/v1/projects', { projectId: 'tokyo-rain', name: 5 }, 'name'],
      ['/v1/projects', { projectId: 'tokyo-rain', parent: 'folders/1' }, 'parent'],
      ['/v1/projects', { projectId: 'tokyo-rain', parent: { type: 'project', id: '1' } }, 'parent'],
      ['/v3/projects', { projectId: 'tokyo-rain', parent: 'folders/x' }, 'parent'],
      ['/v3/projects', { projectId: 'tokyo-rain', parent: 'folders/1/2' }, 'parent'],
      ['/v3/projects', { projectId: 'tokyo-rain', labels: { a: 1 } }, 'labels'],
      ['/v3/projects', { projectId: 'tokyo-rain', displayName: [] }, 'displayName'],
    ]
    for (const [target, body, field] of rows) {
      const received = await sendRequest(emulator.endpoint, 'POST', target, { body })
      expect(received.status, JSON.stringify(body)).to.equal(400)
      const { error } = JSON.parse(received.text)
      expect(error.status).to.equal('INVALID_ARGUMENT')
      expect(error.details[0].fieldViolations[0].field).to.equal(field)
    }
    expect(emulator.operations.names()).to.deep.equal([])
  })

  it('should show a change in v1 and v3 when the operation of the change is done', async () => {
    await using rig = await createRig()
    const created = await rig.runOperation('POST', '/v3/projects', {
      projectId: 'tokyo-rain',
      labels: { a: 'b' },
    })
    const [patched, moved] = [
      await rig.send('PATCH', '/v3/projects/tokyo-rain', { displayName: 'Tokyo' }),
      await rig.send('POST', `/v3/${created.response.name}:move`, { destinationParent: 'organizations/7' }),
    ]
    expect((await rig.send('GET', '/v3/projects/tokyo-rain')).body.etag).to.equal(created.response.etag)
    rig.advance(10)
    const get = async (name: string): Promise<unknown> => (await rig.send('GET', `/v3/${name}`)).body.response
    const type = { '@type': created.response['@type'] }
    const now = (await rig.send('GET', '/v3/projects/tokyo-rain')).body
    expect(now).to.deep.include({ displayName: 'Tokyo', parent: 'organizations/7', labels: { a: 'b' } })
    expect(now.updateTime).to.equal('1970-01-01T00:00:00.010Z')
    expect(now.etag).not.to.equal(created.response.etag)
    expect(await get(moved.body.name)).to.deep.equal({ ...type, ...now })
    expect(await get(patched.body.name)).not.to.have.property('parent')
    expect((await rig.send('GET', '/v1/projects/tokyo-rain')).body).to.deep.include({
      name: 'Tokyo',
      parent: { type: 'organization', id: '7' },
    })
  })

  it('should return a deleted project, keep its ID taken, and restore it', async () => {
    await using rig = await createRig()
    await rig.runOperation('POST', '/v3/projects', { projectId: 'tokyo-rain' })
    const deleted = (await rig.runOperation('DELETE', '/v3/projects/tokyo-rain')).response
    expect(Object.keys(deleted).slice(-3)).to.deep.equal(['updateTime', 'deleteTime', 'etag'])
    expect((await rig.send('GET', '/v3/projects/tokyo-rain')).body).to.deep.include({
      state: 'DELETE_REQUESTED',
      deleteTime: '1970-01-01T00:00:00.010Z',
    })
    expect((await rig.send('GET', '/v1/projects/tokyo-rain')).body.lifecycleState).to.equal(
      'DELETE_REQUESTED',
    )
    expect((await rig.send('POST', '/v3/projects', { projectId: 'tokyo-rain' })).status).to.equal(409)
    await rig.runOperation('POST', '/v3/projects/tokyo-rain:undelete', {})
    const restored = (await rig.send('GET', '/v3/projects/tokyo-rain')).body
    expect(restored.state).to.equal('ACTIVE')
    expect(restored).not.to.have.property('deleteTime')
  })

  it('should not change a project if the operation of the change fails', async () => {
    await using rig = await createRig({
      timeline: ({ method }) => {
        return method === 'v3.projects.delete' ? [{ after: 10, done: true, error: { code: 9 } }] : undefined
      },
    })
    await rig.runOperation('POST', '/v3/projects', { projectId: 'tokyo-rain' })
    expect((await rig.runOperation('DELETE', '/v3/projects/tokyo-rain')).error).to.deep.equal({ code: 9 })
    expect((await rig.send('GET', '/v3/projects/tokyo-rain')).body.state).to.equal('ACTIVE')
  })

  it('should set only the fields in the update mask, and clear a field in the mask that the body omits', async () => {
    await using rig = await createRig()
    await rig.runOperation('POST', '/v3/projects', {
      projectId: 'tokyo-rain',
      displayName: 'T',
      labels: { a: 'b' },
    })
    const body = { displayName: 'Other', labels: {} }
    expect((await rig.runOperation('PATCH', '/v3/projects/tokyo-rain?updateMask=labels', body)).response)
      .to.include({ displayName: 'T' })
      .and.not.have.property('labels')
    expect(
      (await rig.runOperation('PATCH', '/v3/projects/tokyo-rain?updateMask=display_name', {})).response,
    ).not.to.have.property('displayName')
  })

  it('should send an error if a change is invalid', async () => {
    await using rig = await createRig()
    await rig.runOperation('POST', '/v3/projects', { projectId: 'tokyo-rain' })
    const rows: readonly (readonly [string, string, object | undefined, number, string])[] = [
      ['PATCH', '/v3/projects/absent-one', {}, 403, 'PERMISSION_DENIED'],
      ['DELETE', '/v3/projects/absent-one', undefined, 403, 'PERMISSION_DENIED'],
      ['POST', '/v3/projects/absent-one:move', { destinationParent: 'folders/1' }, 403, 'PERMISSION_DENIED'],
      ['POST', '/v3/projects/tokyo-rain:move', { destinationParent: 'folders/1' }, 403, 'PERMISSION_DENIED'],
      ['POST', '/v3/projects', { projectId: 'other-one', parent: 'folders/1' }, 403, 'PERMISSION_DENIED'],
      ['POST', '/v3/projects/tokyo-rain:move', {}, 400, 'destinationParent'],
      ['POST', '/v3/projects/tokyo-rain:move', { destinationParent: 'projects/1' }, 400, 'destinationParent'],
      ['POST', '/v3/projects/tokyo-rain:undelete', {}, 400, 'FAILED_PRECONDITION'],
      ['PATCH', '/v3/projects/tokyo-rain?updateMask=projectId', {}, 400, 'updateMask'],
      ['PATCH', '/v3/projects/tokyo-rain', { labels: { a: 1 } }, 400, 'labels'],
      ['PATCH', '/v3/projects/tokyo-rain', { etag: 'old' }, 409, 'ABORTED'],
    ]
    for (const [verb, target, body, status, code] of rows) {
      expect(rejection(await rig.send(verb, target, body)), `${verb} ${target}`).to.deep.equal([status, code])
    }
    await rig.runOperation('DELETE', '/v3/projects/tokyo-rain')
    for (const [verb, suffix, body] of [
      ['PATCH', '', {}],
      ['POST', ':move', { destinationParent: 'organizations/1' }],
    ] as const) {
      const received = await rig.send(verb, `/v3/projects/tokyo-rain${suffix}`, body)
      expect(rejection(received), verb).to.deep.equal([400, 'FAILED_PRECONDITION'])
    }
  })
})
