import { expect } from 'chai'
import type { Format } from '../../lib/emulator/http/format.js'
import { operationResponse } from '../../lib/emulator/operations/operation-response.js'
import type { Frame } from '../../lib/emulator/script/frame.js'

const pretty: Format = { pretty: true, legacyErrors: false, enumNumbers: false, fields: '' }
const compact: Format = { ...pretty, pretty: false }

function bodyOf(frame: Frame | undefined, format: Format = compact): string {
  const scripted = operationResponse('operations/cp.1', frame, format)
  return scripted._tag === 'HttpResponse' && scripted.httpStatus === 200 ? scripted.body : 'no operation'
}

describe('emulator/operations/operation-response', () => {
  const rows: readonly (readonly [string, Frame | undefined, string])[] = [
    ['only the name if there is no frame', undefined, '{"name":"operations/cp.1"}'],
    ['a running operation without done', { after: 3, polls: 2 }, '{"name":"operations/cp.1"}'],
    ['an explicit done: false', { done: false }, '{"name":"operations/cp.1","done":false}'],
    [
      'the metadata of the frame',
      { metadata: { '@type': 'a/b', n: 1 } },
      '{"name":"operations/cp.1","metadata":{"@type":"a/b","n":1}}',
    ],
    [
      'an operation that is done, without a response and an error',
      { done: true },
      '{"name":"operations/cp.1","done":true}',
    ],
    [
      'the members in proto order if the frame has another order',
      { response: { a: 1 }, done: true, metadata: {} },
      '{"name":"operations/cp.1","metadata":{},"done":true,"response":{"a":1}}',
    ],
    [
      'a response that is null',
      { done: true, response: null },
      '{"name":"operations/cp.1","done":true,"response":null}',
    ],
    ['an operation without a name', { name: null, done: true, response: {} }, '{"done":true,"response":{}}'],
    [
      'an error',
      { done: true, error: { details: [{ '@type': 'a/b' }], message: 'm', code: 9 } },
      '{"name":"operations/cp.1","done":true,"error":{"code":9,"message":"m","details":[{"@type":"a/b"}]}}',
    ],
    [
      'an error without a code',
      { done: true, error: { message: 'm' } },
      '{"name":"operations/cp.1","done":true,"error":{"message":"m"}}',
    ],
  ]
  for (const [description, frame, body] of rows) {
    it(`should send ${description}`, () => {
      expect(bodyOf(frame)).to.equal(body)
    })
  }

  it('should format the body with a final newline if pretty is true', () => {
    expect(bodyOf({ done: true, response: {} }, pretty)).to.equal(
      '{\n  "name": "operations/cp.1",\n  "done": true,\n  "response": {}\n}\n',
    )
  })

  it('should format the enums of a response as numbers if enumNumbers is true', () => {
    const response = {
      '@type': 'type.googleapis.com/google.cloud.resourcemanager.v3.Folder',
      state: 'ACTIVE',
    }
    expect(bodyOf({ done: true, response }, { ...compact, enumNumbers: true })).to.equal(
      '{"name":"operations/cp.1","done":true,"response":{"@type":"type.googleapis.com/google.cloud.resourcemanager.v3.Folder","state":1}}',
    )
  })

  it('should send no response if the frame is a stall', () => {
    expect(operationResponse('operations/cp.1', { stall: true }, pretty)).to.deep.equal({
      _tag: 'NoResponse',
    })
  })

  it('should send a text body unchanged, with the type HTML if the body begins with <', () => {
    const page = operationResponse(
      'operations/cp.1',
      { httpResponse: { httpStatus: 502, body: '<html>' } },
      pretty,
    )
    expect(page).to.deep.equal({
      _tag: 'HttpResponse',
      httpStatus: 502,
      headers: { 'Content-Type': 'text/html; charset=UTF-8' },
      body: '<html>',
    })
    const cut = operationResponse(
      'operations/cp.1',
      { httpResponse: { httpStatus: 200, body: '{"name":' } },
      pretty,
    )
    expect(cut).to.deep.include({ httpStatus: 200, body: '{"name":' })
    expect(cut).to.have.nested.property('headers.Content-Type', 'application/json; charset=UTF-8')
  })

  it('should send a JSON body in the format of the request, and override headers regardless of their case', () => {
    const httpResponse = {
      httpStatus: 503,
      headers: { 'content-type': 'application/x', 'Retry-After': '3' },
      body: [{ a: 1 }],
    }
    const scripted = operationResponse('operations/cp.1', { httpResponse }, compact)
    expect(scripted).to.deep.include({ httpStatus: 503, body: '[{"a":1}]' })
    expect(scripted)
      .to.have.property('headers')
      .that.includes({ 'content-type': 'application/x', 'Retry-After': '3', Server: 'ESF' })
    expect(scripted).to.have.property('headers').that.does.not.have.property('Content-Type')
    expect(operationResponse('operations/cp.1', { httpResponse }, pretty)).to.deep.include({
      body: '[\n  {\n    "a": 1\n  }\n]\n',
    })
  })

  it('should send an empty body if a raw response has no body', () => {
    expect(
      operationResponse('operations/cp.1', { httpResponse: { httpStatus: 429 } }, pretty),
    ).to.deep.include({
      body: '',
    })
  })
})
