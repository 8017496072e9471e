import { expect } from 'chai'
import { RejectedRequest } from '../../lib/emulator/http/responses.js'
import { bodyObject, mapField, textField, withEtag } from '../../lib/emulator/resource-manager/fields.js'

describe('emulator/fields', () => {
  it('should put the etag between the members, and change it with any of them', () => {
    const etag = (first: object, rest: object): unknown => withEtag({ ...first }, { ...rest }).etag
    expect(Object.keys(withEtag({ a: 1 }, { b: 2 }))).to.deep.equal(['a', 'etag', 'b'])
    expect(etag({ a: 1 }, { b: 2 })).to.match(/^W\/"[0-9a-f]{16}"$/)
    expect(etag({ a: 1 }, { b: 2 })).to.equal(etag({ a: 1 }, { b: 2 }))
    expect(etag({ a: 1 }, { b: 2 })).not.to.equal(etag({ a: 3 }, { b: 2 }))
    expect(etag({ a: 1 }, { b: 2 })).not.to.equal(etag({ a: 1 }, { b: 3 }))
  })

  it('should read an empty or null field as absent', () => {
    expect([textField({ a: '' }, 'a'), textField({ a: null }, 'a'), textField({}, 'a')]).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ])
    expect([mapField({ a: {} }, 'a'), mapField({ a: null }, 'a'), mapField({}, 'a')]).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ])
    expect(bodyObject(undefined)).to.deep.equal({})
  })

  it('should refuse a field of another kind', () => {
    expect(() => textField({ a: 0 }, 'a')).to.throw(RejectedRequest, 'a must be a string.')
    expect(() => mapField({ a: [] }, 'a')).to.throw(RejectedRequest, 'a must be a map of strings.')
    expect(() => mapField({ a: { b: 1 } }, 'a')).to.throw(RejectedRequest, 'a must be a map of strings.')
  })
})
