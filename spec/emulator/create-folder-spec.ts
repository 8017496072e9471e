import { expect } from 'chai'
import { startEmulator } from '../../lib/emulator/index.js'
import { ask } from './ask.js'

describe('emulator/create-folder', () => {
  it('should start, run and end a folder, byte for byte, and let it be read when done', async () => {
    let time = 0
    const epoch = Date.UTC(2024, 3, 30, 17, 16, 38)
    await using emulator = await startEmulator({ now: () => time, epoch, duration: 10 })
    const { endpoint, operations } = emulator
    const body = { parent: 'organizations/123', displayName: 'Ingénierie 1' }
    const start = await ask(endpoint, 'POST', '/v3/folders?prettyPrint=0', { body })
    const [name = ''] = operations.names()
    expect(name).to.match(/^operations\/fc\.\d{19}$/)
    expect([start.status, start.text]).to.deep.equal([200, `{"name":"${name}"}`])

    const head =
      `{"name":"${name}","metadata":{"@type":"type.googleapis.com/google.cloud.resourcemanager.v3.CreateFolderMetadata",` +
      '"displayName":"Ingénierie 1","parent":"organizations/123"}'
    const get = async (target: string): Promise<string> =>
      (await ask(endpoint, 'GET', `${target}?prettyPrint=false`)).text
    expect(await get(`/v3/${name}`)).to.equal(`${head}}`)
    const made = JSON.stringify(operations.get(name)?.frames.at(-1)?.response)
    const early = /folders\/\d{12}/.exec(made)?.[0]
    time = 9
    expect((await ask(endpoint, 'GET', `/v3/${early}`)).status).to.equal(403)
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
    expect(early).to.equal(`folders/${id}`)
  })

  it('should refuse a bad field with a 400 that names it', async () => {
    await using emulator = await startEmulator()
    const rows: readonly (readonly [object, string])[] = [
      [{ displayName: 'a' }, 'parent'],
      [{ parent: 'projects/1', displayName: 'a' }, 'parent'],
      [{ parent: 'folders/1' }, 'displayName'],
      [{ parent: 'folders/1', displayName: ' a' }, 'displayName'],
      [{ parent: 'folders/1', displayName: 'a'.repeat(31) }, 'displayName'],
    ]
    for (const [body, field] of rows) {
      const got = await ask(emulator.endpoint, 'POST', '/v3/folders', { body })
      expect(got.status, JSON.stringify(body)).to.equal(400)
      expect(JSON.parse(got.text).error.details[0].fieldViolations[0].field).to.equal(field)
    }
    const last = await ask(emulator.endpoint, 'POST', '/v3/folders', {
      body: { parent: 'folders/1', displayName: 'a'.repeat(30) },
    })
    expect(last.status).to.equal(200)
  })
})
