import { expect } from 'chai'
import { isJson, isJsonObject, jsonObject, jsonText } from '../../lib/emulator/http/json-text.js'

describe('emulator/json', () => {
  it('should write two spaces and a last newline when pretty', () => {
    expect(jsonText({ a: [1, {}], b: null }, true)).to.equal(
      '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": null\n}\n',
    )
  })

  it('should write no space and no newline when compact', () => {
    expect(jsonText({ a: [1, {}], b: null }, false)).to.equal('{"a":[1,{}],"b":null}')
  })

  it('should keep the order of the members and leave out those that are undefined', () => {
    expect(jsonText(jsonObject({ z: 1, m: undefined, a: false }), false)).to.equal('{"z":1,"a":false}')
  })

  it('should tell JSON from what JSON would lose', () => {
    for (const json of [null, true, 0, -1.5, '', [], [[{}]], { a: { b: [null] } }]) {
      expect(isJson(json), JSON.stringify(json)).to.equal(true)
    }
    for (const other of [
      undefined,
      Number.NaN,
      Infinity,
      1n,
      () => 0,
      new Date(0),
      [undefined],
      { a: [new Map()] },
    ]) {
      expect(isJson(other), String(other)).to.equal(false)
    }
  })

  it('should tell objects from arrays and null', () => {
    expect([{}, [], null, 'a', undefined].map(isJsonObject)).to.deep.equal([true, false, false, false, false])
  })
})
