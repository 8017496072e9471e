import { expect } from 'chai'
import { durationText, parseDuration, parseLimit } from '../../lib/cli/duration.js'

describe('cli/duration', () => {
  for (const [given, ms] of [
    ['500ms', 500],
    ['90s', 90_000],
    ['10m', 600_000],
    ['2h', 7_200_000],
    ['7', 7000],
    ['0', 0],
    ['1.5s', 1500],
  ] as const)
    it(`should read ${given} as ${ms} ms`, () => expect(parseDuration('--min', given)).to.equal(ms))

  for (const given of ['', ' 1s', '1 s', '-1s', '1e3', '10min', '1h30m', '.5s', 'unlimited', 'Infinity'])
    it(`should refuse "${given}" with what it must be`, () =>
      expect(() => parseDuration('--min', given)).to.throw(
        `--min must be a duration such as 500ms, 90s, 10m or 2h, got "${given}"`,
      ))

  it('should read unlimited as no limit where that is allowed', () => {
    expect(parseLimit('--timeout', 'unlimited')).to.equal(undefined)
    expect(parseLimit('--timeout', '2m')).to.equal(120_000)
    expect(() => parseLimit('--timeout', 'x')).to.throw('--timeout must be unlimited or a duration')
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
    it(`should write ${ms} ms as ${text}`, () => expect(durationText(ms)).to.equal(text))
})
