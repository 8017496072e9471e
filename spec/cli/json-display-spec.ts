import { expect } from 'chai'
import { jsonDisplay } from '../../lib/cli/output/displays.js'
import { createPrinters } from '../../lib/cli/output/terminal-text.js'
import { FakeIo } from './fake.js'
import { failed, NAME, running, succeeded } from './results.js'

function tags({ stdout }: FakeIo): readonly unknown[] {
  return stdout.written
    .split('\n')
    .slice(0, -1)
    .map((text) => JSON.parse(text)._tag)
}

describe('cli/json-display', () => {
  it('should print the record of each emission, and notes on standard error', () => {
    const io = new FakeIo()
    const display = jsonDisplay(createPrinters(io), { quiet: false })
    for (const emission of [running(), running(), succeeded({ a: '\u0085' }), failed()])
      display.showEmission(NAME, emission)
    display.showNote(['note'])
    expect(tags(io)).to.deep.equal(['Running', 'Running', 'Succeeded', 'OperationFailed'])
    expect(io.stdout.written).to.contain('"response":{"a":"\\u0085"}')
    expect(io.stderr.written).to.equal('note\n')
  })

  it('should print only final results, and no notes, if quiet is true', () => {
    const io = new FakeIo()
    const display = jsonDisplay(createPrinters(io), { quiet: true })
    for (const emission of [running(), succeeded()]) display.showEmission(NAME, emission)
    display.showNote(['note'])
    expect(tags(io)).to.deep.equal(['Succeeded'])
    expect(io.stderr.written).to.equal('')
  })
})
