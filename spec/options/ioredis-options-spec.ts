import { expect } from 'chai'
import { declaredOptions, optionRules } from './ioredis-options.js'

describe('options/ioredis-options', () => {
  it('should have one rule for each option that ioredis declares', () => {
    const names = optionRules().map(([name]) => name)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).to.deep.equal([])
    // `url` is an option of BullMQ.
    expect(names.filter((name) => name !== 'url')).to.have.members([...declaredOptions()])
    expect(names).to.have.length.above(70)
  })

  it('should have a reason for each option that is not passed on', () => {
    expect(optionRules().filter(([, , reason]) => !reason)).to.deep.equal([])
  })
})
