import { expect } from 'chai'
import { type Emulator, startEmulator } from '../../lib/emulator/index.js'
import { sendRequest } from './send-request.js'

const body = {
  parent: 'organizations/123',
  shortName: 'environment',
  description: 'Where',
  purpose: 'DATA_GOVERNANCE',
}
const metadata =
  '"metadata":{"@type":"type.googleapis.com/google.cloud.resourcemanager.v3.CreateTagKeyMetadata"}'
const type = '"@type":"type.googleapis.com/google.cloud.resourcemanager.v3.TagKey"'
const failedMembers =
  `${metadata},"done":true,"error":{"code":6,"message":"<eye3 title='ALREADY_EXISTS'/> generic::ALREADY_EXISTS: ` +
  `A TagKey with short name 'environment' already exists under parent 'organizations/123'"}`

describe('emulator/resource-manager/tags: tag keys', () => {
  let time: number
  let emulator: Emulator
  beforeEach(async () => {
    time = 0
    emulator = await startEmulator({ now: () => time, epoch: 0, duration: 10 })
  })
  afterEach(() => emulator.close())

  const createTagKey = async (query = ''): Promise<string> =>
    (await sendRequest(emulator.endpoint, 'POST', `/v3/tagKeys?prettyPrint=false${query}`, { body })).text
  const get = async (target: string): Promise<string> =>
    (await sendRequest(emulator.endpoint, 'GET', `/v3/${target}?prettyPrint=false`)).text

  it('should send the exact bytes of the operation that creates a tag key, and of the created tag key', async () => {
    const start = await createTagKey()
    const [name = ''] = emulator.operations.names()
    expect(name).to.match(/^operations\/op\.\d{19}$/)
    expect(start).to.equal(`{"name":"${name}"}`)
    expect(await get(name)).to.equal(`{"name":"${name}",${metadata}}`)
    time = 10
    const done = await get(name)
    const [, id, etag] = /"tagKeys\/(\d{15})".*W\/\\"([0-9a-f]{16})\\"/.exec(done) ?? []
    const tagKey =
      `"name":"tagKeys/${id}","parent":"organizations/123","shortName":"environment",` +
      '"namespacedName":"123/environment","description":"Where","createTime":"1970-01-01T00:00:00Z",' +
      `"updateTime":"1970-01-01T00:00:00Z","etag":"W/\\"${etag}\\"","purpose":"DATA_GOVERNANCE"}`
    expect(done).to.equal(`{"name":"${name}",${metadata},"done":true,"response":{${type},${tagKey}}`)
    expect(await get(`tagKeys/${id}`)).to.equal(`{${tagKey}`)
  })

  it('should end with code 6 if the parent already has a tag key with the short name', async () => {
    await createTagKey()
    const second = JSON.parse(await createTagKey()).name
    expect(await get(second)).to.equal(`{"name":"${second}",${metadata}}`)
    time = 10
    expect(await get(second)).to.equal(`{"name":"${second}",${failedMembers}}`)
    const third = JSON.parse(await createTagKey()).name
    time = 20
    expect(await get(third)).to.equal(`{"name":"${third}",${failedMembers}}`)
  })

  it('should send an operation without a name, and store nothing, if validateOnly is set', async () => {
    const valid = `{${metadata},"done":true,"response":{${type},"parent":"organizations/123","shortName":"environment","namespacedName":"123/environment","description":"Where","purpose":"DATA_GOVERNANCE"}}`
    expect(await createTagKey('&validateOnly=true')).to.equal(valid)
    expect(emulator.operations.names()).to.deep.equal([])
    expect(await createTagKey('&validateOnly=false')).to.match(/^\{"name":/)
    expect(await createTagKey('&validateOnly=true')).to.equal(`{${failedMembers}}`)
  })

  it('should free the short name when the operation that creates the tag key fails', async () => {
    await using other = await startEmulator({
      now: () => time,
      timeline: ({ name }) =>
        other.operations.names().length === 0
          ? [{ done: true, error: { code: 9, message: name } }]
          : undefined,
    })
    await sendRequest(other.endpoint, 'POST', '/v3/tagKeys', { body })
    await sendRequest(other.endpoint, 'POST', '/v3/tagKeys', { body })
    time = 2000
    const results = []
    for (const name of other.operations.names()) {
      results.push(
        Object.keys(JSON.parse((await sendRequest(other.endpoint, 'GET', `/v3/${name}`)).text)).at(-1),
      )
    }
    expect(results).to.deep.equal(['error', 'response'])
  })

  it('should send a 400 with the name of the field if a field is invalid', async () => {
    const rows: readonly (readonly [object, string])[] = [
      [{ ...body, parent: 'folders/1' }, 'parent'],
      [{ ...body, shortName: '' }, 'shortName'],
      [{ ...body, shortName: 'a-' }, 'shortName'],
      [{ ...body, purposeData: 'network' }, 'purposeData'],
      [{ ...body, allowedValuesRegex: 1 }, 'allowedValuesRegex'],
    ]
    for (const [invalidBody, field] of rows) {
      const received = await sendRequest(emulator.endpoint, 'POST', '/v3/tagKeys?validateOnly=true', {
        body: invalidBody,
      })
      expect(received.status, JSON.stringify(invalidBody)).to.equal(400)
      expect(JSON.parse(received.text).error.details[0].fieldViolations[0].field).to.equal(field)
    }
  })
})
