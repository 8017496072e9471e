import { expect } from 'chai'
import { linesDisplay } from '../../lib/cli/output/displays.js'
import { FakeSurroundings } from './fake.js'
import { failed, NAME, running, succeeded } from './results.js'

const pens = { stdout: { colour: false }, stderr: { colour: false } }

describe('cli/lines-display', () => {
  it('should print a line for each change and none twice', () => {
    const around = new FakeSurroundings()
    const display = linesDisplay(around, { quiet: false, pens, now: () => 0 })
    display.begin(NAME)
    for (const word of [
      running(),
      running(),
      running({ progress: 5 }),
      running({ progress: 5 }),
      succeeded(),
    ])
      display.showResult(NAME, word)
    expect(around.stdout.written).to.equal(
      [
        'operations/cp.1: running (0.0 s)',
        'operations/cp.1: running, 5 % (0.0 s)',
        'operations/cp.1: succeeded after 0.0 s',
        '',
      ].join('\n'),
    )
    expect(around.stderr.written).to.equal('')
  })

  it('should print the last words alone when it is quiet', () => {
    const around = new FakeSurroundings()
    const display = linesDisplay(around, { quiet: true, pens, now: () => 0 })
    display.begin(NAME)
    display.showResult(NAME, running())
    display.showResult(NAME, failed())
    expect(around.stdout.written).to.equal(
      'operations/cp.1: failed after 0.0 s: FAILED_PRECONDITION: Too deep.\n    message (de): Zu tief.\n',
    )
  })
})
