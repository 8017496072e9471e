import { expect } from 'chai'
import { lastValueFrom } from 'rxjs'
import type { EmulatorOptions } from '../../../lib/emulator/index.js'
import { constant, OperationsClient, service } from '../../../lib/index.js'
import { createRig, type Rig } from '../rig.js'

const NAME = 'projects/p/operations/o'
const HOST = 'https://sqladmin.googleapis.com'

function createSqlRig(options: EmulatorOptions = {}): Promise<Rig> {
  return createRig({ services: ['sqladmin'], ...options })
}

describe('emulator/services/sqladmin-service', () => {
  for (const version of ['v1', 'sql/v1beta4']) {
    it(`should send a scripted operation with API version ${version}`, async () => {
      await using rig = await createSqlRig()
      rig.emulator.operations.add(NAME, [
        { metadata: { status: 'PENDING', operationType: 'EXPORT' } },
        {
          polls: 2,
          after: 20,
          done: true,
          metadata: { apiWarning: { code: 'REGION_UNREACHABLE', message: 'm' } },
        },
      ])
      const members = {
        kind: 'sql#operation',
        user: 'user@example.com',
        insertTime: '1970-01-01T00:00:00.000Z',
        name: 'o',
        selfLink: `${HOST}/${version}/${NAME}`,
        targetProject: 'p',
      }
      const pending = await rig.send('GET', `/${version}/${NAME}`)
      expect(pending.body).to.deep.equal({ ...members, status: 'PENDING', operationType: 'EXPORT' })
      rig.advance(20)
      expect((await rig.send('GET', `/${version}/${NAME}`)).body).to.deep.equal({
        ...members,
        status: 'DONE',
        startTime: '1970-01-01T00:00:00.000Z',
        endTime: '1970-01-01T00:00:00.020Z',
        apiWarning: { code: 'REGION_UNREACHABLE', message: 'm' },
      })
    })
  }

  it('should send a failure as a list of errors, whose message can be absent', async () => {
    await using rig = await createSqlRig()
    rig.emulator.operations.add(NAME, [{ done: true, error: { code: 13 } }])
    expect((await rig.send('GET', `/v1/${NAME}`)).body.error).to.deep.equal({
      kind: 'sql#operationErrors',
      errors: [{ kind: 'sql#operationError', code: 'INTERNAL' }],
    })
  })

  it('should send enums as numbers if the client requests it', async () => {
    await using rig = await createSqlRig()
    rig.emulator.operations.add(NAME, [
      { metadata: { status: 'PENDING', operationType: 'SWITCHOVER' } },
      { polls: 2, metadata: { operationType: 'CLONE' } },
      { polls: 3, done: true, metadata: { operationType: 'IMPORT' } },
    ])
    const enums = []
    for (let poll = 1; poll <= 3; poll += 1) {
      const { body } = await rig.send('GET', `/v1/${NAME}?$alt=json;enum-encoding=int`)
      enums.push([body.status, body.operationType])
    }
    expect(enums).to.deep.equal([
      [1, 39],
      [2, 14],
      [3, 1],
    ])
  })

  it('should serve an operation whose name contains the instance', async () => {
    await using rig = await createSqlRig()
    const name = 'projects/p/instances/i/operations/o'
    rig.emulator.operations.add(name, [{}])
    for (const target of [`/v1/${NAME}`, `/v1/${name}`]) {
      expect((await rig.send('GET', target)).body.selfLink, target).to.equal(`${HOST}/v1/${NAME}`)
    }
    expect((await rig.send('GET', '/v1/projects/p/operations')).body.items).to.have.length(1)
    expect(rig.emulator.operations.polls(name)).to.equal(2)
  })

  it('should cancel, but neither wait nor delete', async () => {
    await using rig = await createSqlRig()
    rig.emulator.operations.add(NAME, [{}])
    expect((await rig.send('POST', `/v1/${NAME}/wait`)).status).to.equal(404)
    expect((await rig.send('DELETE', `/v1/${NAME}`)).status).to.equal(404)
    const cancelled = await rig.send('POST', `/sql/v1beta4/${NAME}/cancel`)
    expect([cancelled.status, cancelled.body]).to.deep.equal([200, {}])
    const { body } = await rig.send('GET', `/v1/${NAME}`)
    expect([body.status, body.error.errors[0].code]).to.deep.equal(['DONE', 'CANCELLED'])
  })

  it('should list the newest operation first, in pages and by instance', async () => {
    await using rig = await createSqlRig()
    for (const [id, targetId] of ['i', 'i', 'other', 'i'].entries()) {
      rig.emulator.operations.add(`projects/p/operations/${id}`, [{ metadata: { targetId } }])
    }
    const namesOf = (items: readonly { name: string }[]): unknown => items.map(({ name }) => name)
    const target = '/sql/v1beta4/projects/p/operations'
    const first = await rig.send('GET', `${target}?instance=i&maxResults=2`)
    expect(first.body.kind).to.equal('sql#operationsList')
    expect(namesOf(first.body.items)).to.deep.equal(['3', '1'])
    const second = await rig.send(
      'GET',
      `${target}?instance=i&maxResults=2&pageToken=${first.body.nextPageToken}`,
    )
    expect(namesOf(second.body.items)).to.deep.equal(['0'])
    expect(namesOf((await rig.send('GET', '/v1/projects/p/operations')).body.items)).to.have.length(4)
  })

  it('should create, change and delete an instance, a database and a user', async () => {
    await using rig = await createSqlRig()
    const starts: (readonly string[])[] = []
    const base = '/sql/v1beta4/projects/p/instances'
    const change = async (method: string, target: string, body?: object): Promise<void> => {
      const started = await rig.send(method, target, body)
      expect(started.status, `${method} ${target}`).to.equal(200)
      expect(started.body).to.include({
        targetId: 'i',
        targetLink: `${HOST}/sql/v1beta4/projects/p/instances/i`,
      })
      starts.push([started.body.operationType, started.body.status])
      rig.advance(10)
    }
    await change('POST', base, { name: 'i', settings: { tier: 'small', edition: 'ENTERPRISE' } })
    await change('PATCH', `${base}/i`, { settings: { tier: 'large' } })
    await change('POST', `${base}/i/restart`)
    await change('POST', `${base}/i/databases`, { name: 'd', charset: 'utf8' })
    await change('DELETE', `${base}/i/databases/d`)
    await change('POST', `${base}/i/users`, { name: 'u', password: 'secret' })
    await change('PUT', `${base}/i/users?name=u`, { host: 'h' })
    expect((await rig.send('GET', `${base}/i/users`)).body).to.deep.include({ kind: 'sql#usersList' })
    expect((await rig.send('GET', `${base}/i/users/u`)).body).to.include({ host: 'h', instance: 'i' })
    await change('DELETE', `${base}/i/users?name=u&host=h`)
    await change('POST', `${base}/i/backupRuns`, {})
    await change('POST', `${base}/i/import`, { importContext: {} })
    await change('POST', `${base}/i/promoteReplica`)
    await change('POST', `${base}/i/restoreBackup`, {})
    await change('POST', `${base}/i/rotateServerCa`, {})
    expect((await rig.send('GET', '/v1/projects/p/instances/i')).body).to.deep.include({
      kind: 'sql#instance',
      name: 'i',
      settings: { tier: 'large', edition: 'ENTERPRISE' },
      state: 'RUNNABLE',
    })
    await change('DELETE', `${base}/i`)
    expect((await rig.send('GET', `${base}/i`)).status).to.equal(404)
    expect(starts).to.deep.equal([
      ['CREATE', 'PENDING'],
      ['UPDATE', 'PENDING'],
      ['RESTART', 'PENDING'],
      ['CREATE_DATABASE', 'DONE'],
      ['DELETE_DATABASE', 'PENDING'],
      ['CREATE_USER', 'DONE'],
      ['UPDATE_USER', 'DONE'],
      ['DELETE_USER', 'DONE'],
      ['BACKUP_VOLUME', 'PENDING'],
      ['IMPORT', 'PENDING'],
      ['PROMOTE_REPLICA', 'PENDING'],
      ['RESTORE_VOLUME', 'PENDING'],
      ['UPDATE', 'PENDING'],
      ['DELETE', 'PENDING'],
    ])
  })

  it('should reject a change of an instance while an operation changes it', async () => {
    await using rig = await createSqlRig()
    const base = '/v1/projects/p/instances'
    await rig.send('POST', base, { name: 'i' })
    const requests = [
      ['PATCH', `${base}/i`, {}],
      ['DELETE', `${base}/i`, undefined],
      ['POST', `${base}/i/restart`, {}],
      ['POST', `${base}/i/databases`, { name: 'd' }],
      ['DELETE', `${base}/i/users?name=u`, undefined],
    ] as const
    for (const [method, target, body] of requests) {
      const message = 'Operation failed because another operation was already in progress.'
      expect(await rig.send(method, target, body), `${method} ${target}`).to.deep.equal({
        status: 409,
        body: {
          error: {
            code: 409,
            message,
            errors: [{ message, domain: 'global', reason: 'operationInProgress' }],
          },
        },
      })
    }
    expect((await rig.send('POST', base, { name: 'other' })).status).to.equal(200)
    rig.advance(10)
    expect((await rig.send('PATCH', `${base}/i`, {})).status).to.equal(200)
    expect((await rig.send('PATCH', `${base}/other`, {})).status).to.equal(200)
  })

  it('should accept a change after the running operation of the instance is cancelled or forgotten', async () => {
    await using rig = await createSqlRig()
    const base = '/v1/projects/p/instances'
    await rig.send('POST', base, { name: 'i' })
    rig.advance(10)
    const started = await rig.send('POST', `${base}/i/export`, {})
    await rig.send('POST', `/v1/projects/p/operations/${started.body.name}/cancel`)
    const next = await rig.send('POST', `${base}/i/export`, {})
    expect(next.body).to.include({ operationType: 'EXPORT', status: 'PENDING' })
    rig.emulator.operations.forget(`projects/p/operations/${next.body.name}`)
    expect((await rig.send('POST', `${base}/i/restart`, {})).status).to.equal(200)
  })

  it('should clone an instance, and lock the source and the clone', async () => {
    await using rig = await createSqlRig()
    const base = '/sql/v1beta4/projects/p/instances'
    const cloneContext = { destinationInstanceName: 'copy' }
    await rig.send('POST', base, { name: 'i', settings: { tier: 'small' } })
    rig.advance(10)
    expect((await rig.send('POST', `${base}/i/clone`, { cloneContext: {} })).status).to.equal(400)
    expect((await rig.send('POST', `${base}/x/clone`, { cloneContext })).status).to.equal(404)
    const started = await rig.send('POST', `${base}/i/clone`, { cloneContext })
    expect(started.body).to.include({
      operationType: 'CLONE',
      status: 'PENDING',
      targetId: 'copy',
      targetLink: `${HOST}/sql/v1beta4/projects/p/instances/copy`,
    })
    for (const instance of ['i', 'copy'])
      expect((await rig.send('PATCH', `${base}/${instance}`, {})).status, instance).to.equal(409)
    rig.advance(10)
    expect((await rig.send('GET', `${base}/copy`)).body).to.deep.include({
      name: 'copy',
      settings: { tier: 'small' },
      selfLink: `${HOST}/sql/v1beta4/projects/p/instances/copy`,
    })
    expect((await rig.send('GET', `${base}/i`)).body.name).to.equal('i')
    const duplicate = await rig.send('POST', `${base}/i/clone`, { cloneContext })
    expect([duplicate.status, duplicate.body.error.errors[0].reason]).to.deep.equal([409, 'alreadyExists'])
  })

  it('should return the operation beside a new certificate, which the client follows', async () => {
    await using rig = await createSqlRig()
    const base = '/v1/projects/p/instances'
    await rig.send('POST', base, { name: 'i' })
    rig.advance(10)
    const { body: started } = await rig.send('POST', `${base}/i/sslCerts`, { commonName: 'till' })
    expect(started.kind).to.equal('sql#sslCertsInsert')
    expect(started.operation).to.include({ kind: 'sql#operation', status: 'PENDING', targetId: 'i' })
    const { sha1Fingerprint } = started.clientCert.certInfo
    expect(sha1Fingerprint).to.match(/^[\da-f]{40}$/)
    rig.advance(10)
    const client = new OperationsClient({
      ...service('sqladmin'),
      endpoint: rig.emulator.endpoint,
      auth: false,
    })
    const watch = client.follow(started, { schedule: constant({ interval: 1 }) })
    expect(await lastValueFrom(watch)).to.deep.include({ _tag: 'Right' })
    client.close()
    const { body: certificate } = await rig.send('GET', `${base}/i/sslCerts/${sha1Fingerprint}`)
    expect(certificate).to.deep.equal({
      kind: 'sql#sslCert',
      commonName: 'till',
      instance: 'i',
      sha1Fingerprint,
      selfLink: `${HOST}/v1/projects/p/instances/i/sslCerts/${sha1Fingerprint}`,
    })
    expect((await rig.send('GET', `${base}/i/sslCerts`)).body).to.deep.equal({
      kind: 'sql#sslCertsList',
      items: [certificate],
    })
    const removed = await rig.send('DELETE', `${base}/i/sslCerts/${sha1Fingerprint}`)
    expect(removed.body).to.include({ kind: 'sql#operation', targetId: 'i' })
    rig.advance(10)
    expect((await rig.send('GET', `${base}/i/sslCerts/${sha1Fingerprint}`)).status).to.equal(404)
  })

  it('should reject duplicates, missing instances and unknown collections', async () => {
    await using rig = await createSqlRig()
    const base = '/v1/projects/p/instances'
    await rig.send('POST', base, { name: 'i' })
    const responses = [
      await rig.send('POST', base, { name: 'i' }),
      await rig.send('POST', `${base}/x/databases`, { name: 'd' }),
      await rig.send('GET', '/sql/v1beta4/projects/p/gadgets'),
      await rig.send('POST', `${base}/i/executeSql`, {}),
    ]
    expect(responses.map(({ status, body }) => [status, body.error.errors[0].reason])).to.deep.equal([
      [409, 'alreadyExists'],
      [404, 'notFound'],
      [404, 'notFound'],
      [501, 'notImplemented'],
    ])
  })
})
