import { expect } from 'chai'
import { VERSION } from '../../lib/model/version.js'
import { cancelRequest, deleteRequest, getRequest, listRequest, waitRequest } from '../../lib/wire/request.js'
import type { RequestOptions } from '../../lib/wire/request-options.js'

const endpoint = 'https://cloudresourcemanager.googleapis.com'
const target = { name: 'operations/cp.1', endpoint, apiVersion: 'v3' }
const own = {
  accept: 'application/json',
  'user-agent': `rx-longrunning/${VERSION} gl-node/${process.versions.node}`,
}

describe('model/request', () => {
  const urls: readonly (readonly [string, Partial<typeof target>, RequestOptions, string])[] = [
    ['the endpoint, the version and the name', {}, {}, `${endpoint}/v3/operations/cp.1`],
    ['another version', { apiVersion: 'v1beta1' }, {}, `${endpoint}/v1beta1/operations/cp.1`],
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
      'what divides URLs, encoded',
      { name: 'operations/a?b#c%2e&d=e;f,g@h+i' },
      {},
      `${endpoint}/v3/operations/a%3Fb%23c%252e%26d%3De%3Bf%2Cg%40h%2Bi`,
    ],
    [
      'what is not ASCII, encoded',
      { name: 'operations/ß🚀' },
      {},
      `${endpoint}/v3/operations/%C3%9F%F0%9F%9A%80`,
    ],
    [
      'what needs no encoding, as it is',
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
      'the mask, encoded',
      {},
      { fields: 'name,done,error,response(a)' },
      `${endpoint}/v3/operations/cp.1?fields=name%2Cdone%2Cerror%2Cresponse%28a%29`,
    ],
    [
      'all parameters in one order',
      {},
      { fields: '*', quotaUser: 'u', xgafv: '2', quotaProject: 'p', headers: { 'x-a': 'b' } },
      `${endpoint}/v3/operations/cp.1?%24.xgafv=2&quotaUser=u&fields=*`,
    ],
  ]
  for (const [what, more, options, url] of urls)
    it(`should ask by GET a URL with ${what}`, () => {
      const request = getRequest({ ...target, ...more }, options)
      expect({ method: request.method, url: request.url }).to.deep.equal({ method: 'GET', url })
    })

  const headers: readonly (readonly [string, RequestOptions, object])[] = [
    ['the form and the client', {}, own],
    [
      'the quota project',
      { quotaProject: 'example.com:p' },
      { ...own, 'x-goog-user-project': 'example.com:p' },
    ],
    [
      'the caller’s own',
      { headers: { 'X-Reason': 'a', 'x-b': 'c' } },
      { ...own, 'X-Reason': 'a', 'x-b': 'c' },
    ],
    ['its own before the caller’s', { headers: { accept: 'text/html', 'user-agent': 'x' } }, own],
    [
      'the option before the header',
      { quotaProject: 'p', headers: { 'x-goog-user-project': 'q' } },
      { ...own, 'x-goog-user-project': 'p' },
    ],
  ]
  for (const [what, options, expected] of headers)
    it(`should send ${what} as headers`, () => {
      expect(getRequest(target, options).headers).to.deep.equal(expected)
    })

  describe('of the other methods', () => {
    const options: RequestOptions = { fields: 'name,done,error', quotaUser: 'u', quotaProject: 'p' }
    const billed = { ...own, 'x-goog-user-project': 'p' }
    const posted = { ...billed, 'content-type': 'application/json' }
    const collection = { ...target, name: 'projects/p/locations/l/operations' }

    it('should list by GET, with what was given of the page and without the mask', () => {
      expect(listRequest(collection, {}, {}).url).to.equal(`${endpoint}/v3/${collection.name}`)
      expect(
        listRequest(collection, { filter: 'done=true', pageSize: 5, pageToken: 'a+b/=' }, options),
      ).to.deep.equal({
        method: 'GET',
        url: `${endpoint}/v3/${collection.name}?filter=done%3Dtrue&pageSize=5&pageToken=a%2Bb%2F%3D&quotaUser=u`,
        headers: billed,
      })
    })

    it('should cancel by POST of an empty object', () => {
      expect(cancelRequest(target, options)).to.deep.equal({
        method: 'POST',
        url: `${endpoint}/v3/operations/cp.1:cancel?quotaUser=u`,
        headers: posted,
        body: '{}',
      })
    })

    it('should delete by DELETE without a body', () => {
      expect(deleteRequest(target, options)).to.deep.equal({
        method: 'DELETE',
        url: `${endpoint}/v3/operations/cp.1?quotaUser=u`,
        headers: billed,
      })
    })

    it('should wait by POST of a time in seconds, which the server may hold the answer, with the mask', () => {
      expect(waitRequest(target, 1_500, options)).to.deep.equal({
        method: 'POST',
        url: `${endpoint}/v3/operations/cp.1:wait?quotaUser=u&fields=name%2Cdone%2Cerror`,
        headers: posted,
        body: '{"timeout":"1.5s"}',
        hold: 1_500,
      })
    })
  })

  it('should say nothing of when a watch began', () => {
    expect(getRequest({ ...target, since: 1 }, {})).to.deep.equal(getRequest(target, {}))
  })

  const astray: readonly (readonly [string, Partial<typeof target>])[] = [
    ['a name of dots', { name: '../x' }],
    ['dots at the end', { name: 'operations/..' }],
    ['a dot in between', { name: 'operations/./x' }],
    ['a version of dots', { apiVersion: '..' }],
    ['a version that is empty', { apiVersion: '', name: '/evil.example/operations/x' }],
    ['a version with a query', { apiVersion: 'v3?x=' }],
    ['an endpoint with a path', { endpoint: `${endpoint}/` }],
    ['an endpoint in capitals', { endpoint: endpoint.toUpperCase() }],
  ]
  for (const [what, more] of astray)
    it(`should make no request of ${what}`, () => {
      expect(() => getRequest({ ...target, ...more }, {})).to.throw(Error, 'a name led its URL astray')
    })

  it('should make no request of half a character', () => {
    expect(() => getRequest({ ...target, name: 'operations/\ud800' }, {})).to.throw(URIError)
  })
})
