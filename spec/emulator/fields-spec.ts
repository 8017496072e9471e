import { expect } from 'chai'
import { RejectedRequest } from '../../lib/emulator/http/errors.js'
import { readBody, readMap, readText, withEtag } from '../../lib/emulator/resource-manager/fields.js'

describe('emulator/resource-manager/fields', () => {
  it('should put the etag between the two groups of members, and change the etag if any member changes', () => {
    const etag = (first: object, rest: object): unknown => withEtag({ ...first }, { ...rest }).etag
    expect(Object.keys(withEtag({ a: 1 }, { b: 2 }))).to.deep.equal(['a', 'etag', 'b'])
    expect(etag({ a: 1 }, { b: 2 })).to.match(/^W\/"[0-9a-f]{16}"$/)
    expect(etag({ a: 1 }, { b: 2 })).to.equal(etag({ a: 1 }, { b: 2 }))
    expect(etag({ a: 1 }, { b: 2 })).not.to.equal(etag({ a: 3 }, { b: 2 }))
    expect(etag({ a: 1 }, { b: 2 })).not.to.equal(etag({ a: 1 }, { b: 3 }))
  })

  it('should read an empty or null field as absent, and an absent body as an empty object', () => {
    expect([readText({ a: '' }, 'a'), readText({ a: null }, 'a'), readText({}, 'a')]).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ])
    expect([readMap({ a: {} }, 'a'), readMap({ a: null }, 'a'), readMap({}, 'a')]).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ])
    expect(readBody(undefined)).to.deep.equal({})
  })

  it('should reject a field of the wrong type', () => {
    expect(() => readText({ a: 0 }, 'a')).to.throw(RejectedRequest, 'a must be a string.')
    expect(() => readMap({ a: [] }, 'a')).to.throw(RejectedRequest, 'a must be a map of strings.')
    expect(() => readMap({ a: { b: 1 } }, 'a')).to.throw(RejectedRequest, 'a must be a map of strings.')
  })
})
