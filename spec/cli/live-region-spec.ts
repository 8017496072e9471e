import { expect } from 'chai'
import { liveRegion } from '../../lib/cli/output/live-display.js'
import { FakeOutput } from './fake.js'

const LAST_LINE_END = '\u001b[K\n\u001b[J'

describe('cli/live-region', () => {
  it('should replace the previous lines', () => {
    const output = new FakeOutput(true)
    const region = liveRegion(output)
    region.draw(['a', 'b'])
    expect(output.take()).to.equal('\ra\u001b[K\nb\u001b[K\n\u001b[J')
    region.draw(['c'])
    expect(output.take()).to.equal('\u001b[2A\rc\u001b[K\n\u001b[J')
  })

  it('should write nothing if the lines have not changed', () => {
    const output = new FakeOutput(true)
    const region = liveRegion(output)
    region.erase()
    region.draw([])
    region.draw(['a'])
    output.take()
    region.draw(['a'])
    expect(output.take()).to.equal('')
  })

  it('should erase all rows of a line if a narrower terminal has wrapped the line', () => {
    const output = new FakeOutput(true)
    const region = liveRegion(output)
    region.draw([`\u001b[31m${'x'.repeat(50)}\u001b[39m`, 'b', ''])
    output.columns = 20
    output.take()
    region.erase()
    expect(output.take()).to.equal(`\u001b[5A\r${'\u001b[K\n'.repeat(5)}\u001b[J\u001b[5A`)
  })

  it('should keep the text above the region if the height changed but all lines stayed visible', () => {
    const output = new FakeOutput(true)
    const region = liveRegion(output)
    region.draw(['a', 'b'])
    output.rows = 3
    region.draw(['c', 'd'])
    output.rows = 24
    output.take()
    region.draw(['e'])
    expect(output.take()).to.equal(`\u001b[2A\re${LAST_LINE_END}`)
  })

  it('should scroll out the visible text and draw at the top if scrolled-out lines become visible again', () => {
    const output = new FakeOutput(true)
    const region = liveRegion(output)
    region.draw(['a', 'b', 'c'])
    output.rows = 3
    output.take()
    region.draw(['d'])
    expect(output.take()).to.equal(`\u001b[3A\rd${LAST_LINE_END}`)
    output.rows = 5
    region.draw(['e'])
    expect(output.take()).to.equal(`\u001b[5H\n\n\n\n\n\u001b[He${LAST_LINE_END}`)
    region.draw(['f'])
    expect(output.take()).to.equal(`\u001b[1A\rf${LAST_LINE_END}`)
  })
})
