import { expect } from 'chai'
import { isJson, jsonObject, jsonText } from '../../lib/emulator/http/json-text.js'
import { isJsonObject } from '../../lib/model/json.js'

describe('emulator/http/json-text', () => {
  it('should format JSON with two spaces and a final newline if pretty is true', () => {
    expect(jsonText({ a: [1, {}], b: null }, true)).to.equal(
      '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": null\n}\n',
    )
  })

  it('should format JSON without spaces and newlines if pretty is false', () => {
    expect(jsonText({ a: [1, {}], b: null }, false)).to.equal('{"a":[1,{}],"b":null}')
  })

  it('should keep the member order and omit undefined members', () => {
    expect(jsonText(jsonObject({ z: 1, m: undefined, a: false }), false)).to.equal('{"z":1,"a":false}')
  })

  it('should return true from isJson only if JSON can represent the value', () => {
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

  it('should return true from isJsonObject only for an object', () => {
    expect([{}, [], null, 'a', undefined].map(isJsonObject)).to.deep.equal([true, false, false, false, false])
  })
})
