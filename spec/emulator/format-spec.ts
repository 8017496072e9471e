import { expect } from 'chai'
import {
  formatAny,
  formatOf,
  formatResource,
  queryOf,
  readBoolean,
  seenHeaders,
} from '../../lib/emulator/http/format.js'

const byDefault = { pretty: true, legacyErrors: false, enumNumbers: false }
const numbers = { ...byDefault, enumNumbers: true }

describe('emulator/format', () => {
  const rows: readonly (readonly [string, Partial<typeof byDefault>])[] = [
    ['', {}],
    ['alt=json', {}],
    ['fields=name,done,error', {}],
    ['prettyPrint=false', { pretty: false }],
    ['prettyPrint=0', { pretty: false }],
    ['prettyPrint=true', {}],
    ['$prettyPrint=false', { pretty: false }],
    ['%24prettyPrint=0', { pretty: false }],
    ['$.xgafv=1', { legacyErrors: true }],
    ['%24.xgafv=1', { legacyErrors: true }],
    ['$.xgafv=2', {}],
    ['xgafv=1', {}],
    ['alt=json;enum-encoding=int', { enumNumbers: true }],
    ['$alt=json;enum-encoding=int', { enumNumbers: true }],
    ['%24alt=json%3Benum-encoding%3Dint', { enumNumbers: true }],
    [
      '%24alt=json%3Benum-encoding%3Dint&$.xgafv=1&prettyPrint=false',
      { pretty: false, legacyErrors: true, enumNumbers: true },
    ],
  ]
  for (const [query, difference] of rows) {
    it(`should read ?${query}`, () => {
      expect(formatOf(queryOf(query))).to.deep.equal({ ...byDefault, ...difference })
    })
  }

  it('should keep the last value of a repeated parameter', () => {
    expect(queryOf('a=1&a=2&b=%2F')).to.deep.equal({ a: '2', b: '/' })
  })

  it('should leave the default for what is no boolean', () => {
    expect([
      readBoolean(undefined, true),
      readBoolean('maybe', true),
      readBoolean('maybe', false),
    ]).to.deep.equal([true, true, false])
  })

  it('should write the enums of a resource as numbers only when asked, and no other member', () => {
    const resource = {
      name: 'ACTIVE',
      state: 'ACTIVE',
      purpose: 'DATA_GOVERNANCE',
      labels: { state: 'ACTIVE' },
    }
    expect(formatResource(resource, byDefault)).to.deep.equal(resource)
    expect(formatResource(resource, numbers)).to.deep.equal({ ...resource, state: 1, purpose: 2 })
    expect(
      formatResource({ state: 'constructor', lifecycleState: 'DELETE_REQUESTED' }, numbers),
    ).to.deep.equal({
      state: 'constructor',
      lifecycleState: 2,
    })
  })

  it('should leave what is no Resource Manager resource as it is', () => {
    const other = { '@type': 'type.googleapis.com/example.Project', state: 'ACTIVE' }
    expect(formatAny(other, numbers)).to.equal(other)
    expect(formatAny('ACTIVE', numbers)).to.equal('ACTIVE')
    for (const type of ['google.cloud.resourcemanager.v3.Folder', 'google.cloudresourcemanager.v1.Project']) {
      const any = { '@type': `type.googleapis.com/${type}`, state: 'ACTIVE' }
      expect(formatAny(any, numbers)).to.deep.equal({ ...any, state: 1 })
    }
  })

  it('should make one text of a header that came in several lines, and keep the others', () => {
    expect(seenHeaders({ host: 'h', 'set-cookie': ['a=1', 'b=2'], via: undefined })).to.deep.equal({
      host: 'h',
      'set-cookie': 'a=1, b=2',
      via: undefined,
    })
  })
})
