import { expect } from 'chai'
import { parseQuery } from '../../lib/emulator/http/format.js'
import { route } from '../../lib/emulator/http/router.js'
import { createEmulatorState, type EmulatorState } from '../../lib/emulator/state.js'
import type { Json } from '../../lib/model/json.js'

/** Returns the HTTP status, the content type and the body of the response to a request. */
function send(
  state: EmulatorState,
  method: string,
  target: string,
  body?: Json,
): readonly [number, string, string] {
  const [path = '', query = ''] = target.split('?')
  const response = route(state, {
    method,
    path,
    query: parseQuery(query),
    ...(body === undefined ? {} : { body }),
  })
  if (response._tag !== 'HttpResponse') return [0, response._tag, '']
  return [response.httpStatus, String(response.headers['Content-Type']), response.body]
}

const JSON_TYPE = 'application/json; charset=UTF-8'
const HTML_TYPE = 'text/html; charset=UTF-8'

describe('emulator/http/router', () => {
  const state = createEmulatorState()
  const names = [
    'operations/cp.1',
    'operations/a/b',
    'operations/a%2Fb',
    'operations/é:1',
    'projects/p/locations/l/operations/x',
    'batches/b',
  ]
  for (const name of names) state.operations.add(name, [{}])

  const served: readonly (readonly [string, string])[] = [
    ['/v1/operations/cp.1', 'operations/cp.1'],
    ['/v3/operations/cp.1', 'operations/cp.1'],
    ['/v3/operations/cp%2E1', 'operations/cp.1'],
    ['/v1/%6Fperations/cp.1', 'operations/cp.1'],
    ['/v3/operations/a/b', 'operations/a/b'],
    ['/v3/operations/a%2Fb', 'operations/a%2Fb'],
    ['/v3/operations/a%2fb', 'operations/a%2Fb'],
    ['/v3/operations/%C3%A9%3A1', 'operations/é:1'],
    ['/v1/projects/p/locations/l/operations/x', 'projects/p/locations/l/operations/x'],
    ['/v2/projects/p/locations/l/operations/x', 'projects/p/locations/l/operations/x'],
    ['/v1beta1/projects/p/locations/l/operations/x', 'projects/p/locations/l/operations/x'],
    ['/v1beta/batches/b', 'batches/b'],
  ]
  for (const [path, name] of served) {
    it(`should return ${name} at ${path}`, () => {
      const polls = state.operations.polls(name)
      expect(send(state, 'GET', `${path}?prettyPrint=false`)).to.deep.equal([
        200,
        JSON_TYPE,
        `{"name":"${name}"}`,
      ])
      expect(state.operations.polls(name)).to.equal(polls + 1)
    })
  }

  const unknown = [
    '/v1/operations/no',
    '/v3/operations/a',
    '/v3/operations',
    '/v3/operations/../projects/p',
    '/v2/projects/p/operations/no',
  ]
  for (const path of unknown) {
    it(`should send a JSON 404 at ${path}, which does not exist`, () => {
      expect(send(state, 'GET', path)).to.deep.equal([
        404,
        JSON_TYPE,
        '{\n  "error": {\n    "code": 404,\n    "message": "Requested entity was not found.",\n    "status": "NOT_FOUND"\n  }\n}\n',
      ])
    })
  }

  for (const parameter of ['$.xgafv=1', '%24.xgafv=1']) {
    it(`should add the member errors before the member status if ${parameter} is set`, () => {
      expect(send(state, 'GET', `/v1/operations/no?${parameter}`)[2]).to.equal(
        '{\n  "error": {\n    "code": 404,\n    "message": "Requested entity was not found.",\n    "errors": [\n      {\n' +
          '        "message": "Requested entity was not found.",\n        "domain": "global",\n        "reason": "notFound"\n' +
          '      }\n    ],\n    "status": "NOT_FOUND"\n  }\n}\n',
      )
    })
  }

  it('should put the details at the end of an error body in both formats', () => {
    const [, , plain] = send(state, 'POST', '/v3/folders?prettyPrint=false', {})
    const [, , legacy] = send(state, 'POST', '/v3/folders?prettyPrint=false&$.xgafv=1', {})
    const message =
      'Request contains an invalid argument: parent must be organizations/NUMBER or folders/NUMBER.'
    const details =
      '"details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":' +
      '[{"field":"parent","description":"must be organizations/NUMBER or folders/NUMBER."}]}]}}'
    const head = `{"error":{"code":400,"message":"${message}",`
    expect(plain).to.equal(`${head}"status":"INVALID_ARGUMENT",${details}`)
    expect(legacy).to.equal(
      `${head}"errors":[{"message":"${message}","domain":"global","reason":"badRequest"}],"status":"INVALID_ARGUMENT",${details}`,
    )
  })

  const invalidTargets: readonly (readonly [string, string])[] = [
    ['GET', '/'],
    ['GET', '/v1'],
    ['GET', '/v2/operations/cp.1'],
    ['GET', '/v2/operations/a/operations/b'],
    ['GET', '/v1/operations/'],
    ['GET', '/v1/operations//cp.1'],
    ['GET', '/v1//operations/cp.1'],
    ['GET', '/v1/operations/%E0%A4'],
    ['GET', '//evil.example/v1/operations/cp.1'],
    ['GET', 'http://evil.example/v1/operations/cp.1'],
    ['GET', 'x/v1/operations/cp.1'],
    ['GET', '/v1/operations%2Fcp.1'],
    ['GET', '/v1/projects/'],
    ['GET', '/v1/folders/1'],
    ['GET', '/v1/tagKeys/1'],
    ['GET', '/v3/folders/1/2'],
    ['POST', '/v1/operations/cp.1'],
    ['POST', '/v1/folders'],
    ['POST', '/v1/tagKeys'],
    ['POST', '/v2/projects'],
    ['DELETE', '/v3/operations/cp.1'],
    ['PUT', '/v3/projects'],
    ['PUT', '/v1/folders/1'],
    ['PATCH', '/v1/liens/l'],
    ['POST', '/v1/projects/p:noSuchMethod'],
    ['POST', '/v3/projects/p:getOrgPolicy'],
    ['GET', '/v3/tagKeys/1/2'],
    ['GET', '/v1beta1/tagKeys'],
    ['GET', '/v4/projects'],
    ['GET', '/v3/tagKeys:search'],
    ['GET', '/projects/p'],
    ['HEAD', '/v3/operations/cp.1'],
    ['get', '/v3/operations/cp.1'],
  ]
  for (const [method, target] of invalidTargets) {
    it(`should send the 404 page for ${method} ${JSON.stringify(target)}`, () => {
      const [status, type, body] = send(state, method, target)
      expect([status, type]).to.deep.equal([404, HTML_TYPE])
      expect(body).to.contain(`<code>${target.split('?')[0]}</code>`)
    })
  }

  const unserved: readonly (readonly [string, string, string])[] = [
    ['GET', '/v1/liens', 'v1 cloudresourcemanager.liens.list'],
    ['POST', '/v3/liens', 'v3 cloudresourcemanager.liens.create'],
    ['GET', '/v3/liens/l', 'v3 cloudresourcemanager.liens.get'],
    ['DELETE', '/v1/liens/l', 'v1 cloudresourcemanager.liens.delete'],
    ['POST', '/v1/projects/p:getOrgPolicy', 'v1 cloudresourcemanager.projects.getOrgPolicy'],
    ['POST', '/v1/folders/1:setOrgPolicy', 'v1 cloudresourcemanager.folders.setOrgPolicy'],
    ['POST', '/v1/folders/1:getEffectiveOrgPolicy', 'v1 cloudresourcemanager.folders.getEffectiveOrgPolicy'],
    ['POST', '/v1/projects/p:clearOrgPolicy', 'v1 cloudresourcemanager.projects.clearOrgPolicy'],
    ['POST', '/v1/projects/p:listOrgPolicies', 'v1 cloudresourcemanager.projects.listOrgPolicies'],
    [
      'POST',
      '/v1/organizations/1:listAvailableOrgPolicyConstraints',
      'v1 cloudresourcemanager.organizations.listAvailableOrgPolicyConstraints',
    ],
    [
      'GET',
      '/v3/locations/l/effectiveTagBindingCollections/%2F%2Fa',
      'v3 cloudresourcemanager.locations.effectiveTagBindingCollections.get',
    ],
    ['GET', '/v3:fetchResourceSemantics', 'v3 cloudresourcemanager.fetchResourceSemantics'],
    ['GET', '/v1beta1/projects/p', 'v1beta1 cloudresourcemanager.projects.get'],
    ['PUT', '/v1beta1/organizations/1', 'v1beta1 cloudresourcemanager.organizations.update'],
    ['GET', '/v1beta1/organizations', 'v1beta1 cloudresourcemanager.organizations.list'],
    ['POST', '/v2beta1/folders', 'v2beta1 cloudresourcemanager.folders.create'],
    ['PATCH', '/v2beta1/folders/1', 'v2beta1 cloudresourcemanager.folders.patch'],
    ['POST', '/v2alpha1/folders/1:move', 'v2alpha1 cloudresourcemanager.folders.move'],
  ]
  for (const [method, path, name] of unserved) {
    it(`should send a JSON 501 for ${method} ${path}, a method that the emulator does not serve`, () => {
      expect(send(state, method, `${path}?prettyPrint=false`, {})).to.deep.equal([
        501,
        JSON_TYPE,
        `{"error":{"code":501,"message":"The emulator does not serve the method ${name}.","status":"UNIMPLEMENTED"}}`,
      ])
    })
  }

  it('should escape the path in the 404 page', () => {
    expect(send(state, 'GET', '/<b>&"\'?x')[2]).to.equal(`<!DOCTYPE html>
<html lang=en>
  <meta charset=utf-8>
  <title>Error 404 (Not Found)!!1</title>
  <p><b>404.</b> <ins>That’s an error.</ins>
  <p>Nothing is served at <code>/&#60;b&#62;&#38;&#34;&#39;</code>.  <ins>That’s all we know.</ins>
`)
  })

  const createPaths = ['/v1/projects', '/v3/projects', '/v3/folders', '/v3/tagKeys']
  for (const target of createPaths) {
    it(`should send 400 at ${target} if the body is not a JSON object`, () => {
      for (const body of ['{"projectId":', 'null?', [], 5, null]) {
        expect(send(state, 'POST', `${target}?prettyPrint=false`, body), JSON.stringify(body)).to.deep.equal([
          400,
          JSON_TYPE,
          '{"error":{"code":400,"message":"Invalid JSON payload received. A JSON object was expected.","status":"INVALID_ARGUMENT"}}',
        ])
      }
    })
    it(`should treat an empty body at ${target} as an empty object`, () => {
      expect(send(state, 'POST', target)[2]).to.contain('fieldViolations')
    })
  }

  for (const target of ['/v1/projects/absent-one', '/v3/projects/1', '/v3/folders/1', '/v3/tagKeys/1']) {
    it(`should send 403 at ${target} if the resource does not exist`, () => {
      expect(send(state, 'GET', `${target}?prettyPrint=false`)).to.deep.equal([
        403,
        JSON_TYPE,
        '{"error":{"code":403,"message":"The caller does not have permission","status":"PERMISSION_DENIED"}}',
      ])
    })
  }

  it('should send 500 with the reason if the timeline option returns an invalid script', () => {
    const body = { parent: 'organizations/1', displayName: 'a' }
    const invalid = createEmulatorState({ timeline: () => [] })
    const [status, , text] = send(invalid, 'POST', '/v3/folders?prettyPrint=false', body)
    expect(status).to.equal(500)
    expect(text).to.match(
      /^\{"error":\{"code":500,"message":"The emulator failed: InvalidOption: frames of operations\/fc\.\d{19} must be a list of at least one frame, got \[\]","status":"INTERNAL"\}\}$/,
    )
    expect(invalid.operations.names()).to.deep.equal([])
  })

  it('should send a frame with polls: 0 as the response that starts the operation', () => {
    const body = { parent: 'organizations/1', displayName: 'a' }
    const immediate = createEmulatorState({
      timeline: () => [{ polls: 0, name: null, done: true, response: {} }],
    })
    expect(send(immediate, 'POST', '/v3/folders?prettyPrint=false', body)[2]).to.equal(
      '{"done":true,"response":{}}',
    )
    const unavailable = createEmulatorState({
      timeline: () => [{ polls: 0, httpResponse: { httpStatus: 503 } }],
    })
    expect(send(unavailable, 'POST', '/v3/folders', body)).to.deep.equal([503, JSON_TYPE, ''])
    const stalled = createEmulatorState({ timeline: () => [{ polls: 0, stall: true }] })
    expect(send(stalled, 'POST', '/v3/folders', body)).to.deep.equal([0, 'NoResponse', ''])
  })
})
