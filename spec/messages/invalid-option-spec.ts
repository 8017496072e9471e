import { expect } from 'chai'
import { InvalidOption, inRange, milliseconds } from '../../lib/messages/invalid-option.js'

/** Returns the result of `check`, or the message of the InvalidOption that `check` throws. */
function outcomeOf(check: () => number): unknown {
  try {
    return check()
  } catch (thrown) {
    return thrown instanceof InvalidOption ? thrown.message : thrown
  }
}

describe('messages/invalid-option', () => {
  it('should contain the name of the option, the valid values and the rejected value', () => {
    const error = new InvalidOption('apiVersion', 'a version such as "v3"', 'three')
    expect(error).to.be.an.instanceOf(RangeError)
    expect({ name: error.name, option: error.option, message: error.message }).to.deep.equal({
      name: 'InvalidOption',
      option: 'apiVersion',
      message: 'apiVersion must be a version such as "v3", got "three"',
    })
  })

  it('should not contain the secrets in the rejected value', () => {
    const { message } = new InvalidOption('endpoint', 'a URL', 'https://me:SECRET@a.example?key=SECRET')
    expect(message).to.equal('endpoint must be a URL, got "https://…@a.example?…"')
  })

  const range = { from: 1, to: 2_147_483_647 }
  const rangeMessage = 'maxRetryTime must be a number of milliseconds from 1 to 2147483647, got'
  const rangeRows: readonly (readonly [unknown, unknown])[] = [
    [1, 1],
    [1.5, 1.5],
    [2_147_483_647, 2_147_483_647],
    [0.999, `${rangeMessage} 0.999`],
    [0, `${rangeMessage} 0`],
    [-1, `${rangeMessage} -1`],
    [2_147_483_647.5, `${rangeMessage} 2147483647.5`],
    [Number.POSITIVE_INFINITY, `${rangeMessage} Infinity`],
    [Number.NaN, `${rangeMessage} NaN`],
    ['5', `${rangeMessage} "5"`],
    [5n, `${rangeMessage} 5n`],
    [null, `${rangeMessage} null`],
    [undefined, `${rangeMessage} undefined`],
    [[5], `${rangeMessage} an array`],
    [{ valueOf: () => 5 }, `${rangeMessage} an object`],
  ]
  for (const [value, expected] of rangeRows)
    it(`should ${typeof expected === 'number' ? `accept ${expected}` : `throw "${expected}"`} for an option with a range of numbers`, () => {
      expect(outcomeOf(() => inRange('maxRetryTime', value as number, 'milliseconds', range))).to.equal(
        expected,
      )
    })

  it('should omit the unit from the message if the option has no unit', () => {
    expect(outcomeOf(() => inRange('ratio', 11, '', { from: 0, to: 10 }))).to.equal(
      'ratio must be a number from 0 to 10, got 11',
    )
  })

  const maxTime = Number.MAX_SAFE_INTEGER
  const minimumMessage = 'timeout must be a finite number of milliseconds, at least 1, got'
  const timeRows: readonly (readonly [unknown, unknown])[] = [
    [1, 1],
    [maxTime, maxTime],
    [maxTime + 1, `${minimumMessage} ${maxTime + 1}`],
    [Number.POSITIVE_INFINITY, `${minimumMessage} Infinity`],
    [0.5, `${minimumMessage} 0.5`],
    [Number.NaN, `${minimumMessage} NaN`],
    ['10m', `${minimumMessage} "10m"`],
    [null, `${minimumMessage} null`],
  ]
  for (const [value, expected] of timeRows)
    it(`should ${typeof expected === 'number' ? `accept ${expected}` : `throw "${expected}"`} for a time with a minimum of 1 ms`, () => {
      expect(outcomeOf(() => milliseconds('timeout', value as number, 1))).to.equal(expected)
    })

  it('should accept a time of 0 if the minimum is 0', () => {
    expect(outcomeOf(() => milliseconds('maxRetryTime', 0, 0))).to.equal(0)
    expect(outcomeOf(() => milliseconds('maxRetryTime', -1, 0))).to.equal(
      'maxRetryTime must be a finite number of milliseconds, at least 0, got -1',
    )
  })
})
