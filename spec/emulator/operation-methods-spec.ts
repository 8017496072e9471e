import { expect } from 'chai'
import type { Frame } from '../../lib/emulator/index.js'
import { createRig, type Rig, rejection } from './rig.js'
import { sendRequest } from './send-request.js'

const PARENT = 'projects/p/locations/l'
const HTTP_PART = 'Content-Type: application/http'
const notFound = {
  error: { code: 404, message: 'Requested entity was not found.', status: 'NOT_FOUND' },
}

/** Returns one list for each page of operations, with the IDs of the operations on this page. */
async function idsByPage({ send }: Rig, query: string): Promise<readonly (readonly string[])[]> {
  const ids: string[][] = []
  let token = ''
  do {
    const { body } = await send('GET', `/v1/${PARENT}/operations?${query}&pageToken=${token}`)
    ids.push((body.operations ?? []).map(({ name }: { name: string }) => name.split('/').at(-1)))
    token = body.nextPageToken ?? ''
  } while (token !== '')
  return ids
}

describe('emulator/operations/operation-methods', () => {
  const parents = [
    PARENT,
    'projects/p/instances/i',
    'projects/p/instances/i/databases/d',
    'organizations/1',
    'folders/2/locations/global',
    'apps/a',
  ]
  for (const [index, parent] of parents.entries()) {
    const version = ['v1', 'v1beta1', 'v2', 'v1alpha', 'v4'][index % 5]
    it(`should list, get, cancel and delete operations of ${parent} on ${version}`, async () => {
      await using rig = await createRig()
      const name = `${parent}/operations/a`
      rig.emulator.operations.add(name, [{ metadata: { '@type': 'a/b', percent: 10 } }])
      rig.emulator.operations.add(`${parent}/more/m/operations/b`, [{}])
      const running = { name, metadata: { '@type': 'a/b', percent: 10 } }
      const listed = await rig.send('GET', `/${version}/${parent}/operations`)
      expect(listed).to.deep.equal({ status: 200, body: { operations: [running] } })
      expect(rig.emulator.operations.polls(name)).to.equal(0)
      expect((await rig.send('GET', `/${version}/${name}`)).body).to.deep.equal(running)
      const cancelled = {
        ...running,
        done: true,
        error: { code: 1, message: 'The operation was cancelled.' },
      }
      // The second cancellation has no further effect.
      for (const _ of [1, 2]) {
        expect(await rig.send('POST', `/${version}/${name}:cancel`, {})).to.deep.equal({
          status: 200,
          body: {},
        })
        expect((await rig.send('GET', `/${version}/${name}`)).body).to.deep.equal(cancelled)
      }
      expect(await rig.send('DELETE', `/${version}/${name}`)).to.deep.equal({ status: 200, body: {} })
      expect(await rig.send('GET', `/${version}/${name}`)).to.deep.equal({ status: 404, body: notFound })
      expect(await rig.send('GET', `/${version}/${parent}/operations`)).to.deep.equal({
        status: 200,
        body: {},
      })
    })
  }

  for (const [verb, suffix] of [
    ['POST', ':cancel'],
    ['POST', ':wait'],
    ['DELETE', ''],
    ['GET', ''],
  ] as const) {
    it(`should send a JSON 404 for ${verb} NAME${suffix} if the operation does not exist`, async () => {
      await using rig = await createRig()
      const received = await rig.send(verb, `/v1/${PARENT}/operations/no${suffix}`)
      expect(received).to.deep.equal({ status: 404, body: notFound })
    })
  }

  for (const [verb, target] of [
    ['DELETE', '/v1/operations/a'],
    ['DELETE', '/v3/operations/a'],
    ['POST', '/v1/operations/a:cancel'],
    ['POST', '/v3/operations/a:cancel'],
    ['POST', '/v2/operations/a:cancel'],
    ['POST', '/v3/operations/a:wait'],
    ['POST', '/v3/operations/projects/p/operations/a:wait'],
    ['GET', '/v2/operations'],
    ['POST', `/v1/${PARENT}/operations`],
    ['POST', `/v1/${PARENT}/operations/a`],
    ['PUT', `/v1/${PARENT}/operations/a`],
    ['GET', `/w1/${PARENT}/operations`],
  ] as const) {
    it(`should send the 404 page for ${verb} ${target}`, async () => {
      await using rig = await createRig()
      rig.emulator.operations.add('operations/a', [{}])
      rig.emulator.operations.add(`${PARENT}/operations/a`, [{}])
      expect(await rig.send(verb, target)).to.deep.equal({ status: 404, body: 'a page' })
    })
  }

  it('should return a prediction of Vertex AI by the method of its model, and count the poll', async () => {
    await using rig = await createRig()
    const model = `${PARENT}/publishers/google/models/m`
    const operationName = `${model}/operations/a`
    rig.emulator.operations.add(operationName, [{ metadata: 1 }])
    const path = `/v1/${model}:fetchPredictOperation`
    expect(await rig.send('POST', path, { operationName })).to.deep.equal({
      status: 200,
      body: { name: operationName, metadata: 1 },
    })
    expect(rig.emulator.operations.polls(operationName)).to.equal(1)
    for (const body of [{ operationName: `${model}/operations/b` }, {}])
      expect(await rig.send('POST', path, body)).to.deep.equal({ status: 404, body: notFound })
  })

  it('should not change an operation that is done when it is cancelled', async () => {
    await using rig = await createRig()
    const name = `${PARENT}/operations/a`
    rig.emulator.operations.add(name, [{}, { after: 10, done: true, response: { ok: true } }])
    rig.advance(10)
    expect((await rig.send('POST', `/v1/${name}:cancel`)).body).to.deep.equal({})
    expect((await rig.send('GET', `/v1/${name}`)).body).to.deep.equal({
      name,
      done: true,
      response: { ok: true },
    })
  })

  it('should cancel an operation that has a raw HTTP response, and then respond with the operation', async () => {
    await using rig = await createRig()
    const name = `${PARENT}/operations/a`
    rig.emulator.operations.add(name, [{ metadata: 1 }, { httpResponse: { httpStatus: 503 } }])
    await rig.send('POST', `/v1/${name}:cancel`)
    expect((await rig.send('GET', `/v1/${name}`)).body).to.deep.include({ metadata: 1, done: true })
  })

  it('should list an operation without counting a poll, even if its frame is a stall', async () => {
    await using rig = await createRig()
    const scripts: Readonly<Record<string, readonly Frame[]>> = {
      a: [{ metadata: 1 }, { stall: true }],
      b: [{ metadata: 1 }, { polls: 1, metadata: 2 }],
      c: [{ after: 1, metadata: 3 }],
    }
    for (const [id, frames] of Object.entries(scripts)) {
      rig.emulator.operations.add(`${PARENT}/operations/${id}`, frames)
    }
    const { body } = await rig.send('GET', `/v1/${PARENT}/operations`)
    expect(body.operations).to.deep.equal([
      { name: `${PARENT}/operations/a`, metadata: 1 },
      { name: `${PARENT}/operations/b`, metadata: 1 },
      { name: `${PARENT}/operations/c` },
    ])
  })

  it('should continue a list after the last item of a page, even if items are removed', async () => {
    await using rig = await createRig()
    for (const id of 'abcdefg') rig.emulator.operations.add(`${PARENT}/operations/${id}`, [{}])
    expect(await idsByPage(rig, 'pageSize=3')).to.deep.equal([['a', 'b', 'c'], ['d', 'e', 'f'], ['g']])
    expect(await idsByPage(rig, 'pageSize=7')).to.deep.equal([[...'abcdefg']])
    expect(await idsByPage(rig, 'pageSize=0')).to.deep.equal([[...'abcdefg']])
    const first = (await rig.send('GET', `/v1/${PARENT}/operations?pageSize=2`)).body
    rig.emulator.operations.forget(`${PARENT}/operations/b`)
    rig.emulator.operations.forget(`${PARENT}/operations/a`)
    const query = `pageSize=1&pageToken=${first.nextPageToken}`
    const second = (await rig.send('GET', `/v1/${PARENT}/operations?${query}`)).body
    expect(second.operations).to.deep.equal([{ name: `${PARENT}/operations/c` }])
  })

  it('should return 100 operations on a page by default, and at most 1000', async () => {
    await using rig = await createRig()
    for (let id = 0; id < 1001; id += 1) rig.emulator.operations.add(`${PARENT}/operations/${id}`, [{}])
    const sizes = async (query: string): Promise<readonly number[]> => {
      return (await idsByPage(rig, query)).map(({ length }) => length)
    }
    expect((await sizes('')).slice(0, 2)).to.deep.equal([100, 100])
    expect(await sizes('pageSize=5000')).to.deep.equal([1000, 1])
  })

  it('should list only operations that match the filter', async () => {
    await using rig = await createRig()
    const frames: readonly Frame[] = [{ done: true }, { done: true, error: { code: 9 } }, {}, { done: false }]
    for (const [index, frame] of frames.entries())
      rig.emulator.operations.add(`${PARENT}/operations/${index}`, [frame])
    for (const filter of ['done=true', 'done:true', ' done = true ']) {
      expect(await idsByPage(rig, `filter=${encodeURIComponent(filter)}`), filter).to.deep.equal([['0', '1']])
    }
    for (const filter of ['done=false', 'done:false']) {
      expect(await idsByPage(rig, `pageSize=1&filter=${filter}`), filter).to.deep.equal([['2'], ['3']])
    }
  })

  it('should accept the JSON filters of Dataproc and Storage Transfer', async () => {
    await using rig = await createRig()
    rig.emulator.operations.add(`${PARENT}/operations/a`, [{ metadata: { clusterName: 'one' } }])
    rig.emulator.operations.add(`${PARENT}/operations/b`, [{ done: true, metadata: { clusterName: 'two' } }])
    rig.emulator.operations.add(`${PARENT}/operations/c`, [{}])
    for (const [filter, ids] of [
      [{}, 'abc'],
      [{ operation_state_matcher: 'ACTIVE' }, 'ac'],
      [{ operation_state_matcher: 'NON_ACTIVE' }, 'b'],
      [{ operation_state_matcher: 'ALL' }, 'abc'],
      [{ operationStateMatcher: 'NON_ACTIVE' }, 'b'],
      [{ cluster_name: 'one' }, 'ac'],
      [{ cluster_name: 'two', operation_state_matcher: 'ACTIVE' }, 'c'],
      [{ clusterName: ['one', 'two'], transferStatuses: null, projectId: 'p' }, 'abc'],
    ] as const) {
      const query = `filter=${encodeURIComponent(JSON.stringify(filter))}`
      const found = (await idsByPage(rig, query)).flat().join('')
      expect(found, query).to.equal(ids)
    }
  })

  it('should send a 400 if the page size, the page token or the filter is invalid', async () => {
    await using rig = await createRig()
    for (const id of 'abc') rig.emulator.operations.add(`${PARENT}/operations/${id}`, [{}])
    const { body } = await rig.send('GET', `/v1/${PARENT}/operations?pageSize=1`)
    for (const [query, field] of [
      ['pageSize=-1', 'pageSize'],
      ['pageSize=many', 'pageSize'],
      ['pageSize=1.5', 'pageSize'],
      ['pageToken=abc', 'pageToken'],
      [`pageToken=${body.nextPageToken}x`, 'pageToken'],
      [`pageToken=${body.nextPageToken}&filter=done=true`, 'pageToken'],
      ['filter=name=a', 'filter'],
      ['filter=done', 'filter'],
      ['filter=done!=true', 'filter'],
      ['filter=[]', 'filter'],
      ['filter={', 'filter'],
      ['filter=true', 'filter'],
    ] as const) {
      const received = await rig.send('GET', `/v1/${PARENT}/operations?${query}`)
      expect(rejection(received), query).to.deep.equal([400, field])
    }
    const other = await rig.send('GET', `/v1/projects/q/operations?pageToken=${body.nextPageToken}`)
    expect(rejection(other)).to.deep.equal([400, 'pageToken'])
  })

  it('should apply the query parameter `fields` to an operation, but not to an error', async () => {
    await using rig = await createRig()
    const name = `${PARENT}/operations/a`
    rig.emulator.operations.add(name, [
      { metadata: { a: 1, b: { c: 2, d: 3 } }, done: true, response: { e: 4 } },
    ])
    const get = async (query: string): Promise<string> => {
      return (await sendRequest(rig.emulator.endpoint, 'GET', `/v1/${name}?prettyPrint=false&${query}`)).text
    }
    expect(await get('fields=name,done,error')).to.equal(`{"name":"${name}","done":true}`)
    expect(await get('fields=done,metadata.b.d')).to.equal('{"metadata":{"b":{"d":3}},"done":true}')
    expect(await get('%24fields=metadata/a,response')).to.equal('{"metadata":{"a":1},"response":{"e":4}}')
    const rejected = await rig.send('GET', `/v1/${PARENT}/operations/no?fields=name`)
    expect(rejected).to.deep.equal({ status: 404, body: notFound })
  })

  const otherServices: readonly (readonly [string, string])[] = [
    ['/v2', 'operations/akmf.p7-1-a'],
    ['/v2', 'operations/projects/p/instances/i/operations/a'],
    ['/v1', 'operations/build/p/a'],
    ['/v1', 'transferOperations/transferJobs-1-2'],
    ['/v1', 'projects/p/locations/l/warehouseOperations/a'],
    ['/storage/v1', 'b/bucket/operations/a'],
    ['/v1/admin', 'projects/p/locations/l/operations/a'],
    ['/v3', `${PARENT}/operations/a`],
    ['/ui', `${PARENT}/operations/a`],
    ['/ui', `${PARENT}/endpoints/1/operations/a`],
    ['/uiv1beta3', `${PARENT}/operations/a`],
  ]
  for (const [base, name] of otherServices) {
    it(`should serve every method for ${base}/${name} if resourceManager is false`, async () => {
      await using rig = await createRig({ resourceManager: false })
      rig.emulator.operations.add(name, [{}])
      const collection = name.slice(0, name.lastIndexOf('perations/') + 'perations'.length)
      expect((await rig.send('GET', `${base}/${collection}`)).body).to.deep.equal({ operations: [{ name }] })
      expect((await rig.send('GET', `${base}/${name}`)).body).to.deep.equal({ name })
      expect((await rig.send('POST', `${base}/${name}:wait`, { timeout: '0.001s' })).body).to.deep.equal({
        name,
      })
      expect((await rig.send('POST', `${base}/${name}:cancel`)).body).to.deep.equal({})
      expect((await rig.send('GET', `${base}/${name}`)).body.error.code).to.equal(1)
      expect((await rig.send('DELETE', `${base}/${name}`)).body).to.deep.equal({})
      expect(await rig.send('GET', `${base}/${name}`)).to.deep.equal({ status: 404, body: notFound })
    })
  }

  it('should serve operations with a parent at /ui for the client of Vertex AI', async () => {
    await using rig = await createRig()
    const name = `${PARENT}/operations/a`
    rig.emulator.operations.add(name, [{}])
    expect((await rig.send('GET', `/ui/${PARENT}/operations`)).body).to.deep.equal({ operations: [{ name }] })
    expect((await rig.send('GET', `/ui/${name}`)).body).to.deep.equal({ name })
    expect((await rig.send('POST', `/ui/${name}:wait`, { timeout: '0.001s' })).body).to.deep.equal({ name })
    expect((await rig.send('POST', `/ui/${name}:cancel`)).body).to.deep.equal({})
    expect((await rig.send('DELETE', `/ui/${name}`)).body).to.deep.equal({})
    expect(await rig.send('GET', '/ui/projects/p')).to.deep.equal({ status: 404, body: 'a page' })
  })

  it('should match a path with many segments in linear time', async () => {
    await using rig = await createRig()
    const path = 'operations/'.repeat(10_000)
    const part = (line: string) => `--b\n${HTTP_PART}\n\n${line}\n`
    const lines = [`POST /v1/${path}x`, `POST /v1/a/${path}x:cancels`, `GET /v1/${'a/'.repeat(50_000)}x`]
    const body = `${lines.map(part).join('')}--b--`
    const startedAt = performance.now()
    const headers = { 'Content-Type': 'multipart/mixed; boundary=b' }
    const { status } = await sendRequest(rig.emulator.endpoint, 'POST', '/batch', { headers, body })
    expect(status).to.equal(200)
    // Quadratic time takes longer than two seconds.
    expect(performance.now() - startedAt).to.be.below(2_000)
  })

  it('should not serve the methods of Resource Manager if resourceManager is false', async () => {
    await using rig = await createRig({ resourceManager: false })
    for (const [verb, target] of [
      ['POST', '/v3/projects'],
      ['GET', '/v3/folders/1'],
      ['GET', '/v3/projects/p'],
    ] as const) {
      expect(await rig.send(verb, target), target).to.deep.equal({ status: 404, body: 'a page' })
    }
  })
})
