import { expect } from 'chai'
import type { ResumeToken } from '../../lib/model/resume-token.js'
import { VERSION } from '../../lib/model/version.js'
import { LONGRUNNING } from '../../lib/wire/longrunning.js'
import type { OperationProtocol } from '../../lib/wire/protocol.js'
import { nonPollRequest, snapshotRequest, type TransportRequest } from '../../lib/wire/request.js'
import type { RequestOptions } from '../../lib/wire/request-options.js'

const endpoint = 'https://cloudresourcemanager.googleapis.com'
const target = { name: 'operations/cp.1', endpoint, apiVersion: 'v3' }
const { get, wait, cancel, delete: deleteRecord, list } = LONGRUNNING as Required<OperationProtocol>

function getRequest({ name, ...api }: ResumeToken, options: RequestOptions): TransportRequest {
  return snapshotRequest(get(name), api, options)
}

const commonHeaders = {
  accept: 'application/json',
  'user-agent': `rx-longrunning/${VERSION} gl-node/${process.versions.node}`,
}

describe('wire/request', () => {
  const urls: readonly (readonly [string, Partial<typeof target>, RequestOptions, string])[] = [
    ['the endpoint, the version and the name', {}, {}, `${endpoint}/v3/operations/cp.1`],
    ['a version that is not v3', { apiVersion: 'v1beta1' }, {}, `${endpoint}/v1beta1/operations/cp.1`],
    ['a port', { endpoint: 'http://127.0.0.1:8080' }, {}, 'http://127.0.0.1:8080/v3/operations/cp.1'],
    ['an IPv6 address', { endpoint: 'http://[::1]:8080' }, {}, 'http://[::1]:8080/v3/operations/cp.1'],
    [
      'every segment of the name',
      { name: 'projects/p/operations/a/b' },
      {},
      `${endpoint}/v3/projects/p/operations/a/b`,
    ],
    [
      'a name with a domain, encoded',
      { name: 'projects/example.com:p/operations/x' },
      {},
      `${endpoint}/v3/projects/example.com%3Ap/operations/x`,
    ],
    [
      'URL delimiters, encoded',
      { name: 'operations/a?b#c%2e&d=e;f,g@h+i' },
      {},
      `${endpoint}/v3/operations/a%3Fb%23c%252e%26d%3De%3Bf%2Cg%40h%2Bi`,
    ],
    [
      'non-ASCII characters, encoded',
      { name: 'operations/ß🚀' },
      {},
      `${endpoint}/v3/operations/%C3%9F%F0%9F%9A%80`,
    ],
    [
      'unreserved characters, unchanged',
      { name: "operations/a-b_c.d!e~f*g'h(i)" },
      {},
      `${endpoint}/v3/operations/a-b_c.d!e~f*g'h(i)`,
    ],
    ['a segment of three dots', { name: 'operations/...' }, {}, `${endpoint}/v3/operations/...`],
    ['an empty segment', { name: 'operations//x' }, {}, `${endpoint}/v3/operations//x`],
    ['the error format', {}, { xgafv: '1' }, `${endpoint}/v3/operations/cp.1?%24.xgafv=1`],
    [
      'the quota user, encoded',
      {},
      { quotaUser: 'a b&c=d' },
      `${endpoint}/v3/operations/cp.1?quotaUser=a+b%26c%3Dd`,
    ],
    [
      'the field mask, encoded',
      {},
      { fields: 'name,done,error,response(a)' },
      `${endpoint}/v3/operations/cp.1?fields=name%2Cdone%2Cerror%2Cresponse%28a%29`,
    ],
    [
      'all parameters in a fixed order',
      {},
      { fields: '*', quotaUser: 'u', xgafv: '2', quotaProject: 'p', headers: { 'x-a': 'b' } },
      `${endpoint}/v3/operations/cp.1?%24.xgafv=2&quotaUser=u&fields=*`,
    ],
  ]
  for (const [what, targetMembers, options, url] of urls)
    it(`should return a GET request whose URL contains ${what}`, () => {
      const request = getRequest({ ...target, ...targetMembers }, options)
      expect({ method: request.method, url: request.url }).to.deep.equal({ method: 'GET', url })
    })

  const headerRows: readonly (readonly [string, RequestOptions, object])[] = [
    ['the accepted format and the user agent', {}, commonHeaders],
    [
      'the quota project',
      { quotaProject: 'example.com:p' },
      { ...commonHeaders, 'x-goog-user-project': 'example.com:p' },
    ],
    [
      'the headers of the options',
      { headers: { 'X-Reason': 'a', 'x-b': 'c' } },
      { ...commonHeaders, 'X-Reason': 'a', 'x-b': 'c' },
    ],
    [
      'its own accept and user-agent, even if the options set these headers,',
      { headers: { accept: 'text/html', 'user-agent': 'x' } },
      commonHeaders,
    ],
    [
      'the option quotaProject, even if the option headers sets another quota project,',
      { quotaProject: 'p', headers: { 'x-goog-user-project': 'q' } },
      { ...commonHeaders, 'x-goog-user-project': 'p' },
    ],
  ]
  for (const [what, options, expected] of headerRows)
    it(`should send ${what} as headers`, () => {
      expect(getRequest(target, options).headers).to.deep.equal(expected)
    })

  describe('requests that are not polls', () => {
    const options: RequestOptions = { fields: 'name,done,error', quotaUser: 'u', quotaProject: 'p' }
    const headersWithProject = { ...commonHeaders, 'x-goog-user-project': 'p' }
    const postHeaders = { ...headersWithProject, 'content-type': 'application/json' }
    const collection = { ...target, name: 'projects/p/locations/l/operations' }

    it('should return a GET request for a list, with the page options and without the field mask', () => {
      expect(nonPollRequest(list(collection.name, {}), collection, {}).url).to.equal(
        `${endpoint}/v3/${collection.name}`,
      )
      expect(
        nonPollRequest(
          list(collection.name, { filter: 'done=true', pageSize: 5, pageToken: 'a+b/=' }),
          collection,
          options,
        ),
      ).to.deep.equal({
        method: 'GET',
        url: `${endpoint}/v3/${collection.name}?filter=done%3Dtrue&pageSize=5&pageToken=a%2Bb%2F%3D&quotaUser=u`,
        headers: headersWithProject,
      })
    })

    it('should return a POST request with an empty object for a cancellation', () => {
      expect(nonPollRequest(cancel(target.name), target, options)).to.deep.equal({
        method: 'POST',
        url: `${endpoint}/v3/operations/cp.1:cancel?quotaUser=u`,
        headers: postHeaders,
        body: '{}',
      })
    })

    it('should return a DELETE request without a body for a deletion', () => {
      expect(nonPollRequest(deleteRecord(target.name), target, options)).to.deep.equal({
        method: 'DELETE',
        url: `${endpoint}/v3/operations/cp.1?quotaUser=u`,
        headers: headersWithProject,
      })
    })

    it('should return a POST request with a timeout in seconds and the field mask for a wait', () => {
      expect(snapshotRequest(wait(target.name, 1_500), target, options)).to.deep.equal({
        method: 'POST',
        url: `${endpoint}/v3/operations/cp.1:wait?quotaUser=u&fields=name%2Cdone%2Cerror`,
        headers: postHeaders,
        body: '{"timeout":"1.5s"}',
        serverTimeout: 1_500,
      })
    })
  })

  it('should ignore the start time in the token', () => {
    expect(getRequest({ ...target, since: 1 }, {})).to.deep.equal(getRequest(target, {}))
  })

  const unsafeTargets: readonly (readonly [string, Partial<typeof target>])[] = [
    ['a name of dots', { name: '../x' }],
    ['two dots at the end', { name: 'operations/..' }],
    ['a dot in the middle', { name: 'operations/./x' }],
    ['a version of dots', { apiVersion: '..' }],
    ['an empty version', { apiVersion: '', name: '/evil.example/operations/x' }],
    ['a version with a query', { apiVersion: 'v3?x=' }],
    ['an endpoint with a path', { endpoint: `${endpoint}/` }],
    ['an endpoint in upper case', { endpoint: endpoint.toUpperCase() }],
  ]
  for (const [what, targetMembers] of unsafeTargets)
    it(`should throw for ${what}`, () => {
      expect(() => getRequest({ ...target, ...targetMembers }, {})).to.throw(
        Error,
        'the URL of a request is not in canonical form',
      )
    })

  it('should throw for a lone surrogate', () => {
    expect(() => getRequest({ ...target, name: 'operations/\ud800' }, {})).to.throw(URIError)
  })
})
