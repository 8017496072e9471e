import { expect } from 'chai'
import { liveRegion } from '../../lib/cli/live-region.js'
import { FakeOutput } from './fake.js'

describe('cli/live-region', () => {
  it('should draw over what it drew before', () => {
    const output = new FakeOutput(true)
    const region = liveRegion(output)
    region.draw(['a', 'b'])
    expect(output.taken()).to.equal('\ra\u001b[K\nb\u001b[K\n\u001b[J')
    region.draw(['c'])
    expect(output.taken()).to.equal('\u001b[2A\rc\u001b[K\n\u001b[J')
  })

  it('should write nothing when nothing has changed', () => {
    const output = new FakeOutput(true)
    const region = liveRegion(output)
    region.erase()
    region.draw([])
    region.draw(['a'])
    output.taken()
    region.draw(['a'])
    expect(output.taken()).to.equal('')
  })

  it('should take away the rows of lines that a narrower terminal has wrapped, colours not counted', () => {
    const output = new FakeOutput(true)
    const region = liveRegion(output)
    region.draw([`\u001b[31m${'x'.repeat(50)}\u001b[39m`, 'b', ''])
    output.columns = 20
    output.taken()
    region.erase()
    expect(output.taken()).to.equal(`\u001b[5A\r${'\u001b[K\n'.repeat(5)}\u001b[J\u001b[5A`)
  })
})
