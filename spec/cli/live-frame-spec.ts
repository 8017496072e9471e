import { expect } from 'chai'
import { countText, entryLine, frameOf, type Row } from '../../lib/cli/output/live-display.js'
import { render } from '../../lib/cli/output/terminal-text.js'
import { failed, NAME, running, succeeded, timedOut, unauthorized } from './results.js'

const entry: Row = { name: NAME, began: 1000 }
function text(spans: ReturnType<typeof entryLine>): string {
  return render(spans, { colour: false }).trimEnd()
}

describe('cli/live-frame', () => {
  const rows: readonly (readonly [Row, string])[] = [
    [entry, '⠋ waiting    1.0 s  operations/cp.1  asking'],
    [{ ...entry, word: running(), nextPoll: 2750 }, '⠋ running    1.0 s  operations/cp.1  poll in 0.8 s'],
    [{ ...entry, word: running({ progress: 5 }) }, '⠋ running    1.0 s  operations/cp.1  5 %  asking'],
    [
      { ...entry, word: running(), trouble: 'HTTP 503', nextPoll: 2200 },
      '⠋ running    1.0 s  operations/cp.1  HTTP 503  poll in 0.2 s',
    ],
    [
      { ...entry, trouble: 'HTTP 503', nextPoll: 1900 },
      '⠋ waiting    1.0 s  operations/cp.1  HTTP 503  asking',
    ],
    [{ ...entry, word: succeeded(), ended: 1500, nextPoll: 9000 }, '✓ succeeded  0.5 s  operations/cp.1'],
    [
      { ...entry, word: failed(), ended: 1500 },
      '✗ failed     0.5 s  operations/cp.1  FAILED_PRECONDITION: Too deep.',
    ],
    [{ ...entry, word: succeeded(), ended: 723_000 }, '✓ succeeded 12 m 02 s  operations/cp.1'],
    [
      { ...entry, word: timedOut, ended: 2000 },
      '✗ timed out  1.0 s  operations/cp.1  did not finish within 1 s.',
    ],
    [{ ...entry, word: running(), ended: 2000 }, '· running    1.0 s  operations/cp.1'],
  ]
  for (const [entry, line] of rows)
    it(`should draw ${line}`, () => expect(text(entryLine(entry, 2000))).to.equal(line))

  const LONG = 'projects/p/locations/europe-west1/operations/operation-1714592000-77'
  for (const [columns, shown] of [
    [79, '1.0 s  …st1/operations/operation-1714592000-77  asking'],
    [49, '1.0 s  …operation-1714592000-77  as…'],
    [39, '1.0 s  …tion-1714592000-77'],
    [29, '1.0 s  …92000-77'],
    [23, '1.0 s  …77'],
    [21, '1.0 s  …'],
    [12, ''],
  ] as const)
    it(`should show in ${columns} columns the end of a name, where it differs from others: ${shown}`, () => {
      const long = { ...entry, name: LONG }
      const [first = []] = frameOf([long], 2000, { rows: 4, columns })
      expect(render(first, { colour: false, columns }).slice(12).trim()).to.equal(shown)
    })

  it('should show as much of a name where the state and the time take more room', () => {
    const late = { ...entry, name: LONG, word: unauthorized, ended: 723_000 }
    const columns = 39
    expect(render(entryLine(late, 0, columns), { colour: false, columns })).to.equal(
      '✗ unauthorized 12 m 02 s  …714592000-77',
    )
  })

  it('should turn its spinner every 100 ms', () =>
    expect(text(entryLine(entry, 2100))).to.equal('⠙ waiting    1.1 s  operations/cp.1  asking'))

  it('should show all that fit, in their order', () => {
    const frame = frameOf([entry, { ...entry, name: 'b' }], 2000, { rows: 4, columns: 80 })
    expect(frame.map((line) => text(line).slice(20))).to.deep.equal(['operations/cp.1  asking', 'b  asking'])
  })

  it('should show those that need an eye and count the rest where rows are few', () => {
    const entries: readonly Row[] = [
      { ...entry, name: 'well', word: succeeded(), ended: 1 },
      { ...entry, name: 'runs', word: running() },
      { ...entry, name: 'bad', word: failed('x'), ended: 1 },
      { ...entry, name: 'late', word: running() },
      { ...entry, name: 'lost', word: running(), trouble: 'HTTP 503' },
    ]
    const frame = frameOf(entries, 2000, { rows: 5, columns: 80 }).map(text)
    expect(frame.slice(0, 3).map((line) => line.slice(20).split(' ')[0])).to.deep.equal([
      'runs',
      'bad',
      'lost',
    ])
    expect(frame[3]).to.equal('  … and 2 operations: 1 succeeded, 1 running')
    expect(frameOf(entries, 2000, { rows: 1, columns: 80 })).to.have.length(2)
  })

  it('should count by state', () => {
    expect(countText([])).to.equal('0 operations')
    expect(countText([{}])).to.equal('1 operation: 1 unfinished')
    expect(countText([{ word: succeeded() }, { word: failed() }, { word: succeeded() }])).to.equal(
      '3 operations: 2 succeeded, 1 failed',
    )
  })
})
