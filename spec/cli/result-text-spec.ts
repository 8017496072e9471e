import { expect } from 'chai'
import { resultLines } from '../../lib/cli/output/result-text.js'
import { render } from '../../lib/cli/output/terminal-text.js'
import type { Emission } from '../../lib/polling/emission.js'
import { failed, invalid, running, succeeded, timedOut, unauthorized } from './results.js'

describe('cli/result-text', () => {
  const rows: readonly (readonly [Emission, readonly string[]])[] = [
    [running(), ['operations/cp.1: running (watched for 3.2 s)']],
    [running({ gettable: true }), ['operations/cp.1: running, gettable (watched for 3.2 s)']],
    [succeeded(), ['operations/cp.1: succeeded (watched for 3.2 s)']],
    [
      failed(),
      [
        'operations/cp.1: failed (watched for 3.2 s): FAILED_PRECONDITION: Too deep.',
        '    message (de): Zu tief.',
      ],
    ],
    [failed('', 77), ['operations/cp.1: failed (watched for 3.2 s): code 77', '    message (de): Zu tief.']],
    [timedOut, ['operations/cp.1 did not finish within 1 s.']],
    [
      unauthorized,
      [
        'Could not obtain credentials for operations/cp.1: none.',
        '    to log in: gcloud auth application-default login',
      ],
    ],
    [invalid, ['"x" is not a valid operation name: it has no segment "operations".']],
  ]
  for (const [emission, lines] of rows)
    it(`should return the line: ${lines[0]}`, () =>
      expect(resultLines(emission, 3200).map((line) => render(line, { hasColors: false }))).to.deep.equal(
        lines,
      ))

  it('should contain the duration of the operation if it is known', () => {
    const firstLine = (emission: Emission) =>
      render(resultLines(emission, 3_200, 65_000)[0] ?? [], { hasColors: false })
    expect([running(), succeeded(), failed('', 77)].map(firstLine)).to.deep.equal([
      'operations/cp.1: running (1 m 05 s)',
      'operations/cp.1: succeeded after 1 m 05 s',
      'operations/cp.1: failed after 1 m 05 s: code 77',
    ])
  })
})
