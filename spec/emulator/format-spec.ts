import { expect } from 'chai'
import {
  formatAny,
  formatEnums,
  joinedHeaders,
  parseQuery,
  readBoolean,
  readFormat,
} from '../../lib/emulator/http/format.js'

const defaultFormat = { pretty: true, legacyErrors: false, enumNumbers: false, fields: '' }
const numberFormat = { ...defaultFormat, enumNumbers: true }

describe('emulator/http/format', () => {
  const rows: readonly (readonly [string, Partial<typeof defaultFormat>])[] = [
    ['', {}],
    ['alt=json', {}],
    ['fields=name,done,error', { fields: 'name,done,error' }],
    ['$fields=name', { fields: 'name' }],
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
    it(`should read the format from ?${query}`, () => {
      expect(readFormat(parseQuery(query))).to.deep.equal({ ...defaultFormat, ...difference })
    })
  }

  it('should use the last value if a parameter is repeated', () => {
    expect(parseQuery('a=1&a=2&b=%2F')).to.deep.equal({ a: '2', b: '/' })
  })

  it('should return the default if a parameter is not a boolean', () => {
    expect([
      readBoolean(undefined, true),
      readBoolean('maybe', true),
      readBoolean('maybe', false),
    ]).to.deep.equal([true, true, false])
  })

  it('should format only the enums of a resource as numbers if enumNumbers is true', () => {
    const resource = {
      name: 'ACTIVE',
      state: 'ACTIVE',
      purpose: 'DATA_GOVERNANCE',
      labels: { state: 'ACTIVE' },
    }
    expect(formatEnums(resource, defaultFormat)).to.deep.equal(resource)
    expect(formatEnums(resource, numberFormat)).to.deep.equal({ ...resource, state: 1, purpose: 2 })
    expect(
      formatEnums({ state: 'constructor', lifecycleState: 'DELETE_REQUESTED' }, numberFormat),
    ).to.deep.equal({
      state: 'constructor',
      lifecycleState: 2,
    })
  })

  it('should format only values with a Resource Manager type', () => {
    const other = { '@type': 'type.googleapis.com/example.Project', state: 'ACTIVE' }
    expect(formatAny(other, numberFormat)).to.equal(other)
    expect(formatAny('ACTIVE', numberFormat)).to.equal('ACTIVE')
    for (const type of ['google.cloud.resourcemanager.v3.Folder', 'google.cloudresourcemanager.v1.Project']) {
      const any = { '@type': `type.googleapis.com/${type}`, state: 'ACTIVE' }
      expect(formatAny(any, numberFormat)).to.deep.equal({ ...any, state: 1 })
    }
  })

  it('should join the values of a header if it is a list', () => {
    expect(joinedHeaders({ host: 'h', 'set-cookie': ['a=1', 'b=2'], via: undefined })).to.deep.equal({
      host: 'h',
      'set-cookie': 'a=1, b=2',
      via: undefined,
    })
  })
})
