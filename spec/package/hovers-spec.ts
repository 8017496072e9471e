import { expect } from 'chai'
import { read } from '../documents.js'
import { hovers } from './hovers.js'

describe('the hovers of an editor', () => {
  it('should equal spec/package/hovers.txt after npm run docs:api', function () {
    this.timeout(60_000)
    expect(hovers()).to.equal(read('spec/package/hovers.txt'))
  })

  it('should be short, and name every type', () => {
    const texts = read('spec/package/hovers.txt').trim().split('\n\n')
    expect(texts).to.have.length.of.at.least(10)
    for (const text of texts) {
      expect(text).to.not.match(/\.\.\.|\bmore\b|\bany\b/)
      expect(text.length, text).to.be.at.most(250)
    }
  })
})
