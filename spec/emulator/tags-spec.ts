import { expect } from 'chai'
import { createRig, type Rig, rejection } from './rig.js'

const RESOURCE = '//cloudresourcemanager.googleapis.com/projects/123'
const ENCODED = '%2F%2Fcloudresourcemanager.googleapis.com%2Fprojects%2F123'

/** Creates a tag key and a tag value; returns their names. */
async function createTags({ runOperation }: Rig): Promise<{ readonly key: string; readonly value: string }> {
  const key = (await runOperation('POST', '/v3/tagKeys', { parent: 'organizations/1', shortName: 'env' }))
    .response.name
  const value = (await runOperation('POST', '/v3/tagValues', { parent: key, shortName: 'prod' })).response
    .name
  return { key, value }
}

describe('emulator/resource-manager/tags', () => {
  it('should create a tag value, with its members in proto order', async () => {
    await using rig = await createRig()
    const { key } = await createTags(rig)
    const body = { shortName: 'test', parent: key, description: 'For tests' }
    const { '@type': _, ...value } = (await rig.runOperation('POST', '/v3/tagValues', body)).response
    expect(Object.keys(value)).to.deep.equal([
      'name',
      'parent',
      'shortName',
      'namespacedName',
      'description',
      'createTime',
      'updateTime',
      'etag',
    ])
    expect((await rig.send('GET', `/v3/${value.name}`)).body).to.deep.equal(value)
  })

  it('should end the creation of a tag value with code 6 if the tag key has an undeleted value with the same short name', async () => {
    await using rig = await createRig()
    const { key, value } = await createTags(rig)
    const body = { parent: key, shortName: 'prod' }
    const duplicate = await rig.runOperation('POST', '/v3/tagValues', body)
    expect(duplicate.error).to.deep.equal({
      code: 6,
      message:
        "<eye3 title='ALREADY_EXISTS'/> generic::ALREADY_EXISTS: " +
        `A TagValue with short name 'prod' already exists under parent '${key}'`,
    })
    await rig.runOperation('DELETE', `/v3/${value}`)
    expect((await rig.send('GET', `/v3/${value}`)).status).to.equal(403)
    expect((await rig.runOperation('POST', '/v3/tagValues', body)).response.name).not.to.equal(value)
  })

  it('should patch a description, with the members in proto order and a new etag', async () => {
    await using rig = await createRig()
    const { key, value } = await createTags(rig)
    for (const name of [key, value]) {
      const { etag } = (await rig.send('GET', `/v3/${name}`)).body
      await rig.runOperation('PATCH', `/v3/${name}?updateMask=description,etag`, {
        description: 'Where',
        etag,
      })
      const now = (await rig.send('GET', `/v3/${name}`)).body
      expect(Object.keys(now).slice(3, 6)).to.deep.equal(['namespacedName', 'description', 'createTime'])
      expect(now.etag).not.to.equal(etag)
    }
  })

  it('should accept a purpose as a number', async () => {
    await using rig = await createRig()
    const body = { parent: 'organizations/1', shortName: 'a' }
    const purposeOf = async (purpose: number): Promise<unknown> => {
      return (await rig.send('POST', '/v3/tagKeys?validateOnly=true', { ...body, purpose })).body.response
        .purpose
    }
    expect([await purposeOf(0), await purposeOf(1), await purposeOf(2), await purposeOf(9)]).to.deep.equal([
      undefined,
      'GCE_FIREWALL',
      'DATA_GOVERNANCE',
      undefined,
    ])
  })

  it('should bind, list and unbind a tag value by its name or its namespaced name', async () => {
    await using rig = await createRig()
    const { value } = await createTags(rig)
    const other = '//compute.googleapis.com/projects/1/zones/us-central1-a/instances/a:b'
    const bound = (await rig.send('POST', '/v3/tagBindings', { parent: RESOURCE, tagValue: value })).body
    expect(bound).to.deep.equal({
      done: true,
      response: {
        '@type': 'type.googleapis.com/google.cloud.resourcemanager.v3.TagBinding',
        name: `tagBindings/${ENCODED}/${value}`,
        parent: RESOURCE,
        tagValue: value,
        tagValueNamespacedName: '1/env/prod',
      },
    })
    const again = await rig.send('POST', '/v3/tagBindings', { parent: RESOURCE, tagValue: value })
    expect(rejection(again)).to.deep.equal([409, 'ALREADY_EXISTS'])
    const named = await rig.runOperation('POST', '/v3/tagBindings', {
      parent: other,
      tagValueNamespacedName: '1/env/prod',
    })
    expect(named.response.tagValue).to.equal(value)
    expect(rig.emulator.operations.names().at(-1)).to.match(/^operations\/rctb\.us-central1-a\.\d{19}$/)

    const list = async (parent: string): Promise<unknown> => {
      return (await rig.send('GET', `/v3/tagBindings?parent=${encodeURIComponent(parent)}`)).body
    }
    const { '@type': _, ...binding } = bound.response
    expect(await list(RESOURCE)).to.deep.equal({ tagBindings: [binding] })
    expect(rejection(await rig.send('DELETE', `/v3/${value}`))).to.deep.equal([400, 'FAILED_PRECONDITION'])
    // The first name has encoded percent signs; the second has lower-case escapes.
    await rig.runOperation('DELETE', `/v3/${named.response.name.replaceAll('%', '%25')}`)
    expect(await list(other)).to.deep.equal({})
    await rig.runOperation('DELETE', `/v3/${binding.name.replaceAll('%2F', '%2f')}`)
    expect(await list(RESOURCE)).to.deep.equal({})
    expect((await rig.send('DELETE', `/v3/${binding.name}`)).status).to.equal(403)
  })

  it('should delete a binding if its resource name has characters that a path encodes', async () => {
    await using rig = await createRig()
    const { value } = await createTags(rig)
    const { name } = (
      await rig.runOperation('POST', '/v3/tagBindings', { parent: '//a.b/c:d@e', tagValue: value })
    ).response
    expect(name).to.equal(`tagBindings/%2F%2Fa.b%2Fc%3Ad%40e/${value}`)
    expect((await rig.send('DELETE', `/v3/${name}`)).body.response).to.deep.equal({
      '@type': 'type.googleapis.com/google.protobuf.Empty',
    })
  })

  it('should list the holds of a tag value, and not delete the value while it has holds', async () => {
    await using rig = await createRig()
    const { value } = await createTags(rig)
    const body = { holder: '//compute.googleapis.com/a', helpLink: 'https://a.example/' }
    const { '@type': _, ...hold } = (await rig.runOperation('POST', `/v3/${value}/tagHolds`, body)).response
    expect(hold.name).to.match(new RegExp(`^${value}/tagHolds/\\d{15}$`))
    expect(Object.keys(hold)).to.deep.equal(['name', 'holder', 'helpLink', 'createTime'])
    expect(rejection(await rig.send('POST', `/v3/${value}/tagHolds`, body))).to.deep.equal([
      409,
      'ALREADY_EXISTS',
    ])
    await rig.runOperation('POST', `/v3/${value}/tagHolds`, { ...body, origin: 'other' })
    const first = (await rig.send('GET', `/v3/${value}/tagHolds?pageSize=1`)).body
    expect(first.tagHolds).to.deep.equal([hold])
    const second = (await rig.send('GET', `/v3/${value}/tagHolds?pageToken=${first.nextPageToken}`)).body
    expect(second.tagHolds.map(({ origin }: { origin: string }) => origin)).to.deep.equal(['other'])
    expect(rejection(await rig.send('DELETE', `/v3/${value}`))).to.deep.equal([400, 'FAILED_PRECONDITION'])
    for (const { name } of [hold, second.tagHolds[0]]) await rig.runOperation('DELETE', `/v3/${name}`)
    expect((await rig.send('GET', `/v3/${value}/tagHolds`)).body).to.deep.equal({})
    expect((await rig.runOperation('DELETE', `/v3/${value}`)).response.name).to.equal(value)
  })

  it('should replace all tags in the initially empty tag binding collection of a resource', async () => {
    await using rig = await createRig()
    const name = `locations/us-central1/tagBindingCollections/${ENCODED}`
    // This path has lower-case escapes.
    const before = (await rig.send('GET', `/v3/${name.toLowerCase().replace('tagbindingc', 'tagBindingC')}`))
      .body
    expect(before).to.have.all.keys('name', 'fullResourceName', 'etag')
    expect(before).to.include({ name, fullResourceName: RESOURCE })
    const first = await rig.send('PATCH', `/v3/${name}`, { tags: { '1/env': 'prod' }, etag: before.etag })
    expect((await rig.send('GET', `/v3/${name}`)).body).to.deep.equal(before)
    rig.advance(10)
    const after = (await rig.send('GET', `/v3/${name}`)).body
    expect(after.tags).to.deep.equal({ '1/env': 'prod' })
    expect((await rig.send('GET', `/v3/${first.body.name}`)).body.response).to.deep.include(after)
    const second = await rig.send('PATCH', `/v3/${name}?updateMask=tags`, { tags: { '1/env': 'test' } })
    expect((await rig.send('GET', `/v3/${name}`)).body).to.deep.equal(after)
    rig.advance(10)
    expect((await rig.send('GET', `/v3/${name}`)).body.tags).to.deep.equal({ '1/env': 'test' })
    expect(second.status).to.equal(200)
    const stale = await rig.send('PATCH', `/v3/${name}`, { etag: before.etag })
    expect(rejection(stale)).to.deep.equal([409, 'ABORTED'])
  })

  it('should enable and disable a capability of a folder', async () => {
    await using rig = await createRig()
    const folder = (
      await rig.runOperation('POST', '/v3/folders', { parent: 'organizations/1', displayName: 'One' })
    ).response.name
    const name = `${folder}/capabilities/app-management`
    const get = async (): Promise<unknown> => (await rig.send('GET', `/v3/${name}`)).body
    expect(await get()).to.deep.equal({ name })
    await rig.runOperation('PATCH', `/v3/${name}?updateMask=value`, { value: true })
    expect(await get()).to.deep.equal({ name, value: true })
    await rig.runOperation('PATCH', `/v3/${name}?updateMask=value`, {})
    expect(await get()).to.deep.equal({ name })
    for (const [target, body, expected] of [
      ['/v3/folders/1/capabilities/app-management', {}, [403, 'PERMISSION_DENIED']],
      [`/v3/${folder}/capabilities/other`, {}, [400, 'name']],
      [`/v3/${name}`, { value: 'yes' }, [400, 'value']],
      [`/v3/${name}?updateMask=name`, {}, [400, 'updateMask']],
    ] as const) {
      expect(rejection(await rig.send('PATCH', target, body)), target).to.deep.equal(expected)
    }
  })

  it('should send an error if a request is invalid', async () => {
    await using rig = await createRig()
    const { key, value } = await createTags(rig)
    const binding = { parent: RESOURCE, tagValue: value }
    const rows: readonly (readonly [string, string, object | undefined, number, string])[] = [
      ['POST', '/v3/tagValues', { parent: 'organizations/1', shortName: 'a' }, 400, 'parent'],
      ['POST', '/v3/tagValues', { parent: key, shortName: '-' }, 400, 'shortName'],
      ['POST', '/v3/tagValues', { parent: 'tagKeys/1', shortName: 'a' }, 403, 'PERMISSION_DENIED'],
      ['PATCH', '/v3/tagKeys/1', {}, 403, 'PERMISSION_DENIED'],
      ['PATCH', `/v3/${key}?updateMask=shortName`, {}, 400, 'updateMask'],
      ['PATCH', `/v3/${value}`, { etag: 'old' }, 409, 'ABORTED'],
      ['PATCH', `/v3/${value}`, { description: 1 }, 400, 'description'],
      ['DELETE', '/v3/tagValues/1', undefined, 403, 'PERMISSION_DENIED'],
      ['DELETE', `/v3/${value}?etag=old`, undefined, 409, 'ABORTED'],
      ['DELETE', `/v3/${key}`, undefined, 400, 'FAILED_PRECONDITION'],
      ['DELETE', `/v3/${key}?validateOnly=true`, undefined, 400, 'FAILED_PRECONDITION'],
      ['POST', '/v3/tagBindings', { ...binding, parent: 'projects/1' }, 400, 'parent'],
      ['POST', '/v3/tagBindings', { parent: RESOURCE }, 400, 'tagValue'],
      ['POST', '/v3/tagBindings', { parent: RESOURCE, tagValue: 'tagValues/1' }, 403, 'PERMISSION_DENIED'],
      ['POST', '/v3/tagBindings', { ...binding, tagValueNamespacedName: 'a' }, 400, 'tagValueNamespacedName'],
      [
        'POST',
        '/v3/tagBindings',
        { parent: RESOURCE, tagValueNamespacedName: '1/env' },
        403,
        'PERMISSION_DENIED',
      ],
      ['GET', '/v3/tagBindings', undefined, 400, 'parent'],
      ['POST', `/v3/${value}/tagHolds`, {}, 400, 'holder'],
      ['POST', `/v3/${value}/tagHolds`, { holder: 'a'.repeat(200) }, 400, 'holder'],
      ['POST', '/v3/tagValues/1/tagHolds', { holder: 'a' }, 403, 'PERMISSION_DENIED'],
      ['GET', '/v3/tagValues/1/tagHolds', undefined, 403, 'PERMISSION_DENIED'],
      ['DELETE', `/v3/${value}/tagHolds/1`, undefined, 403, 'PERMISSION_DENIED'],
    ]
    const before = rig.emulator.operations.names()
    for (const [verb, target, body, status, expected] of rows) {
      const received = rejection(await rig.send(verb, target, body))
      expect(received, `${verb} ${target} ${JSON.stringify(body)}`).to.deep.equal([status, expected])
    }
    expect(rig.emulator.operations.names()).to.deep.equal(before)
  })
})
