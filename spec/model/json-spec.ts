import { expect } from 'chai'
import { isJsonObject } from '../../lib/model/json.js'

describe('model/json', () => {
  const rows: readonly (readonly [string, unknown, boolean])[] = [
    ['an empty object', {}, true],
    ['an object without a prototype', Object.create(null), true],
    ['an object with a member named __proto__', JSON.parse('{"__proto__":1}'), true],
    ['null', null, false],
    ['an array', [], false],
    ['undefined', undefined, false],
    ['a string', 'text', false],
    ['a number', 0, false],
    ['a boolean', true, false],
    ['a function', () => ({}), false],
  ]
  for (const [what, value, expected] of rows)
    it(`should return ${expected} from isJsonObject if the value is ${what}`, () => {
      expect(isJsonObject(value)).to.equal(expected)
    })
})
