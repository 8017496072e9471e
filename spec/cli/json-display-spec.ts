import { expect } from 'chai'
import { jsonDisplay } from '../../lib/cli/output/displays.js'
import { line } from '../../lib/cli/output/terminal-text.js'
import { FakeSurroundings } from './fake.js'
import { failed, NAME, running, succeeded } from './results.js'

function tags({ stdout }: FakeSurroundings): readonly unknown[] {
  return stdout.written
    .split('\n')
    .slice(0, -1)
    .map((text) => JSON.parse(text)._tag)
}

describe('cli/json-display', () => {
  it('should print every record, never an Either, and notes on standard error', () => {
    const around = new FakeSurroundings()
    const display = jsonDisplay(around, { quiet: false, pen: { colour: false } })
    for (const word of [running(), running(), succeeded({ a: '\u0085' }), failed()])
      display.showResult(NAME, word)
    display.showNote(line('note'))
    expect(tags(around)).to.deep.equal(['Running', 'Running', 'Succeeded', 'OperationFailed'])
    expect(around.stdout.written).to.contain('"response":{"a":"\\u0085"}')
    expect(around.stderr.written).to.equal('note\n')
  })

  it('should print the last words alone when it is quiet', () => {
    const around = new FakeSurroundings()
    const display = jsonDisplay(around, { quiet: true, pen: { colour: false } })
    for (const word of [running(), succeeded()]) display.showResult(NAME, word)
    expect(tags(around)).to.deep.equal(['Succeeded'])
  })
})
