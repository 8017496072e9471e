import { expect } from 'chai'
import { RejectedRequest } from '../../lib/emulator/http/errors.js'
import { maskFields } from '../../lib/emulator/resource-manager/fields.js'

const fields = { displayName: 'a', labels: undefined }

describe('emulator/resource-manager/fields: update mask', () => {
  const rows: readonly (readonly [string | undefined, object])[] = [
    [undefined, { displayName: 'a' }],
    ['', { displayName: 'a' }],
    ['displayName', { displayName: 'a' }],
    ['display_name', { displayName: 'a' }],
    ['labels', { labels: undefined }],
    ['labels, displayName', fields],
    ['etag', {}],
  ]
  for (const [mask, set] of rows) {
    it(`should set ${Object.keys(set).join(' and ') || 'nothing'} if the mask is ${JSON.stringify(mask)}`, () => {
      expect(maskFields(mask, fields)).to.deep.equal(set)
    })
  }

  for (const mask of ['name', 'displayName,name', '*', 'toString']) {
    it(`should reject the mask ${mask}, which contains a field that cannot be set`, () => {
      expect(() => maskFields(mask, fields)).to.throw(
        RejectedRequest,
        'updateMask may contain only displayName, labels and etag.',
      )
    })
  }
})
