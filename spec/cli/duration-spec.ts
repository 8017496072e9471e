import { expect } from 'chai'
import { durationText, parseDuration, parseTimeout } from '../../lib/cli/duration.js'

describe('cli/duration', () => {
  for (const [input, ms] of [
    ['500ms', 500],
    ['90s', 90_000],
    ['10m', 600_000],
    ['2h', 7_200_000],
    ['7', 7000],
    ['0', 0],
    ['1.5s', 1500],
  ] as const)
    it(`should parse ${input} as ${ms} ms`, () => expect(parseDuration('--min', input)).to.equal(ms))

  for (const input of ['', ' 1s', '1 s', '-1s', '1e3', '10min', '1h30m', '.5s', 'unlimited', 'Infinity'])
    it(`should reject "${input}" with the valid forms in the message`, () =>
      expect(() => parseDuration('--min', input)).to.throw(
        `--min must be a duration such as 500ms, 90s, 10m or 2h (without a unit: seconds), got "${input}"`,
      ))

  it('should parse the timeout unlimited as undefined', () => {
    expect(parseTimeout('--timeout', 'unlimited')).to.equal(undefined)
    expect(parseTimeout('--timeout', '2m')).to.equal(120_000)
    expect(() => parseTimeout('--timeout', 'x')).to.throw('--timeout must be unlimited or a duration')
  })

  for (const [ms, text] of [
    [-5, '0.0 s'],
    [0, '0.0 s'],
    [3249, '3.2 s'],
    [59_949, '59.9 s'],
    [59_950, '1 m 00 s'],
    [125_000, '2 m 05 s'],
    [3_599_000, '59 m 59 s'],
    [3_720_000, '1 h 02 m'],
  ] as const)
    it(`should format ${ms} ms as ${text}`, () => expect(durationText(ms)).to.equal(text))
})
