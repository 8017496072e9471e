import { expect } from 'chai'
import { render } from '../../lib/cli/output/terminal-text.js'
import { snapshotLines } from '../../lib/cli/snapshot.js'
import { failed, running, succeeded, timedOut } from './results.js'

function texts(...given: Parameters<typeof snapshotLines>): readonly string[] {
  return snapshotLines(...given).map((line) => render(line, { colour: false }))
}

describe('cli/snapshot-lines', () => {
  it('should show all that a snapshot holds', () => {
    expect(texts(running({ a: ['\u009b'] }), false)).to.deep.equal([
      'operations/cp.1: running',
      '  metadata:',
      '    {',
      '      "a": [',
      '        "\\u009b"',
      '      ]',
      '    }',
    ])
    expect(texts(succeeded(null), false)).to.deep.equal([
      'operations/cp.1: succeeded',
      '  response:',
      '    null',
    ])
  })

  it('should show the state alone where that is wanted', () =>
    expect(texts(succeeded({ a: 1 }), true)).to.deep.equal(['operations/cp.1: succeeded']))

  it('should show how it failed', () => {
    expect(texts(failed(), false)).to.deep.equal([
      'operations/cp.1: failed: FAILED_PRECONDITION: Too deep.',
      '    message (de): Zu tief.',
    ])
    expect(texts(timedOut, false)).to.deep.equal(['operations/cp.1 did not finish within 1 s.'])
  })
})
