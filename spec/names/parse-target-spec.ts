import { expect } from 'chai'
import fc from 'fast-check'
import { isRight, left, right } from 'fp-ts/lib/Either.js'
import type { ResumeToken } from '../../lib/model/resume-token.js'
import { isAllowedEndpoint, parseApiVersion, parseTarget } from '../../lib/names/parse-target.js'

const caller = { endpoint: 'https://cloudresourcemanager.googleapis.com', apiVersion: 'v3' }
const name = 'operations/cp.1'
const token: ResumeToken = {
  name,
  endpoint: 'https://run.googleapis.com',
  apiVersion: 'v2',
  since: 1_700_000_000_000,
}
const { since: _, ...tokenWithoutSince } = token

describe('names/parse-target', () => {
  const versions: readonly (readonly [unknown, boolean])[] = [
    ['v1', true],
    ['v1beta1', true],
    ['v2alpha', true],
    ['ui', true],
    ['v', true],
    ['', false],
    ['V1', false],
    ['1', false],
    ['v1/', false],
    ['/v1', false],
    ['storage/v1', true],
    ['v1/admin', true],
    ['v1//admin', false],
    ['v1/..', false],
    ['v1/Admin', false],
    ['..', false],
    ['v1?', false],
    ['v1\n', false],
    ['v1.1', false],
    ['ｖ1', false],
    [1, false],
    [null, false],
    [undefined, false],
    [['v1'], false],
  ]
  for (const [version, isValid] of versions)
    it(`should ${isValid ? 'accept' : 'reject'} the version ${JSON.stringify(version)}`, () => {
      expect(parseApiVersion(version)).to.deep.equal(
        isValid ? right(version) : left('a version such as "v3"'),
      )
    })

  const acceptedInputs: readonly (readonly [string, unknown, ResumeToken])[] = [
    ['a name, with the endpoint and the version of the caller', name, { name, ...caller }],
    ['a token', token, token],
    ['a token without since', tokenWithoutSince, tokenWithoutSince],
    ['a token whose since is null', { ...token, since: null }, tokenWithoutSince],
    ['a token whose since is undefined', { ...token, since: undefined }, tokenWithoutSince],
    ['a token whose since is 0', { ...token, since: 0 }, { ...token, since: 0 }],
    ['a token whose since is negative', { ...token, since: -1.5 }, { ...token, since: -1.5 }],
    ['a token parsed from JSON', JSON.parse(JSON.stringify(token)), token],
    ['a token, and omit its unknown members', { ...token, password: 'SECRET' }, token],
    ['a token, and normalize its endpoint', { ...token, endpoint: 'HTTPS://RUN.googleapis.com:443/' }, token],
  ]
  for (const [what, input, expected] of acceptedInputs)
    it(`should parse ${what}`, () => {
      expect(parseTarget(input, caller)).to.deep.equal(right(expected))
    })

  const NOT_URL = "the token's endpoint must be an http or https URL, got"
  const NOT_ORIGIN = "the token's endpoint must be a URL with only scheme, host and port, got"
  const INVALID_VERSION = `the token's apiVersion must be a version such as "v3", got`
  const INVALID_SINCE = "the token's since must be milliseconds since 1970, got"
  const NOT_STRING = 'a name is a string such as "operations/cp.123", got'
  const rejectedInputs: readonly (readonly [string, unknown, string])[] = [
    ['an invalid name', 'operations/x?key=SECRET', 'it contains "?"'],
    ['undefined', undefined, `${NOT_STRING} undefined`],
    ['null', null, `${NOT_STRING} null`],
    ['a list', [token], `${NOT_STRING} an array`],
    ['a function', () => token, `${NOT_STRING} a function`],
    ['an empty token', {}, `the token's name is invalid: ${NOT_STRING} undefined`],
    [
      'a token with an invalid name',
      { ...token, name: '..' },
      `the token's name is invalid: it has a segment ".."`,
    ],
    [
      'a token whose name is a token',
      { ...token, name: token },
      `the token's name is invalid: ${NOT_STRING} an object`,
    ],
    ['a token without an endpoint', { name, apiVersion: 'v3' }, `${NOT_URL} undefined`],
    [
      'a token whose endpoint is only a host',
      { ...token, endpoint: 'a.example?SECRET' },
      `${NOT_URL} "a.example?…"`,
    ],
    [
      'a token with a user in its endpoint',
      { ...token, endpoint: 'https://me:SECRET@a.example' },
      `${NOT_ORIGIN} "https://…@a.example"`,
    ],
    [
      'a token with a query in its endpoint',
      { ...token, endpoint: 'https://a.example?key=SECRET' },
      `${NOT_ORIGIN} "https://a.example?…"`,
    ],
    ['a token without a version', { ...token, apiVersion: undefined }, `${INVALID_VERSION} undefined`],
    [
      'a token whose version is a path',
      { ...token, apiVersion: 'v3/../v1' },
      `${INVALID_VERSION} "v3/../v1"`,
    ],
    [
      'a token whose since is a string',
      { ...token, since: '1700000000000' },
      `${INVALID_SINCE} "1700000000000"`,
    ],
    ['a token whose since is NaN', { ...token, since: Number.NaN }, `${INVALID_SINCE} NaN`],
    [
      'a token whose since is Infinity',
      { ...token, since: Number.POSITIVE_INFINITY },
      `${INVALID_SINCE} Infinity`,
    ],
    ['a token whose since is a Date', { ...token, since: new Date(0) }, `${INVALID_SINCE} an object`],
  ]
  for (const [what, input, reason] of rejectedInputs)
    it(`should reject ${what}: ${reason.slice(0, 100)}`, () => {
      expect(parseTarget(input, caller)).to.deep.equal(left(reason))
    })

  it('should return a token that is equal after a JSON round trip, or a reason, for any value', () => {
    const member = fc.oneof(
      fc.constantFrom<unknown>(...Object.values(token), 'v1', 'http://127.0.0.1:1', 'operations/a/b'),
      fc.anything(),
    )
    const input = fc.oneof(
      fc.anything({ withNullPrototype: true }),
      fc.record({ name: member, endpoint: member, apiVersion: member, since: member }, { requiredKeys: [] }),
    )
    fc.assert(
      fc.property(input, (value) => {
        const target = parseTarget(value, caller)
        if (isRight(target))
          expect(parseTarget(JSON.parse(JSON.stringify(target.right)), caller)).to.deep.equal(target)
        else expect(target.left).to.be.a('string')
      }),
    )
  })

  const callerEndpoint = 'https://tracker.example:8443'
  const endpoints: readonly (readonly [string, boolean])[] = [
    [callerEndpoint, true],
    ['https://tracker.example', false],
    ['https://run.googleapis.com', true],
    ['https://us-central1-run.googleapis.com', true],
    ['https://run.mtls.googleapis.com', true],
    ['https://run.us.rep.googleapis.com', true],
    ['https://evil-bucket.storage.googleapis.com', false],
    ['https://evil-bucket.storage.mtls.googleapis.com', false],
    ['https://evil.bucket.storage.googleapis.com', false],
    ['https://run.googleapis.com:8443', false],
    ['http://run.googleapis.com', false],
    ['https://googleapis.com.evil.example', false],
    ['http://127.0.0.1:8080', true],
    ['http://[::1]', true],
    ['https://localhost:1', true],
    ['http://localhost.evil.example', false],
    ['http://10.0.0.1', false],
  ]
  for (const [endpoint, isAllowed] of endpoints)
    it(`should ${isAllowed ? 'allow' : 'reject'} a token for ${endpoint} if the caller uses ${callerEndpoint}`, () => {
      expect(isAllowedEndpoint({ ...token, endpoint }, callerEndpoint, 'googleapis.com')).to.equal(isAllowed)
    })

  it('should allow only hosts in the universe domain of the caller', () => {
    expect(isAllowedEndpoint(token, callerEndpoint, 'cloud.example')).to.equal(false)
    expect(
      isAllowedEndpoint({ ...token, endpoint: 'https://run.cloud.example' }, callerEndpoint, 'cloud.example'),
    ).to.equal(true)
  })
})
