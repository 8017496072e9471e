import { expect } from 'chai'
import { countByStatus, frameLines, type Row, rowLine } from '../../lib/cli/output/live-display.js'
import { render } from '../../lib/cli/output/terminal-text.js'
import { failed, NAME, running, succeeded, timedOut, unauthorized } from './results.js'

const row: Row = { name: NAME, startedAt: 1000 }
function text(line: ReturnType<typeof rowLine>): string {
  return render(line, { hasColors: false }).trimEnd()
}

describe('cli/live-frame', () => {
  const rows: readonly (readonly [Row, string])[] = [
    [row, '⠋ waiting   watched for  1.0 s  operations/cp.1  polling'],
    [
      { ...row, emission: running(), nextPollAt: 2750 },
      '⠋ running   watched for  1.0 s  operations/cp.1  poll in 0.8 s',
    ],
    [
      { ...row, emission: running({ progress: 5 }) },
      '⠋ running   watched for  1.0 s  operations/cp.1  5 %  polling',
    ],
    [
      { ...row, emission: running(), failure: 'HTTP 503', nextPollAt: 2200 },
      '⠋ running   watched for  1.0 s  operations/cp.1  HTTP 503  poll in 0.2 s',
    ],
    [
      { ...row, failure: 'HTTP 503', nextPollAt: 1900 },
      '⠋ waiting   watched for  1.0 s  operations/cp.1  HTTP 503  polling',
    ],
    [
      { ...row, emission: succeeded(), endedAt: 1500, nextPollAt: 9000 },
      '✓ succeeded watched for  0.5 s  operations/cp.1',
    ],
    [
      { ...row, emission: failed(), endedAt: 1500 },
      '✗ failed    watched for  0.5 s  operations/cp.1  FAILED_PRECONDITION: Too deep.',
    ],
    [
      { ...row, emission: succeeded(), endedAt: 723_000 },
      '✓ succeeded watched for 12 m 02 s  operations/cp.1',
    ],
    [
      { ...row, emission: timedOut, endedAt: 2000 },
      '✗ timed out watched for  1.0 s  operations/cp.1  did not finish within 1 s.',
    ],
    [{ ...row, emission: running(), endedAt: 2000 }, '· running   watched for  1.0 s  operations/cp.1'],
  ]
  // Cited in docs/COMPARISON.md as: live-rows
  for (const [row, line] of rows)
    it(`should return the row ${line}`, () => expect(text(rowLine(row, 2000))).to.equal(line))

  const LONG = 'projects/p/locations/europe-west1/operations/operation-1714592000-77'
  for (const [columns, visible] of [
    [79, '1.0 s  …st1/operations/operation-1714592000-77  polling'],
    [49, '1.0 s  …operation-1714592000-77  po…'],
    [39, '1.0 s  …tion-1714592000-77'],
    [29, '1.0 s  …92000-77'],
    [23, '1.0 s  …77'],
    [21, '1.0 s  …'],
    [12, ''],
  ] as const)
    it(`should truncate the start of a name if the terminal has ${columns} columns: ${visible}`, () => {
      const long = { ...row, name: LONG }
      const [line = []] = frameLines([long], 2000, { rows: 4, columns })
      // The first 12 columns contain the icon and the status.
      expect(render(line, { hasColors: false, columns }).slice(12).trim()).to.equal(visible)
    })

  it('should truncate the name more if the status and the time need more columns', () => {
    const unauthorizedRow = { ...row, name: LONG, emission: unauthorized, endedAt: 723_000 }
    const columns = 39
    expect(render(rowLine(unauthorizedRow, 0, columns), { hasColors: false, columns })).to.equal(
      '✗ no credentials 12 m 02 s  …4592000-77',
    )
  })

  it('should advance the spinner every 100 ms', () =>
    expect(text(rowLine(row, 2100))).to.equal('⠙ waiting   watched for  1.1 s  operations/cp.1  polling'))

  it('should return all rows in their order if they fit', () => {
    const frame = frameLines([row, { ...row, name: 'b' }], 2000, { rows: 4, columns: 80 })
    // The first 20 columns contain the icon, the status and the time.
    expect(frame.map((line) => text(line).slice(20))).to.deep.equal([
      'operations/cp.1  polling',
      'b  polling',
    ])
  })

  // Cited in docs/COMPARISON.md as: few-rows
  it('should return the rows with the highest priority and count the other rows if not all rows fit', () => {
    const operations: readonly Row[] = [
      { ...row, name: 'well', emission: succeeded(), endedAt: 1 },
      { ...row, name: 'runs', emission: running() },
      { ...row, name: 'bad', emission: failed('x'), endedAt: 1 },
      { ...row, name: 'late', emission: running() },
      { ...row, name: 'lost', emission: running(), failure: 'HTTP 503' },
    ]
    const frame = frameLines(operations, 2000, { rows: 5, columns: 80 }).map(text)
    // The name begins after 20 columns.
    expect(frame.slice(0, 3).map((line) => line.slice(20).split(' ')[0])).to.deep.equal([
      'runs',
      'bad',
      'lost',
    ])
    expect(frame[3]).to.equal('  … and 2 operations: 1 succeeded, 1 running')
    expect(frameLines(operations, 2000, { rows: 1, columns: 80 })).to.have.length(2)
  })

  it('should count operations by status', () => {
    expect(countByStatus([])).to.equal('0 operations')
    expect(countByStatus([undefined])).to.equal('1 operation: 1 unfinished')
    expect(countByStatus([succeeded(), failed(), succeeded()])).to.equal(
      '3 operations: 2 succeeded, 1 failed',
    )
  })
})
