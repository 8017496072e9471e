import { expect } from 'chai'
import { render } from '../../lib/cli/output/terminal-text.js'
import { snapshotLines } from '../../lib/cli/snapshot.js'
import { failed, running, succeeded, timedOut } from './results.js'

function texts(...args: Parameters<typeof snapshotLines>): readonly string[] {
  return snapshotLines(...args).map((line) => render(line, { hasColors: false }))
}

describe('cli/snapshot', () => {
  it('should return the status, the metadata and the response', () => {
    expect(texts(running({ a: ['\u009b'] }), {})).to.deep.equal([
      'operations/cp.1: running',
      '  metadata:',
      '    {',
      '      "a": [',
      '        "\\u009b"',
      '      ]',
      '    }',
    ])
    expect(texts(succeeded(null), {})).to.deep.equal([
      'operations/cp.1: succeeded',
      '  response:',
      '    null',
    ])
  })

  it('should return only the status if quiet is true', () =>
    expect(texts(succeeded({ a: 1 }), { quiet: true })).to.deep.equal(['operations/cp.1: succeeded']))

  it('should return the error and its details', () => {
    expect(texts(failed(), {})).to.deep.equal([
      'operations/cp.1: failed: FAILED_PRECONDITION: Too deep.',
      '    message (de): Zu tief.',
    ])
    expect(texts(timedOut, {})).to.deep.equal(['operations/cp.1 did not finish within 1 s.'])
  })
})
