import { expect } from 'chai'
import { selectFields } from '../../lib/emulator/http/field-mask.js'

const body = {
  name: 'n',
  metadata: { a: 1, b: { c: 2, d: 3 } },
  list: [{ a: 1, b: 2 }, { b: 3 }],
  done: true,
}

describe('emulator/http/field-mask', () => {
  const rows: readonly (readonly [string, object])[] = [
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

  const MANY = 50_000
  for (const [title, mask] of [
    ['opening parentheses', '('.repeat(MANY)],
    ['nested masks', 'metadata('.repeat(MANY)],
    ['closing parentheses', `name${')'.repeat(MANY)}`],
    ['empty parentheses', 'metadata()'.repeat(MANY)],
    ['steps of a path', 'metadata.'.repeat(MANY)],
    ['members of one object', Array.from({ length: MANY }, (_, index) => `metadata.m${index}`).join()],
  ]) {
    it(`should apply a mask with ${MANY} ${title} in linear time`, () => {
      const startedAt = performance.now()
      selectFields(body, `done,${mask}`)
      // Quadratic time takes longer than two seconds.
      expect(performance.now() - startedAt).to.be.below(2_000)
    })
  }

  it('should keep the member order of the body', () => {
    expect(Object.keys(selectFields(body, 'done,name'))).to.deep.equal(['name', 'done'])
  })
})
