import { expect } from 'chai'
import { selectFields } from '../../lib/emulator/http/field-mask.js'

const body = {
  name: 'n',
  metadata: { a: 1, b: { c: 2, d: 3 } },
  list: [{ a: 1, b: 2 }, { b: 3 }],
  done: true,
}

describe('emulator/http/field-mask', () => {
  const rows: readonly (readonly [string | undefined, object])[] = [
    [undefined, body],
    ['', body],
    [' , ', body],
    ['*', body],
    ['name,done', { name: 'n', done: true }],
    [' name , done ', { name: 'n', done: true }],
    ['absent', {}],
    ['metadata', { metadata: body.metadata }],
    ['metadata.a', { metadata: { a: 1 } }],
    ['metadata/b/c', { metadata: { b: { c: 2 } } }],
    ['metadata.a,metadata.b.d', { metadata: { a: 1, b: { d: 3 } } }],
    ['metadata(a,b(c)),done', { metadata: { a: 1, b: { c: 2 } }, done: true }],
    ['metadata/*(d),name', { name: 'n', metadata: { a: 1, b: { d: 3 } } }],
    ['list.a', { list: [{ a: 1 }, {}] }],
    ['name.deeper', { name: 'n' }],
    ['metadata(a', { metadata: { a: 1 } }],
  ]
  for (const [mask, selected] of rows) {
    it(`should apply the mask ${JSON.stringify(mask)}`, () => {
      expect(selectFields(body, mask)).to.deep.equal(selected)
    })
  }

  it('should keep the member order of the body', () => {
    expect(Object.keys(selectFields(body, 'done,name'))).to.deep.equal(['name', 'done'])
  })
})
