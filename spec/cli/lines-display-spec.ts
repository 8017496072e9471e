import { expect } from 'chai'
import { linesDisplay } from '../../lib/cli/output/displays.js'
import { createPrinters } from '../../lib/cli/output/terminal-text.js'
import { FakeIo } from './fake.js'
import { failed, NAME, running, succeeded } from './results.js'

describe('cli/lines-display', () => {
  it('should print a line only if the status or the progress has changed', () => {
    const io = new FakeIo()
    const display = linesDisplay(createPrinters(io), { quiet: false }, () => 0)
    display.begin?.(NAME)
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
        'operations/cp.1: running (watched for 0.0 s)',
        'operations/cp.1: running, 5 % (watched for 0.0 s)',
        'operations/cp.1: succeeded (watched for 0.0 s)',
        '',
      ].join('\n'),
    )
    expect(io.stderr.written).to.equal('')
  })

  it('should print the response of an operation that succeeded, unless quiet is true', () => {
    const written = [false, true].map((quiet) => {
      const io = new FakeIo()
      const display = linesDisplay(createPrinters(io), { quiet }, () => 0)
      display.begin?.(NAME)
      display.showEmission(NAME, succeeded({ name: 'projects/1' }))
      return io.stdout.written
    })
    const line = 'operations/cp.1: succeeded (watched for 0.0 s)\n'
    expect(written).to.deep.equal([`${line}  response:\n    {\n      "name": "projects/1"\n    }\n`, line])
  })

  it('should print only final results if quiet is true', () => {
    const io = new FakeIo()
    const display = linesDisplay(createPrinters(io), { quiet: true }, () => 0)
    display.begin?.(NAME)
    display.showEmission(NAME, running())
    display.showEmission(NAME, failed())
    expect(io.stdout.written).to.equal(
      'operations/cp.1: failed (watched for 0.0 s): FAILED_PRECONDITION: Too deep.\n    message (de): Zu tief.\n',
    )
  })
})
