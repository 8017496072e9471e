import { expect } from 'chai'
import { linesDisplay } from '../../lib/cli/output/displays.js'
import { createPrinters } from '../../lib/cli/output/terminal-text.js'
import { FakeIo } from './fake.js'
import { failed, NAME, running, succeeded } from './results.js'

describe('cli/lines-display', () => {
  it('should print a line only if the status or the progress has changed', () => {
    const io = new FakeIo()
    const display = linesDisplay(createPrinters(io), { quiet: false, now: () => 0 })
    display.begin(NAME)
    for (const emission of [
      running(),
      running(),
      running({ progress: 5 }),
      running({ progress: 5 }),
      succeeded(),
    ])
      display.showEmission(NAME, emission)
    expect(io.stdout.written).to.equal(
      [
        'operations/cp.1: running (0.0 s)',
        'operations/cp.1: running, 5 % (0.0 s)',
        'operations/cp.1: succeeded after 0.0 s',
        '',
      ].join('\n'),
    )
    expect(io.stderr.written).to.equal('')
  })

  it('should print only final results if quiet is true', () => {
    const io = new FakeIo()
    const display = linesDisplay(createPrinters(io), { quiet: true, now: () => 0 })
    display.begin(NAME)
    display.showEmission(NAME, running())
    display.showEmission(NAME, failed())
    expect(io.stdout.written).to.equal(
      'operations/cp.1: failed after 0.0 s: FAILED_PRECONDITION: Too deep.\n    message (de): Zu tief.\n',
    )
  })
})
