import { expect } from 'chai'
import { either as E } from 'fp-ts'
import { isLeft, left, right } from '../../lib/model/either.js'

describe('model/either', () => {
  it('should create the same values as fp-ts', () => {
    expect(left('e')).to.deep.equal(E.left('e'))
    expect(right(1)).to.deep.equal(E.right(1))
  })

  it('should return the same result from isLeft as fp-ts', () => {
    for (const either of [E.left('e'), E.right(1)]) expect(isLeft(either)).to.equal(E.isLeft(either))
  })
})
