import { expect } from 'chai'
import { InvalidOption, inRange, milliseconds } from '../../lib/messages/invalid-option.js'

/** What a check answers, or says when it refuses. */
function outcomeOf(check: () => number): unknown {
  try {
    return check()
  } catch (thrown) {
    return thrown instanceof InvalidOption ? thrown.message : thrown
  }
}

describe('model/invalid-option', () => {
  it('should name the option, what it must be and what was given', () => {
    const error = new InvalidOption('apiVersion', 'a version such as "v3"', 'three')
    expect(error).to.be.an.instanceOf(RangeError)
    expect({ name: error.name, option: error.option, message: error.message }).to.deep.equal({
      name: 'InvalidOption',
      option: 'apiVersion',
      message: 'apiVersion must be a version such as "v3", got "three"',
    })
  })

  it('should not show the secrets of what was given', () => {
    const { message } = new InvalidOption('endpoint', 'a URL', 'https://me:SECRET@a.example?key=SECRET')
    expect(message).to.equal('endpoint must be a URL, got "https://…@a.example?…"')
  })

  const range = { from: 1, to: 2_147_483_647 }
  const words = 'maxRetryTime must be a number of milliseconds from 1 to 2147483647, got'
  const ranges: readonly (readonly [unknown, unknown])[] = [
    [1, 1],
    [1.5, 1.5],
    [2_147_483_647, 2_147_483_647],
    [0.999, `${words} 0.999`],
    [0, `${words} 0`],
    [-1, `${words} -1`],
    [2_147_483_647.5, `${words} 2147483647.5`],
    [Number.POSITIVE_INFINITY, `${words} Infinity`],
    [Number.NaN, `${words} NaN`],
    ['5', `${words} "5"`],
    [5n, `${words} 5n`],
    [null, `${words} null`],
    [undefined, `${words} undefined`],
    [[5], `${words} an array`],
    [{ valueOf: () => 5 }, `${words} an object`],
  ]
  for (const [value, expected] of ranges)
    it(`should answer ${typeof expected === 'number' ? expected : `"${expected}"`} when a range is asked for`, () => {
      expect(outcomeOf(() => inRange('maxRetryTime', value as number, 'milliseconds', range))).to.equal(
        expected,
      )
    })

  it('should speak of a number where a range has no unit', () => {
    expect(outcomeOf(() => inRange('ratio', 11, '', { from: 0, to: 10 }))).to.equal(
      'ratio must be a number from 0 to 10, got 11',
    )
  })

  const longest = Number.MAX_SAFE_INTEGER
  const least = 'timeout must be a finite number of milliseconds, at least 1, got'
  const times: readonly (readonly [unknown, unknown])[] = [
    [1, 1],
    [longest, longest],
    [longest + 1, `${least} ${longest + 1}`],
    [Number.POSITIVE_INFINITY, `${least} Infinity`],
    [0.5, `${least} 0.5`],
    [Number.NaN, `${least} NaN`],
    ['10m', `${least} "10m"`],
    [null, `${least} null`],
  ]
  for (const [value, expected] of times)
    it(`should answer ${typeof expected === 'number' ? expected : `"${expected}"`} when a time is asked for`, () => {
      expect(outcomeOf(() => milliseconds('timeout', value as number, 1))).to.equal(expected)
    })

  it('should take 0 for a time where the least is 0', () => {
    expect(outcomeOf(() => milliseconds('maxRetryTime', 0, 0))).to.equal(0)
    expect(outcomeOf(() => milliseconds('maxRetryTime', -1, 0))).to.equal(
      'maxRetryTime must be a finite number of milliseconds, at least 0, got -1',
    )
  })
})
