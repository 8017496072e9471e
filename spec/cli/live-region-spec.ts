import { expect } from 'chai'
import { liveRegion } from '../../lib/cli/output/live-display.js'
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
  const FRAME = '\u001b[K\n\u001b[J'

  it('should leave what stands above on a terminal that is made lower and higher, where all of it was in sight', () => {
    const output = new FakeOutput(true)
    const region = liveRegion(output)
    region.draw(['a', 'b'])
    output.rows = 3
    region.draw(['c', 'd'])
    output.rows = 24
    output.taken()
    region.draw(['e'])
    expect(output.taken()).to.equal(`\u001b[2A\re${FRAME}`)
  })

  it('should begin at the top of one that shows again what was out of sight, and put that out of sight', () => {
    const output = new FakeOutput(true)
    const region = liveRegion(output)
    region.draw(['a', 'b', 'c'])
    output.rows = 3
    output.taken()
    region.draw(['d'])
    expect(output.taken()).to.equal(`\u001b[3A\rd${FRAME}`)
    output.rows = 5
    region.draw(['e'])
    expect(output.taken()).to.equal(`\u001b[5H\n\n\n\n\n\u001b[He${FRAME}`)
    region.draw(['f'])
    expect(output.taken()).to.equal(`\u001b[1A\rf${FRAME}`)
  })
})
