import { expect } from 'chai'
import { liveRegion } from '../../lib/cli/output/live-display.js'
import { FakeOutput } from './fake.js'

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

  it('should erase all rows of a line if a narrower terminal has wrapped it', () => {
    const output = new FakeOutput(true)
    const region = liveRegion(output)
    region.draw([`\u001b[31m${'x'.repeat(50)}\u001b[39m`, 'b', ''])
    output.columns = 20
    output.take()
    region.erase()
    expect(output.take()).to.equal(`\u001b[5A\r${'\u001b[K\n'.repeat(5)}\u001b[J\u001b[5A`)
  })
  const FRAME = '\u001b[K\n\u001b[J'

  it('should keep the text above if the height changed but all lines stayed visible', () => {
    const output = new FakeOutput(true)
    const region = liveRegion(output)
    region.draw(['a', 'b'])
    output.rows = 3
    region.draw(['c', 'd'])
    output.rows = 24
    output.take()
    region.draw(['e'])
    expect(output.take()).to.equal(`\u001b[2A\re${FRAME}`)
  })

  it('should scroll out the screen and begin at its top if lines were scrolled out and are visible again', () => {
    const output = new FakeOutput(true)
    const region = liveRegion(output)
    region.draw(['a', 'b', 'c'])
    output.rows = 3
    output.take()
    region.draw(['d'])
    expect(output.take()).to.equal(`\u001b[3A\rd${FRAME}`)
    output.rows = 5
    region.draw(['e'])
    expect(output.take()).to.equal(`\u001b[5H\n\n\n\n\n\u001b[He${FRAME}`)
    region.draw(['f'])
    expect(output.take()).to.equal(`\u001b[1A\rf${FRAME}`)
  })
})
